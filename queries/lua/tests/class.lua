#!/usr/bin/env lua5.4
local Stack = {}
--    ^ definition.variable

function Stack:push(value)
--             ^ definition.method
  self.items[#self.items + 1] = value
--     ^ reference.identifier push
end

return Stack
--     ^ export
