//! The work that one file may take, counted by parser and query alike: same file, same end, on every machine.

use std::{cell::Cell, ops::ControlFlow};

/// What is left of a file's work bound.
pub struct Work {
    left: Cell<u64>,
}

impl Work {
    pub fn new(left: u64) -> Self {
        Self { left: Cell::new(left) }
    }

    /// Takes one unit; breaks off when there is none.
    pub fn spend(&self) -> ControlFlow<()> {
        self.left.set(self.left.get().saturating_sub(1));
        if self.is_spent() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
