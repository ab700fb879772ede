//! What comes of a day.

use super::{
    agenda::{DAY, HOUR, Time, seconds},
    shape::Totals,
    tally::Spread,
};

/// Where questions found what they needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub kept_in_memory: u64,
    pub kept_in_redis: u64,
    pub open: u64,
    pub in_memory: u64,
    pub in_redis: u64,
    pub in_bucket: u64,
}

impl Places {
    pub fn all(&self) -> u64 {
        self.kept() + self.made()
    }

    pub fn kept(&self) -> u64 {
        self.kept_in_memory + self.kept_in_redis
    }

    pub fn made(&self) -> u64 {
        self.open + self.in_memory + self.in_redis + self.in_bucket
    }
}

/// What was seen of one service.
pub struct Service {
    pub instances: Spread,
    pub queued: Spread,
    pub totals: Totals,
}

/// All of it.
pub struct Figures {
    /// Of questions, in seconds.
    pub latency: Spread,
    /// Of those whose answer was not kept.
    pub latency_new: Spread,
    /// From a push to where it can be asked.
    pub askable: Spread,
    /// From the publication of a job to its begin.
    pub queue_age: Spread,
    pub places: Places,
    /// Bases of jobs: in memory, in Redis, in the bucket, unknown.
    pub bases: [u64; 4],
    pub events: u64,
    pub published: u64,
    pub jobs: u64,
    pub reviews: u64,
    pub forge: [u64; 24],
    pub writes: f64,
    pub reads: f64,
    /// Bytes that the bucket keeps of each kind: indexes, sources, jobs.
    pub stored: [f64; 3],
    pub message_bytes: f64,
    /// Commands of Redis, and bytes that it answers, in each look of five seconds.
    pub commands: Spread,
    pub answered: Spread,
    /// Cores that Redis uses.
    pub redis_cores: Spread,
    pub commands_now: f64,
    pub redis_cpu_now: f64,
    pub answered_now: f64,
    pub service: Service,
    pub worker: Service,
    /// Jobs and questions that are still under way at the end.
    pub left_jobs: u64,
}

impl Service {
    fn new() -> Self {
        Self { instances: Spread::new(), queued: Spread::new(), totals: Totals::default() }
    }
}

impl Figures {
    pub fn new() -> Self {
        Self {
            latency: Spread::new(),
            latency_new: Spread::new(),
            askable: Spread::new(),
            queue_age: Spread::new(),
            places: Places::default(),
            bases: [0; 4],
            events: 0,
            published: 0,
            jobs: 0,
            reviews: 0,
            forge: [0; 24],
            writes: 0.0,
            reads: 0.0,
            stored: [0.0; 3],
            message_bytes: 0.0,
            commands: Spread::new(),
            answered: Spread::new(),
            redis_cores: Spread::new(),
            commands_now: 0.0,
            redis_cpu_now: 0.0,
            answered_now: 0.0,
            service: Service::new(),
            worker: Service::new(),
            left_jobs: 0,
        }
    }

    /// Counts a request to the forge in its hour.
    pub fn ask_forge(&mut self, now: Time) {
        self.forge[(now % DAY / HOUR) as usize] += 1;
    }

    /// Forgets what was counted before the day that counts.
    pub fn look_away(&mut self) {
        (self.commands_now, self.redis_cpu_now, self.answered_now) = (0.0, 0.0, 0.0);
    }

    /// Ends a look of so long.
    pub fn look(&mut self, length: Time) {
        let length = seconds(length);
        self.commands.add(std::mem::take(&mut self.commands_now) / length);
        self.redis_cores.add(std::mem::take(&mut self.redis_cpu_now) / length);
        self.answered.add(std::mem::take(&mut self.answered_now) / length);
    }

    pub fn cpu_seconds(&self) -> f64 {
        self.service.totals.busy + self.worker.totals.busy
    }
}
