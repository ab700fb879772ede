//! Spin's Redis: one connection for all requests of an instance. While there is none, nobody waits for one. What is wrong
//! with it is said in the log, for no answer shows it.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
    time::Duration,
};

use futures_util::future::{Either, select};
use spin_sdk::{
    redis::{Connection, Error, RedisParameter, RedisResult},
    wasip3::clocks::monotonic_clock,
};

/// How long is waited for Redis before it counts as gone.
const TIMEOUT: Duration = Duration::from_secs(1);
/// For how long it counts as gone then, in nanoseconds.
const PAUSE: u64 = 1_000_000_000;
/// That it refuses something is said once within so many nanoseconds: it may refuse every other command.
const QUIET: u64 = 60_000_000_000;
/// How much is told of what Redis says, in characters.
const TOLD: usize = 200;

thread_local! {
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
    static GONE_UNTIL: Cell<u64> = const { Cell::new(0) };
    /// Whether it was said that Redis is gone, and not yet that it is back.
    static IS_GONE: Cell<bool> = const { Cell::new(false) };
    static QUIET_UNTIL: Cell<u64> = const { Cell::new(0) };
}

/// A text as a parameter.
pub fn text(text: impl Into<String>) -> RedisParameter {
    RedisParameter::Binary(text.into().into_bytes())
}

/// A number as a parameter.
pub fn number(number: u64) -> RedisParameter {
    RedisParameter::Int64(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What a command answers; `None` if it does not.
pub async fn ask(address: &str, command: &str, arguments: Vec<RedisParameter>) -> Option<Vec<RedisResult>> {
    if monotonic_clock::now() < GONE_UNTIL.get() {
        return None;
    }
    let answer = async {
        let connection = connect(address).await?;
        match connection.execute(command, arguments).await {
            Ok(answer) => {
                find();
                Some(answer)
            }
            Err(error) => {
                forget(&connection);
                doubt(address, command, &error).await;
                None
            }
        }
    };
    match select(pin!(answer), pin!(astlas_spin::wait(TIMEOUT))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            CONNECTION.set(None);
            lose(&format!("no answer within {} ms", TIMEOUT.as_millis()));
            None
        }
    }
}

async fn connect(address: &str) -> Option<Rc<Connection>> {
    if let Some(connection) = CONNECTION.with_borrow(Clone::clone) {
        return Some(connection);
    }
    match Connection::open(address).await {
        Ok(connection) => {
            let connection = Rc::new(connection);
            CONNECTION.set(Some(connection.clone()));
            Some(connection)
        }
        Err(error) => {
            lose(&told(&error));
            None
        }
    }
}

/// A command failed. Whether Redis said no or is gone is not told apart, but another connection shows it.
async fn doubt(address: &str, command: &str, error: &Error) {
    let Some(connection) = connect(address).await else { return };
    if let Err(error) = connection.execute("PING", vec![]).await {
        forget(&connection);
        lose(&told(&error));
    } else if monotonic_clock::now() >= QUIET_UNTIL.get() {
        QUIET_UNTIL.set(monotonic_clock::now() + QUIET);
        astlas_spin::log("warning", &format!("redis refuses {command}: {}", told(error)), "");
    }
}

/// It failed; another one may have been opened since.
fn forget(connection: &Rc<Connection>) {
    CONNECTION.with_borrow_mut(|current| {
        if current.as_ref().is_some_and(|current| Rc::ptr_eq(current, connection)) {
            *current = None;
        }
    });
}

fn lose(why: &str) {
    GONE_UNTIL.set(monotonic_clock::now() + PAUSE);
    if !IS_GONE.replace(true) {
        astlas_spin::log("warning", &format!("redis is gone: {why}; answers take longer until it is back"), "");
    }
}

fn find() {
    if IS_GONE.replace(false) {
        astlas_spin::log("info", "redis is back", "");
    }
}

/// An error in short. What Redis says may repeat what it was sent: that is left out.
fn told(error: &Error) -> String {
    match error {
        Error::InvalidAddress => "the variable redis_url is no address that the application may ask".into(),
        Error::TooManyConnections => "there are too many connections".into(),
        Error::TypeError => "its answer is of another type".into(),
        Error::Other(said) => said.split(", with args").next().unwrap_or_default().chars().take(TOLD).collect(),
    }
}
