//! How values look in Redis: a byte that says how, then the value as it is or compressed.

use bytes::Bytes;

/// The value as it is.
const PLAIN: u8 = 1;
/// The value, compressed with zstd.
const ZSTD: u8 = 2;
/// From so many bytes on, compressing costs less than carrying.
const COMPRESSED_FROM: usize = 4 << 10;
/// Zstandard's fastest level but the negative ones: the values are mostly numbers, which higher ones shorten little.
const LEVEL: i32 = 1;
/// Longest value, in bytes: Redis's own limit. A header that promises more is damaged.
const LONGEST: usize = 512 << 20;

/// The bytes to keep.
pub fn encode(value: &[u8]) -> Vec<u8> {
    if value.len() >= COMPRESSED_FROM
        && let Ok(compressed) = zstd::bulk::compress(value, LEVEL)
        && compressed.len() < value.len()
    {
        return [&[ZSTD], &compressed[..]].concat();
    }
    [&[PLAIN], value].concat()
}

/// The value; `None` if these bytes are none of `encode`'s.
pub fn decode(kept: Vec<u8>) -> Option<Bytes> {
    match *kept.first()? {
        PLAIN => Some(Bytes::from(kept).slice(1..)),
        ZSTD => {
            let compressed = &kept[1..];
            let length = zstd::zstd_safe::get_frame_content_size(compressed).ok().flatten()?;
            let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
            zstd::bulk::decompress(compressed, length).ok().map(Bytes::from)
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_damage_does_not() {
        for value in [vec![], b"short".to_vec(), vec![7; 100_000], (0..=255).cycle().take(5000).collect()] {
            assert_eq!(decode(encode(&value)).unwrap(), value);
        }
        let kept = encode(&vec![7; 100_000]);
        assert!(kept.len() < 1000 && kept[0] == ZSTD);
        for damaged in [vec![], vec![0], vec![9, 1, 2], kept[..20].to_vec(), vec![ZSTD, 1, 2, 3]] {
            assert_eq!(decode(damaged), None);
        }
        let mut promising = kept.clone();
        // The frame's header says how long the content is: from its sixth byte on.
        promising[6..10].fill(0xff);
        assert_eq!(decode(promising), None);
    }
}
