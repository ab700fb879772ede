//! What instances tell each other: over a channel of Redis.

use std::{sync::Arc, time::Duration};

use astlas_conventions::News;
use futures_util::StreamExt;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::link::Link;
use crate::cache::local::Local;

/// How often is asked whether the channel still stands. Until it is noticed that it does not, copies may be out of date.
const ASK: Duration = Duration::from_secs(2);
/// How long is waited before the channel is set up again: the first time, and at most.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Listens for as long as it runs. Whatever was missed may have been about any key: while nobody listened, and when
/// somebody does again, all copies are dropped.
pub async fn listen(link: Arc<Link>, channel: String, local: Arc<Local>) {
    let mut pause = PAUSE;
    loop {
        let subscribe = async {
            let mut connection = link.address().listen().await?;
            connection.subscribe(&channel).await?;
            Ok::<_, redis::RedisError>(connection)
        };
        if let Ok(Ok(connection)) = timeout(link.timeout() * 3, subscribe).await {
            local.clear();
            pause = PAUSE;
            let (mut asked, mut heard) = connection.split();
            let mut ask = interval(ASK);
            ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    message = heard.next() => match message {
                        Some(message) => hear(message.get_payload_bytes(), &local),
                        None => break,
                    },
                    _ = ask.tick() => {
                        let answer = timeout(link.timeout(), asked.ping::<redis::Value>()).await;
                        if !matches!(answer, Ok(Ok(_))) {
                            break;
                        }
                    }
                }
            }
            local.clear();
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn hear(message: &[u8], local: &Local) {
    match News::decode(message) {
        Some(News::Forgotten(keys)) => local.forget(&keys),
        Some(News::Settled(keys)) => keys.iter().for_each(|key| local.flights.tell(key)),
        // It may mean any key.
        None => local.clear(),
    }
}
