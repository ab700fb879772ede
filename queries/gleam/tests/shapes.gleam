//// Shapes.
import gleam/io
//     ^ import
import gleam/list.{map, type Option, Some} as l
//     ^ import map
//     ^ import Option
//     ^ import Some
import app/util
//     ^ import

/// The limit.
pub const limit = 10
//        ^ definition.constant
//        ^ doc The limit.
//        ^ export
const hidden: Int = 1
//    ^ definition.constant
//            ^ reference.type hidden

/// A shape.
pub type Shape {
//       ^ definition.enumeration
//       ^ doc A shape.
//       ^ export
  Circle(radius: Float)
//^ definition.variant Shape
//       ^ definition.field Shape.Circle
//               ^ reference.type Shape.Circle.radius
  Square(width: Float, Int)
//^ definition.variant Shape
//       ^ definition.field Shape.Square
//              ^ reference.type Shape.Square.width
//                     ^ reference.type Shape.Square
}
pub type Alias = List(Shape)
//       ^ definition.type
//       ^ export
//               ^ reference.type Alias
//                    ^ reference.type Alias
pub opaque type Id { Id(Int) }
//              ^ definition.enumeration
//              ^ export
//                   ^ definition.variant Id
//                      ^ reference.type Id.Id

/// Computes.
pub fn area(shape: Shape) -> Float {
//     ^ definition.function
//     ^ doc Computes.
//     ^ export
//                 ^ reference.type area
//                           ^ reference.type area
  let local = helper(1.0)
//            ^ reference.call area
  case shape {
    Circle(radius: r) -> r *. pi
//  ^ reference.identifier area
    Square(w, _) -> util.scale(w, limit)
//  ^ reference.identifier area
//                  ^ reference.module area
//                       ^ reference.call area
  }
  |> io.debug
//   ^ reference.module area
//      ^ reference.call area
}
fn helper(x: Float) -> Float { x }
// ^ definition.function
//           ^ reference.type helper
//                     ^ reference.type helper
@external(erlang, "math", "pi")
pub fn pi() -> Float
//     ^ definition.function
//     ^ export
//             ^ reference.type pi
