//! What a network may do to bytes on their way.

use std::time::Duration;

/// What the proxy does, until it is told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Passes everything on.
    #[default]
    Pass,
    /// Holds back whatever is read at once for so long.
    Delay(Way, Duration),
    /// Passes on so many bytes a second, at most.
    Slow(Way, u64),
    /// Does not listen; connections that stand are left alone.
    Refuse,
    /// Cuts each connection after so many bytes more, in the middle of whatever they are.
    CutAfter(Way, u64),
    /// Changes one byte of each so many; never two within half of that.
    Corrupt {
        /// On which way.
        way: Way,
        /// Bytes that pass, the changed one among them.
        every: u64,
        /// Which of them it is, and how it is changed.
        seed: u64,
    },
    /// Takes everything and passes nothing on. A connection that lost something that way is cut when this ends.
    Silent,
    /// Reads nothing, so that whoever sends has to wait. Nothing is lost.
    Stalled,
}

/// Which bytes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What is asked.
    ToServer,
    /// What is answered.
    ToClient,
    /// Either.
    Both,
}

impl Way {
    /// Whether bytes that go `way` are among these.
    pub(crate) fn has(self, way: Way) -> bool {
        self == Way::Both || self == way
    }
}

/// Changes the bytes whose turn it is; `passed` were before them. How many were changed.
pub(crate) fn corrupt(bytes: &mut [u8], passed: u64, every: u64, seed: u64) -> u64 {
    let (every, mut changed) = (every.max(1), 0);
    for window in passed / every..=(passed + bytes.len() as u64) / every {
        let number = mix(seed ^ mix(window));
        let place = (window * every + number % every.div_ceil(2))
            .checked_sub(passed)
            .and_then(|place| usize::try_from(place).ok());
        if let Some(byte) = place.and_then(|place| bytes.get_mut(place)) {
            // Never by nothing.
            *byte ^= (number >> 32) as u8 | 1;
            changed += 1;
        }
    }
    changed
}

/// A number that looks like chance: splitmix64.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
