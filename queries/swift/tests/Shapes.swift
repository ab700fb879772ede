import Foundation
//     ^ import
import struct Colors.Palette
//            ^ import
@testable import Drawing
 // <- reference.class
//               ^ import

/// Most corners of a shape.
public let mostCorners: Int = 12
//         ^ definition.constant
//         ^ export
//                      ^ reference.type mostCorners
private var counter = 0
//          ^ definition.variable
public typealias Handler<T> = (Shape) -> T
//               ^ definition.type
//               ^ export
//                             ^ reference.type Handler

public protocol Drawable: AnyObject {
//              ^ definition.interface
//              ^ export
//                        ^ reference.class Drawable
    associatedtype Canvas: Surface
    //             ^ definition.type Drawable
    //                     ^ reference.type Drawable.Canvas
    var size: Double { get }
    //  ^ definition.property Drawable
    func draw(on canvas: Canvas) throws
    //   ^ definition.method Drawable
    init(size: Double)
    // <- definition.constructor Drawable
}

// A shape with corners.
@available(iOS 13, *)
 // <- reference.class Shape
open class Shape<T: Equatable>: Base<T>, Drawable, Geometry.Sized {
//         ^ definition.class
//         ^ export
//                  ^ reference.type Shape
//                              ^ reference.class Shape
//                                       ^ reference.class Shape
//                                                          ^ reference.class Shape
    public static let shared = Shape()
    //                ^ definition.property Shape
    //                         ^ reference.call Shape.shared
    var left: Int = 0, right = 1
    //  ^ definition.property Shape
    //                 ^ definition.property Shape
    @Published var title: String?
     // <- reference.class Shape.title
    //             ^ definition.property Shape
    //                    ^ reference.type Shape.title
    lazy var cache: Cache<Int> = {
    //       ^ definition.property Shape
        let inner = Cache<Int>()
        //          ^ reference.class Shape.cache
        return inner
    }()
    var area: Double {
    //  ^ definition.property Shape
        measure(self).rounded()
    //  ^ reference.call Shape.area
    //                ^ reference.call Shape.area
    }

    public required init(size: Double) {
    //              ^ definition.constructor Shape
        let local = Palette.main
        //          ^ reference.type Shape.init
        //                  ^ reference.identifier Shape.init
        super.init(local, .round, make: .some(1))
        //    ^ reference.call Shape.init
        //                 ^ reference.identifier Shape.init
        //                               ^ reference.call Shape.init
    }
    deinit { close() }
    // <- definition.method Shape
    //       ^ reference.call Shape.deinit

    func draw(on canvas: Canvas) throws {
    //   ^ definition.method Shape
        func helper() {}
        //   ^ definition.function Shape.draw
        switch canvas.kind {
        case .flat: helper()
        //    ^ reference.identifier Shape.draw
        case Kind.deep: break
        //        ^ reference.identifier Shape.draw
        default: _ = canvas as? Screen
        //                      ^ reference.type Shape.draw
        }
    }
    subscript(index: Int) -> T { items[index] }
    // <- definition.method Shape
    static func == (left: Shape, right: Shape) -> Bool { true }
    //          ^ definition.method Shape
}

enum Kind: String, CaseIterable {
//   ^ definition.enumeration
//         ^ reference.class Kind
    case flat, deep = "d"
    //   ^ definition.variant Kind
    //         ^ definition.variant Kind
    case layered(Int, of: Shape<Int>)
    //   ^ definition.variant Kind
    var depth: Int { 1 }
    //  ^ definition.property Kind
    func mix() -> Kind { .flat }
    //   ^ definition.method Kind
}
struct Point { let x: Int }
//     ^ definition.struct
//                 ^ definition.property Point
actor Bank { var total = 1 }
//    ^ definition.class
//               ^ definition.property Bank

extension Shape: Printable where T == Int {
//        ^ definition.implementation
//        ^ reference.type Shape
//               ^ reference.class Shape
    func show() {}
    //   ^ definition.method Shape
}
extension Geometry.Grid { }
//        ^ definition.implementation
//                 ^ definition.implementation
extension Array<Int> { }
//        ^ definition.implementation

public func area<T>(of shape: T) -> Double {
//          ^ definition.function
//          ^ export
    #trace("area")
     // <- reference.call area
    return Point(x: 1).x
    //     ^ reference.call area
}
@freestanding(expression)
public macro trace(_ message: String) -> Void = #externalMacro(module: "Tracing", type: "Trace")
//           ^ definition.macro
//                            ^ reference.type trace
