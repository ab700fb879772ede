/// A library of shapes.
library shapes;
//      ^ definition.module
//      ^ doc A library of shapes.

import 'dart:math' as math show pi;
//      ^ import pi
import 'package:flutter/material.dart';
//      ^ import
export 'src/circle.dart' show Circle;
//      ^ import Circle
//                            ^ export
//                            ^ reference.identifier
part 'shape.g.dart';
//    ^ import

/// The number of sides.
const int sides = 4;
//        ^ definition.constant
//        ^ doc The number of sides.
final names = <String>[];
//    ^ definition.variable
var counter = 0;
//  ^ definition.variable

typedef Callback = void Function(int value);
//      ^ definition.type

/// A shape.
abstract class Shape extends Base with Movable implements Comparable<Shape> {
//             ^ definition.class
//             ^ doc A shape.
//                           ^ reference.class Shape
//                                     ^ reference.implementation Shape
//                                                        ^ reference.implementation Shape
//                                                                   ^ reference.type Shape
  final double width;
//             ^ definition.field Shape
  static int count = 0;
//           ^ definition.field Shape
  Shape(this.width);
//^ definition.constructor Shape
  Shape.square(double side) : width = side;
//^ reference.identifier Shape.square
//      ^ definition.constructor Shape
  factory Shape.of(String name) => Circle(name);
//        ^ reference.identifier Shape.of
//              ^ definition.constructor Shape
//                                 ^ reference.call Shape.of

  /// Its area.
  double area();
//       ^ definition.method Shape
//       ^ doc Its area.
  double get height => width * 2;
//           ^ definition.property Shape
  set height(double value) { count = value.toInt(); }
//    ^ definition.property Shape
//                                         ^ reference.call Shape.height
  Shape operator +(Shape other) => Shape(width + other.width);
//^ reference.type Shape
//                 ^ reference.type Shape
//                                 ^ reference.call Shape
  @override
// ^ reference.call Shape.toString
  String toString() {
//       ^ definition.method Shape
    final local = helper.compute(width);
//                       ^ reference.call Shape.toString
    return '$local';
  }
}

mixin Movable on Shape {
//    ^ definition.trait
//               ^ reference.type Movable
  void move() => print(math.pi);
//     ^ definition.method Movable
//               ^ reference.call Movable.move
}

extension Doubling on int {
//        ^ definition.class
  int doubled() => this * 2;
//    ^ definition.method Doubling
}

enum Color { red, green }
//   ^ definition.enumeration
//           ^ definition.variant Color
//                ^ definition.variant Color

enum Size {
//   ^ definition.enumeration
  small(1), large(2);
//^ definition.variant Size
//          ^ definition.variant Size
  final int value;
//          ^ definition.field Size
  const Size(this.value);
//      ^ definition.constructor Size
}

void main(List<String> args) async {
//   ^ definition.function
  int inner(int x) => x;
  await runApp(const MyApp());
//      ^ reference.call main
//                   ^ reference.class main
  Shape s = new Shape.square(2);
//^ reference.type main
//              ^ reference.class main
//                    ^ reference.class main
  s..move()..area();
//   ^ reference.call main
//           ^ reference.call main
}
int get answer => 42;
//      ^ definition.function
