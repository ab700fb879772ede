//! Files that are read as long as the turn lasts: each look at one goes on with the lease, or finds that the job is
//! somebody else's.

use astlas_atlas::ports::{Files, ReadError, TreeFile, Unavailable};

use crate::{
    Function, Ports,
    turn::{Stop, Turn},
};

/// Files of a job.
pub struct Watched<'a, P, F> {
    pub function: &'a Function<P>,
    pub turn: &'a Turn,
    pub files: &'a F,
}

impl<P: Ports, F: Files> Files for Watched<'_, P, F> {
    fn listed_at(&self) -> i64 {
        self.files.listed_at()
    }

    async fn ready(&self) {
        self.files.ready().await;
    }

    fn entries(&self) -> &[TreeFile] {
        self.files.entries()
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        if self.turn.is_lost() {
            return Err(ReadError("the job is somebody else's".into()));
        }
        match self.function.hold_now_and_then(self.turn).await {
            Err(Stop::Lost) => Err(ReadError("the job is somebody else's".into())),
            // Whether it is the caller's still is asked again before anything can be seen.
            Ok(()) | Err(Stop::Problem(_)) => self.files.read(path, limit).await,
        }
    }

    fn failure(&self) -> Option<Unavailable> {
        self.files.failure()
    }
}
