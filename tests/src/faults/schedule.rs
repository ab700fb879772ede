//! Which faults come, one after the other: the same for the same seed.

use std::time::Duration;

use astlas_test_servers::{Fault as Network, Way};

/// Numbers that look like chance, and are the same every time: splitmix64.
pub struct Dice(u64);

impl Dice {
    /// For a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number of `least..=most`.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let number = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        least + (number ^ (number >> 31)) % (most - least + 1)
    }

    fn below(&mut self, count: u64) -> usize {
        usize::try_from(self.between(0, count - 1)).unwrap()
    }
}

/// Something that goes wrong, and how long.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "which of those that there are, what it does, how long")]
pub enum Fault {
    /// Between the processes and one of the servers.
    Network { server: usize, name: &'static str, does: Network, time: Duration },
    /// All connections to one of the servers are cut.
    Cut { server: usize },
    /// A process stands still.
    Stop { program: usize, time: Duration },
    /// A server stands still.
    StopServer { server: usize, time: Duration },
    /// A process dies, and comes back after a while.
    Kill { program: usize, time: Duration },
    /// Redis loses everything.
    Forget,
}

impl Fault {
    /// Any of them.
    pub fn any(dice: &mut Dice) -> Self {
        let time = Duration::from_millis(dice.between(300, 3000));
        let server = dice.below(3);
        let network = |name, does| Self::Network { server, name, does, time };
        let bytes = dice.between(0, 5000);
        match dice.below(16) {
            0 => network("delay", Network::Delay(Way::Both, Duration::from_millis(dice.between(20, 400)))),
            1 => network("bandwidth", Network::Slow(Way::Both, 20_000)),
            2 => network("refuse", Network::Refuse),
            3 => network("cut after n bytes", Network::CutAfter(Way::ToServer, bytes)),
            4 => network("cut after n bytes", Network::CutAfter(Way::ToClient, bytes)),
            5 => network("half-open, silent", Network::Silent),
            6 => network("half-open, stalled", Network::Stalled),
            7 | 8 => Self::Cut { server },
            9 | 10 => Self::Stop { program: dice.below(4), time },
            11 => Self::StopServer { server, time },
            12 => Self::Forget,
            _ => Self::Kill { program: dice.below(2), time: time / 3 },
        }
    }

    /// What it is called in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Network { name, .. } => name,
            Self::Cut { .. } => "cut",
            Self::Stop { .. } => "SIGSTOP of a process",
            Self::StopServer { .. } => "SIGSTOP of a server",
            Self::Kill { .. } => "kill -9 of a process",
            Self::Forget => "Redis loses everything",
        }
    }
}
