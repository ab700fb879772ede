//! Figures of one corpus after the other, side by side in one table.

use crate::{
    measure::Runs,
    report::{row, short, table},
};

/// What was measured on one corpus.
#[derive(Default)]
pub struct Rows(Vec<(String, f64, Range)>);

/// The smallest and the largest, where there are several.
type Range = Option<(f64, f64)>;

impl Rows {
    pub fn add(&mut self, name: &str, value: f64) {
        self.0.push((name.to_owned(), value, None));
    }

    /// The median, with the smallest and the largest.
    pub fn add_runs(&mut self, name: &str, runs: &Runs) {
        self.0.push((name.to_owned(), runs.median(), Some(runs.range())));
    }

    fn find(&self, name: &str) -> String {
        let found = self.0.iter().find(|(other, ..)| other == name);
        found.map_or_else(
            || "-".into(),
            |(_, value, range)| match range {
                Some((least, most)) => format!("{} ({}–{})", short(*value), short(*least), short(*most)),
                None => short(*value),
            },
        )
    }
}

/// Rows of the last corpus, which has all of them, with those of the others beside them.
pub fn show(title: &str, corpora: &[(String, Rows)]) {
    let names: Vec<&str> = corpora.iter().map(|(name, _)| name.as_str()).collect();
    table(title, &[&[""], names.as_slice()].concat());
    let Some((_, last)) = corpora.last() else { return };
    for (name, ..) in &last.0 {
        let cells: Vec<String> = corpora.iter().map(|(_, rows)| rows.find(name)).collect();
        row(&[vec![name.clone()], cells].concat());
    }
}
