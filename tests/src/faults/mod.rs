//! What is done to a whole deployment: processes are killed, stopped, cut off from their servers and given other clocks,
//! beside users who compare every answer with the right one. For the tests, and for the bench that takes its time.

pub mod cast;
pub mod gate;
pub mod place;
pub mod program;
pub mod run;
pub mod schedule;
pub mod soak;
pub mod steps;
pub mod user;
