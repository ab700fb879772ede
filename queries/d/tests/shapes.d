/// Shapes.
module app.shapes;
//     ^ definition.module
//     ^ doc Shapes.

import std.stdio;
//     ^ import
import std.math : sqrt, sin;
//     ^ import sqrt
//     ^ import sin
import util = app.util;
//            ^ import
public import app.base;
//            ^ import
static import app.other;
//            ^ import

/// Largest.
enum size_t limit = 10;
//          ^ definition.constant
//          ^ doc Largest.
enum Color { red, green = 2 }
//   ^ definition.enumeration
//           ^ definition.variant Color
//                ^ definition.variant Color
immutable pi = 3.14;
//        ^ definition.variable
int counter;
//  ^ definition.variable
alias Callback = void delegate(int);
//    ^ definition.type
alias int Number;
//        ^ definition.type

interface Drawable { void draw(); }
//        ^ definition.interface
//                        ^ definition.method Drawable

class Shape : Base, Drawable {
//    ^ definition.class
//            ^ reference.class Shape
//                  ^ reference.class Shape
    private int width;
//              ^ definition.field Shape
    this(int width) { this.width = width; }
//  ^ definition.constructor Shape
//                         ^ reference.identifier Shape.this
    ~this() {}
    override void draw() { writeln(helper(width)); }
//                ^ definition.method Shape
//                         ^ reference.call Shape.draw
//                                 ^ reference.call Shape.draw
    @property int height() { return width * 2; }
//   ^ reference.call Shape.height
//                ^ definition.method Shape
}

struct Point(T) { T x, y; T norm() { return sqrt(x * x + y * y); } }
//     ^ definition.struct
//                  ^ definition.field Point
//                     ^ definition.field Point
//                          ^ definition.method Point
//                                          ^ reference.call Point.norm
union Value { int i; float f; }
//    ^ definition.union
//                ^ definition.field Value
//                         ^ definition.field Value

T maximum(T)(T a, T b) if (is(T : int)) { int local = 1; return a > b ? a : b; }
//^ definition.function
template Box(T) { struct Box { T value; } }
//       ^ definition.macro
//                       ^ definition.struct Box
//                               ^ definition.field Box.Box
mixin template Logging() { void log() {} }
//             ^ definition.macro
//                              ^ definition.function Logging
unittest { auto s = new Shape(2); s.draw(); }
//                      ^ reference.class
//                                  ^ reference.call
void main(string[] args) { auto p = Point!int(1, 2); counter.writeln; maximum!int(1, 2); }
//   ^ definition.function
//                                  ^ reference.call main
//                                                           ^ reference.identifier main
//                                                                    ^ reference.call main
version (Posix) { int posixOnly() { return 1; } }
//       ^ reference.identifier
//                    ^ definition.function
