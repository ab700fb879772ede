//! How much a tenant may. Requests are asked about before they are worked on ([`Limits::check`]) and charged with what
//! they really cost afterwards ([`Limits::charge`]); what a tenant has used can be read ([`Limits::usage`]). Rate limits
//! and quotas are counted in a Redis that instances share or, without one and while it is gone, in this process. What
//! computes passes a [`Gate`], which hands out its places so that no tenant keeps the others waiting.
//!
//! Invariants: of one request either all is taken or nothing; both ways of counting decide alike; nobody waits for a
//! Redis longer than the settings say; no name of a tenant reaches another one's keys.

mod calendar;
mod clock;
mod decision;
mod embedded;
mod gate;
mod headers;
mod ledger;
mod limits;
mod name;
mod owed;
mod plan;
mod rate;
mod scripts;
mod settings;
mod shared;
mod together;
mod usage;

pub use clock::{Clock, SystemClock};
pub use decision::{Applied, Decision, Unit, Verdict};
pub use gate::{Full, Gate, Permit};
pub use limits::{Ask, Charge, Limits, Stored};
pub use name::{Name, NameError};
pub use settings::{Algorithm, GateSettings, LimitsSettings, PlanSettings, PriceSettings, RuleSettings};
pub use usage::{Cost, Period, Quota, Usage};
