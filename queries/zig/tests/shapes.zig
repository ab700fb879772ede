const std = @import("std");
//    ^ import
const Allocator = std.mem.Allocator;
//                        ^ reference.type
const Color = @import("colors.zig").Color;
//                     ^ import Color
pub const palette = @import("palette.zig");
//        ^ definition.constant
//        ^ export
//                           ^ import
const logo = @embedFile("logo.svg");
//    ^ definition.constant
//                       ^ import
const c = @cImport({
//    ^ definition.constant
    @cInclude("math.h");
    //         ^ import
});

const limit: usize = 10;
//    ^ definition.constant
const precise = false;
//    ^ definition.constant
pub var scale: f64 = 1.0;
//      ^ definition.variable
//      ^ export
var counter: u32 = 0;
//  ^ definition.variable
extern const version: c_int;
//           ^ definition.constant

/// What can go wrong.
pub const ShapeError = error{ TooLarge, Hidden };
//        ^ definition.enumeration
//        ^ export
//                            ^ definition.variant ShapeError
//                                      ^ definition.variant ShapeError

const Side = enum(u8) {
//    ^ definition.enumeration
    left,
//  ^ definition.variant Side
    right = 4,
//  ^ definition.variant Side

    pub fn opposite(self: Side) Side {
    //     ^ definition.method Side
    //     ^ export
    //                    ^ reference.type Side.opposite
        return if (self == .left) .right else .left;
        //                  ^ reference.identifier Side.opposite
    }
};

const Value = union(enum) {
//    ^ definition.union
    none,
//  ^ definition.variant Value
    number: i64,
//  ^ definition.field Value
};

const Handle = opaque {};
//    ^ definition.struct

/// A shape with corners.
pub const Polygon = struct {
//        ^ definition.struct
//        ^ export
    corners: []const Point,
//  ^ definition.field Polygon
//                   ^ reference.type Polygon.corners
    color: ?*Color = null,
//  ^ definition.field Polygon
//           ^ reference.type Polygon.color

    const Self = @This();
    const fewest = 3;
//        ^ definition.constant Polygon
    var made: usize = 0;
//      ^ definition.variable Polygon
    pub const Iterator = struct { index: usize };
//            ^ definition.struct Polygon
//            ^ export
//                                ^ definition.field Polygon.Iterator

    pub fn init(allocator: Allocator, count: usize) !Self {
    //     ^ definition.function Polygon
    //     ^ export
    //                                               ^ reference.type Polygon.init
        const points = try allocator.alloc(Point, count);
        //                           ^ reference.call Polygon.init
        //                                 ^ reference.type Polygon.init
        if (points.len > limit) return error.TooLarge;
        //                                   ^ reference.identifier Polygon.init
        var total: usize = 0;
        total += area(points);
        //       ^ reference.call Polygon.init
        return Self{ .corners = points };
    }

    fn grow(self: *Polygon) void {
    // ^ definition.method Polygon
        self.redraw(Point.zero());
        //   ^ reference.call Polygon.grow
        //                ^ reference.call Polygon.grow
    }
};

pub fn List(comptime T: type) type {
//     ^ definition.function
//     ^ export
    return struct {
        items: []T,
    //  ^ definition.field List
    };
}

export fn area(points: []const Point) usize {
//        ^ definition.function
//        ^ export
    const local = std.math.max(points.len, 1);
    //                     ^ reference.call area
    return local;
}

extern "c" fn sqrt(value: f64) f64;
//            ^ definition.function

test "a polygon grows" {
//    ^ definition.function
    try std.testing.expect(area(&.{}) == 1);
    //              ^ reference.call
}

test area {
//   ^ reference.identifier
    _ = Side.left.opposite();
    //  ^ reference.type
    //            ^ reference.call
}
