//! How the tables are laid out: shared by `build.rs`, which writes them, and the modules that read them.

/// Class of a character, as far as the splitting rules care. Each class is one bit, so that a set of them is a number.
pub mod class {
    /// `Lu` and `Lt`.
    pub const UPPER: u8 = 1;
    /// `Ll`.
    pub const LOWER: u8 = 1 << 1;
    /// `Lm` and `Lo`: letters without case.
    pub const UNCASED: u8 = 1 << 2;
    /// `M`.
    pub const MARK: u8 = 1 << 3;
    /// `N`.
    pub const NUMBER: u8 = 1 << 4;
    /// Carriage return and line feed.
    pub const BREAK: u8 = 1 << 5;
    /// All other white space.
    pub const SPACE: u8 = 1 << 6;
    /// Everything else: punctuation, symbols, controls, unassigned.
    pub const OTHER: u8 = 1 << 7;
}

/// Characters that share one entry of the first stage of the class table.
pub const BLOCK: usize = 256;

/// Bits of a slot that hold a part of the hash; the others hold the record's place, plus one. With these ten, all but
/// one in a thousand strings that are no token are turned away without looking at the record.
pub const TAG_BITS: u32 = 10;

/// Bytes before a record's text: its length, then its rank in three bytes, the low one first.
pub const RECORD_HEADER: usize = 4;

/// Hash of a token's text. Fixed: the tables are laid out by it.
pub fn hash(text: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(FACTOR);
        product ^ product >> 29
    };
    let mut hash = text.len() as u64;
    // Eight bytes at a time, the last eight overlapping those before; shorter texts in two halves that may overlap.
    if let Some((_, last)) = text.split_last_chunk::<8>() {
        for &word in text.as_chunks::<8>().0 {
            hash = mix(hash, u64::from_le_bytes(word));
        }
        hash = mix(hash, u64::from_le_bytes(*last));
    } else if let (Some(&first), Some(&last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        hash = mix(hash, u64::from(u32::from_le_bytes(first)) << 32 | u64::from(u32::from_le_bytes(last)));
    } else if let (Some(&first), Some(&last)) = (text.first(), text.last()) {
        let middle = text[text.len() / 2];
        hash = mix(hash, u64::from(first) << 16 | u64::from(middle) << 8 | u64::from(last));
    }
    mix(hash, FACTOR)
}

/// The part of a hash that goes into a slot.
pub fn tag(hash: u64) -> u32 {
    (hash >> (u64::BITS - TAG_BITS)) as u32
}
