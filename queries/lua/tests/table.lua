local function open(path) return io.open(path, "r") end
--             ^ definition.function

return {
  open = open,
--^ export
  close = function(file) file:close() end,
--^ export
--^ definition.function
--                            ^ reference.call close
}
