//! Turns of a connection: a question, and what is answered to it. Where nobody asks before he has an answer, as over HTTP,
//! each question is a turn; of several that are under way at once, the first.

use std::sync::{Arc, Mutex, PoisonError};

use crate::Way;

/// How far a turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// The question is here, and nothing of it has been passed on.
    Asked,
    /// The server has answered, and nothing of that has been passed on.
    Answered,
}

/// Is told of every turn, with the first bytes of its question, before it goes on. Whether it may: else the connection is
/// cut.
pub type Watch = Arc<dyn Fn(&[u8], Moment) -> bool + Send + Sync>;

/// The turns of one connection.
pub(crate) struct Turns {
    watch: Option<Watch>,
    /// The question that is not answered yet.
    question: Mutex<Option<Vec<u8>>>,
}

impl Turns {
    pub(crate) fn new(watch: Option<Watch>) -> Self {
        Self { watch, question: Mutex::default() }
    }

    /// Whether bytes that have come this way may be passed on.
    pub(crate) fn may_pass(&self, way: Way, bytes: &[u8]) -> bool {
        let Some(watch) = &self.watch else { return true };
        let mut question = self.question.lock().unwrap_or_else(PoisonError::into_inner);
        if way != Way::ToServer {
            return question.take().is_none_or(|question| watch(&question, Moment::Answered));
        }
        // More of the same question, or the next one, is passed on with it.
        question.is_some() || watch(question.insert(bytes.to_vec()), Moment::Asked)
    }
}
