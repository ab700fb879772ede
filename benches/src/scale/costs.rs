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
    WEBHOOK = "webhook: service CPU, mean, ms", [10.0, 8.0, 12.0];
    FIRST = "first index: worker CPU, s", [0.16, 1.89, 7.76];
    PUSH_MEMORY = "push, base in memory: worker CPU, s", [0.04, 0.09, 0.23];
    PUSH_REDIS = "push, base in Redis: worker CPU, s", [0.03, 0.09, 0.27];
    PUSH_BUCKET = "push, base in the bucket: worker CPU, s", [0.03, 0.15, 0.29];
    PULL_REQUEST = "pull request, pushed before: worker CPU, s", [0.07, 0.28, 0.57];
    PUSH_WRITES = "push, base in memory: writes and lists of the bucket", [35.0, 35.0, 35.0];
    PUSH_READS = "push, base in memory: reads of the bucket", [3.0, 3.0, 5.0];
    PUSH_COMMANDS = "push, base in Redis: commands of Redis", [46.0, 46.0, 49.0];
    PUSH_MESSAGE = "push: bytes of messages", [433.0, 434.0, 434.0];
    INDEX = "bucket for a push: indexes, MB", [0.272, 3.76, 9.93];
    JOBS = "bucket for a push: jobs, MB", [0.001, 0.001, 0.001];
    STATE = "Redis for a push: all, MB", [0.124, 0.924, 3.35];
    OPEN = "an instance with the repository open, MB", [4.65, 28.2, 59.0];
    FROM_MEMORY = "opening, repository in memory: CPU, ms", [0.0, 4.74, 8.95];
    FROM_REDIS = "opening, repository in Redis: CPU, ms", [0.0, 4.74, 12.6];
    FROM_BUCKET = "opening, repository in the bucket: CPU, ms", [3.42, 21.9, 50.3];
    BUCKET_WRITES = "opening, repository in the bucket: writes and lists", [4.0, 4.0, 4.0];
    BUCKET_READS = "opening, repository in the bucket: reads", [1.0, 1.0, 2.0];
    KEPT_MEMORY = "dependencies: kept, CPU, ms", [0.444, 0.505, 0.545];
    KEPT_REDIS = "dependencies, kept, in Redis: CPU, ms", [0.6, 1.0, 0.9];
    PUSH_REDIS_CPU = "push, base in Redis: Redis CPU, ms", [3.28, 3.62, 9.47];
    QUESTION_REDIS_CPU = "dependencies, repository in memory: Redis CPU, ms", [0.243, 0.404, 0.492];
    OPENING_REDIS_CPU = "dependencies, repository in Redis: Redis CPU, ms", [0.295, 0.542, 0.825];
    QUESTION_COMMANDS = "dependencies, repository in memory: commands of Redis", [13.2, 13.2, 13.2];
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
    0 "pr/context" [16.8, 139.0, 299.0], [15.2, 16.5, 17.8], [2.0, 2.02, 5.03];
    2 "dependencies" [1.11, 1.82, 4.14], [1.3, 1.39, 2.39], [0.0, 0.0, 0.0];
    2 "dependents" [1.31, 2.22, 4.24], [1.19, 2.22, 5.33], [0.0, 0.0, 0.0];
    1 "important_files" [1.82, 7.98, 12.4], [3.19, 18.8, 30.3], [0.0, 0.0, 0.0];
    3 "symbols/search" [4.79, 17.4, 34.2], [0.719, 1.61, 5.67], [1.0, 1.0, 2.08];
    1 "symbols/fuzzy" [4.0, 22.6, 52.0], [1.57, 2.84, 9.41], [1.0, 1.0, 2.8];
    1 "repomap" [10.7, 40.6, 73.0], [22.0, 178.0, 284.0], [0.0, 0.0, 0.01];
}
