//! An HTTP server that answers what it is told to.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What is asked (method and path), and all headers.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// A server, until it is dropped.
pub struct Scripted {
    pub address: String,
    pub asked: Asked,
    task: tokio::task::JoinHandle<()>,
}

impl Scripted {
    /// Answers each request with the bytes that `answer` makes of its number, the server's own address and the path; then
    /// the connection is closed. No bytes: nothing is answered for a while.
    pub async fn start(answer: impl Fn(usize, &str, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, answer) = (Asked::default(), Arc::new(answer));
        let told = asked.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, told.clone(), answer.clone()));
            }
        });
        Self { address, asked, task }
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, asked: Asked, answer: Arc<impl Fn(usize, &str, &str) -> Vec<u8>>) {
    let (mut request, mut chunk) = (vec![], vec![0; 64 << 10]);
    let head = loop {
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => request.extend_from_slice(&chunk[..read]),
            _ => return,
        }
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break String::from_utf8_lossy(&request[..end]).to_string();
        }
    };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_string));
    let mut left = length.map_or(0, |length| length.parse::<usize>().unwrap()) + head.len() + 4 - request.len();
    while left > 0 {
        match stream.read(&mut chunk).await {
            Ok(read @ 1..) => left -= read,
            _ => return,
        }
    }
    let number = {
        let mut asked = asked.lock().unwrap();
        asked.push(head.clone());
        asked.len() - 1
    };
    let (host, path) = (stream.local_addr().unwrap().to_string(), head.split(' ').nth(1).unwrap_or_default());
    let answer = answer(number, &host, path);
    if answer.is_empty() {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    // Whoever asked may have gone.
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

/// An answer.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
