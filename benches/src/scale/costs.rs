//! What one thing costs: figures of `cargo xtask bench units`, each a function of the size of the repository.

/// Sources of what was measured, in MB: flask 3.1.3, typeorm 0.3.27, Django 5.2.19.
pub const SIZES: [f64; 3] = [0.598, 8.35, 20.0];

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
    ARCHIVE = "archive of the forge, MB", [0.949, 6.52, 18.3];
    WEBHOOK = "webhook: service CPU, mean, ms", [5.0, 5.0, 5.0];
    FIRST = "first index: worker CPU, s", [0.15, 2.36, 7.24];
    PUSH_MEMORY = "push, base in memory: worker CPU, s", [0.02, 0.11, 0.25];
    PUSH_REDIS = "push, base in Redis: worker CPU, s", [0.03, 0.1, 0.25];
    PUSH_BUCKET = "push, base in the bucket: worker CPU, s", [0.03, 0.09, 0.25];
    PULL_REQUEST = "pull request, pushed before: worker CPU, s", [0.05, 0.35, 0.7];
    PUSH_WRITES = "push, base in memory: writes and lists of the bucket", [41.0, 47.0, 57.0];
    PUSH_READS = "push, base in memory: reads of the bucket", [6.0, 9.0, 16.0];
    PUSH_COMMANDS = "push, base in Redis: commands of Redis", [57.0, 71.0, 98.0];
    PUSH_MESSAGE = "push: bytes of messages", [433.0, 434.0, 434.0];
    INDEX = "bucket for a push: indexes, MB", [0.272, 3.76, 9.93];
    JOBS = "bucket for a push: jobs, MB", [0.001, 0.001, 0.001];
    STATE = "Redis for a push: all, MB", [0.124, 0.924, 3.35];
    OPEN = "an instance with the repository open, MB", [4.65, 28.2, 58.7];
    FROM_MEMORY = "opening, repository in memory: CPU, ms", [0.0, 3.16, 8.95];
    FROM_REDIS = "opening, repository in Redis: CPU, ms", [0.526, 4.74, 14.7];
    FROM_BUCKET = "opening, repository in the bucket: CPU, ms", [48.4, 51.4, 105.0];
    BUCKET_WRITES = "opening, repository in the bucket: writes and lists", [4.0, 4.0, 4.0];
    BUCKET_READS = "opening, repository in the bucket: reads", [1.0, 1.0, 2.0];
    KEPT_MEMORY = "dependencies: kept, CPU, ms", [0.525, 0.485, 0.485];
    KEPT_REDIS = "dependencies, kept, in Redis: CPU, ms", [0.6, 0.6, 1.0];
    PUSH_REDIS_CPU = "push, base in Redis: Redis CPU, ms", [4.4, 6.79, 11.5];
    QUESTION_REDIS_CPU = "dependencies, repository in memory: Redis CPU, ms", [0.277, 0.39, 0.412];
    OPENING_REDIS_CPU = "dependencies, repository in Redis: Redis CPU, ms", [0.41, 0.56, 0.891];
    QUESTION_COMMANDS = "dependencies, repository in memory: commands of Redis", [13.2, 13.2, 13.3];
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
    0 "pr/context" [14.3, 129.0, 296.0], [15.2, 16.5, 17.8], [2.0, 2.02, 5.03];
    2 "dependencies" [1.31, 2.63, 4.04], [1.3, 1.39, 2.39], [0.0, 0.0, 0.0];
    2 "dependents" [1.31, 2.93, 4.34], [1.19, 2.22, 5.33], [0.0, 0.0, 0.0];
    1 "important_files" [1.72, 8.59, 10.6], [3.19, 18.8, 30.3], [0.0, 0.0, 0.0];
    3 "symbols/search" [2.81, 19.1, 27.8], [0.719, 1.61, 5.67], [1.0, 1.0, 2.1];
    1 "symbols/fuzzy" [3.58, 22.4, 52.2], [1.57, 2.84, 9.41], [1.0, 1.03, 2.8];
    1 "repomap" [12.0, 44.6, 89.7], [22.0, 178.0, 284.0], [0.0, 0.0, 0.01];
}
