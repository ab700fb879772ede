//! A queue in this process. What is in it is lost with the process.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use astlas_atlas::ports::Unavailable;
use bytes::Bytes;
use tokio::sync::mpsc;

use super::{Failed, message};

/// Messages that may wait: those of a repository of a million files, a hundred in each. Who publishes more is told to
/// come back.
const ROOM: usize = 10_000;
/// Times a message is handed out before it is given up, and how long is waited before the first time more.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// Whose message, and what it says.
type Message = (Arc<str>, Vec<u8>);

/// Messages, waiting.
pub struct Queue {
    /// `None`: closed.
    sender: Mutex<Option<mpsc::Sender<Message>>>,
    receiver: tokio::sync::Mutex<mpsc::Receiver<Message>>,
    /// How many were handed out.
    number: AtomicU64,
}

impl Default for Queue {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(ROOM);
        Self { sender: Mutex::new(Some(sender)), receiver: receiver.into(), number: AtomicU64::new(0) }
    }
}

impl Queue {
    /// Takes all messages or none.
    pub fn publish(&self, tenant: &str, messages: Vec<Vec<u8>>) -> Result<(), Unavailable> {
        let sender = self.sender().ok_or_else(closed)?;
        let full = |_| Unavailable(format!("{} jobs are waiting already", ROOM - sender.capacity()));
        let places = sender.try_reserve_many(messages.len()).map_err(full)?;
        let tenant: Arc<str> = tenant.into();
        places.zip(messages).for_each(|(place, message)| place.send((tenant.clone(), message)));
        Ok(())
    }

    pub fn close(&self) {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub fn waiting(&self) -> usize {
        self.sender().map_or(0, |sender| ROOM - sender.capacity())
    }

    pub fn check(&self) -> Result<(), Unavailable> {
        self.sender().map(drop).ok_or_else(closed)
    }

    fn sender(&self) -> Option<mpsc::Sender<Message>> {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub async fn work<W: Future<Output = Result<(), Failed>>>(&self, work: impl Fn(Bytes) -> W) {
        let mut receiver = self.receiver.lock().await;
        while let Some((tenant, message)) = receiver.recv().await {
            let body = message::pushed(self.number.fetch_add(1, Ordering::Relaxed), &tenant, &message);
            for again in 0..TRIES {
                let Err(failed) = work(body.clone()).await else { break };
                if again + 1 == TRIES {
                    tracing::error!(name: "events.given_up", "a message is given up after {TRIES} tries: {failed}");
                } else {
                    tracing::warn!(name: "events.again", "a message is handed out again: {failed}");
                    tokio::time::sleep(PAUSE * 2u32.pow(again)).await;
                }
            }
        }
    }
}

fn closed() -> Unavailable {
    Unavailable("the service is being stopped".into())
}
