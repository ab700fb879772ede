//! An issuer of the test's own, on a port of this machine: it says where its keys are, and which it has.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::MutexGuard,
    task::JoinHandle,
};

use crate::mint::Signer;

/// What it answers when it is asked for its keys.
#[derive(Clone)]
pub enum Answer {
    /// A status line's end and a body.
    Body(&'static str, Vec<u8>),
    /// Nothing, while the connection stays open.
    Silence,
    /// The head, and then bytes without an end.
    Endless,
}

pub struct Issuer {
    pub address: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    keys: Mutex<Answer>,
    configuration: Mutex<Value>,
    cache_control: Mutex<String>,
    asked: AtomicUsize,
    answering: tokio::sync::Mutex<()>,
}

impl Issuer {
    pub async fn start(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            keys: Mutex::new(Answer::Silence),
            configuration: Mutex::new(json!({"issuer": address, "jwks_uri": format!("{address}/keys")})),
            cache_control: Mutex::new("public, max-age=3600".into()),
            asked: AtomicUsize::new(0),
            answering: tokio::sync::Mutex::default(),
        });
        let serving = tokio::spawn(serve(listener, shared.clone()));
        let issuer = Self { address, shared, serving };
        issuer.publish(signers);
        issuer
    }

    /// Has these keys from now on.
    pub fn publish(&self, signers: &[&Signer]) {
        let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
        self.answer(Answer::Body("200 OK", json!({"keys": keys}).to_string().into()));
    }

    pub fn answer(&self, answer: Answer) {
        *self.shared.keys.lock().unwrap() = answer;
    }

    /// Says this about itself.
    pub fn configure(&self, configuration: Value) {
        *self.shared.configuration.lock().unwrap() = configuration;
    }

    pub fn cache_control(&self, value: &str) {
        *self.shared.cache_control.lock().unwrap() = value.into();
    }

    /// How often it was asked for its keys since this was asked last.
    pub fn asked(&self) -> usize {
        self.shared.asked.swap(0, SeqCst)
    }

    /// Whoever asks for its keys is heard and waits for an answer while this is kept.
    pub async fn hold(&self) -> MutexGuard<'_, ()> {
        self.shared.answering.lock().await
    }

    /// Goes away.
    pub async fn stop(mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let shared = shared.clone();
        // Whoever asked may have gone.
        tokio::spawn(async move { drop(answer(stream, &shared).await) });
    }
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (mut head, mut filled) = ([0; 4096], 0);
    while !head[..filled].windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut head[filled..]).await? {
            0 => return Ok(()),
            read => filled += read,
        }
    }
    let answer = if head.starts_with(b"GET /.well-known/openid-configuration ") {
        Answer::Body("200 OK", shared.configuration.lock().unwrap().to_string().into())
    } else if head.starts_with(b"GET /keys ") {
        shared.asked.fetch_add(1, SeqCst);
        drop(shared.answering.lock().await);
        shared.keys.lock().unwrap().clone()
    } else {
        Answer::Body("404 Not Found", vec![])
    };
    let cache_control = shared.cache_control.lock().unwrap().clone();
    let head = |status: &str, length: usize| {
        let rest = format!("Connection: close\r\nCache-Control: {cache_control}\r\nContent-Length: {length}\r\n");
        format!("HTTP/1.1 {status}\r\n{rest}Location: /keys\r\n\r\n")
    };
    match answer {
        Answer::Body(status, body) => {
            stream.write_all(head(status, body.len()).as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.shutdown().await
        }
        Answer::Silence => std::future::pending().await,
        Answer::Endless => {
            stream.write_all(head("200 OK", 1 << 40).as_bytes()).await?;
            // Until who asked has had enough.
            loop {
                stream.write_all(&[b' '; 65536]).await?;
            }
        }
    }
}
