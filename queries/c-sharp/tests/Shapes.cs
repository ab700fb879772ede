using System;
//    ^ import
using static System.Math;
//           ^ import
global using Vectors = System.Numerics;
//                     ^ import
using Names = System.Collections.Generic.List<string>;
//            ^ import List
using Legacy = global::Old.Shapes;
//             ^ import
[assembly: AssemblyTitle("Shapes")]
//         ^ reference.class

namespace Geometry.Shapes
//        ^ definition.module
{
    /// <summary>
    /// Decides about a shape.
    /// </summary>
    public delegate bool Filter<T>(T shape, Options options);
    //                   ^ definition.type Geometry.Shapes
    //                   ^ doc Decides about a shape.
    //                   ^ export
    //                                      ^ reference.type Geometry.Shapes.Filter

    public interface IShape : IComparable<IShape>
    //               ^ definition.interface Geometry.Shapes
    //               ^ export
    //                        ^ reference.class Geometry.Shapes.IShape
    //                                    ^ reference.type Geometry.Shapes.IShape
    {
        double Area();
        //     ^ definition.method Geometry.Shapes.IShape
    }

    public enum Side : byte
    //          ^ definition.enumeration Geometry.Shapes
    //          ^ export
    {
        Left = 1, Right,
    //  ^ definition.variant Geometry.Shapes.Side
    //            ^ definition.variant Geometry.Shapes.Side
    }

    // A shape with corners.
    [Serializable, Legacy.Mapped("polygon")]
     // <- reference.class Geometry.Shapes.Polygon
    //                    ^ reference.class Geometry.Shapes.Polygon
    public class Polygon<T> : Base<T>, IShape, Vectors.ISized where T : Number
    //           ^ definition.class Geometry.Shapes
    //           ^ export
    //                        ^ reference.class Geometry.Shapes.Polygon
    //                                 ^ reference.class Geometry.Shapes.Polygon
    //                                                 ^ reference.class Geometry.Shapes.Polygon
    //                                                                  ^ reference.type Geometry.Shapes.Polygon
    {
        private const int Fewest = 3;
        //                ^ definition.constant Geometry.Shapes.Polygon
        const int Low = 0, High = 9;
        //        ^ definition.constant Geometry.Shapes.Polygon
        //                 ^ definition.constant Geometry.Shapes.Polygon
        private readonly Point[] corners = new Point[Fewest];
        //               ^ reference.type Geometry.Shapes.Polygon.corners
        //                       ^ definition.field Geometry.Shapes.Polygon
        int? width, height;
        //   ^ definition.field Geometry.Shapes.Polygon
        //          ^ definition.field Geometry.Shapes.Polygon
        public event EventHandler<Change> Changed;
        //           ^ reference.type Geometry.Shapes.Polygon.Changed
        //                                ^ definition.field Geometry.Shapes.Polygon
        event Action Opened, Closed;
        //           ^ definition.field Geometry.Shapes.Polygon
        //                   ^ definition.field Geometry.Shapes.Polygon
        public event Action Moved { add { } remove { } }
        //                  ^ definition.property Geometry.Shapes.Polygon
        public Color Fill { get; private set; } = Color.Red;
        //     ^ reference.type Geometry.Shapes.Polygon.Fill
        //           ^ definition.property Geometry.Shapes.Polygon
        //                                        ^ reference.type Geometry.Shapes.Polygon.Fill
        double IShape.Area() => Sum<double>(corners);
        //     ^ reference.implementation Geometry.Shapes.Polygon.Area
        //            ^ definition.method Geometry.Shapes.Polygon
        //                      ^ reference.call Geometry.Shapes.Polygon.Area
        public Point this[int index] { get => corners[index]; }
        //           ^ definition.property Geometry.Shapes.Polygon

        public Polygon(int count) : base(count)
        //     ^ definition.constructor Geometry.Shapes.Polygon
        {
            var shape = new Circle(count);
            //              ^ reference.class Geometry.Shapes.Polygon.Polygon
            Names names = new List<Name>();
            // <- reference.type Geometry.Shapes.Polygon.Polygon
            //                ^ reference.class Geometry.Shapes.Polygon.Polygon
            //                     ^ reference.type Geometry.Shapes.Polygon.Polygon
            shape?.Grow(new Vectors.Plane(1)).Shrink();
            //                                ^ reference.call Geometry.Shapes.Polygon.Polygon
            //                      ^ reference.class Geometry.Shapes.Polygon.Polygon
            this.Register(Helper.Make<Point>(2));
            //   ^ reference.call Geometry.Shapes.Polygon.Polygon
            //                   ^ reference.call Geometry.Shapes.Polygon.Polygon
            shape?.Move();
            //     ^ reference.call Geometry.Shapes.Polygon.Polygon
        }

        ~Polygon() { }
         // <- definition.method Geometry.Shapes.Polygon

        public static Polygon<T> operator +(Polygon<T> left, Polygon<T> right) => left;
        //                                ^ definition.method Geometry.Shapes.Polygon

        public virtual async Task<Shape> Load<S>(S source)
        //                   ^ reference.type Geometry.Shapes.Polygon.Load
        //                        ^ reference.type Geometry.Shapes.Polygon.Load
        //                               ^ definition.method Geometry.Shapes.Polygon
        {
            int Inner(Other other) => other as Third is Fourth fourth ? 1 : (Fifth)other;
            //  ^ definition.function Geometry.Shapes.Polygon.Load
            //        ^ reference.type Geometry.Shapes.Polygon.Load.Inner
            //                                 ^ reference.type Geometry.Shapes.Polygon.Load.Inner
            //                                          ^ reference.type Geometry.Shapes.Polygon.Load.Inner
            //                                                               ^ reference.type
            try { return typeof(Sixth); } catch (Failure failure) { throw; }
            //                  ^ reference.type Geometry.Shapes.Polygon.Load
            //                                   ^ reference.type Geometry.Shapes.Polygon.Load
        }
    }

    public record Person(string Name, int Age) : Being(Name);
    //            ^ definition.class Geometry.Shapes
    //            ^ export
    //                          ^ definition.property Geometry.Shapes.Person
    //                                    ^ definition.property Geometry.Shapes.Person
    //                                           ^ reference.class Geometry.Shapes.Person
    public struct Point { public int X; }
    //            ^ definition.struct Geometry.Shapes
    //            ^ export
    //                               ^ definition.field Geometry.Shapes.Point
    internal struct Hidden { }
    //              ^ definition.struct Geometry.Shapes
}
