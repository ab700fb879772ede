@file:JvmName("Services")
//    ^ reference.type
package com.example.app

import com.example.store.Store
//     ^ import
//                       ^ reference.identifier
import com.example.util.*
//     ^ import
import com.example.Helper as Help
//     ^ import
//                           ^ reference.identifier

/** Most tries. */
const val LIMIT = 3
//        ^ definition.constant
val started: Int = count()
//  ^ definition.variable
//           ^ reference.type started
//                 ^ reference.call started
public var current by lazy { 1 }
//         ^ definition.variable
//         ^ export
//                    ^ reference.call current
private val String.half: Int get() = length / 2
//          ^ definition.implementation
//          ^ reference.type String.half
//                 ^ definition.variable String

public typealias Handler = (Int) -> Unit
//               ^ definition.type
//               ^ export
//                          ^ reference.type Handler
//                                  ^ reference.type Handler

/** Loads. */
public fun load(path: String, tries: Int = LIMIT): Result<Shape> {
//         ^ definition.function
//         ^ export
//                    ^ reference.type load
//                                         ^ reference.identifier load
//                                                 ^ reference.type load
//                                                        ^ reference.type load
    val local = 1
    fun inner() = read(path)
//      ^ definition.function load
//                ^ reference.call load.inner
    return Result.success(inner())
//         ^ reference.identifier load
//                ^ reference.call load
//                        ^ reference.call load
}
fun List<String>?.shout(): String = uppercase()
//  ^ definition.implementation
//  ^ reference.type List.shout
//                ^ definition.function List
fun Geometry.Shape.grow() {}
//  ^ definition.implementation
//           ^ definition.implementation Geometry
//                 ^ definition.function Geometry.Shape
fun <T> T.same(): T = this
//        ^ definition.function

/** A service. */
@Component("service")
@Scoped
 // <- reference.type Service
open class Service<T : Base>(
//         ^ definition.class
//                 ^ reference.identifier Service
//                     ^ reference.type Service
    private val store: Store,
//              ^ definition.property Service
//                     ^ reference.type Service.store
    var deep: Boolean = false,
//      ^ definition.property Service
    plain: String
) : AbstractService<T>(store), Runnable, Closer by store {
//  ^ reference.class Service
//                             ^ reference.implementation Service
//                                       ^ reference.implementation Service
    /** Where it listens. */
    @Inject lateinit var host: Host
//                       ^ definition.property Service
    val size: Int get() = store.items
//      ^ definition.property Service

    init { start() }
//         ^ reference.call Service

    constructor(store: Store) : this(store, true, "x") { connect() }
//  ^ definition.constructor Service

    override fun run() {
//               ^ definition.method Service
        store.find<String>("a")?.let { it.name } ?: throw NotFound("x")
//                                                        ^ reference.call Service.run
        single<Shape> { Circle(1) }
//      ^ reference.call Service.run
//             ^ reference.identifier Service.run
//                      ^ reference.call Service.run
        local to LIMIT
//            ^ reference.call Service.run
//               ^ reference.identifier Service.run
        val mapper = items.map(::twice)
//                               ^ reference.call Service.run
        val made = Shape::area
//                 ^ reference.identifier Service.run
//                        ^ reference.call Service.run
        val kind = Shape::class
        if (made is Circle) Color.RED.paint(made as Box<Shape>)
//                  ^ reference.type Service.run
//                          ^ reference.identifier Service.run
//                                                  ^ reference.type Service.run
    }

    companion object {
        const val TAG = "service"
//                ^ definition.constant Service
        fun create() = Service<Base>(Store.open())
//          ^ definition.method Service
    }

    inner class Nested
//              ^ definition.class Service
}

sealed interface Shape {
//               ^ definition.interface
    val area: Double
//      ^ definition.property Shape
    fun draw()
//      ^ definition.method Shape
    data class Circle(val radius: Double) : Shape
//             ^ definition.class Shape
//                        ^ definition.property Shape.Circle
}

fun interface Action { fun invoke() }
//            ^ definition.interface
//                         ^ definition.method Action

enum class Color(val rgb: Int) : Paint<Int> {
//         ^ definition.enumeration
//                   ^ definition.property Color
    RED(1),
//  ^ definition.variant Color
    GREEN(2) {
//  ^ definition.variant Color
        override fun paint() {}
//                   ^ definition.method Color.GREEN
    };
    open fun paint() {}
//           ^ definition.method Color
    val dark = false
//      ^ definition.property Color
}

annotation class Marker(val value: String)
//               ^ definition.class
//                          ^ definition.property Marker

public object Registry : Base() {
//            ^ definition.object
//            ^ export
    val all = mutableListOf<Service<Base>>()
//      ^ definition.property Registry
    companion object Factory {
//                   ^ definition.object Registry
        fun make() {}
//          ^ definition.method Registry.Factory
    }
}

fun main() {
//  ^ definition.function
    val listener = object : Listener {
        override fun on() {}
//                   ^ definition.method main
    }
}
