import os.path
#      ^ import
from .base import Thing as Other, helper
#    ^ import Thing
#                 ^ reference.identifier
#                                 ^ reference.identifier
#    ^ import helper

__all__ = ["Shape"]
# <- definition.variable
#           ^ export

LIMIT = 3
# <- definition.constant
count = 0
# <- definition.variable

# A thing with sides.
class Shape(base.Thing, Other):
#     ^ definition.class
#     ^ doc A thing with sides.
#                ^ reference.class
#                       ^ reference.class
    # Of which it has at least three.
    sides = 4
#   ^ definition.field Shape

    @property
    def area(self) -> Number:
#       ^ definition.method Shape
#                     ^ reference.type
        return helper(self.sides)
#              ^ reference.call Shape.area

    def grow(self):
#       ^ definition.method Shape
#       ^ doc Grows.
        """Grows."""
        def inner():
#           ^ definition.function Shape.grow
            os.path.join("a")
#                   ^ reference.call Shape.grow.inner

    # How large it is.
    @cached
    @count.calls
    def size(self): return self.sides
#       ^ definition.method Shape
#       ^ doc How large it is.

async def main(shape: list[Shape]):
#         ^ definition.function
#                          ^ reference.type
    shape.grow()
#         ^ reference.call main
