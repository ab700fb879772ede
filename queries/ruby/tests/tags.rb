# frozen_string_literal: true

require "json"
#        ^ import
require_relative "store/base"
#                 ^ import
autoload :Archive, "store/archive"
#                   ^ import

# Everything about the shop.
module Shop::Core
#            ^ definition.module
#      ^ reference.module
  LIMIT = 10
# ^ definition.constant Core
  MIN, MAX = 1, 9
# ^ definition.constant Core
#      ^ definition.constant Core
  CACHE ||= {}
# ^ definition.constant Core
  Shop::EXTRA = 2
#       ^ definition.constant Core

  Point = Struct.new(:x, :y) do
# ^ definition.class Core
#         ^ reference.class Core.Point
#                    ^ definition.field Core.Point
#                        ^ definition.field Core.Point
    def length = Math.sqrt(x * x + y * y)
#       ^ definition.method Core.Point
#                ^ reference.identifier Core.Point.length
#                     ^ reference.call Core.Point.length
#                          ^ reference.identifier Core.Point.length
  end

  class Size < Data.define(:width)
#       ^ definition.class Core
#                          ^ definition.field Core.Size
  end

  # An order of some customer.
  class Order < Store::Base
#       ^ definition.class Core
#               ^ reference.module Core.Order
#                      ^ reference.class Core.Order
    include Comparable, Shop::Priced
#           ^ reference.implementation Core.Order
#                             ^ reference.implementation Core.Order
    attr_accessor :lines, "note"
#                 ^ definition.property Core.Order
#                          ^ definition.property Core.Order
    private attr_reader :secret
#                       ^ definition.property Core.Order
    belongs_to :customer, optional: true
#              ^ definition.property Core.Order
    scope :open, -> { where(open: true) }
#         ^ definition.method Core.Order
#                     ^ reference.call
    before_save :check_lines
#               ^ reference.identifier Core.Order
    @@count = 0
#   ^ definition.variable Core.Order
    @registry = {}
#   ^ definition.variable Core.Order

    def initialize(lines)
#       ^ definition.constructor Core.Order
      @@count += 1
#     ^ reference.identifier Core.Order.initialize
      total = Point.new(1, 2)
#             ^ reference.class Core.Order.initialize
#                   ^ reference.call Core.Order.initialize
      check_lines
#     ^ reference.identifier Core.Order.initialize
    rescue Store::Missing => error
#                 ^ reference.class Core.Order.initialize
      lines.map(&:price).sum
#                ^ reference.call Core.Order.initialize
#                        ^ reference.call Core.Order.initialize
    end

    def self.load(path) = Store::Loader.new.read(path)
#            ^ definition.method Core.Order
#                                ^ reference.class Core.Order.load

    class << self
      def empty; end
#         ^ definition.method Core.Order
    end

    def <=>(other); end
#       ^ definition.method Core.Order
    def note=(text); end
#       ^ definition.method Core.Order
    alias size length
#         ^ definition.method Core.Order
    alias_method :sum, :total
#                ^ definition.method Core.Order
    define_method("twice") { LIMIT * 2 }
#                  ^ definition.method Core.Order
#                            ^ reference.identifier Core.Order.twice
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
#         ^ definition.module
  desc "Moves the tables"
  task migrate: :environment do
#      ^ definition.function
    main
#   ^ reference.identifier
  end
  task "seed" => ["migrate"]
#       ^ definition.function
end
