//! The front door: compression, other origins, names of requests, limits, HTTP/2, the end.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::http::Response;

use crate::service::{Service, header, sandbox, until};

fn detail<T: AsRef<[u8]>>(response: &Response<T>) -> String {
    let problem: Value = serde_json::from_slice(response.body().as_ref()).unwrap();
    problem["detail"].as_str().unwrap().to_owned()
}

#[test]
fn long_answers_are_compressed_as_asked() {
    let service = Service::start(&sandbox());
    let plain = service.get("/openapi.json");
    assert_eq!(header(&plain, "content-encoding"), None);
    assert!(plain.body().len() > 10_000 && header(&plain, "content-length").is_some());
    for encoding in ["gzip", "zstd", "br"] {
        let response = service.send("GET", "/openapi.json", &[("accept-encoding", encoding)], vec![]);
        assert_eq!(header(&response, "content-encoding"), Some(encoding));
        assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        assert!(response.body().len() < plain.body().len() / 2);
        let mut decoded = vec![];
        let mut reader: Box<dyn Read> = match encoding {
            "gzip" => Box::new(flate2::read::GzDecoder::new(response.body().as_slice())),
            "zstd" => Box::new(zstd::Decoder::new(response.body().as_slice()).unwrap()),
            _ => Box::new(brotli::Decompressor::new(response.body().as_slice(), 4096)),
        };
        reader.read_to_end(&mut decoded).unwrap();
        assert_eq!(&decoded, plain.body(), "{encoding}");
    }
    for encoding in ["identity", "gzip;q=0", "unheard-of"] {
        let response = service.send("GET", "/openapi.json", &[("accept-encoding", encoding)], vec![]);
        assert_eq!(header(&response, "content-encoding"), None, "{encoding}");
    }
    let short = service.send("GET", "/health/live", &[("accept-encoding", "gzip")], vec![]);
    assert_eq!(header(&short, "content-encoding"), None);
}

#[test]
fn pages_of_other_origins_ask_where_they_may() {
    let preflight = |service: &Service, origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        service.send("OPTIONS", "/api/v1/repomap", &headers, vec![])
    };
    let closed = Service::start(&sandbox());
    let response = preflight(&closed, "https://a.example");
    assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (405, None));

    let origins = "https://a.example, https://b.example:8443";
    let service = Service::start_with(&sandbox(), &[("ASTLAS_HTTP_CORS_ORIGINS", origins)]);
    for origin in ["https://a.example", "https://b.example:8443"] {
        let response = preflight(&service, origin);
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "access-control-allow-origin"), Some(origin));
        assert!(header(&response, "access-control-allow-methods").unwrap().contains("PUT"));
        assert_eq!(header(&response, "access-control-allow-headers"), Some("content-type"));
        assert!(header(&response, "access-control-max-age").is_some());
        let response = service.send("GET", "/nothing", &[("origin", origin)], vec![]);
        assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (404, Some(origin)));
        assert!(header(&response, "access-control-expose-headers").unwrap().contains("x-request-id"));
    }
    assert_eq!(header(&preflight(&service, "https://c.example"), "access-control-allow-origin"), None);
    let open = Service::start_with(&sandbox(), &[("ASTLAS_HTTP_CORS_ORIGINS", "*")]);
    assert_eq!(header(&preflight(&open, "https://c.example"), "access-control-allow-origin"), Some("*"));
}

#[test]
fn the_page_of_another_site_changes_nothing_where_nobody_says_who_they_are() {
    let sandbox = sandbox();
    let allowed = "https://allowed.example";
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_CORS_ORIGINS", allowed)]);
    let sweep = |origin: &str| {
        let headers = [("origin", origin), ("content-type", "text/plain")];
        let answer = service.send("POST", "/internal/sweep", &headers, br#"{"older_than_days": 0}"#.to_vec());
        (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
    };
    for foreign in ["http://evil.example", "null", "http://127.0.0.1", "https://allowed.example.evil.example"] {
        let (status, why) = sweep(foreign);
        assert!(status == 403 && why.contains("another site"), "{foreign}: {status} {why}");
    }
    assert_eq!((sweep(allowed).0, sweep(&service.address).0), (200, 200));
    assert_eq!(service.send("GET", "/api/v1/repos", &[("origin", "http://evil.example")], vec![]).status(), 200);
}

#[test]
fn what_the_forge_cannot_have_signed_is_not_read() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_FORGE_SECRET", "a secret")]);
    for signature in ["", "x-hub-signature-256: sha1=00\r\n", "x-hub-signature-256: sha256=zz\r\n"] {
        // What it says that it sends never comes.
        let head = format!(
            "POST /webhooks/github HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 20000000\r\n{signature}\r\n"
        );
        let answer = service.write(&head);
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
}

#[test]
fn every_response_says_what_its_request_is_called() {
    let service = Service::start(&sandbox());
    for (method, path) in [("GET", "/health/live"), ("GET", "/nothing"), ("GET", "/openapi.json"), ("PUT", "/metrics")]
    {
        let response = service.send(method, path, &[("x-request-id", "mine-1")], vec![]);
        assert_eq!(header(&response, "x-request-id"), Some("mine-1"), "{path}");
    }
    let made = |given: &str| {
        let response = service.send("GET", "/health/live", &[("x-request-id", given)], vec![]);
        header(&response, "x-request-id").unwrap().to_owned()
    };
    let (one, other) = (made("no {name}"), made(&"a".repeat(200)));
    assert!(one != other && one.len() == 32 && other.len() == 32);
}

#[test]
fn what_is_too_long_or_takes_too_long_is_refused() {
    let service = Service::start_with(&sandbox(), &[("ASTLAS_HTTP_REQUEST_LIMIT", "1000")]);
    let archive = "/api/v1/repos/a/b/archive";
    let response = service.send("PUT", archive, &[], vec![0; 1001]);
    assert_eq!(response.status(), 413);
    assert!(detail(&response).contains("1000"));
    // One that does not say how long it is.
    let part = "0".repeat(600);
    let chunked = format!("258\r\n{part}\r\n258\r\n{part}\r\n0\r\n\r\n");
    let head = format!("PUT {archive} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n");
    let answer = service.write(&format!("{head}transfer-encoding: chunked\r\n\r\n{chunked}"));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    let hurried = Service::start_with(&sandbox(), &[("ASTLAS_HTTP_TIME_LIMIT", "1")]);
    let begun = Instant::now();
    let answer = hurried.write(&format!("{head}content-length: 100\r\n\r\nnever ending"));
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\r\nretry-after: "), "{answer}");
    assert!(answer.contains("no answer within 1 s"), "{answer}");
    assert!(begun.elapsed() >= Duration::from_secs(1));

    let short = Service::start_with(&sandbox(), &[("ASTLAS_HTTP_RESPONSE_LIMIT", "100")]);
    let response = short.get("/openapi.json");
    assert_eq!(response.status(), 500);
    assert!(detail(&response).contains("longer than 100 bytes"));
}

#[test]
fn methods_that_a_path_does_not_have_are_named() {
    let service = Service::start(&sandbox());
    for (method, path, allowed) in [
        ("POST", "/health", "GET, HEAD"),
        ("DELETE", "/metrics", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
        ("POST", "/api/v1/jobs/a/events", "GET"),
        ("GET", "/api/v1/repomap", "POST"),
    ] {
        let response = service.send(method, path, &[], vec![]);
        assert_eq!((response.status().as_u16(), header(&response, "allow")), (405, Some(allowed)), "{method} {path}");
        assert_eq!(header(&response, "content-type"), Some("application/problem+json"));
    }
    let head = service.write("HEAD /docs HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn http_2_is_spoken_to_those_who_begin_with_it() {
    let service = Service::start(&sandbox());
    let mut stream = service.connect();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
    };
    stream.write_all(&frame(4, 0, 0, &[])).unwrap();
    // Of the static table: GET, http, a path and an authority given in letters.
    let path = b"/health/live";
    let head = [&[0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap()], &path[..], &[0x01, 1, b'a']].concat();
    stream.write_all(&frame(1, 0x5, 1, &head)).unwrap();
    for _ in 0..100 {
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        stream.read_exact(&mut payload).unwrap();
        if (head[3], head[8]) == (1, 1) {
            // `:status 200` of the static table.
            assert_eq!(payload[0], 0x88);
            return;
        }
    }
    panic!("no response");
}

#[test]
fn the_end_is_announced_and_what_is_under_way_is_finished() {
    // What is asked meanwhile has this time for it.
    let times = [("ASTLAS_HTTP_STOP_DELAY", "15"), ("ASTLAS_HTTP_GRACE", "600"), ("ASTLAS_HTTP_TIME_LIMIT", "600")];
    let service = Service::start_with(&sandbox(), &times);
    until(|| (service.get("/health/ready").status() == 200).then_some(()));
    let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): pass\n"}).to_string();
    let mut slow = service.connect();
    let head = format!("POST /api/v1/ast/parse HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    slow.write_all((head + &body[..10]).as_bytes()).unwrap();
    service.tell_to_stop();
    // A dependency that was late is no announcement.
    let response = until(|| {
        let response = service.get("/health/ready");
        (response.status() != 200 && detail(&response).contains("stopped")).then_some(response)
    });
    assert_eq!((response.status().as_u16(), header(&response, "retry-after").is_some()), (503, true));
    // Whoever comes all the same is served.
    assert_eq!(service.get("/openapi.json").status(), 200);
    let address = service.address.strip_prefix("http://").unwrap();
    until(|| std::net::TcpStream::connect(address).is_err().then_some(()));
    slow.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(service.ended().0);
}
