#!/usr/bin/env lua5.4
local Stack = {}
--    ^ definition.variable

function Stack:push(value)
--       ^ definition.implementation
--             ^ definition.method
  self.items[#self.items + 1] = value
--     ^ reference.identifier Stack.push
end

function Stack.util.list:first() end
--       ^ definition.implementation
--             ^ definition.implementation Stack
--                  ^ definition.implementation Stack.util
--                       ^ definition.method Stack.util.list
function _G.stack() return Stack end
--          ^ definition.function

return Stack
--     ^ export
