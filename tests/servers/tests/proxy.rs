//! The proxy before a server that gives back what it is sent: each fault does what it says, and is over when it is.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use astlas_test_servers::{Fault, FaultProxy, Way};

const SOON: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(200);

/// Threads and descriptors are counted, so the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// A server that gives back what it is sent, for so many connections; and a proxy before it.
fn echo(connections: usize) -> (FaultProxy, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = FaultProxy::before(listener.local_addr().unwrap().port());
    let give_back = |mut stream: TcpStream| {
        let mut part = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut part) {
            if stream.write_all(&part[..read]).is_err() {
                return;
            }
        }
    };
    let serve = move || {
        let serving: Vec<_> = listener
            .incoming()
            .take(connections)
            .flatten()
            .map(|stream| thread::spawn(move || give_back(stream)))
            .collect();
        serving.into_iter().for_each(|serving| serving.join().unwrap());
    };
    (proxy, thread::spawn(serve))
}

fn connect(proxy: &FaultProxy) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.set_write_timeout(Some(SOON)).unwrap();
    stream
}

/// What comes back.
fn ask(stream: &mut TcpStream, question: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(question)?;
    let mut answer = vec![0; question.len()];
    stream.read_exact(&mut answer).map(|()| answer)
}

fn count(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn everything_passes_and_is_counted_and_nothing_is_left_behind() {
    let _turn = TURN.lock();
    let before = (count("/proc/self/task"), count("/proc/self/fd"));
    for _ in 0..20 {
        let (proxy, server) = echo(2);
        let (mut one, mut other) = (connect(&proxy), connect(&proxy));
        assert_eq!(ask(&mut one, b"one").unwrap(), b"one");
        assert_eq!(ask(&mut other, b"other").unwrap(), b"other");
        let counts = proxy.counts();
        assert_eq!((counts.connections, counts.open, counts.to_server, counts.to_client), (2, 2, 8, 8));
        drop((one, other));
        server.join().unwrap();
    }
    // Threads of other tests may have begun meanwhile; what is left behind would be twenty times as much. One that has
    // been waited for may be seen for a moment yet.
    let begun = Instant::now();
    loop {
        let (tasks, descriptors) = (count("/proc/self/task"), count("/proc/self/fd"));
        if tasks <= before.0 + 10 && descriptors <= before.1 {
            return;
        }
        assert!(begun.elapsed() < SOON, "{tasks} and {descriptors} after {before:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn bytes_come_late_and_slowly_on_the_way_that_is_meant() {
    let _turn = TURN.lock();
    let (proxy, server) = echo(1);
    let mut stream = connect(&proxy);
    let timed = |stream: &mut TcpStream, fault, question: &[u8]| {
        proxy.set(fault);
        let begun = Instant::now();
        assert_eq!(ask(stream, question).unwrap(), question);
        begun.elapsed()
    };
    assert!(timed(&mut stream, Fault::Delay(Way::ToServer, MOMENT), b"late") >= MOMENT);
    assert!(timed(&mut stream, Fault::Delay(Way::Both, MOMENT), b"late") >= MOMENT * 2);
    assert!(timed(&mut stream, Fault::Slow(Way::ToClient, 10_000), &[7; 4000]) >= MOMENT);
    // What was told before does not count any more.
    proxy.set(Fault::Delay(Way::Both, SOON * 60));
    proxy.set(Fault::Pass);
    assert_eq!(ask(&mut stream, &[7; 4000]).unwrap(), [7; 4000]);
    drop(stream);
    server.join().unwrap();
}

#[test]
fn connections_are_refused_and_cut() {
    let _turn = TURN.lock();
    let (proxy, server) = echo(3);
    let mut stream = connect(&proxy);
    assert_eq!(ask(&mut stream, b"stands").unwrap(), b"stands");
    proxy.set(Fault::Refuse);
    assert_eq!(TcpStream::connect(("127.0.0.1", proxy.port())).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert_eq!(ask(&mut stream, b"stands").unwrap(), b"stands");
    proxy.set(Fault::Pass);
    let mut other = connect(&proxy);
    assert_eq!(ask(&mut other, b"back").unwrap(), b"back");
    proxy.cut();
    assert!(ask(&mut stream, b"cut").is_err() && ask(&mut other, b"cut").is_err());
    assert_eq!(proxy.counts().open, 0);
    let mut third = connect(&proxy);
    proxy.set(Fault::CutAfter(Way::ToClient, 5));
    third.write_all(b"0123456789").unwrap();
    let mut answer = vec![];
    // How a cut looks is not always the same; what came before it is.
    let _ = third.read_to_end(&mut answer);
    assert_eq!(answer, b"01234");
    drop((stream, other, third));
    server.join().unwrap();
}

#[test]
fn one_byte_of_so_many_is_changed_and_the_same_ones_for_a_seed() {
    let _turn = TURN.lock();
    let question: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let changed = |fault| -> Vec<usize> {
        let (proxy, server) = echo(1);
        let mut stream = connect(&proxy);
        proxy.set(fault);
        let answer = ask(&mut stream, &question).unwrap();
        let changed = (0..question.len()).filter(|&at| answer[at] != question[at]).collect::<Vec<_>>();
        assert_eq!(proxy.counts().corrupted, changed.len() as u64);
        drop(stream);
        server.join().unwrap();
        changed
    };
    let once = changed(Fault::Corrupt { way: Way::ToServer, every: 1000, seed: 1 });
    assert_eq!(once.iter().map(|place| place / 1000).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    assert_eq!(changed(Fault::Corrupt { way: Way::ToClient, every: 1000, seed: 1 }), once);
    assert_ne!(changed(Fault::Corrupt { way: Way::ToServer, every: 1000, seed: 2 }), once);
}

#[test]
fn nobody_answers_and_what_was_lost_stays_lost() {
    let _turn = TURN.lock();
    let (proxy, server) = echo(2);
    let (mut stream, mut idle) = (connect(&proxy), connect(&proxy));
    assert_eq!((ask(&mut stream, b"a").unwrap(), ask(&mut idle, b"b").unwrap()), (b"a".to_vec(), b"b".to_vec()));
    proxy.set(Fault::Silent);
    stream.set_read_timeout(Some(MOMENT)).unwrap();
    // However much is sent, it is taken.
    stream.write_all(&[7; 8 << 20]).unwrap();
    let nothing = stream.read(&mut [0]).unwrap_err().kind();
    assert!([ErrorKind::WouldBlock, ErrorKind::Interrupted].contains(&nothing), "{nothing:?}");
    stream.set_read_timeout(Some(SOON)).unwrap();
    proxy.set(Fault::Pass);
    assert_ne!(ask(&mut stream, b"lost").unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(ask(&mut idle, b"here").unwrap(), b"here");
    drop((stream, idle));
    server.join().unwrap();
}

#[test]
fn whoever_sends_to_one_that_reads_nothing_has_to_wait_and_loses_nothing() {
    let _turn = TURN.lock();
    let (proxy, server) = echo(1);
    let mut stream = connect(&proxy);
    assert_eq!(ask(&mut stream, b"a").unwrap(), b"a");
    proxy.set(Fault::Stalled);
    stream.set_write_timeout(Some(MOMENT)).unwrap();
    let (mut sent, part) = (0, [7; 64 << 10]);
    let full = loop {
        match stream.write(&part) {
            Ok(more) => sent += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break error,
        }
        assert!(sent < 64 << 20, "it is never full");
    };
    assert_eq!(full.kind(), ErrorKind::WouldBlock);
    proxy.set(Fault::Pass);
    let mut answer = vec![0; sent];
    stream.read_exact(&mut answer).unwrap();
    assert!(answer.iter().all(|byte| *byte == 7));
    drop(stream);
    server.join().unwrap();
}
