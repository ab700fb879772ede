// Declares the helper.
#import <Foundation/Foundation.h>
//       ^ import

@interface Helper : NSObject
//         ^ definition.class
//                  ^ reference.class Helper
- (void)run:(SEL)action;
//      ^ definition.method Helper
@end
