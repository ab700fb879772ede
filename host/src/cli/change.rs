//! What a command is told of the change at hand.

use std::path::PathBuf;

use astlas_atlas::{indexed::Indexed, rank::Context};
use astlas_model::stages::Profile;
use clap::{Args, ValueEnum};

use crate::session::Session;

/// Arguments of every command that ranks.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// A file of the change at hand: what belongs to it comes first, the file itself is left out; repeatable
    #[arg(long, value_name = "FILE")]
    context: Vec<PathBuf>,
    /// A name or path that was mentioned: it weighs more; repeatable
    #[arg(long, value_name = "NAME")]
    mention: Vec<String>,
    /// Rank without what changed together before in the git repository
    #[arg(long)]
    no_history: bool,
    /// How files and definitions are ranked
    #[arg(long, value_name = "NAME", default_value = "default")]
    profile: ProfileName,
}

/// Which way of ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    /// By what belongs to the change: uses, names, paths, words, and what changed together before
    Default,
    /// The established method: fixed multipliers and personalised PageRank
    Classic,
}

impl ChangeArguments {
    /// What is known of the change. Files the index does not have are named in a warning.
    pub fn context(&self, session: &Session, indexed: &Indexed) -> Context {
        let mut context = Context {
            profile: match self.profile {
                ProfileName::Default => Profile::Default,
                ProfileName::Classic => Profile::Classic,
            },
            files: session.of_change(&self.context),
            mentioned: self.mention.clone(),
            ..Context::default()
        };
        for file in context.unknown(indexed) {
            session.warner.warn(&format!("{file}: not a source file of this folder; ranked without it"));
        }
        if !self.no_history && self.profile == ProfileName::Default && !context.files.is_empty() {
            context.history = session.history(None);
        }
        context
    }
}
