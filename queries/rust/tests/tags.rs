use std::collections::BTreeMap;
//  ^ import BTreeMap
//                    ^ reference.identifier
use crate::{graph::Graph, rank as score};
//  ^ import Graph
//  ^ import rank
mod walk;
//  ^ import
pub mod start;
//      ^ import
//      ^ export

/// A point.
pub struct Point<T> {
//         ^ definition.struct
//         ^ export
    x: T,
//  ^ definition.field Point
}

enum Side { Left, Right(Point<u8>) }
//   ^ definition.enumeration
//          ^ definition.variant Side
//                ^ definition.variant Side
//                      ^ reference.type Side.Right

impl<T> Display for Point<T> {
//      ^ reference.implementation
//                  ^ definition.implementation
    fn fmt(&self) -> Result {
//     ^ definition.method Point
//                   ^ reference.type Point.fmt
        write!(self.x.show())
//      ^ reference.call Point.fmt
    }
}

trait Show {
//    ^ definition.trait
    fn show(&self);
//     ^ definition.method Show
}

const LIMIT: usize = 1;
//    ^ definition.constant
macro_rules! twice { () => {} }
//           ^ definition.macro

pub fn main() {
//     ^ definition.function
//     ^ export
    graph::build(Point::new());
//         ^ reference.call main
//                      ^ reference.call main
}

impl Show for &Point<u8> { fn show(&self) {} }
//             ^ definition.implementation
//                            ^ definition.method Point
impl Show for u32 { fn show(&self) {} }
//            ^ definition.implementation
//                     ^ definition.method u32
impl fmt::Show<u8> for graph::Point<u8> { fn show(&self) {} }
//        ^ reference.implementation
//                            ^ definition.implementation
//                                           ^ definition.method Point
impl dyn Show + Send { fn boxed() {} }
//       ^ definition.implementation
//                        ^ definition.method Show
impl Show for [u8; 4] { fn show(&self) {} }
//            ^^^^^^^ definition.implementation
//                         ^ definition.method

/// How it went.
#[derive(Debug)]
#[must_use = "it may have failed"]
pub struct Outcome {
//         ^ definition.struct
//         ^ doc How it went.
//         ^ export

    /// How long it took.
    #[serde(default)]
    time: u64,
//  ^ definition.field Outcome
//  ^ doc How long it took.
}
