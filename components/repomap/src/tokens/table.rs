//! A vocabulary as it lies in the artifact: which byte strings are tokens, and in which order they were found.

use super::layout::{RECORD_HEADER, TAG_BITS, hash, tag};

static O200K_TABLE: Table = Table::new(include_bytes!(concat!(env!("OUT_DIR"), "/o200k.bin")));
static CL100K_TABLE: Table = Table::new(include_bytes!(concat!(env!("OUT_DIR"), "/cl100k.bin")));

/// OpenAI's o200k_base.
pub fn o200k() -> &'static Table {
    &O200K_TABLE
}

/// OpenAI's cl100k_base.
pub fn cl100k() -> &'static Table {
    &CL100K_TABLE
}

/// A hash table with open addressing, its number of slots a power of two. See `build.rs`.
pub struct Table {
    slots: &'static [[u8; 4]],
    records: &'static [u8],
}

impl Table {
    const fn new(bytes: &'static [u8]) -> Self {
        let (words, _) = bytes.as_chunks::<4>();
        let count = u32::from_le_bytes(words[0]) as usize;
        let (slots, _) = words.split_at(1).1.split_at(count);
        Self { slots, records: bytes.split_at((1 + count) * 4).1 }
    }

    /// The rank of `text` if it is a token: the lower, the earlier it is merged.
    pub fn rank(&self, text: &[u8]) -> Option<u32> {
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut index = hash as usize & mask;
        loop {
            let slot = u32::from_le_bytes(self.slots[index]);
            if slot == 0 {
                return None;
            }
            if slot & ((1 << TAG_BITS) - 1) == tag(hash)
                && let Some(rank) = self.record((slot >> TAG_BITS) as usize - 1, text)
            {
                return Some(rank);
            }
            index = (index + 1) & mask;
        }
    }

    /// The rank in the record at `place` if it is that of `text`.
    fn record(&self, place: usize, text: &[u8]) -> Option<u32> {
        let &[length, low, middle, high] = self.records.get(place..)?.first_chunk::<RECORD_HEADER>()?;
        let start = place + RECORD_HEADER;
        (self.records.get(start..start + usize::from(length))? == text)
            .then(|| u32::from_le_bytes([low, middle, high, 0]))
    }
}
