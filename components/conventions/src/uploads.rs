//! Uploads that are under way, by names that cannot be guessed. Their owner tells the time.

use std::{collections::BTreeMap, time::Duration};

/// An upload of which nothing was heard for so long is given up.
const STALE: Duration = Duration::from_secs(3600);
/// The same where there are many: each keeps a part in memory.
const STALE_OF_MANY: Duration = Duration::from_secs(120);

/// What is known of uploads.
#[derive(Debug)]
pub struct Uploads<T> {
    /// With when it was last heard of.
    all: BTreeMap<String, (T, Duration)>,
    /// More are many.
    many: usize,
}

impl<T> Uploads<T> {
    /// None yet; more than `many` are given up earlier.
    pub const fn new(many: usize) -> Self {
        Self { all: BTreeMap::new(), many }
    }

    /// Takes one out, to work on it.
    pub fn take(&mut self, id: &str) -> Option<T> {
        self.all.remove(id).map(|(upload, _)| upload)
    }

    /// Puts one in, or back. `now` is since some moment, always the same.
    pub fn put(&mut self, id: String, upload: T, now: Duration) {
        self.all.insert(id, (upload, now));
    }

    /// Takes out those that nobody goes on with.
    pub fn take_stale(&mut self, now: Duration) -> Vec<T> {
        let limit = if self.all.len() > self.many { STALE_OF_MANY } else { STALE };
        let stale = self.all.extract_if(.., |_, (_, heard)| now.saturating_sub(*heard) > limit);
        stale.map(|(_, (upload, _))| upload).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_nobody_goes_on_with_are_given_up_sooner_where_there_are_many() {
        let at = Duration::from_secs;
        let mut uploads = Uploads::new(2);
        uploads.put("a".into(), 'a', at(10));
        uploads.put("b".into(), 'b', at(100));
        assert_eq!(uploads.take_stale(at(3610)), []);
        assert_eq!(uploads.take_stale(at(3611)), ['a']);
        assert_eq!((uploads.take("a"), uploads.take("b"), uploads.take("b")), (None, Some('b'), None));
        uploads.put("b".into(), 'b', at(4000));
        uploads.put("c".into(), 'c', at(4100));
        uploads.put("d".into(), 'd', at(4120));
        assert_eq!(uploads.take_stale(at(4121)), ['b']);
        // The clock of another thread may be behind.
        assert_eq!(uploads.take_stale(at(0)), []);
        assert_eq!(uploads.take_stale(at(4300)), []);
    }
}
