//! Events as a queue in this process: each message goes to the write side, as the body that Pub/Sub would push.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::json;
use tokio::sync::mpsc;

use crate::function::Functions;

/// Messages that may wait. Who publishes more is told to come back.
const ROOM: usize = 1000;
/// Times a message is handed out before it is given up, and how long is waited before the first time more.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// Where messages go in.
pub struct Queue(Mutex<Option<mpsc::Sender<Vec<u8>>>>);

/// A queue, and where its messages come out.
pub fn queue() -> (Queue, mpsc::Receiver<Vec<u8>>) {
    let (sender, receiver) = mpsc::channel(ROOM);
    (Queue(Mutex::new(Some(sender))), receiver)
}

impl Queue {
    pub async fn publish(&self, message: Vec<u8>) -> Result<(), String> {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sender = sender.ok_or("the service is being stopped")?;
        sender.try_send(message).map_err(|_| format!("{ROOM} jobs are waiting already"))
    }

    /// Takes no more messages.
    pub fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Hands out messages, one after the other: a job uses all cores by itself.
pub async fn work(mut messages: mpsc::Receiver<Vec<u8>>, functions: Arc<Functions>) {
    while let Some(message) = messages.recv().await {
        let body = json!({ "message": { "data": STANDARD.encode(message) } }).to_string();
        for again in 0..TRIES {
            let request = Request::post("/pubsub/push").body(Full::new(Bytes::from(body.clone())));
            let Ok(request) = request else { break };
            let status = functions.ingest.job(request).await;
            if !status.is_server_error() {
                break;
            }
            eprintln!("a job ended with {status}");
            tokio::time::sleep(PAUSE * 2u32.pow(again)).await;
        }
    }
}
