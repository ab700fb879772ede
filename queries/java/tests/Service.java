/** Services. */
package com.example.app;

import java.util.List;
//     ^ import List
//               ^ reference.identifier
import java.util.Map.Entry;
//     ^ import Entry
//               ^ reference.identifier
import static java.lang.Math.max;
//            ^ import max
import java.io.*;
//     ^ import
import helpers;
//     ^ import

/** A service. */
@Component("service")
 // <- reference.type Service
@org.example.Scoped
//           ^ reference.type Service
public abstract class Service<T extends Base> extends AbstractService<T> implements Runnable, io.Closer, Comparable<T> {
//                    ^ definition.class
//                    ^ export
//                            ^ reference.type Service
//                                      ^ reference.type Service
//                                                    ^ reference.class Service
//                                                                    ^ reference.type Service
//                                                                                  ^ reference.implementation Service
//                                                                                            ^ reference.type Service
//                                                                                               ^ reference.implementation Service
//                                                                                                       ^ reference.implementation Service
    public static final int MAX_SIZE = 10, MIN = 2;
//                          ^ definition.constant Service
//                                         ^ definition.constant Service
    private int low, high;
//              ^ definition.field Service
//                   ^ definition.field Service

    /** Where things are kept. */
    @Inject
//   ^ reference.type Service.store
    private Store<String> store = new Store<>(MAX_SIZE);
//          ^ reference.type Service.store
//                        ^ definition.field Service
//                                    ^ reference.class Service.store
//                                            ^ reference.identifier Service.store

    static { start(); }
//           ^ reference.call Service

    /** Makes one. */
    @Inject
    public Service(Store store) throws IOException { super(store); this.store = store; }
//         ^ definition.constructor Service
//                 ^ reference.type Service.Service
//                                     ^ reference.type Service.Service

    @Override
    public <R> List<R> find(@Nullable String key, Entry<String, T>... rest) throws NotFound {
//             ^ reference.type Service.find
//                     ^ definition.method Service
//                                                ^ reference.type Service.find
//                                                                                 ^ reference.type Service.find
        int local = max(1, 2);
//                  ^ reference.call Service.find
        Runnable task = new Runnable() {
//      ^ reference.type Service.find
//                          ^ reference.class Service.find
            public void run() { Helper.help(key).then(); }
//                      ^ definition.method Service.find
//                              ^ reference.identifier Service.find.run
//                                     ^ reference.call Service.find.run
        };
        Object made = new java.util.ArrayList<String>();
//                        ^ reference.type Service.find
//                                  ^ reference.class Service.find
        Object inner = new Outer.Inner();
//                         ^ reference.type Service.find
//                               ^ reference.class Service.find
        list.map(Shape::area).map(this::twice).map(Shape::new);
//               ^ reference.identifier Service.find
//                      ^ reference.call Service.find
        if (made instanceof Circle(int x, int y) || Color.RED == made) { throw new NotFound(key); }
//                          ^ reference.identifier Service.find
//                                                  ^ reference.identifier Service.find
//                                                                                 ^ reference.class Service.find
        return (List<R>) made;
//              ^ reference.type Service.find
    }

    public abstract void stop();
//                       ^ definition.method Service

    enum Color implements Paint {
//       ^ definition.enumeration Service
        RED(1) { int value() { return 1; } },
//      ^ definition.variant Service.Color
//                   ^ definition.method Service.Color.RED
        GREEN;
//      ^ definition.variant Service.Color
        private final int value;
//                        ^ definition.field Service.Color
        Color() { this(0); }
//      ^ definition.constructor Service.Color
        Color(int value) { this.value = value; }
//      ^ definition.constructor Service.Color
        int value() { return value; }
//          ^ definition.method Service.Color
    }

    record Point<N>(int x, @NotNull N y) implements Shape {
//         ^ definition.class Service
//                      ^ definition.field Service.Point
//                                    ^ definition.field Service.Point
        static int origin = 0;
//                 ^ definition.field Service.Point
        Point { check(); }
//      ^ definition.constructor Service.Point
        double length() { return 0; }
//             ^ definition.method Service.Point
    }

    public interface Shape extends Paint, Sized<Point> {
//                   ^ definition.interface Service
//                                 ^ reference.implementation Service.Shape
        int sides = 3;
//          ^ definition.constant Service.Shape
        double area();
//             ^ definition.method Service.Shape
        default void draw() { }
//                   ^ definition.method Service.Shape
    }

    public @interface Marker {
//                    ^ definition.interface Service
        String value() default "x";
//      ^ reference.type Service.Marker.value
//             ^ definition.method Service.Marker
    }
}

class Hidden extends shapes.Base { }
//    ^ definition.class
//                   ^ reference.type Hidden
//                          ^ reference.class Hidden
class Plain extends Hidden implements Marked { }
//    ^ definition.class
//                  ^ reference.class Plain
class Typed extends shapes.Typed<Plain> implements shapes.Marked<Plain> { }
//    ^ definition.class
//                  ^ reference.type Typed
//                                                        ^ reference.implementation Typed
