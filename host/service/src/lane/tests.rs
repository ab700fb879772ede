//! What is short stays, what is long goes, and nobody who asks for much has all turns.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    sync::atomic::{AtomicU32, AtomicUsize},
    time::Instant,
};

use tokio::sync::mpsc;

use super::*;

fn whose(tenant: &str) -> Whose {
    (Name::new(tenant).unwrap(), NonZeroU32::MIN)
}

/// Lanes that forget nothing of what tenants had: how much time passes says how busy others keep the machine.
fn lanes() -> Arc<Lanes> {
    let mut lanes = Lanes::new().unwrap();
    lanes.credits = Arc::new(Credits::new(0));
    Arc::new(lanes)
}

/// Lets others run, as instances do: wanting to go on at once.
async fn yield_now() {
    let mut is_first = true;
    poll_fn(|context| match std::mem::take(&mut is_first) {
        true => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
        false => Poll::Ready(()),
    })
    .await;
}

/// Computes for so many milliseconds of the processor.
fn burn(milliseconds: u64) {
    let end = processor_time() + Duration::from_millis(milliseconds);
    while processor_time() < end {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_short_stays_and_what_is_long_goes_on_in_the_batch_lane() {
    let lanes = lanes();
    lanes.credits.used(&whose("one").0, Duration::from_mins(1));
    let (sender, mut places) = mpsc::unbounded_channel();
    for milliseconds in [1, 15] {
        let sender = sender.clone();
        let work = async move {
            for _ in 0..4 {
                burn(milliseconds);
                yield_now().await;
            }
            sender.send((milliseconds, IS_BATCH.get())).unwrap();
        };
        lanes.spawn(whose("one"), Box::pin(work)).disarm();
    }
    let long = lanes.spawn_long(whose("one"), Box::pin(async move { sender.send((0, IS_BATCH.get())).unwrap() }));
    long.disarm();
    let mut ended = vec![];
    while let Some(place) = places.recv().await {
        ended.push(place);
    }
    ended.sort_unstable();
    assert_eq!(ended, [(0, true), (1, false), (15, true)]);
    assert!(!IS_BATCH.get());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_had_little_is_not_kept_waiting_for_what_is_long() {
    let lanes = lanes();
    let (sender, mut places) = mpsc::unbounded_channel();
    let work = async move {
        for _ in 0..10 {
            burn(10);
            yield_now().await;
        }
        sender.send(IS_BATCH.get()).unwrap();
    };
    lanes.spawn(whose("little"), Box::pin(work)).disarm();
    assert_eq!(places.recv().await, Some(false));
    assert!(lanes.credits.had_little(&whose("little").0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_what_is_long_all_the_time_is_in_the_batch_lane_at_once() {
    let lanes = lanes();
    let (sender, mut places) = mpsc::unbounded_channel();
    lanes.credits.used(&whose("much").0, Duration::from_mins(1));
    let mut is_batch = false;
    for _ in 0..1000 {
        let begun = sender.clone();
        let work = async move {
            begun.send(IS_BATCH.get()).unwrap();
            burn(8);
            yield_now().await;
        };
        lanes.spawn(whose("much"), Box::pin(work)).disarm();
        // One after the other.
        is_batch = places.recv().await.unwrap();
        if is_batch {
            break;
        }
    }
    assert!(is_batch);
    let work = Box::pin(async move { sender.send(IS_BATCH.get()).unwrap() });
    lanes.spawn(whose("little"), work).disarm();
    assert_eq!(places.recv().await, Some(false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_ends_with_whoever_wants_it_in_either_lane() {
    let lanes = lanes();
    lanes.credits.used(&whose("one").0, Duration::from_mins(1));
    for burnt in [0, 30] {
        let (sender, mut begun) = mpsc::unbounded_channel();
        let work = async move {
            burn(burnt);
            yield_now().await;
            sender.send(IS_BATCH.get()).unwrap();
            std::future::pending::<()>().await;
        };
        let wanted = lanes.spawn(whose("one"), Box::pin(work));
        assert_eq!(begun.recv().await, Some(burnt > 0));
        drop(wanted);
        // The sender goes with the work.
        assert_eq!(begun.recv().await, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_with_little_work_does_not_wait_for_one_with_much() {
    const TURNS: usize = 11;
    let lanes = lanes();
    let polled = Arc::new(AtomicUsize::new(0));
    let mut much = vec![];
    for _ in 0..50 {
        let polled = polled.clone();
        let work = async move {
            loop {
                burn(2);
                polled.fetch_add(1, Ordering::Relaxed);
                yield_now().await;
            }
        };
        much.push(lanes.spawn_long(whose("much"), Box::pin(work)));
    }
    while polled.load(Ordering::Relaxed) < 50 {
        yield_now().await;
    }
    let (sender, ended) = oneshot::channel();
    let others = polled.clone();
    let little = async move {
        let mut waited = vec![];
        for _ in 0..TURNS {
            burn(2);
            let before = others.load(Ordering::Relaxed);
            yield_now().await;
            waited.push(others.load(Ordering::Relaxed) - before);
        }
        waited.sort_unstable();
        // The machine may hold one of two threads up, and the other one goes on meanwhile: seldom.
        sender.send(waited[TURNS / 2]).unwrap();
    };
    lanes.spawn_long(whose("little"), Box::pin(little)).disarm();
    let meanwhile = ended.await.unwrap();
    drop(much);
    // One turn each on every core; in one line with the others it would be fifty.
    let cores = thread::available_parallelism().map_or(1, usize::from);
    assert!(meanwhile <= 3 * cores, "{meanwhile} turns of the other one in each");
}

#[test]
fn a_stage_that_nobody_waits_for_is_told_to_end() {
    let looks = Arc::new(AtomicU32::new(0));
    let awaited = Awaited(Arc::new(AtomicBool::new(true)));
    let tenant = Name::new("one").unwrap();
    let credits = Arc::new(Credits::new(0));
    let attended =
        Attended { is_so: awaited.0.clone(), is_short: true, tenant: tenant.clone(), credits: credits.clone() };
    let counted = looks.clone();
    let stage = thread::spawn(move || {
        let begun = Instant::now();
        while attended.look().is_continue() && begun.elapsed() < Duration::from_secs(60) {
            burn(5);
            counted.fetch_add(1, Ordering::Relaxed);
        }
        (begun.elapsed(), IS_BATCH.get())
    });
    while credits.had_little(&tenant) && !stage.is_finished() {
        thread::yield_now();
    }
    let before = looks.load(Ordering::Relaxed);
    while looks.load(Ordering::Relaxed) < before + 2 && !stage.is_finished() {
        thread::yield_now();
    }
    drop(awaited);
    let (took, is_batch) = stage.join().unwrap();
    assert!(took < Duration::from_secs(60) && is_batch);
    // It was lowered once.
    assert!(credits.is_believed(&tenant));
}
