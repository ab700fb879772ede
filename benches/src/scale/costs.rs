//! What one thing costs: figures of `cargo xtask bench units`, each a function of the size of the repository.

/// Sources of what was measured, in MB: flask 3.1.3, typeorm 0.3.27, Django 5.2.19.
pub const SIZES: [f64; 3] = [0.573, 8.33, 19.5];

/// A row of that bench, and what it was on each of the three.
#[derive(Debug)]
pub struct Unit {
    pub row: &'static str,
    pub measured: [f64; 3],
}

impl Unit {
    /// For so many MB of source: on the line between those measured; below the smallest as with that one, above the
    /// largest as it grew before.
    pub fn at(&self, mb: f64) -> f64 {
        let (sizes, values) = (SIZES, self.measured);
        if mb <= sizes[0] {
            return values[0];
        }
        let from = if mb < sizes[1] { 0 } else { 1 };
        let slope = (values[from + 1] - values[from]) / (sizes[from + 1] - sizes[from]);
        let slope = if mb > sizes[2] { slope.max(0.0) } else { slope };
        values[from] + slope * (mb - sizes[from])
    }
}

macro_rules! units {
    ($($name:ident = $row:literal, $measured:expr;)+) => {
        $(pub const $name: Unit = Unit { row: $row, measured: $measured };)+
        /// All of them.
        pub const UNITS: &[&Unit] = &[$(&$name),+];
    };
}

units! {
    ARCHIVE = "archive of the forge, MB", [0.2, 3.0, 10.0];
    WEBHOOK = "webhook: service CPU, ms", [5.0, 5.0, 5.0];
    FIRST = "first index: worker CPU, s", [0.5, 4.0, 15.7];
    FIRST_WALL = "first index: wall, s", [0.5, 3.0, 9.0];
    PUSH_MEMORY = "push, base in memory: worker CPU, s", [0.05, 0.2, 0.5];
    PUSH_REDIS = "push, base in Redis: worker CPU, s", [0.05, 0.2, 0.6];
    PUSH_BUCKET = "push, base in the bucket: worker CPU, s", [0.05, 0.3, 0.7];
    PULL_REQUEST = "pull request, pushed before: worker CPU, s", [0.05, 0.3, 0.7];
    PUSH_WRITES = "push, base in memory: writes and lists of the bucket", [10.0, 10.0, 10.0];
    PUSH_READS = "push, base in memory: reads of the bucket", [10.0, 10.0, 10.0];
    PUSH_COMMANDS = "push, base in Redis: commands of Redis", [30.0, 30.0, 30.0];
    PUSH_MESSAGE = "push: bytes of messages", [700.0, 700.0, 700.0];
    INDEX = "bucket for a push: indexes, MB", [0.3, 4.0, 10.0];
    JOBS = "bucket for a push: jobs, MB", [0.002, 0.002, 0.002];
    STATE = "Redis for a push: all, MB", [0.2, 2.0, 5.0];
    OPEN = "an instance with the repository open, MB", [10.0, 50.0, 100.0];
    FROM_MEMORY = "opening, repository in memory: CPU, ms", [2.0, 20.0, 50.0];
    FROM_REDIS = "opening, repository in Redis: CPU, ms", [3.0, 30.0, 80.0];
    FROM_BUCKET = "opening, repository in the bucket: CPU, ms", [5.0, 60.0, 150.0];
    BUCKET_WRITES = "opening, repository in the bucket: writes and lists", [2.0, 2.0, 2.0];
    BUCKET_READS = "opening, repository in the bucket: reads", [2.0, 2.0, 2.0];
    KEPT_MEMORY = "dependencies: kept, CPU, ms", [0.4, 0.4, 0.4];
    KEPT_REDIS = "dependencies, kept, in Redis: CPU, ms", [0.5, 0.5, 0.5];
    PUSH_REDIS_CPU = "push, base in Redis: Redis CPU, ms", [2.0, 5.0, 10.0];
    QUESTION_REDIS_CPU = "dependencies, repository in memory: Redis CPU, ms", [0.2, 0.2, 0.2];
    OPENING_REDIS_CPU = "dependencies, repository in Redis: Redis CPU, ms", [0.2, 0.5, 1.0];
    QUESTION_COMMANDS = "dependencies, repository in memory: commands of Redis", [4.0, 4.0, 4.0];
}

/// A kind of question: how many of ten of a review are such, what a new one costs with the repository open, what its answer
/// takes in Redis, and what it reads of the sources.
pub struct Question {
    pub share: f64,
    pub cpu: Unit,
    pub answer: Unit,
    pub reads: Unit,
}

macro_rules! questions {
    ($($share:literal $name:literal $cpu:expr, $answer:expr, $reads:expr;)+) => {
        pub const QUESTIONS: &[Question] = &[$(Question {
            share: $share as f64,
            cpu: Unit { row: concat!($name, ": new, CPU, ms"), measured: $cpu },
            answer: Unit { row: concat!($name, ": Redis for an answer, KB"), measured: $answer },
            reads: Unit { row: concat!($name, ": new, reads of the bucket"), measured: $reads },
        }),+];
    };
}

questions! {
    // The first one of each review, and none of the ten.
    0 "pr/context" [20.0, 100.0, 200.0], [20.0, 20.0, 20.0], [0.0, 0.0, 0.0];
    2 "dependencies" [1.0, 5.0, 9.25], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0];
    2 "dependents" [1.0, 5.0, 9.25], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0];
    1 "important_files" [3.0, 15.0, 29.6], [2.0, 2.0, 2.0], [0.0, 0.0, 0.0];
    3 "symbols/search" [3.0, 15.0, 29.6], [5.0, 5.0, 5.0], [0.0, 0.0, 0.0];
    1 "symbols/fuzzy" [3.0, 15.0, 29.6], [5.0, 5.0, 5.0], [0.0, 0.0, 0.0];
    1 "repomap" [20.0, 80.0, 153.0], [10.0, 10.0, 10.0], [0.0, 0.0, 0.0];
}
