//! What each signal counts: the one table of the default profile.
//!
//! The weights were fitted: they make the files that a commit changed together with a given one most likely, over the
//! commits of the development repositories (docs/ranking.md says which, and what each signal is worth). Marks and
//! mentions were set by hand, because commits say little of them; the reasons are beside them.

use astlas_model::stages::Signal;

/// What is known of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: what matters in the repository as a whole.
    Nothing,
    /// Files of it.
    Context,
    /// Files of it that changed before.
    History,
}

/// The weight of a signal.
pub fn weight(signal: Signal, known: Known) -> f64 {
    let [nothing, context, history] = row(signal);
    match known {
        Known::Nothing => nothing,
        Known::Context => context,
        Known::History => history,
    }
}

/// Weights where nothing, a context, and its history is known.
fn row(signal: Signal) -> [f64; 3] {
    match signal {
        // Both directions: what a change needs, and what it may break. A tie over several edges adds a little.
        Signal::Uses => [0.0, 0.7, 0.6],
        Signal::UsedBy => [0.0, 0.8, 0.4],
        Signal::Reach => [0.0, 0.9, 0.1],
        // The strongest single sign without history: what belongs together is named alike.
        Signal::Path => [0.0, 4.3, 2.6],
        Signal::Counterpart => [0.0, 0.7, 0.2],
        Signal::Folder => [0.0, 0.2, 0.2],
        // Files of another language rarely belong, whatever else they share.
        Signal::Family => [0.0, 2.4, 2.8],
        Signal::Words => [0.0, 2.5, 0.9],
        Signal::ChangedTogether => [0.0, 0.0, 1.7],
        Signal::ChangeReach => [0.0, 0.0, 4.4],
        // Long files change more often; history knows that better.
        Signal::Size => [1.0, 4.1, 2.2],
        Signal::Popularity => [0.0, 0.4, 0.2],
        // Alone, a file is worth what the others make of it.
        Signal::Importance => [6.0, 0.0, 0.0],
        // About as much as the best file gets from all else: what was mentioned is to be seen.
        Signal::Mention => [6.0, 6.0, 6.0],
        // Behind all that people wrote here, unless nearly everything else speaks for it.
        Signal::Vendored => [-4.0, -2.0, -1.0],
        Signal::Generated => [-4.0, -1.0, -0.5],
        Signal::Minified => [-6.0, -2.0, -2.0],
        // Data of tests belongs to a change of its test, not to the picture of a repository.
        Signal::Fixture => [-3.0, -1.0, -0.5],
        // A change log changes with everything; what is asked for is code.
        Signal::Document => [-4.0, -3.0, -4.0],
    }
}
