#include "shapes.hpp"
//        ^ import
using shapes::Shape;
//    ^ import Shape

const char kLabels[] = "ab";
//         ^ definition.constant
int Shape::count = 0, shapes::Box::total;
//         ^ definition.variable
//                                 ^ definition.variable
static Shape *current = nullptr, other;
//            ^ definition.variable
//                               ^ definition.variable
static int (*handlers[2])(int) = {first, second};
//           ^ definition.variable
char *(*maker)(void) = 0;
//      ^ definition.variable

struct Shape::Private {
//            ^ definition.struct
  struct Shape::Inner* inner;
//                     ^ definition.field Private
};
class shapes::detail::Node {};
//                    ^ definition.class
enum Shape::Order { First };
//          ^ definition.enumeration
//                  ^ definition.variant Order

Shape::Shape(int sides) : sides_(sides) {}
// <- definition.constructor
shapes::Shape::~Shape() {}
//             ^ definition.method
shapes::Box<int>::Box() {}
//      ^ definition.constructor
Area shapes::Shape::area() const {
//                  ^ definition.method
  std::string local(name), more(SHAPES_LIMIT);
//     ^ reference.type area
  auto shape = new shapes::Circle(3);
//                         ^ reference.class area
  Pair* pair = new Pair<int>{};
//                 ^ reference.class area
  visit(shape->bounds(), std::move(shape), make<int>(1));
//^ reference.call area
//             ^ reference.call area
//                            ^ reference.call area
//                                         ^ reference.call area
  shape->as<Circle>(shapes::detail::zero<int>());
//       ^ reference.call area
//                                  ^ reference.call area
  Point at = {.x = origin, .y = &Shape::area};
//                 ^ reference.identifier area
//                                      ^ reference.identifier area
  return Kind::Round == kind ? SHAPES_ZERO : 0;
//             ^ reference.identifier area
//                             ^ reference.identifier area
}
Shape* Shape::clone() const { return nullptr; }
//            ^ definition.method
Shape& shapes::Shape::grow(int by) { return *this; }
//                    ^ definition.method
bool Shape::operator!=(const Shape& other) const { return true; }
//          ^ definition.method

template <>
void swap<Shape>(Shape& a, Shape& b) {}
//   ^ definition.function
static Shape** all() { return 0; }
//             ^ definition.function
Shape& reference() { return *current; }
//     ^ definition.function
bool operator>(const Shape& a, const Shape& b) { return true; }
//   ^ definition.function
int main(int argc, char** argv) {
//  ^ definition.function
  Shape shape(argc);
//^ reference.type main
}

TEST_F(ShapeTest, Grows) {
// <- reference.call Grows
//     ^ reference.type Grows
//                ^ definition.function
  EXPECT_EQ(1, Shape().grow(2));
//^ reference.call Grows
//                     ^ reference.call Grows
}
DEFINE_FUZZER(input) {}
// <- reference.call
