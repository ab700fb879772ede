//! HTTP that answers what it is told to.

use std::{
    io::{BufRead, BufReader, Write, copy, sink},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A status with its words, lines of the head, and a body.
pub type Answer = (&'static str, String, Vec<u8>);

/// A free port of this machine.
pub const ANYWHERE: &str = "127.0.0.1:0";

/// Answers at an address for as long as the process runs: where. `answer` is told the path, and the lines of the head in
/// small letters, of one request at a time. Bodies are left out.
pub fn serve(address: &str, answer: impl Fn(&str, &[String]) -> Answer + Send + 'static) -> String {
    let listener = TcpListener::bind(address).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(Mutex::new(answer));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // Nobody waits for who has connected and not asked yet.
            thread::spawn(move || {
                answer_one(&stream, |path, head| answer.lock().unwrap_or_else(PoisonError::into_inner)(path, head))
            });
        }
    });
    address
}

fn answer_one(mut stream: &TcpStream, answer: impl Fn(&str, &[String]) -> Answer) {
    let mut reader = BufReader::new(stream);
    let (mut lines, mut line) = (vec![], String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        lines.push(std::mem::take(&mut line));
    }
    let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let head: Vec<String> = lines.iter().map(|line| line.trim().to_lowercase()).collect();
    let (status, more, body) = answer(path, &head);
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n");
    let sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    // A connection that is closed while something of the request is unread is cut, and the answer may be lost with it.
    let _ = sent.and_then(|()| stream.shutdown(Shutdown::Write)).and_then(|()| copy(&mut reader, &mut sink()));
}
