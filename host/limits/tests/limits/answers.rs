//! Answers of a Redis that cannot be right are none.

use astlas_limits::{Ask, Limits, Name, SystemClock};

/// The first of January 2026, in milliseconds since 1970; its day and month.
const NOW: u64 = 1_767_225_600_000;
const DAY: f64 = 20_454.0;
const MONTH: f64 = 24_310.0;

fn limits() -> Limits {
    let settings = toml::from_str(
        "plan = \"all\"\n[plans.all]\ncalls_per_day = 300\nrules = [{ name = \"few\", limit = 30, window = 5 }]\n",
    );
    Limits::embedded(&settings.unwrap(), Box::new(SystemClock)).unwrap()
}

#[test]
fn a_decision_is_about_every_limit_and_does_not_contradict_itself() {
    let (limits, tenant, route) = (limits(), Name::new("acme").unwrap(), Name::new("query").unwrap());
    let decided = |answer: &[i64]| limits.decided(&Ask::call(&tenant, &route), answer).map(|it| it.is_allowed);
    let (now, passes, waits) = (NOW.cast_signed(), [0, 5, 1000], [700, 0, 700]);
    let answer = |is_allowed: i64, limits: &[[i64; 3]]| [&[is_allowed, now][..], &limits.concat()].concat();
    assert_eq!(decided(&answer(1, &[passes, passes])), Some(true));
    assert_eq!(decided(&answer(0, &[passes, waits])), Some(false));
    for wrong in [
        answer(1, &[]),
        answer(1, &[passes]),
        answer(1, &[passes; 3]),
        answer(1, &[passes, waits]),
        answer(0, &[passes, passes]),
        answer(2, &[passes, passes]),
        vec![1, -1, 0, 5, 1000, 0, 5, 1000],
        answer(1, &[passes, passes])[..7].to_vec(),
        vec![],
    ] {
        assert_eq!(decided(&wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_ledger_has_numbers_that_one_can_have() {
    let (limits, tenant) = (limits(), Name::new("acme").unwrap());
    let used = |now: u64, numbers: [f64; 12]| {
        let written: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        limits.used(&tenant, now, &written)
    };
    let sound = [DAY, 3.0, 700.0, MONTH, 9.0, 900.0, 1e18, 8.0, 800.0, 1e15, 4096.0, NOW as f64];
    let usage = used(NOW, sound).unwrap();
    assert_eq!((usage.day.calls, usage.month.parsed_bytes, usage.stored_bytes), (3, 900, 4096));
    for at in 0..12 {
        for number in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            let mut wrong = sound;
            wrong[at] = number;
            // What is held may be much.
            assert_eq!(used(NOW, wrong).is_some(), number == 1e300 && (at == 6 || at == 9), "{at}: {number}");
        }
    }
    assert_eq!((used(NOW + 1, sound), used(u64::MAX, sound)), (None, None));
    assert_eq!(limits.used(&tenant, NOW, &[0; 95]), None);
}
