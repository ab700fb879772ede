//! Inputs made of seeds, without coverage: the same ones on every run.

/// Numbers without a pattern, the same on every run (SplitMix64).
pub struct Random(u64);

impl Random {
    /// Numbers that this seed begins.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, or 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit.max(1) as u64) as usize
    }
}

/// What decoders stumble over: ends of ranges, lengths, signs.
const ODD: [&[u8]; 10] = [
    &[0],
    &[0xff],
    &[0x7f],
    &[0x80],
    &[0xff; 4],
    &[0xff; 8],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0, 0, 0, 0x80],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
    b"..",
];

/// A seed with some changes: bits flipped, bytes set, parts cut out, doubled, exchanged, or taken from another seed.
pub fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let (at, other) = (random.below(bytes.len()), random.below(bytes.len() + 1));
        let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 1 + random.below(32)));
        match random.below(8) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            2 if !bytes.is_empty() => bytes[at] = random.number() as u8,
            3 => drop(bytes.splice(from..to, ODD[random.below(ODD.len())].iter().copied())),
            4 => drop(bytes.drain(from..to)),
            5 => {
                let part = bytes[from..to].to_vec();
                drop(bytes.splice(other..other, part));
            }
            6 => bytes.truncate(other),
            _ => {
                let seed = &seeds[random.below(seeds.len())];
                let start = random.below(seed.len());
                let part = &seed[start..seed.len().min(start + 1 + random.below(64))];
                drop(bytes.splice(from..to, part.iter().copied()));
            }
        }
    }
    bytes
}
