//! What files are called now, for commits from the newest back.

use std::collections::{BTreeMap, BTreeSet};

/// Names of files through their renames.
pub struct Names<'a> {
    /// Files there are now.
    now: BTreeSet<String>,
    /// What an older name became.
    became: BTreeMap<String, String>,
    /// Only files below this folder are of interest; their names go without it.
    prefix: &'a str,
}

impl<'a> Names<'a> {
    /// The files there are now.
    pub fn new(now: Vec<String>, prefix: &'a str) -> Self {
        Self { now: now.into_iter().collect(), became: BTreeMap::new(), prefix }
    }

    /// What these files are called now, sorted, each once; those that are gone are left out.
    pub fn now(&self, names: &[String]) -> Vec<String> {
        let now = names.iter().map(|name| self.became.get(name).unwrap_or(name));
        let known = now.filter(|name| self.now.contains(*name)).filter_map(|name| name.strip_prefix(self.prefix));
        known.map(ToOwned::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// In older commits than those so far, these files had other names: the old one and the new one.
    pub fn rename(&mut self, renamed: Vec<(String, String)>) {
        for (old, new) in renamed {
            let now = self.became.get(&new).cloned().unwrap_or(new);
            self.became.insert(old, now);
        }
    }
}
