//! A proxy before a server, which does to connections what networks do.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinSet,
    time::sleep,
};

use crate::{
    fault::{Fault, Way, corrupt},
    process::Port,
    turn::{Turns, Watch},
};

/// Most bytes that are passed on at once.
const CHUNK: usize = 16 << 10;

/// A proxy on a port of 127.0.0.1, with a thread of its own until it is dropped.
pub struct FaultProxy {
    port: u16,
    orders: mpsc::UnboundedSender<Order>,
    counted: Arc<Counted>,
    thread: Option<JoinHandle<()>>,
}

/// What has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections since the start.
    pub connections: u64,
    /// Connections that stand now.
    pub open: u64,
    /// Bytes passed on to the server.
    pub to_server: u64,
    /// Bytes passed on to clients.
    pub to_client: u64,
    /// Bytes changed on their way.
    pub corrupted: u64,
}

#[derive(Default)]
struct Counted {
    connections: AtomicU64,
    open: AtomicU64,
    to_server: AtomicU64,
    to_client: AtomicU64,
    corrupted: AtomicU64,
}

/// What the thread is told, and where it says that it is done.
enum Order {
    Set(Fault, std::sync::mpsc::Sender<()>),
    Cut(std::sync::mpsc::Sender<()>),
}

/// What is done at present, and how often that changed.
#[derive(Clone, Copy, Default)]
struct Present {
    fault: Fault,
    number: u64,
}

impl FaultProxy {
    /// A proxy before the server on this port of 127.0.0.1, which passes everything on.
    pub fn before(server: u16) -> Self {
        Self::start(server, None)
    }

    /// The same, with somebody who is told of every question and every answer before it is passed on.
    pub fn watched(server: u16, watch: Watch) -> Self {
        Self::start(server, Some(watch))
    }

    fn start(server: u16, watch: Option<Watch>) -> Self {
        let failed = |error: io::Error| panic!("no proxy before port {server}: {error}");
        let kept = Port::free();
        let port = kept.number;
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap_or_else(failed);
        listener.set_nonblocking(true).unwrap_or_else(|error| panic!("a listener that waits: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("no runtime for a proxy: {error}"));
        let (orders, taken) = mpsc::unbounded_channel();
        let counted = Arc::new(Counted::default());
        let serve = serve(listener, kept, server, watch, taken, counted.clone());
        let thread = std::thread::spawn(move || {
            // A proxy that cannot go on takes no more orders, which stops the test.
            let _ = runtime.block_on(serve);
        });
        Self { port, orders, counted, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Has it do something else from now on, to connections that stand as well.
    pub fn set(&self, fault: Fault) {
        self.order(|done| Order::Set(fault, done));
    }

    /// Cuts all connections. Others may come.
    pub fn cut(&self) {
        self.order(Order::Cut);
    }

    fn order(&self, order: impl FnOnce(std::sync::mpsc::Sender<()>) -> Order) {
        let (done, wait) = std::sync::mpsc::channel();
        let done = self.orders.send(order(done)).is_ok() && wait.recv().is_ok();
        assert!(done, "the proxy on port {} has ended", self.port);
    }

    /// What has passed so far.
    pub fn counts(&self) -> Counts {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Counts {
            connections: read(&self.counted.connections),
            open: read(&self.counted.open),
            to_server: read(&self.counted.to_server),
            to_client: read(&self.counted.to_client),
            corrupted: read(&self.counted.corrupted),
        }
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // Without anybody to give orders, it ends.
        self.orders = mpsc::unbounded_channel().0;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Takes connections and orders, until nobody can give any.
async fn serve(
    listener: std::net::TcpListener,
    port: Port,
    server: u16,
    watch: Option<Watch>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    counted: Arc<Counted>,
) -> io::Result<()> {
    let mut listener = Some(TcpListener::from_std(listener)?);
    let (present, seen) = watch::channel(Present::default());
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accept = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            order = orders.recv() => match order {
                None => return Ok(()),
                Some(Order::Set(fault, done)) => {
                    match (fault, &listener) {
                        (Fault::Refuse, _) => listener = None,
                        (_, None) => listener = Some(TcpListener::bind(("127.0.0.1", port.number)).await?),
                        _ => {}
                    }
                    present.send_modify(|present| *present = Present { fault, number: present.number + 1 });
                    // Whoever asked may have gone.
                    let _ = done.send(());
                }
                Some(Order::Cut(done)) => {
                    connections.shutdown().await;
                    let _ = done.send(());
                }
            },
            Ok((client, _)) = accept => {
                counted.connections.fetch_add(1, Ordering::Relaxed);
                let turns = Turns::new(watch.clone());
                connections.spawn(connection(client, server, seen.clone(), counted.clone(), turns));
            }
        }
    }
}

/// Counts a connection for as long as it stands.
struct Open(Arc<Counted>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Passes on what comes from either end, until one of them is through or the fault has it cut.
async fn connection(
    client: TcpStream,
    server: u16,
    seen: watch::Receiver<Present>,
    counted: Arc<Counted>,
    turns: Turns,
) {
    counted.open.fetch_add(1, Ordering::Relaxed);
    let open = Open(counted);
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let prompt = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    let ((client_reads, client_writes), (server_reads, server_writes)) = (client.into_split(), server.into_split());
    if prompt.is_ok() {
        tokio::select! {
            () = pump(client_reads, server_writes, Way::ToServer, seen.clone(), &open.0, &turns) => {}
            () = pump(server_reads, client_writes, Way::ToClient, seen, &open.0, &turns) => {}
        }
    }
}

/// Passes on what goes one way. Ends when the connection is to be cut.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: Way,
    mut seen: watch::Receiver<Present>,
    counted: &Counted,
    turns: &Turns,
) {
    let passed = if way == Way::ToServer { &counted.to_server } else { &counted.to_client };
    let mut chunk = vec![0; CHUNK];
    // Since the fault began: bytes on this connection, bytes on all connections, and whether some were lost.
    let (mut number, mut own, mut begun, mut has_lost) = (0, 0, 0, false);
    loop {
        let present = *seen.borrow_and_update();
        if present.number != number {
            if has_lost {
                return;
            }
            (number, own, begun) = (present.number, 0, passed.load(Ordering::Relaxed));
        }
        let most = match present.fault {
            Fault::Stalled => {
                if seen.changed().await.is_err() {
                    return;
                }
                continue;
            }
            Fault::CutAfter(of, bytes) if of.has(way) => match usize::try_from(bytes.saturating_sub(own)) {
                Ok(0) => return,
                Ok(left) => left.min(CHUNK),
                Err(_) => CHUNK,
            },
            // About ten times a second.
            Fault::Slow(of, bytes) if of.has(way) => usize::try_from(bytes / 10).unwrap_or(CHUNK).clamp(1, CHUNK),
            _ => CHUNK,
        };
        let read = tokio::select! {
            biased;
            _ = seen.changed() => continue,
            read = from.read(&mut chunk[..most]) => read,
        };
        let Ok(read @ 1..) = read else { return };
        let bytes = &mut chunk[..read];
        if !turns.may_pass(way, bytes) {
            return;
        }
        match present.fault {
            Fault::Silent => {
                has_lost = true;
                continue;
            }
            Fault::Delay(of, by) if of.has(way) => sleep(by).await,
            Fault::Slow(of, each_second) if of.has(way) => {
                sleep(Duration::from_secs_f64(read as f64 / each_second.max(1) as f64)).await;
            }
            Fault::Corrupt { way: of, every, seed } if of.has(way) => {
                let changed = corrupt(bytes, passed.load(Ordering::Relaxed) - begun, every, seed);
                counted.corrupted.fetch_add(changed, Ordering::Relaxed);
            }
            _ => {}
        }
        own += read as u64;
        passed.fetch_add(read as u64, Ordering::Relaxed);
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
