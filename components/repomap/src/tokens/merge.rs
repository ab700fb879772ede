//! Byte-pair merging of one piece: the adjacent pair whose union is the lowest-ranked token becomes one part, until no
//! pair is a token.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::table::Table;

/// Buffers that are kept from piece to piece.
#[derive(Default)]
pub struct Merger {
    /// For the part that starts at a byte, where it ends; 0 where no part starts.
    end: Vec<u32>,
    /// For the part that starts at a byte, where the one before it starts.
    previous: Vec<u32>,
    /// Pairs that would make a token: its rank, where the pair starts and ends. The lowest rank first, then the
    /// leftmost.
    pairs: BinaryHeap<Reverse<(u32, u32, u32)>>,
}

impl Merger {
    /// Number of tokens `piece` is made of. Takes time in proportion to n log n, whatever the piece.
    pub fn count(&mut self, piece: &[u8], table: &Table) -> u64 {
        if table.rank(piece).is_some() {
            return 1;
        }
        let length = piece.len() as u32;
        self.pairs.clear();
        self.end.clear();
        self.end.extend(1..=length);
        self.previous.clear();
        self.previous.extend((0..length).map(|start| start.saturating_sub(1)));
        for start in 0..length {
            self.consider(start, piece, table);
        }

        let mut parts = u64::from(length);
        while let Some(Reverse((_, start, end))) = self.pairs.pop() {
            // Parts that changed since the pair was found have made other pairs of their own.
            let middle = self.end[start as usize];
            if middle == 0 || middle >= end || self.end[middle as usize] != end {
                continue;
            }
            self.end[middle as usize] = 0;
            self.end[start as usize] = end;
            if end < length {
                self.previous[end as usize] = start;
            }
            parts -= 1;
            self.consider(start, piece, table);
            if start > 0 {
                self.consider(self.previous[start as usize], piece, table);
            }
        }
        parts
    }

    /// Notes the pair of the part at `start` and the one after it, if it makes a token.
    fn consider(&mut self, start: u32, piece: &[u8], table: &Table) {
        let Some(&end) = self.end.get(self.end[start as usize] as usize) else { return };
        if let Some(rank) = table.rank(&piece[start as usize..end as usize]) {
            self.pairs.push(Reverse((rank, start, end)));
        }
    }
}
