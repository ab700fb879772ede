//! What comes of asking.

use std::time::Duration;

use crate::{
    Ask, Name,
    plan::{Plan, QUOTAS},
};

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Calls.
    Calls,
    /// Bytes.
    Bytes,
}

/// What a limit says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass.
    Allowed,
    /// It may not; it might after so long, if at all.
    Refused(Option<Duration>),
}

/// A rule or quota that a request was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name in the plan; of a quota, that of its setting with `-`.
    pub name: String,
    /// What it counts.
    pub unit: Unit,
    /// How much is allowed in its window.
    pub limit: u64,
    /// Its window, in seconds; none of what is stored, nor of months, which differ.
    pub window: Option<u64>,
    /// How much of it remains.
    pub remaining: u64,
    /// When more of it remains; `None`: not by itself.
    pub reset: Option<Duration>,
    /// What it says.
    pub verdict: Verdict,
}

/// What comes of asking whether a request may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was decided, in milliseconds since 1970, by the clock of who decided.
    pub at: u64,
    /// Whether all instances count together; if not, this one alone does.
    pub is_shared: bool,
    /// Whether it may pass, and has taken its calls. If not, nothing was taken.
    pub is_allowed: bool,
    /// All quotas and rules that are for it, in the order of the plan.
    pub applied: Vec<Applied>,
}

/// What a limit answers; times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 0: it may pass; `None`: waiting is no use.
    pub wait: Option<u64>,
    pub remaining: u64,
    pub reset: Option<u64>,
}

impl Decision {
    /// What refuses for longest, if anything does.
    pub fn refusal(&self) -> Option<&Applied> {
        let refuses = |applied: &&Applied| applied.verdict != Verdict::Allowed;
        self.applied.iter().filter(refuses).max_by_key(|applied| match applied.verdict {
            Verdict::Refused(None) => Duration::MAX,
            Verdict::Refused(Some(wait)) => wait,
            Verdict::Allowed => Duration::ZERO,
        })
    }

    /// Whether all quotas of bytes have room for what was asked about.
    pub fn has_bytes_left(&self) -> bool {
        self.applied.iter().all(|applied| applied.unit == Unit::Calls || applied.verdict == Verdict::Allowed)
    }

    /// How much of each quota of the plan is used, in their order, as far as that is told.
    pub fn used(&self, plan: &Plan) -> [Option<u64>; 5] {
        let mut told = self.applied.iter();
        plan.quotas.map(|limit| Some(limit?.saturating_sub(told.next()?.remaining)))
    }

    /// Puts answers to what they are about: the plan's quotas, then the rules for what was asked.
    pub fn new(
        (at, is_shared, is_allowed): (u64, bool, bool),
        (ask, plan): (&Ask<'_>, &Plan),
        answers: impl IntoIterator<Item = Answer>,
    ) -> Self {
        let quotas = QUOTAS.iter().zip(plan.quotas);
        let quotas =
            quotas.filter_map(|((name, unit, window), limit)| Some(((*name).to_owned(), *unit, limit?, *window)));
        let rules = plan.rules_for(ask).map(|(_, rule, _)| {
            (Name::as_str(&rule.name).to_owned(), Unit::Calls, rule.limit, Some(rule.window / 1000))
        });
        let applied = quotas.chain(rules).zip(answers).map(|((name, unit, limit, window), answer)| Applied {
            name,
            unit,
            limit,
            window,
            remaining: answer.remaining,
            reset: answer.reset.map(Duration::from_millis),
            verdict: match answer.wait {
                Some(0) => Verdict::Allowed,
                wait => Verdict::Refused(wait.map(Duration::from_millis)),
            },
        });
        Self { at, is_shared, is_allowed, applied: applied.collect() }
    }
}
