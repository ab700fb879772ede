//! Spin's Redis, over a real one.

use redis::{AsyncConnectionConfig, Client, RedisError, Value, aio::MultiplexedConnection};
use wasmtime::{
    Result,
    component::{Accessor, Resource},
};

use crate::{
    bindings::spin::redis::redis::{Error, Host, HostConnection, HostConnectionWithStore, RedisParameter, RedisResult},
    state::{Imports, State},
};

/// A connection.
pub struct Connection(MultiplexedConnection);

impl Host for State {}

impl HostConnection for State {
    async fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl<T: Send + 'static> HostConnectionWithStore<T> for Imports {
    async fn open(store: &Accessor<T, Self>, address: String) -> Result<Result<Resource<Connection>, Error>> {
        let is_allowed = store.with(|mut access| access.get().outbound.allows(&address));
        let Some(client) = Client::open(address).ok().filter(|_| is_allowed) else {
            return Ok(Err(Error::InvalidAddress));
        };
        // No time limits of the client's: a component has its own.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        match client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => store.with(|mut access| Ok(Ok(access.get().table.push(Connection(connection))?))),
            Err(error) => Ok(Err(other(&error))),
        }
    }

    async fn execute(
        store: &Accessor<T, Self>,
        connection: Resource<Connection>,
        command: String,
        arguments: Vec<RedisParameter>,
    ) -> Result<Result<Vec<RedisResult>, Error>> {
        let opened = store.with(|mut access| Ok::<_, wasmtime::Error>(access.get().table.get(&connection)?.0.clone()));
        let (mut opened, mut command) = (opened?, redis::cmd(&command));
        for argument in arguments {
            match argument {
                RedisParameter::Int64(number) => command.arg(number),
                RedisParameter::Binary(bytes) => command.arg(bytes),
            };
        }
        let answer: std::result::Result<Value, RedisError> = command.query_async(&mut opened).await;
        Ok(answer.map_err(|error| other(&error)).and_then(|value| {
            let mut results = vec![];
            flatten(value, &mut results).map(|()| results)
        }))
    }
}

/// Lists within lists are one list in Spin.
fn flatten(value: Value, results: &mut Vec<RedisResult>) -> std::result::Result<(), Error> {
    results.push(match value {
        Value::Nil => RedisResult::Nil,
        Value::Int(number) => RedisResult::Int64(number),
        Value::BulkString(bytes) => RedisResult::Binary(bytes),
        Value::SimpleString(text) => RedisResult::Status(text),
        Value::Okay => RedisResult::Status("OK".into()),
        Value::Array(values) => return values.into_iter().try_for_each(|value| flatten(value, results)),
        other => return Err(Error::Other(format!("{other:?}"))),
    });
    Ok(())
}

fn other(error: &RedisError) -> Error {
    Error::Other(error.to_string())
}
