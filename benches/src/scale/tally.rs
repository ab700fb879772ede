//! What was counted: how long things took, how many there were.

/// Bins for each factor of e: two neighbours are 1% apart.
const FINENESS: f64 = 100.0;
/// What is shorter counts as this.
const LEAST: f64 = 1e-6;
const BINS: usize = 3200;

/// Values above zero, in bins that are 1% wide; sum and largest are exact.
pub struct Spread {
    bins: Vec<u64>,
    count: u64,
    sum: f64,
    most: f64,
}

impl Spread {
    pub fn new() -> Self {
        Self { bins: vec![0; BINS], count: 0, sum: 0.0, most: 0.0 }
    }

    pub fn add(&mut self, value: f64) {
        let bin = ((value.max(LEAST) / LEAST).ln() * FINENESS) as usize;
        self.bins[bin.min(BINS - 1)] += 1;
        self.count += 1;
        self.sum += value;
        self.most = self.most.max(value);
    }

    #[cfg(test)]
    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum / self.count as f64 }
    }

    pub fn most(&self) -> f64 {
        self.most
    }

    /// The value that so large a part is not above, to 1%.
    pub fn percentile(&self, part: f64) -> f64 {
        let (wanted, mut seen) = ((self.count as f64 * part).ceil() as u64, 0);
        for (bin, count) in self.bins.iter().enumerate() {
            seen += count;
            if seen >= wanted.max(1) {
                let middle = LEAST * ((bin as f64 + 0.5) / FINENESS).exp();
                return if bin == 0 { 0.0 } else { middle.min(self.most) };
            }
        }
        self.most
    }
}
