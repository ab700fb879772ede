//! The standard error stream of WASI 0.2, which std writes to: as much of it as that takes.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use wasmtime::{
    Result, StoreContextMut,
    component::{ComponentType, Lift, Linker, Lower, Resource, ResourceType},
};

use crate::state::State;

/// What was written.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// All of it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// The stream.
struct Stream;
/// What went wrong with it: nothing does.
struct Failure;

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
#[allow(dead_code, reason = "writing to it does not fail")]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<Failure>),
    #[component(name = "closed")]
    Closed,
}

/// What a function of the stream answers.
type Answer<T> = Result<(std::result::Result<T, StreamError>,)>;

/// Offers it to components.
pub fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.instance("wasi:io/error@0.2.6")?.resource("error", ResourceType::host::<Failure>(), |_, _| Ok(()))?;
    let mut streams = linker.instance("wasi:io/streams@0.2.6")?;
    streams.resource("output-stream", ResourceType::host::<Stream>(), |_, _| Ok(()))?;
    streams.func_wrap("[method]output-stream.blocking-write-and-flush", write)?;
    let mut stderr = linker.instance("wasi:cli/stderr@0.2.6")?;
    stderr.func_wrap("get-stderr", |_, (): ()| Ok((Resource::<Stream>::new_own(0),)))?;
    Ok(())
}

fn write(store: StoreContextMut<'_, State>, (_, bytes): (Resource<Stream>, Vec<u8>)) -> Answer<()> {
    // Whether anybody reads it is no matter of the component's.
    let _ = std::io::stderr().write_all(&bytes);
    store.data().log.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
    Ok((Ok(()),))
}
