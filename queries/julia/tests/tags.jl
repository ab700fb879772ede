module Shop
#      ^ definition.module

using Dates, Shop.Store
#     ^ import
#            ^ import
using Base: show, @kwdef, length as len
#     ^ import show
#     ^ import kwdef
#     ^ import length
#           ^ reference.identifier Shop
import ..Shapes
#      ^ import
import Statistics as Stats
#      ^ import
import LinearAlgebra: norm
#      ^ import norm
include("prices.jl")
#        ^ import

export total, @twice
#      ^ export
#              ^ export
public area
#      ^ export

const LIMIT = 10
#     ^ definition.constant Shop
const LOW, HIGH = 1, 9
#     ^ definition.constant Shop
#          ^ definition.constant Shop
const scale::Int = 2
#     ^ definition.constant Shop
settings = Dict{String, Price}()
# <- definition.variable Shop
#                       ^ reference.type Shop.settings
rate::Float64 = 0.5
# <- definition.variable Shop
#     ^ reference.type Shop.rate
global counter = LIMIT
#      ^ definition.variable Shop
#                ^ reference.identifier Shop.counter

"Whatever has a price."
abstract type Priced{T} <: Store.Thing end
#             ^ definition.type Shop
#                                ^ reference.class Shop.Priced
abstract type Tagged end
#             ^ definition.type Shop
primitive type Coin <: Integer 8 end
#              ^ definition.type Shop
#                      ^ reference.class Shop.Coin

"""
    Order(lines)

An order of some customer.
"""
mutable struct Order{T} <: Priced{T}
#              ^ definition.struct Shop
#                          ^ reference.class Shop.Order
    note
#   ^ definition.field Shop.Order
    lines::Vector{Line}
#   ^ definition.field Shop.Order
#          ^ reference.type Shop.Order.lines
#                 ^ reference.type Shop.Order.lines
    Order(lines) = new{Int}("", lines)
#   ^ definition.constructor Shop.Order
#                  ^ reference.call Shop.Order.Order
    function Order{T}() where {T}
#            ^ definition.constructor Shop.Order
        new(nothing)
    end
end

@kwdef struct Line
#^ reference.call Shop
#             ^ definition.struct Shop
    count::Int = 1
#   ^ definition.field Shop.Line
    name = "none"
#   ^ definition.field Shop.Line
end

@enum State open closed = 4
#     ^ definition.enumeration Shop
#           ^ definition.variant Shop.State
#                ^ definition.variant Shop.State
@enum Kind::UInt8 begin
#     ^ definition.enumeration Shop
#           ^ reference.type Shop.Kind
    small
#   ^ definition.variant Shop.Kind
    large = 2
#   ^ definition.variant Shop.Kind
end

function total(order::Order, rates::Vector{<:Rate}; by=price)
#        ^ definition.function Shop
#                     ^ reference.type Shop.total
#                                            ^ reference.type Shop.total
#                                                      ^ reference.identifier Shop.total
    sum(line -> price(line) * LIMIT, order.lines)
#   ^ reference.call Shop.total
#               ^ reference.call Shop.total
#                             ^ reference.identifier Shop.total
#                                          ^ reference.identifier Shop.total
    Store.load.(rates) |> collect
#         ^ reference.call Shop.total
#                         ^ reference.identifier Shop.total
end

function Base.show(io::IO, ::Order)::Nothing
#        ^ definition.implementation Shop
#             ^ definition.function Shop.Base
#                      ^ reference.type Shop.Base.show
#                            ^ reference.type Shop.Base.show
#                                    ^ reference.type Shop.Base.show
end
function Store.load(path)::Order where {T<:Number}
#        ^ definition.implementation Shop
#              ^ definition.function Shop.Store
#                                          ^ reference.type Shop.Store.load
end
function merge(a::T, b::S) where {T} where {S}
#        ^ definition.function Shop
end
function Order{T}(n) where {T}
#        ^ definition.function Shop
end
function Base.Matrix{T}(n) where {T} end
#             ^ definition.function Shop
function Base.:+(a::Coin, b::Coin) end
#        ^ definition.implementation Shop
#              ^ definition.function Shop.Base
function -(a::Coin) end
#        ^ definition.function Shop
function area end
#        ^ definition.function Shop

# How much of the limit is left.
remaining(order) = LIMIT - total(order)
# <- definition.function Shop
#                  ^ reference.identifier Shop.remaining
#                          ^ reference.call Shop.remaining
half(x::T)::Int where {T} = x / 2
# <- definition.function Shop
first_line(x)::Line = x.lines[1]
# <- definition.function Shop
@inline Base.:(==)(a::Line, b::Line) where {T} = a.name == b.name
#       ^ definition.implementation Shop
#              ^ definition.function Shop.Base
Base.length(order::Order) = Stats.mean(order.lines)
# <- definition.implementation Shop
#    ^ definition.function Shop.Base
#                                 ^ reference.call Shop.Base.length
Base.convert(::Type{T}, x) where {T} where {S} = x
# <- definition.implementation Shop
#    ^ definition.function Shop.Base

macro twice(body)
#     ^ definition.macro Shop
    :(2 * $body)
end
@twice Store.@load "a"
#^ reference.call Shop
#             ^ reference.call Shop
end
