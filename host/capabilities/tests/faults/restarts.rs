//! Servers that are killed and started again on their port, or stand still, while they are asked.

use std::time::Duration;

use astlas_test_servers::{GcsServer, RedisServer, until};
use futures_util::future::join_all;

use crate::{
    redis::{Asked, ask_everything, expect_back, fill},
    scene::{self, BACK, Tally, bucket, value},
};

const CYCLES: u32 = 6;
const MOMENT: Duration = Duration::from_millis(150);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_killed_and_stands_still_while_it_is_asked() {
    let mut server = RedisServer::start();
    let (port, tally) = (server.port(), Tally::default());
    let cache = scene::cache(port).await;
    for cycle in 0..CYCLES {
        fill(port).await;
        for (how, name) in [("killed", "kill -9 and restart"), ("stopped", "SIGSTOP and SIGCONT")] {
            let ask = |round: u32| {
                let (cache, asked) = (&cache, Asked { tally: &tally, name });
                async move { ask_everything(cache, &format!("{how}:{cycle}:{round}"), asked).await }
            };
            let fault = async {
                tokio::time::sleep(MOMENT / 10 * cycle).await;
                // Elsewhere: whoever asks goes on meanwhile.
                let strike = move || {
                    if how == "killed" {
                        server.kill();
                        std::thread::sleep(MOMENT);
                        server.restart();
                    } else {
                        server.pause();
                        std::thread::sleep(MOMENT * 5);
                        server.resume();
                    }
                    server
                };
                tokio::task::spawn_blocking(strike).await.unwrap()
            };
            (_, server) = tokio::join!(join_all((0..4).map(ask)), fault);
            tally.back(name, expect_back(&cache, &format!("{how}:{cycle}")).await);
        }
    }
    tally.tell("redis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_is_killed_and_stands_still_while_it_is_written() {
    let mut server = GcsServer::start();
    let blobs = bucket(server.port(), "restarts");
    let tally = Tally::default();
    server.make_bucket("astlas-test");
    for cycle in 0..CYCLES {
        let write = |number: u32| {
            let blobs = &blobs;
            async move {
                let name = format!("{cycle}/{number}");
                let written = blobs.write(&name, value(&name, 200_000)).await;
                (name, written.is_ok())
            }
        };
        let is_killed = cycle % 2 == 0;
        let fault = async {
            tokio::time::sleep(MOMENT / 20 * cycle).await;
            if is_killed {
                server.process().kill();
            } else {
                server.process().pause();
                tokio::time::sleep(MOMENT).await;
                server.process().resume();
            }
        };
        let (written, ()) = tokio::join!(join_all((0..24).map(write)), fault);
        if is_killed {
            // It keeps nothing.
            server.process().restart();
            server.make_bucket("astlas-test");
        }
        let name = if is_killed { "kill -9 and restart" } else { "SIGSTOP and SIGCONT" };
        tally.back(name, until("back", BACK, async || blobs.list("", "").await.is_ok()).await);
        for (blob, is_done) in written {
            let found = blobs.read(&blob, 0, u64::MAX).await.unwrap();
            assert!(is_killed || !is_done || found.is_some(), "{blob} is lost");
            assert!(found.is_none_or(|found| found == value(&blob, 200_000)), "a wrong value of {blob}");
            tally.count(name, |counts| {
                counts.asked += 1;
                *if is_done { &mut counts.right } else { &mut counts.unavailable } += 1;
            });
        }
    }
    tally.tell("storage");
}
