//! What of the cache is in this process alone.

use super::{flight::Flights, memory::Memory};

/// Copies of values, and values on their way.
pub struct Local {
    pub memory: Memory,
    pub flights: Flights,
}

impl Local {
    /// Forgets keys, as another instance told.
    pub fn forget(&self, keys: &[String]) {
        self.memory.forget(keys);
        keys.iter().for_each(|key| self.flights.tell(key));
    }

    /// Drops all copies.
    pub fn clear(&self) {
        self.memory.clear();
    }
}
