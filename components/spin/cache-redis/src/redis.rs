//! Spin's Redis: one connection for all requests of an instance. While there is none, nobody waits for one.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
    time::Duration,
};

use futures_util::future::{Either, select};
use spin_sdk::{
    redis::{Connection, RedisParameter, RedisResult},
    wasip3::clocks::monotonic_clock,
};

/// How long is waited for Redis before it counts as gone.
const TIMEOUT: Duration = Duration::from_secs(1);
/// For how long it counts as gone then, in nanoseconds.
const PAUSE: u64 = 1_000_000_000;

thread_local! {
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
    static GONE_UNTIL: Cell<u64> = const { Cell::new(0) };
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
        let answer = connection.execute(command, arguments).await;
        if answer.is_err() {
            // Whether Redis said no or is gone is not told apart. Another connection will show.
            forget(&connection);
        }
        answer.ok()
    };
    match select(pin!(answer), pin!(astlas_spin::wait(TIMEOUT))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            CONNECTION.set(None);
            lose();
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
        Err(_) => {
            lose();
            None
        }
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

fn lose() {
    GONE_UNTIL.set(monotonic_clock::now() + PAUSE);
}
