defmodule Shop.Order do
#         ^ definition.module
  @moduledoc """
  Orders and what they cost.
  """
  use Ecto.Schema
#     ^ import
#     ^ reference.implementation Shop.Order
  alias Shop.{Customer, Money}
#       ^ import Customer
#       ^ import Money
#             ^ reference.module Shop.Order
  import Shop.Guards, only: [is_open: 1]
#        ^ import
  require Logger
#         ^ import
  @behaviour Shop.Priced
#            ^ reference.implementation Shop.Order

  @limit 10
#  ^ definition.constant Shop.Order
  @enforce_keys [:lines]
  defstruct [:lines, :customer, open: true]
#             ^ definition.field Shop.Order
#                     ^ definition.field Shop.Order
#                               ^ definition.field Shop.Order

  @typedoc "An order"
  @type t :: %__MODULE__{lines: list(Money.t())}
#       ^ definition.type Shop.Order
#       ^ doc An order
#                                    ^ reference.module Shop.Order.t
#                                          ^ reference.call Shop.Order.t
  @typep pair(a) :: {a, a}
#        ^ definition.type Shop.Order

  @doc """
  What the order costs.
  """
  @spec total(t, integer) :: Money.t()
  @impl true
  def total(%Money{} = rate, scale \\ 1) when scale > @limit do
#     ^ definition.function Shop.Order
#     ^ doc What the order costs.
#     ^ export
#            ^ reference.class Shop.Order.total
#                                                      ^ reference.identifier Shop.Order.total
    Customer.load(rate) |> discount |> Enum.map(&round_up/1)
#   ^ reference.module Shop.Order.total
#            ^ reference.call Shop.Order.total
#                          ^ reference.call Shop.Order.total
#                                           ^ reference.call Shop.Order.total
#                                                ^ reference.call Shop.Order.total
    Shop.Store.Orders.save(&Shop.Money.round/1)
#   ^^^^^^^^^^^^^^^^^ reference.module Shop.Order.total
#                     ^^^^ reference.call Shop.Order.total
#                           ^^^^^^^^^^ reference.module Shop.Order.total
#                                      ^^^^^ reference.call Shop.Order.total
    log("total")
#   ^ reference.call Shop.Order.total
  end

  @doc "An order without lines."
  @doc since: "1.2"
  @spec empty :: t
  def empty, do: %__MODULE__{lines: []}
#     ^ definition.function Shop.Order
#     ^ doc An order without lines.
#     ^ export
  def default when @limit > 1, do: empty()
#     ^ definition.function Shop.Order
#     ^ export
#                                  ^ reference.call Shop.Order.default
  defp discount(order), do: order
#      ^ definition.function Shop.Order
  defdelegate fetch(order, key), to: Map
#             ^ definition.function Shop.Order
#             ^ export
#                                    ^ reference.module Shop.Order.fetch

  defmacro twice(value) do
#          ^ definition.macro Shop.Order
#          ^ export
    quote do: unquote(value) * 2
  end
  defmacrop secret, do: nil
#           ^ definition.macro Shop.Order
  defguard is_small(order) when order.size < 3
#          ^ definition.macro Shop.Order
#          ^ export

  schema "orders" do
    field :note, :string
#          ^ definition.field Shop.Order
    belongs_to :customer, Customer
#               ^ definition.field Shop.Order
  end

  defimpl String.Chars, for: Shop.Order do
#         ^ definition.implementation Shop.Order
#                            ^ reference.module
    def to_string(order), do: order.note
#       ^ definition.function Shop.Order.String.Chars
#       ^ export
#                                   ^ reference.call
  end

  defmodule __MODULE__.Missing do
#                      ^ definition.module Shop.Order
    defexception message: "missing"
#                ^ definition.field Shop.Order.Missing
  end
end

defmodule Shop.Priced do
#         ^ definition.module
  @callback total(order :: term, scale :: integer) :: term
#           ^ definition.method Shop.Priced
  @callback currency :: atom
#           ^ definition.method Shop.Priced
  @macrocallback price(a) :: Macro.t() when a: term
#                ^ definition.method Shop.Priced
end

defprotocol Shop.Size do
#           ^ definition.interface
  @doc "How much room it takes."
  def size(thing)
#     ^ definition.function Shop.Size
#     ^ export
end
