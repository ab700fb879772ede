#import <Foundation/Foundation.h>
//       ^ import
#import "Base.h"
//       ^ import
@import UIKit;
//      ^ import
#define LIMIT 10
//      ^ definition.macro
@class Helper;
//     ^ reference.type

typedef enum { ColorRed, ColorGreen } Color;
//             ^ definition.variant Color
//                       ^ definition.variant Color
//                                    ^ definition.enumeration
typedef struct { int x; } Point;
//                   ^ definition.field Point
//                        ^ definition.struct
typedef void (^Handler)(int);
//             ^ definition.type
extern int counter;
//         ^ definition.variable

@protocol Drawable <NSObject>
//        ^ definition.interface
//                  ^ reference.implementation Drawable
- (void)draw;
//      ^ definition.method Drawable
@optional
@property (nonatomic) int depth;
//                        ^ definition.property Drawable
@end

/// A shape.
@interface Shape : Base <Drawable>
//         ^ definition.class
//         ^ doc A shape.
//                 ^ reference.class Shape
//                       ^ reference.type Shape
@property (nonatomic, strong) NSString *name;
//                            ^ reference.type Shape.name
//                                      ^ definition.property Shape
- (instancetype)initWithWidth:(int)width height:(int)height;
// ^ reference.type Shape.initWithWidth
//              ^ definition.method Shape
+ (Shape *)shared;
// ^ reference.type Shape.shared
//         ^ definition.method Shape
@end

@interface Shape ()
//         ^ definition.implementation
{
    int _count;
//      ^ definition.field Shape
}
@end
@interface Shape (Doubling)
//         ^ definition.implementation
- (int)doubled;
//     ^ definition.method Shape
@end

@implementation Shape
//              ^ definition.implementation
- (instancetype)initWithWidth:(int)width height:(int)height {
// ^ reference.type Shape.initWithWidth
//              ^ definition.method Shape
    self = [super init];
//                ^ reference.call Shape.initWithWidth
    int local = helper(width);
//              ^ reference.call Shape.initWithWidth
    [self setName:@"x"];
//        ^ reference.call Shape.initWithWidth
    Helper *h = [[Helper alloc] initWithValue:LIMIT other:2];
//  ^ reference.type Shape.initWithWidth
//                ^ reference.class Shape.initWithWidth
//                       ^ reference.call Shape.initWithWidth
//                              ^ reference.call Shape.initWithWidth
//                                            ^ reference.identifier Shape.initWithWidth
    self.name = h.title;
//       ^ reference.identifier Shape.initWithWidth
//                ^ reference.identifier Shape.initWithWidth
    [h run:@selector(draw)];
//     ^ reference.call Shape.initWithWidth
//                   ^ reference.call Shape.initWithWidth
    return self;
}
+ (Shape *)shared { return nil; }
// ^ reference.type Shape.shared
//         ^ definition.method Shape
- (void)draw {}
//      ^ definition.method Shape
@end

static int helper(int x) { return x * 2; }
//         ^ definition.function
int main(int argc, char **argv) { return helper(1); }
//  ^ definition.function
//                                       ^ reference.call main
