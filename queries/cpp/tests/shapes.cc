#include "shapes.hpp"
//        ^ import
using shapes::Shape;
//    ^ import Shape

const char kLabels[] = "ab";
//         ^ definition.constant
int Shape::count = 0, shapes::Box::total;
//  ^ definition.implementation
//         ^ definition.variable
//                    ^ definition.implementation
//                            ^ definition.implementation shapes
//                                 ^ definition.variable
static Shape *current = nullptr, other;
//            ^ definition.variable
//                               ^ definition.variable
static int (*handlers[2])(int) = {first, second};
//           ^ definition.variable
char *(*maker)(void) = 0;
//      ^ definition.variable

struct Shape::Private {
//     ^ definition.implementation
//            ^ definition.struct
  struct Shape::Inner* inner;
//                     ^ definition.field Shape.Private
};
class shapes::detail::Node {};
//    ^ definition.implementation
//            ^ definition.implementation shapes
//                    ^ definition.class
enum Shape::Order { First };
//   ^ definition.implementation
//          ^ definition.enumeration
//                  ^ definition.variant Shape.Order

Shape::Shape(int sides) : sides_(sides) {}
// <- definition.constructor
// <- definition.implementation
shapes::Shape::~Shape() {}
// <- definition.implementation
//      ^ definition.implementation shapes
//             ^ definition.method
shapes::Box<int>::Box() {}
// <- definition.implementation
//      ^ definition.constructor
//      ^ definition.implementation shapes
Area shapes::Shape::area() const {
//   ^ definition.implementation
//           ^ definition.implementation shapes
//                  ^ definition.method
  std::string local(name), more(SHAPES_LIMIT);
//     ^ reference.type shapes.Shape.area
  auto shape = new shapes::Circle(3);
//                         ^ reference.class shapes.Shape.area
  Pair* pair = new Pair<int>{};
//                 ^ reference.class shapes.Shape.area
  visit(shape->bounds(), std::move(shape), make<int>(1));
//^ reference.call shapes.Shape.area
//             ^ reference.call shapes.Shape.area
//                            ^ reference.call shapes.Shape.area
//                                         ^ reference.call shapes.Shape.area
  shape->as<Circle>(shapes::detail::zero<int>());
//       ^ reference.call shapes.Shape.area
//                                  ^ reference.call shapes.Shape.area
  Point at = {.x = origin, .y = &Shape::area};
//                 ^ reference.identifier shapes.Shape.area
//                                      ^ reference.identifier shapes.Shape.area
  return Kind::Round == kind ? SHAPES_ZERO : 0;
//             ^ reference.identifier shapes.Shape.area
//                             ^ reference.identifier shapes.Shape.area
}
Shape* Shape::clone() const { return nullptr; }
// <- definition.implementation
//            ^ definition.method
Shape& shapes::Shape::grow(int by) { return *this; }
// <- definition.implementation shapes
//     ^ definition.implementation
//                    ^ definition.method
bool Shape::operator!=(const Shape& other) const { return true; }
//   ^ definition.implementation
//          ^ definition.method

template <>
void swap<Shape>(Shape& a, Shape& b) {}
//   ^ definition.function
template <typename T>
void shapes::Box<T>::push(T item) {}
//   ^ definition.implementation
//           ^ definition.implementation shapes
//                   ^ definition.method shapes.Box
template <typename T> const T Box<T>::kZero = 0;
//                            ^ definition.implementation
//                                    ^ definition.variable
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
