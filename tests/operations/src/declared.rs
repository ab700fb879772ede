//! Metrics that the service declares.

use std::collections::{BTreeMap, BTreeSet};

use super::read;

/// A family of metrics.
#[derive(Debug, Default)]
pub struct Family {
    /// `counter`, `gauge` or `histogram`.
    pub kind: String,
    /// Names of its labels.
    pub labels: BTreeSet<String>,
}

/// Every series that `docs/metrics.md` names, those of histograms included.
pub fn declared() -> BTreeMap<String, Family> {
    let document = read("docs/metrics.md");
    let mut families = BTreeMap::new();
    for row in document.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, kind) = (cells[1].trim_matches('`'), cells[2].to_owned());
        let labels: BTreeSet<String> = cells[4].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        if kind == "histogram" {
            for end in ["_bucket", "_sum", "_count"] {
                let bound = (end == "_bucket").then(|| "le".to_owned());
                let labels = labels.iter().cloned().chain(bound).collect();
                families.insert(format!("{name}{end}"), Family { kind: kind.clone(), labels });
            }
        } else {
            families.insert(name.to_owned(), Family { kind, labels });
        }
    }
    families
}

/// Names of families in the code that declares them.
pub fn in_code() -> BTreeSet<String> {
    let code = read("host/service/src/metrics/families.rs");
    let quoted = code.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.starts_with("astlas_") || text.starts_with("process_")).map(str::to_owned).collect()
}
