//! How values are stored: a mark, a format number, a checksum, then postcard.
//!
//! Stored bytes come back from caches that others can write to or cut short. Whatever they are, decoding them ends in
//! the value that was stored or in an error.

use serde::{Serialize, de::DeserializeOwned};

/// Number of the stored form. It is part of every cache key; raise it whenever a stored type changes.
pub const FORMAT: u32 = 2;

const MARK: [u8; 4] = *b"ATLS";
const HEADER: usize = 16;

/// Why stored bytes could not be read. A retry does not help; the value must be made anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not written by Astlas.
    #[error("not a stored Astlas value")]
    Foreign,
    /// Written by another version.
    #[error("stored in format {0}, this program reads format {FORMAT}")]
    Format(u32),
    /// Cut short or altered.
    #[error("stored value is damaged")]
    Damaged,
}

/// The stored form of a value.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = vec![0; HEADER];
    // Writing to memory fails only for types whose length is not known beforehand; none of ours is.
    bytes = postcard::to_extend(value, bytes).unwrap_or_default();
    if bytes.len() >= HEADER {
        let sum = checksum(&bytes[HEADER..]);
        bytes[..4].copy_from_slice(&MARK);
        bytes[4..8].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[8..16].copy_from_slice(&sum.to_le_bytes());
    }
    bytes
}

/// The value that was stored.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let (header, body) = bytes.split_at_checked(HEADER).ok_or(DecodeError::Foreign)?;
    if header[..4] != MARK {
        return Err(DecodeError::Foreign);
    }
    let number =
        |range: std::ops::Range<usize>| header[range].iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
    let format = number(4..8) as u32;
    if format != FORMAT {
        return Err(DecodeError::Format(format));
    }
    if number(8..16) != checksum(body) {
        return Err(DecodeError::Damaged);
    }
    postcard::from_bytes(body).map_err(|_| DecodeError::Damaged)
}

/// FNV-1a over eight bytes at a time. Against accidents, not against attackers: those are kept out of a tenant's cache
/// by the key prefix, and what decodes is checked again by its reader.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut sum = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.iter().rev().fold(0u64, |word, &byte| word << 8 | u64::from(byte));
        sum = (sum ^ word).wrapping_mul(PRIME).rotate_left(23);
    }
    for &byte in chunks.remainder() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(PRIME).rotate_left(23);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_comes_back() {
        let value = (vec![1u32, 2, 3], "text".to_string());
        assert_eq!(decode::<(Vec<u32>, String)>(&encode(&value)), Ok(value));
    }

    #[test]
    fn every_cut_and_every_altered_byte_is_an_error() {
        let bytes = encode(&(vec![7u32; 40], "a text that is long enough".to_string()));
        for length in 0..bytes.len() {
            assert!(decode::<(Vec<u32>, String)>(&bytes[..length]).is_err(), "cut to {length}");
        }
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[index] ^= 1 << bit;
                assert!(decode::<(Vec<u32>, String)>(&altered).is_err(), "bit {bit} of byte {index}");
            }
        }
    }

    #[test]
    fn another_format_is_named() {
        let mut bytes = encode(&1u32);
        bytes[4] = 9;
        assert_eq!(decode::<u32>(&bytes), Err(DecodeError::Format(9)));
    }
}
