//! What changed together before: read once for each newest commit, then cached.

use astlas_model::History;

use crate::{
    Atlas, keys,
    ports::{Cache, Stages},
};

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The history under a key that names the newest commit. `read` gives it where it is not cached, and says whether
    /// it is all there is to know: then it is kept.
    pub async fn history(&self, newest: &str, read: impl FnOnce() -> Option<(History, bool)>) -> Option<History> {
        let key = keys::history(&self.repository, newest);
        if let Some(history) = self.recall::<History>(&key).await.filter(|history| history.fault().is_none()) {
            return Some(history);
        }
        let (history, is_whole) = read()?;
        if is_whole {
            self.remember(key, &history).await;
        }
        Some(history)
    }
}
