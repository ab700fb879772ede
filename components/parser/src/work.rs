//! The work that one file may take, counted by parser and query alike: same file, same end, on every machine. Within
//! tree-sitter's library nothing else counts, so here is asked as well whether to go on (xtask/src/meter.rs).

use std::{cell::Cell, ops::ControlFlow};

/// Units after which is asked whether to go on: some milliseconds.
const SLICE: u64 = 256;

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
        if self.left.get().is_multiple_of(SLICE) {
            ask();
        }
        if self.is_spent() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

/// Asks for more memory than addresses reach: whoever runs this may end it here; to others it is a request that fails.
fn ask() {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::memory_grow::<0>(1 << 16);
}
