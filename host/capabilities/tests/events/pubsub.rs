//! What only Pub/Sub can get wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use astlas_capabilities::pull;
use astlas_test_servers::PubSubEmulator;

use crate::suite::{Seen, Working, data, note, open, pulling, settings, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_kept_as_long_as_it_is_worked_on_and_some_are_at_once() {
    let server = PubSubEmulator::start();
    let settings = settings(&server, "slow", 10);
    let (seen, busy, most) = (Seen::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let work = {
        let (seen, busy, most) = (seen.clone(), busy.clone(), most.clone());
        move |body| -> Working {
            *seen.lock().unwrap().entry(data(&body)).or_default() += 1;
            let (busy, most) = (busy.clone(), most.clone());
            Box::pin(async move {
                most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Longer than the subscription keeps a message.
                tokio::time::sleep(Duration::from_secs(13)).await;
                busy.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        }
    };
    let (stop, worker) = pulling(pull(&settings).unwrap(), 3, work);
    open(&settings).publish("acme", (0..4u8).map(|number| vec![number]).collect()).await.unwrap();
    wait(&seen, 4).await;
    assert_eq!(most.load(Ordering::SeqCst), 3);
    // What is under way is finished.
    stop.send(()).unwrap();
    worker.await.unwrap();
    assert_eq!(busy.load(Ordering::SeqCst), 0);
    assert!(seen.lock().unwrap().values().all(|times| *times == 1), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_outlives_pubsub_and_publishing_says_that_it_is_gone() {
    let mut server = PubSubEmulator::start();
    let settings = settings(&server, "gone", 10);
    let (events, seen) = (open(&settings), Seen::default());
    let (stop, worker) = pulling(pull(&settings).unwrap(), 3, note(&seen));
    events.publish("acme", vec![b"before".to_vec()]).await.unwrap();
    wait(&seen, 1).await;
    server.process().kill();
    assert!(events.publish("acme", vec![b"lost".to_vec()]).await.is_err() && events.check().await.state.is_err());
    server.process().restart();
    // It knows nothing of what was before.
    let unknown = events.publish("acme", vec![b"lost".to_vec()]).await.unwrap_err();
    assert!(unknown.0.contains("404"), "{unknown}");
    let again = crate::suite::settings(&server, "gone", 10);
    open(&again).publish("acme", vec![b"after".to_vec()]).await.unwrap();
    wait(&seen, 2).await;
    stop.send(()).unwrap();
    worker.await.unwrap();
}
