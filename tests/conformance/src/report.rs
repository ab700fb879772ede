//! What came of a run.

use std::fmt;

use clap::ValueEnum;

use crate::{Difference, Feature};

/// Most differences of one case that are shown.
const SHOWN: usize = 20;

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All is as in the golden.
    Same,
    /// Something is not.
    Differs(Vec<Difference>),
    /// It could not be played to its end, or not be compared.
    Failed(String),
    /// What was seen is the golden now.
    Blessed,
    /// It needs what the service was said to be without.
    LeftOut(Feature),
}

/// A case and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseReport {
    /// Its name.
    pub name: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of all cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// In the order in which they were played.
    pub cases: Vec<CaseReport>,
}

impl Report {
    /// Whether the service answered as the goldens say.
    pub fn is_good(&self) -> bool {
        self.wrong().next().is_none()
    }

    /// The cases that differ or failed.
    pub fn wrong(&self) -> impl Iterator<Item = &CaseReport> {
        self.cases.iter().filter(|case| matches!(case.outcome, Outcome::Differs(_) | Outcome::Failed(_)))
    }
}

/// A number of cases, and what came of them.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = ["ok", "blessed", "differing", "failed", "left out"];
        let word = |outcome: &Outcome| match outcome {
            Outcome::Same => words[0],
            Outcome::Blessed => words[1],
            Outcome::Differs(_) => words[2],
            Outcome::Failed(_) => words[3],
            Outcome::LeftOut(_) => words[4],
        };
        let count = |kind: &&str| self.cases.iter().filter(|case| word(&case.outcome) == *kind).count();
        let counted = words.iter().map(|kind| (count(kind), kind)).filter(|(count, _)| *count > 0);
        let counted: Vec<String> = counted.map(|(count, kind)| format!("{count} {kind}")).collect();
        let cases = self.cases.len();
        write!(formatter, "{cases} case{}: {}", if cases == 1 { "" } else { "s" }, counted.join(", "))
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match &self.outcome {
            Outcome::Same => write!(formatter, "ok        {name}"),
            Outcome::Blessed => write!(formatter, "blessed   {name}"),
            Outcome::Failed(why) => write!(formatter, "failed    {name}: {why}"),
            Outcome::LeftOut(feature) => {
                let word = feature.to_possible_value();
                let word = word.as_ref().map_or("a feature", |word| word.get_name());
                write!(formatter, "left out  {name} ({word})")
            }
            Outcome::Differs(differences) => {
                write!(formatter, "differs   {name}")?;
                for difference in differences.iter().take(SHOWN) {
                    write!(formatter, "\n    {}", difference.to_string().replace('\n', "\n    "))?;
                }
                match differences.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(formatter, "\n    and {more} more"),
                }
            }
        }
    }
}
