local json = require("cjson")
--                    ^ import
local base = require "shop.base"
--                    ^ import
local fast, simd = pcall(require, "shop.simd")
--                                 ^ import
dofile("settings.lua")
--      ^ import

local LIMIT = 10
--    ^ definition.constant
local names = { "a", "b" }
--    ^ definition.variable
local log = logger.new("shop")
local insert = table.insert

--- An order of some customer.
local Order = setmetatable({}, { __index = base })
--    ^ definition.variable
--            ^ reference.call Order
--                                         ^ reference.class Order
Order.__index = Order
Order.count = 0
-- <- definition.implementation
--    ^ definition.field

function Order:total(scale)
--       ^ definition.implementation
--             ^ definition.method
  local sum = 0
  local function add(line) sum = sum + line.price end
--                                          ^ reference.identifier Order.total
  self.last = function() return LIMIT end
--                              ^ reference.identifier Order.total
  each(self.lines, add)
--^ reference.call Order.total
--          ^ reference.identifier Order.total
--                 ^ reference.identifier Order.total
  return json.encode(sum):trim()
--       ^ reference.identifier Order.total
--            ^ reference.call Order.total
--                        ^ reference.call Order.total
end

-- Makes an order.
function Order.of(lines)
--       ^ definition.implementation
--             ^ definition.function
  return names
--       ^ reference.identifier Order.of
end

Order.empty = function() return Order.of({}) end
-- <- definition.implementation
--    ^ definition.function
--                                    ^ reference.call Order.empty

local function check(order)
--             ^ definition.function
  if order.total > LIMIT * 2 then error("too much") end
--                 ^ reference.identifier check
--                                ^ reference.call check
end

local twice = function(value) return value * 2 end
--    ^ definition.function

local handlers = {
--    ^ definition.variable
  open = function(order) check(order) end,
--^ definition.function handlers
--                       ^ reference.call handlers.open
  close = check,
--        ^ reference.identifier handlers
}

shop_version = "2.0"
-- <- definition.variable
shop_settings = make {
-- <- definition.variable
  reload = function() end,
--^ definition.function shop_settings
}

if not unpack then
  function unpack(list) return table.unpack(list) end
--         ^ definition.function
end

do
  local function hidden() end
--               ^ definition.function
end

return setmetatable(Order, { __call = function(_, lines) return Order.of(lines) end })
--                  ^ export
--                           ^ definition.function
--                                                                    ^ reference.call __call
