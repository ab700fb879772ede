//! What is where in a Redis.

/// Deletes a lock if it is still the caller's.
pub const UNLOCK: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// Keys of Redis, behind a prefix. Values, locks, claims and sets of one name do not meet.
#[derive(Clone, Debug)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// Behind this prefix.
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.into() }
    }

    /// Where the value of a key is.
    pub fn value(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Where it is said who makes that value.
    pub fn lock(&self, key: &str) -> String {
        format!("{}lock>{key}", self.prefix)
    }

    /// Where it is said that somebody has taken the key.
    pub fn claim(&self, key: &str) -> String {
        format!("{}claim>{key}", self.prefix)
    }

    /// Where the members of a set are.
    pub fn set(&self, key: &str) -> String {
        format!("{}set>{key}", self.prefix)
    }

    /// All that there may be of a key.
    pub fn all(&self, key: &str) -> [String; 4] {
        [self.value(key), self.lock(key), self.claim(key), self.set(key)]
    }

    /// The channel of [`News`](crate::News).
    pub fn channel(&self) -> String {
        format!("{}news", self.prefix)
    }
}
