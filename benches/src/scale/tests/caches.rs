//! Caches beside what is known of their hit rates; costs and curves beside what they are made from.

use crate::scale::{
    agenda::{DAY, HOUR, SECOND, Time, time},
    costs::{SIZES, UNITS},
    lru::{Lru, key},
    random::{Random, Weighted},
    tally::Spread,
    traffic::Curve,
};

#[test]
fn a_circle_fits_as_a_whole_or_is_never_found() {
    for (room, found) in [(10.0, true), (9.0, false)] {
        let mut lru = Lru::new([room]);
        for turn in 0..5u64 {
            for number in 0..10u64 {
                let is_there = lru.fetch(key(&[number]), 1.0, DAY, turn);
                assert_eq!(is_there, [found && turn > 0], "{number} in turn {turn} with room for {room}");
            }
        }
        assert!(lru.bytes() <= [room] && lru.peaks() <= [room]);
    }
}

/// Che's approximation: something is found if it was asked for within the time in which as much else as there is room for
/// was asked for.
#[test]
fn what_is_asked_for_at_random_is_found_as_often_as_theory_says() {
    const THINGS: usize = 2000;
    let (weights, mut random, mut lru) = (Weighted::zipf(THINGS), Random::new(3), Lru::new([200.0]));
    let (mut asked, mut found) = (0u64, 0u64);
    for turn in 0..400_000u64 {
        let thing = key(&[weights.draw(&mut random) as u64]);
        let [is_there] = lru.fetch(thing, 1.0, DAY, 0);
        if turn > 20_000 {
            asked += 1;
            found += u64::from(is_there);
        }
    }
    let sum: f64 = (1..=THINGS).map(|rank| 1.0 / rank as f64).sum();
    let parts: Vec<f64> = (1..=THINGS).map(|rank| 1.0 / rank as f64 / sum).collect();
    let fills = |span: f64| parts.iter().map(|part| 1.0 - (-part * span).exp()).sum::<f64>();
    let (mut least, mut most) = (0.0, 1e6);
    for _ in 0..100 {
        let middle = f64::midpoint(least, most);
        if fills(middle) < 200.0 { least = middle } else { most = middle }
    }
    let known: f64 = parts.iter().map(|part| part * (1.0 - (-part * least).exp())).sum();
    let found = found as f64 / asked as f64;
    assert!((found - known).abs() < 0.01, "{found}, and not {known}");
}

#[test]
fn what_lives_for_a_time_is_found_as_often_as_theory_says() {
    let (mut random, mut lru, mut now) = (Random::new(4), Lru::new([1.0]), 0);
    let (mut asked, mut found) = (0u64, 0u64);
    for _ in 0..200_000 {
        // Three times in each hour that it lives.
        now += time(random.exponential(1200.0));
        asked += 1;
        found += u64::from(lru.fetch(1, 1.0, HOUR, now) == [true]);
    }
    let found = found as f64 / asked as f64;
    assert!((found - 3.0 / 4.0).abs() < 0.005, "{found}");
    assert_eq!(lru.get(1, now + 2 * HOUR), [false]);
    assert_eq!(lru.bytes(), [0.0], "what has ended takes no room");
}

#[test]
fn what_is_put_again_lives_anew_and_counts_once() {
    let mut lru = Lru::new([10.0]);
    lru.put(1, 4.0, HOUR, 0);
    lru.put(1, 5.0, HOUR, HOUR / 2);
    assert_eq!((lru.bytes(), lru.get(1, HOUR + SECOND)), ([5.0], [true]));
    lru.put(2, 11.0, HOUR, HOUR);
    assert_eq!([2, 1].map(|key| lru.get(key, HOUR + SECOND)), [[false], [true]], "what has no room puts nothing out");
}

/// A cache as it is described: a list, what was not used for longest first, of keys, bytes and ends.
struct Listed(f64, Vec<(u64, f64, Time)>);

impl Listed {
    fn take(&mut self, key: u64, now: Time) -> Option<(u64, f64, Time)> {
        self.1.retain(|(_, _, end)| *end > now);
        let at = self.1.iter().position(|entry| entry.0 == key)?;
        Some(self.1.remove(at))
    }

    fn put(&mut self, key: u64, bytes: f64, end: Time) {
        if bytes <= self.0 {
            while self.bytes() + bytes > self.0 {
                self.1.remove(0);
            }
            self.1.push((key, bytes, end));
        }
    }

    fn bytes(&self) -> f64 {
        self.1.iter().map(|entry| entry.1).sum()
    }
}

#[test]
fn caches_that_are_told_the_same_find_what_each_would_find_by_itself() {
    let rooms = [20.0, 100.0, 400.0];
    let (mut lru, mut known) = (Lru::new(rooms), rooms.map(|room| Listed(room, vec![])));
    let (things, mut random) = (Weighted::zipf(100), Random::new(5));
    let mut found = [0u32; 3];
    for turn in 0..20_000 {
        let (now, number) = (turn * 10 * SECOND, things.draw(&mut random) as u64);
        let (bytes, life) = (1.0 + (number % 5 * 6) as f64, if number.is_multiple_of(3) { DAY } else { HOUR });
        if random.chance(0.1) {
            lru.put(key(&[number]), bytes, life, now);
            for cache in &mut known {
                cache.take(number, now);
                cache.put(number, bytes, now + life);
            }
            continue;
        }
        let has = lru.fetch(key(&[number]), bytes, life, now);
        for ((cache, has), found) in known.iter_mut().zip(has).zip(&mut found) {
            let (was, end) = cache.take(number, now).map_or((false, now + life), |(_, _, end)| (true, end));
            assert_eq!(has, was, "{number} in turn {turn} with room for {}", cache.0);
            cache.put(number, bytes, end);
            *found += u32::from(has);
        }
        assert_eq!(lru.bytes(), known.each_ref().map(Listed::bytes));
    }
    assert!(found.is_sorted_by(|a, b| a + 500 < *b), "{found:?}: rooms that matter");
}

#[test]
fn costs_are_those_measured_and_never_below_zero() {
    for unit in UNITS {
        for (mb, measured) in SIZES.into_iter().zip(unit.measured) {
            assert!((unit.at(mb) - measured).abs() < 1e-9 * measured.max(1.0), "{}", unit.row);
        }
        let between = unit.at(f64::midpoint(SIZES[0], SIZES[1]));
        assert!((between - f64::midpoint(unit.measured[0], unit.measured[1])).abs() < 1e-9 * between.max(1.0));
        for mb in [0.0, 0.001, 3.0, 100.0, 400.0] {
            assert!(unit.at(mb) >= 0.0, "{} at {mb} MB", unit.row);
        }
    }
}

#[test]
fn a_day_has_the_peak_that_was_asked_for_and_a_mean_of_one() {
    for peak in [1.5, 3.0, 5.0] {
        let curve = Curve::new(peak);
        let moments = (0..10_000).map(|part| curve.at(DAY / 10_000 * part));
        let (sum, most) = moments.fold((0.0, 0.0f64), |(sum, most), height| (sum + height, most.max(height)));
        assert!((sum / 1e4 - 1.0).abs() < 1e-3 && (most - peak).abs() < 1e-3 * peak, "{} {most}", sum / 1e4);
        assert!((curve.peak() - peak).abs() < 1e-6 * peak);
    }
}

#[test]
fn percentiles_are_within_a_percent() {
    let mut spread = Spread::new();
    (1..=100_000).for_each(|number| spread.add(f64::from(number) / 1e3));
    for part in [0.01, 0.5, 0.99] {
        let known = 100.0 * part;
        assert!((spread.percentile(part) / known - 1.0).abs() < 0.01, "{part}: {}", spread.percentile(part));
    }
    assert_eq!((spread.count(), spread.most()), (100_000, 100.0));
    assert!((spread.mean() - 50.0005).abs() < 1e-6);
}
