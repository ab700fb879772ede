//! Who pushes when: repositories of all sizes, few of which are busy, over a day that has its busy hours.

use std::f64::consts::TAU;

use super::{
    agenda::{DAY, Time, seconds, time},
    inputs::Inputs,
    random::{Random, Weighted},
};

/// When most is going on: three in the afternoon.
const BUSIEST: f64 = 15.0 / 24.0;
/// Moments of a day at which the curve is looked at to find its mean.
const LOOKS: u32 = 1440;
/// Halvings by which the curve is found that is as steep as asked for.
const STEPS: u32 = 60;

/// What happens to a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A push to a branch.
    Push,
    /// New commits of a pull request.
    Update,
}

/// How much is going on over the day; the mean is 1.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    steepness: f64,
    mean: f64,
}

impl Curve {
    /// With a busiest moment so many times the mean.
    pub fn new(peak: f64) -> Self {
        let of = |steepness: f64| {
            let height = |look: u32| height(steepness, f64::from(look) / f64::from(LOOKS));
            Self { steepness, mean: (0..LOOKS).map(height).sum::<f64>() / f64::from(LOOKS) }
        };
        let (mut flat, mut steep) = (0.0, 100.0);
        for _ in 0..STEPS {
            let middle = f64::midpoint(flat, steep);
            match of(middle).peak() < peak {
                true => flat = middle,
                false => steep = middle,
            }
        }
        of(flat)
    }

    pub fn at(&self, now: Time) -> f64 {
        height(self.steepness, seconds(now % DAY) / seconds(DAY)) / self.mean
    }

    pub fn peak(&self) -> f64 {
        height(self.steepness, BUSIEST) / self.mean
    }
}

fn height(steepness: f64, part_of_day: f64) -> f64 {
    // At most 1, so that it can be told however steep it is.
    (steepness * (((part_of_day - BUSIEST) * TAU).cos() - 1.0)).exp()
}

/// A repository.
pub struct Repository {
    /// Source.
    pub mb: f64,
    /// Number of its newest commit.
    pub commit: u32,
}

/// Repositories, and what happens to them.
pub struct Traffic {
    pub repositories: Vec<Repository>,
    busy: Weighted,
    curve: Curve,
    /// Happenings in a second, on average.
    rate: f64,
    updates: f64,
}

impl Traffic {
    pub fn new(inputs: &Inputs, count: usize, random: &mut Random) -> Self {
        let mut repository = || {
            let mb = random.log_normal(inputs.median_mb, inputs.size_sigma);
            Repository { mb: mb.min(inputs.largest_mb), commit: 0 }
        };
        let repositories = (0..count).map(|_| repository()).collect();
        let busy = Weighted::new((0..count).map(|_| random.log_normal(1.0, inputs.activity_sigma)));
        let all = inputs.pushes + inputs.updates;
        let rate = count as f64 * all / seconds(DAY);
        Self { repositories, busy, curve: Curve::new(inputs.peak), rate, updates: inputs.updates / all }
    }

    /// How long it takes until something may happen again.
    pub fn pause(&self, random: &mut Random) -> Time {
        time(random.exponential(1.0 / (self.rate * self.curve.peak())))
    }

    /// What happens now, to which repository; at quiet times mostly nothing.
    pub fn happening(&mut self, now: Time, random: &mut Random) -> Option<(usize, Happening)> {
        if !random.chance(self.curve.at(now) / self.curve.peak()) {
            return None;
        }
        let repository = self.busy.draw(random);
        self.repositories[repository].commit += 1;
        Some((repository, if random.chance(self.updates) { Happening::Update } else { Happening::Push }))
    }
}
