//! Uploads that are under way. The last part of each is kept back: it is sent another way, and that it is the last is
//! known at the end. What time it is, in seconds since any moment, says who asks.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::Content;

/// An upload of which nothing was heard for so many seconds is given up.
const STALE: u64 = 3600;
/// The same where there are many: each keeps a part in memory.
const STALE_OF_MANY: u64 = 120;

/// An upload.
pub struct Upload {
    /// Of the object.
    pub name: String,
    /// Where its parts go. Not shown to functions: whoever knows it may write.
    pub address: String,
    /// Where the part that was kept back begins.
    pub offset: u64,
    /// That part.
    pub part: Bytes,
    /// What came so far, that part included.
    pub whole: Content,
}

impl Upload {
    /// One of which nothing came yet.
    pub fn new(name: String, address: String) -> Self {
        Self { name, address, offset: 0, part: Bytes::new(), whole: Content::default() }
    }
}

/// All of them, by names that cannot be guessed, and when they were heard of.
pub struct Uploads {
    many: usize,
    known: BTreeMap<String, (u64, Upload)>,
}

impl Uploads {
    /// None yet; more than so many are many.
    pub const fn new(many: usize) -> Self {
        Self { many, known: BTreeMap::new() }
    }

    /// Adds one, or puts it back.
    pub fn put(&mut self, id: String, upload: Upload, now: u64) {
        self.known.insert(id, (now, upload));
    }

    /// Takes one out, to work on it.
    pub fn take(&mut self, id: &str) -> Option<Upload> {
        self.known.remove(id).map(|(_, upload)| upload)
    }

    /// Takes out those that nobody goes on with.
    pub fn take_stale(&mut self, now: u64) -> Vec<Upload> {
        let limit = if self.known.len() > self.many { STALE_OF_MANY } else { STALE };
        let stale = self.known.extract_if(.., |_, (heard, _)| now.saturating_sub(*heard) > limit);
        stale.map(|(_, (_, upload))| upload).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(uploads: Vec<Upload>) -> Vec<String> {
        uploads.into_iter().map(|upload| upload.name).collect()
    }

    #[test]
    fn what_nobody_goes_on_with_is_given_up_and_sooner_where_there_are_many() {
        let mut uploads = Uploads::new(2);
        for (at, id) in ["a", "b"].into_iter().enumerate() {
            uploads.put(id.into(), Upload::new(id.into(), "address".into()), at as u64);
        }
        assert_eq!(names(uploads.take_stale(STALE)), [""; 0]);
        assert_eq!(names(uploads.take_stale(STALE + 1)), ["a"]);
        let b = uploads.take("b").unwrap();
        assert!(uploads.take("b").is_none());
        let later = 2 * STALE;
        uploads.put("b".into(), b, later);
        assert_eq!(names(uploads.take_stale(later + STALE)), [""; 0], "it was gone on with");
        uploads.put("c".into(), Upload::new("c".into(), "address".into()), later);
        assert_eq!(names(uploads.take_stale(later + STALE_OF_MANY + 1)), [""; 0]);
        uploads.put("d".into(), Upload::new("d".into(), "address".into()), later + STALE_OF_MANY);
        assert_eq!(names(uploads.take_stale(later + STALE_OF_MANY + 1)), ["b", "c"]);
    }
}
