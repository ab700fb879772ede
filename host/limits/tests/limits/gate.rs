//! The gate: shares, waiting, bounds, who goes away, and that nobody is forgotten.

use std::{
    num::NonZeroU32,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use astlas_limits::{Full, Gate, GateSettings};
use futures_util::FutureExt;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use crate::scene::name;

const ONE: NonZeroU32 = NonZeroU32::MIN;
/// How long a place is kept.
const HOLD: Duration = Duration::from_millis(10);

fn gate(places: usize, tenant_places: Option<usize>) -> Gate {
    Gate::new(&GateSettings { places, tenant_places, waiting: 1000, tenant_waiting: 500 }).unwrap()
}

/// What comes in time.
async fn soon<T>(comes: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(60), comes).await.unwrap()
}

/// What a tenant got.
#[derive(Clone, Copy, Debug, Default)]
struct Got {
    places: u32,
    longest: Duration,
}

/// So many requests of each tenant at once, one after the other, for so long: the time is simulated.
async fn demand(gate: &Gate, tenants: &[(&str, u32, usize)], time: Duration) -> Vec<Got> {
    let end = Instant::now() + time;
    let mut requests = JoinSet::new();
    for (which, (tenant, weight, demand)) in tenants.iter().enumerate() {
        for _ in 0..*demand {
            let (gate, tenant, weight) = (gate.clone(), name(tenant), NonZeroU32::new(*weight).unwrap());
            requests.spawn(async move {
                let mut got = Got::default();
                while Instant::now() < end {
                    let asked = Instant::now();
                    let permit = gate.enter(&tenant, weight).await.unwrap();
                    got.longest = got.longest.max(asked.elapsed());
                    // Who waits at the end has a place then, whosever turn it is.
                    got.places += u32::from(Instant::now() < end);
                    sleep(HOLD).await;
                    drop(permit);
                }
                (which, got)
            });
        }
    }
    let mut sums = vec![Got::default(); tenants.len()];
    while let Some(done) = soon(requests.join_next()).await {
        let (which, got) = done.unwrap();
        sums[which].places += got.places;
        sums[which].longest = sums[which].longest.max(got.longest);
    }
    assert_eq!((gate.taken(), gate.waiting()), (0, 0));
    sums
}

fn share(got: &[Got], which: usize) -> f64 {
    f64::from(got[which].places) / f64::from(got.iter().map(|got| got.places).sum::<u32>())
}

#[tokio::test(start_paused = true)]
async fn a_flood_leaves_the_others_their_share() {
    let time = Duration::from_secs(10);
    let got = demand(&gate(4, None), &[("flood", 1, 200), ("quiet", 1, 2)], time).await;
    println!("the quiet one had {:.2} of the places and waited {:?} at most", share(&got, 1), got[1].longest);
    let alone = demand(&gate(4, None), &[("quiet", 1, 2)], time).await;
    // In one queue it would have had a hundredth. It gets less than alone for asking again just after it was its turn.
    assert!(share(&got, 1) > 0.35 && got[1].places * 10 > alone[0].places * 7, "{got:?} {alone:?}");
    assert!(got[1].longest <= HOLD + Duration::from_millis(1), "{got:?}");
    // The flood does not starve either.
    assert!(got[0].places + got[1].places > 3900, "{got:?}");
}

#[tokio::test(start_paused = true)]
async fn shares_are_by_weight() {
    for places in [1, 8] {
        let got = demand(&gate(places, None), &[("a", 3, 100), ("b", 1, 100)], Duration::from_secs(10)).await;
        assert!((share(&got, 0) - 0.75).abs() < 0.01, "{places} places: {got:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_takes_long_does_not_pile_up() {
    // Long work of one tenant leaves a place for short work of another, also while that does not wait.
    let gate = gate(4, Some(3));
    let (long, short) = (name("long"), name("short"));
    let mut held = vec![];
    for _ in 0..3 {
        held.push(gate.enter(&long, ONE).await.unwrap());
    }
    let mut fourth = pin!(gate.enter(&long, ONE));
    assert!(fourth.as_mut().now_or_never().is_none());
    for _ in 0..10 {
        let permit = gate.enter(&short, ONE).now_or_never().unwrap().unwrap();
        drop(permit);
        // What the other one leaves is not for who has its share.
        assert!(fourth.as_mut().now_or_never().is_none());
    }
    held.pop();
    assert!(fourth.as_mut().now_or_never().is_some());
}

#[tokio::test]
async fn no_more_wait_than_may() {
    let gate = Gate::new(&GateSettings { places: 1, tenant_places: None, waiting: 3, tenant_waiting: 2 }).unwrap();
    let (a, b, c) = (name("a"), name("b"), name("c"));
    let permit = gate.enter(&a, ONE).await.unwrap();
    let (mut first, mut second) = (Box::pin(gate.enter(&a, ONE)), Box::pin(gate.enter(&a, ONE)));
    assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
    assert_eq!(gate.enter(&a, ONE).await.unwrap_err(), Full::Tenant);
    let mut other = Box::pin(gate.enter(&b, ONE));
    assert!(other.as_mut().now_or_never().is_none());
    assert_eq!(gate.enter(&c, ONE).await.unwrap_err(), Full::All);
    assert_eq!((gate.taken(), gate.waiting()), (1, 3));
    // Who goes away makes room.
    drop(first);
    let mut third = Box::pin(gate.enter(&a, ONE));
    assert!(third.as_mut().now_or_never().is_none());
    assert_eq!(gate.enter(&a, ONE).await.unwrap_err(), Full::Tenant);
    // The next place is for the one that has none, then in the order of coming.
    drop(permit);
    let of_b = soon(other).await.unwrap();
    assert!(second.as_mut().now_or_never().is_none());
    drop(of_b);
    drop(soon(second).await.unwrap());
    drop(soon(third).await.unwrap());
    assert_eq!((gate.taken(), gate.waiting()), (0, 0));
}

#[tokio::test]
async fn who_goes_away_loses_nothing_for_the_others() {
    let gate = gate(1, None);
    let (a, b) = (name("a"), name("b"));
    for handed in [false, true] {
        let permit = gate.enter(&a, ONE).await.unwrap();
        let (mut goes, mut stays) = (Box::pin(gate.enter(&b, ONE)), Box::pin(gate.enter(&a, ONE)));
        assert!(goes.as_mut().now_or_never().is_none() && stays.as_mut().now_or_never().is_none());
        if handed {
            // The place is handed to who then does not take it.
            drop(permit);
            drop(goes);
        } else {
            drop(goes);
            drop(permit);
        }
        assert_eq!(gate.taken(), 1);
        let permit = soon(stays).await.unwrap();
        drop(permit);
        assert_eq!((gate.taken(), gate.waiting()), (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_forgotten_whatever_happens() {
    const PLACES: usize = 3;
    const ROUNDS: usize = 3000;
    let (gate, inside) = (gate(PLACES, Some(2)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for seed in 0..12 {
        let (gate, inside) = (gate.clone(), inside.clone());
        tasks.spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut entered = 0;
            for _ in 0..ROUNDS {
                let tenant = name(["a", "b", "c", "d"][random.usize(..4)]);
                let enter = gate.enter(&tenant, NonZeroU32::new(random.u32(1..4)).unwrap());
                let permit = if random.bool() {
                    enter.await.ok()
                } else {
                    // Goes away after some looks.
                    let mut enter = Box::pin(enter);
                    let mut permit = None;
                    for _ in 0..random.u32(1..4) {
                        if let Some(entered) = enter.as_mut().now_or_never() {
                            permit = entered.ok();
                            break;
                        }
                        tokio::task::yield_now().await;
                    }
                    permit
                };
                if let Some(permit) = permit {
                    entered += 1;
                    assert!(inside.fetch_add(1, Ordering::SeqCst) < PLACES);
                    for _ in 0..random.u32(..3) {
                        tokio::task::yield_now().await;
                    }
                    inside.fetch_sub(1, Ordering::SeqCst);
                    drop(permit);
                }
            }
            entered
        });
    }
    let all = async {
        let mut entered = 0;
        while let Some(done) = tasks.join_next().await {
            entered += done.unwrap();
        }
        entered
    };
    let entered = soon(all).await;
    assert!(entered >= 12 * ROUNDS / 3, "{entered}");
    assert_eq!((gate.taken(), gate.waiting()), (0, 0));
}
