//! HTTP that answers what it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

/// A status with its words, lines of the head, and a body.
pub type Answer = (&'static str, String, Vec<u8>);

/// A free port of this machine.
pub const ANYWHERE: &str = "127.0.0.1:0";

/// Answers at an address for as long as the process runs: where. `answer` is told the path, and the lines of the head in
/// small letters. Bodies are not read.
pub fn serve(address: &str, answer: impl Fn(&str, &[String]) -> Answer + Send + 'static) -> String {
    let listener = TcpListener::bind(address).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let (mut lines, mut line) = (vec![], String::new());
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                lines.push(std::mem::take(&mut line));
            }
            let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
            let head: Vec<String> = lines.iter().map(|line| line.trim().to_lowercase()).collect();
            let (status, more, body) = answer(path, &head);
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n");
            let mut stream = &stream;
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    address
}
