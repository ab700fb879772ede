package geometry
//      ^ definition.module
package shapes
//      ^ definition.module

import colors.Palette
//     ^ import Palette
//            ^ reference.identifier
import colors.{Red => Crimson, Mix as Blend, Hue}
//     ^ import Red
//     ^ import Mix
//     ^ import Hue
//             ^ reference.identifier
import units.*
//     ^ import
import tools.draw.Pen
//     ^^^^^^^^^^ import Pen
import tools.draw.{Ink, Brush => Tip}
//     ^^^^^^^^^^ import Ink
//     ^^^^^^^^^^ import Brush
import tools.draw._
//     ^^^^^^^^^^ import
import tools.draw.{Line, given}
//     ^^^^^^^^^^ import Line
import tools.text.{_}
//     ^^^^^^^^^^ import
import tools.print.ink.Page, units.si.{Gram, Volt}, scale.Bar as Stick, colors._
//     ^^^^^^^^^^^^^^^ import Page
//                           ^^^^^^^^ import Gram
//                           ^^^^^^^^ import Volt
//                                                  ^^^^^ import Bar
//                                                                      ^^^^^^ import
export units.Meter
//           ^ export
export units.{Foot, Inch as Zoll}
//            ^ export
//                          ^ export

/** Something with an area. */
trait Shape[A] extends Comparable[A] derives Eq:
//    ^ definition.trait geometry
//                     ^ reference.class geometry.Shape
//                                           ^ reference.class geometry.Shape
  def area: Double
//    ^ definition.method geometry.Shape
  val sides: Int
//    ^ definition.field geometry.Shape
  var name: Label
//    ^ definition.field geometry.Shape
//          ^ reference.type geometry.Shape.name
  type Unit <: Measure
//     ^ definition.type geometry.Shape

@deprecated("use Polygon", "2")
 // <- reference.class geometry.Square
class Square(val side: Double, scale: Int) extends Base[Double](side) with Shape[Square] with java.io.Closeable {
//    ^ definition.class geometry
//               ^ definition.field geometry.Square
//                                                 ^ reference.class geometry.Square
//                                                                         ^ reference.class geometry.Square
//                                                                                                    ^ reference.class
  private val corners = 4
//            ^ definition.field geometry.Square
  var (left, right) = (0, 0)
//     ^ definition.field geometry.Square
//           ^ definition.field geometry.Square
  lazy val top, bottom = 1
//         ^ definition.field geometry.Square
//              ^ definition.field geometry.Square
  var depth = 2
//    ^ definition.field geometry.Square
  def this() = this(1.0, 1)
//    ^ definition.constructor geometry.Square
  def +(other: Square): Square = new Square(side, scale)
//    ^ definition.method geometry.Square
//                                   ^ reference.class geometry.Square.+
  def grow(by: Int): Double = {
//    ^ definition.method geometry.Square
    val local = Palette.first
//              ^ reference.identifier geometry.Square.grow
//                      ^ reference.call geometry.Square.grow
    def twice(n: Int) = n * 2
//      ^ definition.function geometry.Square.grow
    resize(local).redraw[Pen](by)
//  ^ reference.call geometry.Square.grow
//                ^ reference.call geometry.Square.grow
    parse[Int](name) max new java.util.Random().nextInt
//  ^ reference.call geometry.Square.grow
//                   ^ reference.call geometry.Square.grow
//                                     ^ reference.class geometry.Square.grow
    new Box[Int](1) match {
//      ^ reference.class geometry.Square.grow
      case Circle(radius) => radius
//         ^ reference.type geometry.Square.grow
      case Color.Red => 0
//               ^ reference.identifier geometry.Square.grow
    }
  }
}

case class Point(x: Int, y: Int)
//         ^ definition.class geometry
//               ^ definition.field geometry.Point
//                       ^ definition.field geometry.Point
object Square extends Factory {
//     ^ definition.object geometry
//                    ^ reference.class geometry.Square
  val Limit = 10
//    ^ definition.constant geometry.Square
  given order: Ordering[Square] = Ordering.by(_.side)
//      ^ definition.field geometry.Square
}
package object defaults { def shape = Square() }
//             ^ definition.object geometry
//                            ^ definition.method geometry.defaults
//                                    ^ reference.call geometry.defaults.shape

enum Color(val rgb: Int) {
//   ^ definition.enumeration geometry
//             ^ definition.field geometry.Color
  case Red, Green
//     ^ definition.variant geometry.Color
//          ^ definition.variant geometry.Color
  case Mixed(part: Color) extends Color(part.rgb)
//     ^ definition.variant geometry.Color
//           ^ definition.field geometry.Color.Mixed
//                                ^ reference.class geometry.Color.Mixed
  val bright = true
//    ^ definition.field geometry.Color
  def mix(other: Color): Color = other
//    ^ definition.method geometry.Color
}

given pointOrder: Ordering[Point] with {
//    ^ definition.object geometry
  val strict = true
//    ^ definition.field geometry.pointOrder
  def compare(a: Point, b: Point): Int = a.x - b.x
//    ^ definition.method geometry.pointOrder
}
given Ordering[Color] with { def compare(a: Color, b: Color): Int = 0 }
//    ^ definition.implementation geometry
//    ^ reference.type geometry.Ordering
//                               ^ definition.method geometry.Ordering
given fallback: Shape[Int] = Square()
//    ^ definition.variable geometry
extension (point: Point) {
//                ^ definition.implementation geometry
  def norm: Double = 0.0
//    ^ definition.method geometry.Point
}
extension [T](shapes: List[T]) def second: T = shapes.tail.head
//                    ^ definition.implementation geometry
//                                 ^ definition.method geometry.List

opaque type Id = Long
//          ^ definition.type geometry
val origin = Point(0, 0)
//  ^ definition.constant geometry
val (low, high) = (0, 9)
//   ^ definition.constant geometry
//        ^ definition.constant geometry
val one, two = 1
//  ^ definition.constant geometry
//       ^ definition.constant geometry
var counter = 0
//  ^ definition.variable geometry
@main def run(args: String*): Unit = println(args)
//        ^ definition.function geometry
//                                   ^ reference.call geometry.run
