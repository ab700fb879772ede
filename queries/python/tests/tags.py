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
#                ^ reference.class
#                       ^ reference.class
    """Has sides."""
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
        def inner():
#           ^ definition.function Shape.grow
            os.path.join("a")
#                   ^ reference.call Shape.grow.inner

async def main(shape: list[Shape]):
#         ^ definition.function
#                          ^ reference.type
    shape.grow()
#         ^ reference.call main
