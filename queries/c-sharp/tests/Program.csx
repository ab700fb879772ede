using Geometry.Shapes;
//    ^ import

namespace Tools.Draw;
//        ^ definition.module

static class Program
//           ^ definition.class Tools.Draw
{
    static void Main() => Console.WriteLine(new Geometry.Shapes.Stack<int>());
    //          ^ definition.method Tools.Draw.Program
    //                            ^ reference.call Tools.Draw.Program.Main
    //                                                          ^ reference.class Tools.Draw.Program.Main
}
