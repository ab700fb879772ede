//! How values look in Redis: a byte that says how, a checksum, then the value as it is or compressed.
//!
//! The checksum is of the key as well. So a value that was altered on its way is none, and neither is one that was asked
//! for, or kept, under another key than was meant.

use bytes::Bytes;

/// The value as it is. 1 and 2 were forms without a checksum.
const PLAIN: u8 = 3;
/// The value, compressed with zstd.
const ZSTD: u8 = 4;
/// In bytes: the first byte and the checksum.
const HEADER: usize = 9;
/// From so many bytes on, compressing costs less than carrying.
const COMPRESSED_FROM: usize = 4 << 10;
/// Zstandard's fastest level but the negative ones: the values are mostly numbers, which higher ones shorten little.
const LEVEL: i32 = 1;
/// Longest value, in bytes: Redis's own limit. A header that promises more is damaged.
const LONGEST: usize = 512 << 20;

/// Bytes that are no value of this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// They are of another version, or not ours.
    Foreign,
    /// They do not add up.
    Altered,
}

/// The bytes to keep under this key.
pub fn encode(key: &str, value: &[u8]) -> Vec<u8> {
    if value.len() >= COMPRESSED_FROM
        && let Ok(compressed) = zstd::bulk::compress(value, LEVEL)
        && compressed.len() < value.len()
    {
        return [&[ZSTD][..], &checksum(key, &compressed), &compressed].concat();
    }
    [&[PLAIN][..], &checksum(key, value), value].concat()
}

/// The value of this key.
pub fn decode(key: &str, kept: Vec<u8>) -> Result<Bytes, NoValue> {
    let (&form, rest) = kept.split_first().ok_or(NoValue::Foreign)?;
    if !matches!(form, PLAIN | ZSTD) {
        return Err(NoValue::Foreign);
    }
    let (sum, content) = rest.split_at_checked(HEADER - 1).ok_or(NoValue::Altered)?;
    if sum != checksum(key, content) {
        return Err(NoValue::Altered);
    }
    if form == PLAIN {
        return Ok(Bytes::from(kept).slice(HEADER..));
    }
    let length = zstd::zstd_safe::get_frame_content_size(content).ok().flatten();
    let length = length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= LONGEST);
    let value = length.and_then(|length| zstd::bulk::decompress(content, length).ok());
    value.map(Bytes::from).ok_or(NoValue::Altered)
}

/// What bytes add up to, with what they are called. Against accidents; 64 bits are enough for that.
pub fn checksum(name: &str, bytes: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes()).update(bytes);
    let mut sum = [0; 8];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_what_was_altered_does_not() {
        for value in [vec![], b"short".to_vec(), vec![7; 100_000], (0..=255).cycle().take(5000).collect()] {
            let kept = encode("key", &value);
            assert_eq!(decode("key", kept.clone()).unwrap(), value);
            assert_eq!(decode("kex", kept.clone()), Err(NoValue::Altered));
            for place in 0..kept.len() {
                let mut altered = kept.clone();
                altered[place] ^= 1 << (place % 8);
                assert!(decode("key", altered).is_err(), "byte {place} of {}", kept.len());
            }
            for length in 1..kept.len().min(100) {
                assert_eq!(decode("key", kept[..length].to_vec()), Err(NoValue::Altered));
            }
        }
        assert!(encode("key", &[7; 100_000]).len() < 1000);
        for foreign in [vec![], vec![0], vec![1, 2, 3], vec![2, 1, 2], vec![9; 20]] {
            assert_eq!(decode("key", foreign), Err(NoValue::Foreign));
        }
    }
}
