//! The one place that prints warnings and notes: on standard error, unless they are not wanted.

use crate::{cache::CommandCache, cli::Global, output};

/// Warnings of one kind shown one by one; of more there is only a number, unless `-v`.
const SHOWN_WARNINGS: usize = 5;

/// Prints what a command has to say beside its results.
#[derive(Clone, Copy, Debug)]
pub struct Warner {
    quiet: bool,
    verbose: bool,
}

impl Warner {
    /// As talkative as asked for.
    pub fn new(global: &Global) -> Self {
        Self { quiet: global.quiet, verbose: global.verbose }
    }

    /// Whether progress may be shown.
    pub fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Whether everything is to be said.
    pub fn is_verbose(self) -> bool {
        self.verbose
    }

    /// A warning: what, where, and what to do.
    pub fn warn(self, text: &str) {
        if !self.quiet {
            let text = output::plain(text);
            anstream::eprintln!("{}warning:{} {text}", output::WARNING.render(), output::WARNING.render_reset());
        }
    }

    /// Warnings of one kind.
    pub fn warn_all(self, texts: &[String]) {
        let shown = if self.verbose { texts.len() } else { SHOWN_WARNINGS };
        for text in texts.iter().take(shown) {
            self.warn(text);
        }
        if texts.len() > shown {
            self.warn(&format!("{} more of the same kind; -v shows all of them", texts.len() - shown));
        }
    }

    /// What happened to the cache, if anything did.
    pub fn warn_of(self, cache: &CommandCache) {
        if let CommandCache::File(cache) = cache {
            for warning in cache.take_warnings() {
                self.warn(&warning.to_string());
            }
        }
    }

    /// Something that is only worth saying with `-v`.
    pub fn note(self, text: &str) {
        if self.verbose {
            anstream::eprintln!("{}", output::plain(text));
        }
    }
}
