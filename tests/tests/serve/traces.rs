//! Traces, as a collector gets them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::service::{PATIENCE, Service, sandbox, until};

/// How long the service waits for a collector, at least.
const SILENCE: Duration = Duration::from_secs(5);

/// What a collector was sent: path and body of each request.
type Sent = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A collector that takes whatever comes, for as long as the test runs.
fn collector() -> (String, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let sent = Sent::default();
    let kept = sent.clone();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            while reader.read_line(&mut head).unwrap() > 2 {
                let last = head.lines().last().unwrap().to_ascii_lowercase();
                length = last.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap());
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let path = head.split(' ').nth(1).unwrap().to_owned();
            kept.lock().unwrap().push((path, body));
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            reader.into_inner().write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, sent)
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_request_is_a_trace_down_to_its_stages() {
    let (address, sent) = collector();
    let service = Service::start_with(&sandbox(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &address)]);
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def source_of_mine(): pass\n"}).to_string();
    let response = service.send("POST", "/api/v1/ast/parse", &[("traceparent", parent)], body.into_bytes());
    assert_eq!(response.status(), 200);
    // Whoever began this trace does not want it.
    let unwanted = "00-11111111111111111111111111111111-00f067aa0ba902b7-00";
    service.send("GET", "/openapi.json", &[("traceparent", unwanted)], vec![]);
    until(|| sent.lock().unwrap().iter().any(|(_, body)| has(body, b"POST /api/v1/ast/parse")).then_some(()));
    let last = "00-22222222222222222222222222222222-00f067aa0ba902b7-01";
    service.send("GET", "/openapi.json", &[("traceparent", last)], vec![]);
    service.tell_to_stop();
    let (is_well, lines) = service.ended();
    assert!(is_well, "{lines:?}");
    let sent = sent.lock().unwrap();
    assert!(!sent.is_empty() && sent.iter().all(|(path, _)| path == "/v1/traces"), "{lines:?}");
    let body = sent.iter().map(|(_, body)| body.as_slice()).collect::<Vec<_>>().concat();
    for name in ["POST /api/v1/ast/parse", "query", "instantiate", "handle", "parser.parse", "service.name", "astlas"] {
        assert!(has(&body, name.as_bytes()), "{name}");
    }
    // Ids are bytes there.
    let bytes = |hex: &str| {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect::<Vec<_>>()
    };
    assert!(has(&body, &bytes("4bf92f3577b34da6a3ce929d0e0e4736")) && has(&body, &bytes("00f067aa0ba902b7")));
    assert!(!has(&body, &[0x11; 16]));
    // Unless the collector was kept from the processors, which is said.
    let is_late = lines.iter().any(|line| line.contains("the last traces were not sent"));
    assert!(has(&body, &[0x22; 16]) || is_late, "{lines:?}");
    assert!(!has(&body, b"source_of_mine"));
}

#[test]
fn a_collector_that_does_not_answer_holds_nobody_up() {
    // It takes connections and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let service = Service::start_with(&sandbox(), &[("ASTLAS_TELEMETRY_OTLP_ENDPOINT", &address)]);
    // However busy the machine is: most of them, for whoever waited for the collector would do so each time.
    let slow = (0..200).filter(|_| {
        let begun = Instant::now();
        assert_eq!(service.get("/openapi.json").status(), 200);
        begun.elapsed() > SILENCE
    });
    assert!(slow.count() < 100);
    let begun = Instant::now();
    assert!(service.stop());
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}
