/** Shapes for everyone. */
open module com.example.shapes {
//          ^ definition.module
    requires transitive java.sql;
//                      ^ import
    exports com.example.api to com.example.app;
//          ^ export
    provides Painter with ColorPainter;
//           ^ reference.identifier com.example.shapes
}
