//! What a tenant has used: of this day, of this month, of the month before. Rolled over when it is looked at, in UTC;
//! `ledger.lua` does the same.

use crate::{
    calendar::{DAY, first_day, month_of},
    rate::MOST,
};

/// What is counted of a day or a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted {
    pub calls: u64,
    /// Bytes.
    pub parsed: u64,
    /// Bytes stored, times the milliseconds for which they were. Not counted of a day.
    pub held: f64,
}

/// What a tenant has used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ledger {
    /// Days since 1970.
    pub today: u64,
    pub day: Counted,
    /// As the calendar counts them.
    pub this_month: u64,
    pub month: Counted,
    pub last_month: Counted,
    /// Bytes stored now.
    pub stored: u64,
    /// Up to when `held` is counted, in milliseconds since 1970.
    pub since: u64,
}

/// What is added to a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub calls: u64,
    /// Bytes.
    pub parsed: u64,
    /// What is stored is this, in bytes, before `delta` comes to it.
    pub set: Option<u64>,
    /// Bytes stored, or no longer.
    pub delta: i64,
}

impl Ledger {
    /// Of a tenant that nothing is known of.
    fn new(now: u64) -> Self {
        let (day, month, last_month) = Default::default();
        let today = now / DAY;
        Self { today, day, this_month: month_of(today), month, last_month, stored: 0, since: now }
    }

    /// What is so now. A clock that was set back over the end of a day or month goes on counting in the later one.
    pub fn roll(kept: Option<Self>, now: u64) -> Self {
        let Some(mut ledger) = kept else { return Self::new(now) };
        let today = now / DAY;
        if ledger.today != today && ledger.today != today + 1 {
            (ledger.today, ledger.day) = (today, Counted::default());
        }
        let month = month_of(today);
        if ledger.this_month != month && ledger.this_month != month + 1 {
            let is_last = ledger.this_month + 1 == month;
            ledger.last_month = if is_last { ledger.month } else { Counted::default() };
            let begin = first_day(month) * DAY;
            let last = begin.saturating_sub(ledger.since.max(first_day(month - 1) * DAY));
            ledger.last_month.held += ledger.stored as f64 * last as f64;
            (ledger.this_month, ledger.month) = (month, Counted::default());
            ledger.since = ledger.since.max(begin);
        }
        ledger.month.held += ledger.stored as f64 * now.saturating_sub(ledger.since) as f64;
        ledger.since = now;
        ledger
    }

    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry) {
        let add = |to: &mut u64, more: u64| *to = to.saturating_add(more).min(MOST);
        for counted in [&mut self.day, &mut self.month] {
            add(&mut counted.calls, entry.calls);
            add(&mut counted.parsed, entry.parsed);
        }
        self.stored = entry.set.unwrap_or(self.stored).min(MOST).saturating_add_signed(entry.delta).min(MOST);
    }

    /// How much of each quota is used, in their order, and in how many milliseconds it begins anew, if it does.
    pub fn used(&self, now: u64) -> [(u64, Option<u64>); 5] {
        let day = Some(((self.today + 1) * DAY).saturating_sub(now));
        let month = Some((first_day(self.this_month + 1) * DAY).saturating_sub(now));
        [
            (self.day.calls, day),
            (self.month.calls, month),
            (self.day.parsed, day),
            (self.month.parsed, month),
            (self.stored, None),
        ]
    }

    /// Knows of at least so much of each quota, in their order; of what is stored, of so much.
    pub fn learn(&mut self, used: [Option<u64>; 5]) {
        let (day, month) = (&mut self.day, &mut self.month);
        let counts = [&mut day.calls, &mut month.calls, &mut day.parsed, &mut month.parsed];
        for (count, used) in counts.into_iter().zip(used) {
            *count = (*count).max(used.unwrap_or_default());
        }
        self.stored = used[4].unwrap_or(self.stored);
    }

    /// From Redis, as `ledger.lua` writes it at this time; `None`: it does not write such numbers.
    pub fn read(now: u64, written: &[u8]) -> Option<Self> {
        let (numbers, []) = written.as_chunks() else { return None };
        let numbers: Vec<_> = numbers.iter().map(|number| f64::from_le_bytes(*number)).collect();
        let [
            today,
            calls,
            parsed,
            this_month,
            months_calls,
            months_parsed,
            held,
            last_calls,
            last_parsed,
            last,
            stored,
            since,
        ] = numbers[..].try_into().ok()?;
        // Whole numbers, but for what is held.
        let counts = [today, calls, parsed, this_month, months_calls, months_parsed, last_calls, last_parsed, stored];
        let is_count = |number: f64| (0.0..=MOST as f64).contains(&number);
        let is_held = |held: f64| held.is_finite() && held >= 0.0;
        let is_rolled = now <= MOST && since as u64 == now && {
            let (day, month) = (now / DAY, month_of(now / DAY));
            (day..=day + 1).contains(&(today as u64)) && (month..=month + 1).contains(&(this_month as u64))
        };
        if !(is_rolled && counts.into_iter().all(is_count) && is_held(held) && is_held(last)) {
            return None;
        }
        let counted = |calls: f64, parsed: f64, held| Counted { calls: calls as u64, parsed: parsed as u64, held };
        Some(Self {
            today: today as u64,
            day: counted(calls, parsed, 0.0),
            this_month: this_month as u64,
            month: counted(months_calls, months_parsed, held),
            last_month: counted(last_calls, last_parsed, last),
            stored: stored as u64,
            since: now,
        })
    }
}

impl Entry {
    /// This one and, after it, another.
    pub fn then(&mut self, next: &Self) {
        self.calls = self.calls.saturating_add(next.calls);
        self.parsed = self.parsed.saturating_add(next.parsed);
        match next.set {
            Some(set) => (self.set, self.delta) = (Some(set), next.delta),
            None => self.delta = self.delta.saturating_add(next.delta),
        }
    }

    /// Whether it is there at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
