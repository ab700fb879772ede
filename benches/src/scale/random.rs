//! Chance that is the same for the same seed.

/// Draws.
pub struct Random(fastrand::Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Draws of neighbouring seeds would be alike.
        Self(fastrand::Rng::with_seed(mix(seed)))
    }

    /// Above 0, up to 1.
    pub fn part(&mut self) -> f64 {
        1.0 - self.0.f64()
    }

    pub fn chance(&mut self, part: f64) -> bool {
        self.0.f64() < part
    }

    /// Times between things that happen independently of each other.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.part().ln()
    }

    /// Half of the draws are below the median; `sigma` is the deviation of their logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let (radius, turn) = ((-2.0 * self.part().ln()).sqrt(), self.0.f64() * std::f64::consts::TAU);
        median * (sigma * radius * turn.cos()).exp()
    }
}

/// A number that looks like chance: splitmix64.
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Draws of numbers from 0 on, each as often as its weight says.
pub struct Weighted {
    /// The weights up to each number, added up.
    sums: Vec<f64>,
}

impl Weighted {
    pub fn new(weights: impl Iterator<Item = f64>) -> Self {
        let sums = weights.scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    /// The number n + 1 as often as 1/n of the first one.
    pub fn zipf(count: usize) -> Self {
        Self::new((1..=count).map(|rank| 1.0 / rank as f64))
    }

    pub fn draw(&self, random: &mut Random) -> usize {
        let aim = random.0.f64() * self.sums.last().copied().unwrap_or_default();
        self.sums.partition_point(|sum| *sum <= aim).min(self.sums.len().saturating_sub(1))
    }
}
