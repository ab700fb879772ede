library(dplyr)
#       ^ import
#       ^ reference.identifier
suppressMessages(require("ggplot2"))
#                         ^ import
source("R/helpers.R")
#       ^ import

#' Area of a shape
#' @examples
#' area(1)
#' @export
area <- function(shape, scale = 1) {
# <- definition.function
# <- export
  local <- shape$size * scale
#          ^ reference.identifier area
#                       ^ reference.identifier area
  inner <- function(x) x + 1
  stats::sd(local)
# ^ reference.module area
#        ^ reference.call area
#           ^ reference.identifier area
  base::pi
#       ^ reference.identifier area
  result[1]
# ^ reference.identifier area
  result[[1]]
# ^ reference.identifier area
  result
# ^ reference.identifier area
}
identity <- function(value) value
# <- definition.function
#                           ^ reference.identifier identity
"quoted" = \(x) x
#^ definition.function
`%+%` <<- function(a, b) paste0(a, b)
# <- definition.function
#                        ^ reference.call `%+%`
MAX_SIZE <- 10
# <- definition.constant
origin <- c(x = 0)
# <- definition.variable
7 -> seven
#    ^ definition.variable

setClass("Person", representation(name = "character"), contains = "Base")
#         ^ definition.class
#                                 ^ definition.field Person
#                                                                  ^ reference.class Person
Student <- setClass("Student", slots = c(school = "character"))
# <- definition.class
#                                        ^ definition.field Student
setGeneric("speak", function(obj, ...) standardGeneric("speak"))
#           ^ definition.function
setMethod("speak", "Person", function(obj, ...) cat(obj@name))
#          ^ definition.method
#                   ^ reference.class speak
#                                                   ^ reference.identifier speak
setMethod("show", signature("Person"), describe)
#          ^ definition.method
#                            ^ reference.class show
#                                      ^ reference.identifier show

Account <- setRefClass("Account", fields = list(balance = "numeric"), methods = list(close = function() NULL))
# <- definition.class
#                                               ^ definition.field Account
#                                                                                    ^ definition.method Account
Stack <- R6::R6Class("Stack", inherit = Base,
# <- definition.class
#        ^ reference.module Stack
#                                       ^ reference.class Stack
  public = list(
    items = NULL,
#   ^ definition.field Stack
    push = function(x) self$items <- c(x, self$grow())
#   ^ definition.method Stack
#                                              ^ reference.call Stack.push
  ),
  active = list(size = function() length(private$n))
#               ^ definition.method Stack
)

shapes |> keep(is_round) %>% area
# <- reference.identifier
#         ^ reference.call
#              ^ reference.identifier
#                            ^ reference.identifier
p <- new("Person", name = "Ann")
# <- definition.variable
#         ^ reference.class p
stack <- Stack$new()
# <- definition.variable
#        ^ reference.class stack
