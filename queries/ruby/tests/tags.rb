# frozen_string_literal: true

require "json"
#        ^ import
require_relative "store/base"
#                 ^ import
autoload :Archive, "store/archive"
#                   ^ import

# Everything about the shop.
module Shop::Core
#      ^ definition.implementation
#            ^ definition.module
#      ^ reference.module
  LIMIT = 10
# ^ definition.constant Shop.Core
  MIN, MAX = 1, 9
# ^ definition.constant Shop.Core
#      ^ definition.constant Shop.Core
  CACHE ||= {}
# ^ definition.constant Shop.Core
  Shop::EXTRA = 2
#       ^ definition.constant Shop.Core

  Point = Struct.new(:x, :y) do
# ^ definition.class Shop.Core
#         ^ reference.class Shop.Core.Point
#                     ^ definition.field Shop.Core.Point
#                         ^ definition.field Shop.Core.Point
    def length = Math.sqrt(x * x + y * y)
#       ^ definition.method Shop.Core.Point
#                ^ reference.identifier Shop.Core.Point.length
#                     ^ reference.call Shop.Core.Point.length
#                          ^ reference.identifier Shop.Core.Point.length
  end

  class Size < Data.define(:width)
#       ^ definition.class Shop.Core
#                           ^ definition.field Shop.Core.Size
  end

  # An order of some customer.
  class Order < Store::Base
#       ^ definition.class Shop.Core
#               ^ reference.module Shop.Core.Order
#                      ^ reference.class Shop.Core.Order
    include Comparable, Shop::Priced
#           ^ reference.implementation Shop.Core.Order
#                             ^ reference.implementation Shop.Core.Order
    attr_accessor :lines, "note"
#                  ^ definition.property Shop.Core.Order
#                          ^ definition.property Shop.Core.Order
    private attr_reader :secret
#                        ^ definition.property Shop.Core.Order
    belongs_to :customer, optional: true
#               ^ definition.property Shop.Core.Order
    scope :open, -> { where(open: true) }
#          ^ definition.method Shop.Core.Order
#                     ^ reference.call
    before_save :check_lines
#                ^ reference.identifier Shop.Core.Order
    @@count = 0
#   ^ definition.variable Shop.Core.Order
    @registry = {}
#   ^ definition.variable Shop.Core.Order

    def initialize(lines)
#       ^ definition.constructor Shop.Core.Order
      @@count += 1
#     ^ reference.identifier Shop.Core.Order.initialize
      total = Point.new(1, 2)
#             ^ reference.class Shop.Core.Order.initialize
#                   ^ reference.call Shop.Core.Order.initialize
      check_lines
#     ^ reference.identifier Shop.Core.Order.initialize
    rescue Store::Missing => error
#                 ^ reference.class Shop.Core.Order.initialize
      lines.map(&:price).sum
#                 ^ reference.call Shop.Core.Order.initialize
#                        ^ reference.call Shop.Core.Order.initialize
    end

    def self.load(path) = Store::Loader.new.read(path)
#            ^ definition.method Shop.Core.Order
#                                ^ reference.class Shop.Core.Order.load

    class << self
      def empty; end
#         ^ definition.method Shop.Core.Order
    end

    def <=>(other); end
#       ^ definition.method Shop.Core.Order
    def note=(text); end
#       ^ definition.method Shop.Core.Order
    alias size length
#         ^ definition.method Shop.Core.Order
    alias_method :sum, :total
#                 ^ definition.method Shop.Core.Order
    define_method("twice") { LIMIT * 2 }
#                  ^ definition.method Shop.Core.Order
#                            ^ reference.identifier Shop.Core.Order.twice
  end
end

refine String do
#      ^ definition.implementation
  def shout = upcase
#     ^ definition.method String
end

$verbose = false
# <- definition.variable

def main
#   ^ definition.function
  puts $verbose
#      ^ reference.identifier main
end

namespace :db do
#          ^ definition.module
  desc "Moves the tables"
  task migrate: :environment do
#      ^ definition.function
    main
#   ^ reference.identifier
  end
  task "seed" => ["migrate"]
#       ^ definition.function
end

class Shop::Store::Base
#     ^ definition.implementation
#           ^ definition.implementation Shop
#                  ^ definition.class Shop.Store
  def open; end
#     ^ definition.method Shop.Store.Base
end
Shop::LIMIT = 1
# <- definition.implementation
#     ^ definition.constant Shop
def Shop.start; end
#   ^ definition.implementation
#        ^ definition.method Shop
class << Shop
#        ^ definition.implementation
  def stop; end
#     ^ definition.method Shop
end

# Ends it.
sig { void }
def finish; end
#   ^ definition.function
#   ^ doc Ends it.
