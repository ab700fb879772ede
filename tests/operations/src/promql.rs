//! Names in a query: enough of the grammar of PromQL to tell metrics from functions, words and labels. Whether the query
//! is sound, promtool says.

use std::collections::BTreeSet;

/// Names in a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Metrics, each with the labels that are matched.
    pub metrics: Vec<(String, BTreeSet<String>)>,
    /// Labels that are grouped or joined by.
    pub grouped: BTreeSet<String>,
}

const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
const WORDS: [&str; 7] = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

/// The names in a query.
pub fn names(query: &str) -> Names {
    let (mut found, mut rest) = (Names::default(), query);
    while let Some(first) = rest.chars().next() {
        match first {
            '"' | '\'' => rest = after_text(rest),
            // A range or a step; in dashboards a variable stands there.
            '[' => rest = rest.split_once(']').map_or("", |(_, rest)| rest),
            '{' => panic!("a selector without a name: {rest}"),
            '0'..='9' => rest = rest.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '.'),
            _ if is_letter(first) => {
                let (word, after) =
                    rest.split_at(rest.find(|it| !is_letter(it) && !it.is_ascii_digit()).unwrap_or(rest.len()));
                let next = after.trim_start();
                rest = after;
                if LISTS.contains(&word) {
                    let Some((list, after)) = next.strip_prefix('(').and_then(|list| list.split_once(')')) else {
                        continue;
                    };
                    found.grouped.extend(list.split(',').map(|label| label.trim().to_owned()));
                    rest = after;
                } else if let Some(matchers) = next.strip_prefix('{') {
                    let (labels, after) = labels(matchers);
                    found.metrics.push((word.to_owned(), labels));
                    rest = after;
                } else if !WORDS.contains(&word.to_ascii_lowercase().as_str()) && !is_call(next) {
                    found.metrics.push((word.to_owned(), BTreeSet::new()));
                }
            }
            _ => rest = &rest[first.len_utf8()..],
        }
    }
    found
}

fn is_letter(it: char) -> bool {
    it.is_ascii_alphabetic() || it == '_' || it == ':'
}

/// Whether what stands before this is a function, or an aggregation: `sum(`, `sum by (`.
fn is_call(next: &str) -> bool {
    let list = |word: &&str| next.strip_prefix(*word).is_some_and(|rest| rest.trim_start().starts_with('('));
    next.starts_with('(') || LISTS[..2].iter().any(list)
}

/// What follows a text in quotes.
fn after_text(text: &str) -> &str {
    let quote = &text[..1];
    let end = text[1..].find(quote).unwrap_or_else(|| panic!("a text without an end: {text}"));
    assert!(!text[1..=end].ends_with('\\'), "a quote in a text is not read: {text}");
    &text[end + 2..]
}

/// The labels of matchers, and what follows these.
fn labels(mut rest: &str) -> (BTreeSet<String>, &str) {
    let mut labels = BTreeSet::new();
    loop {
        rest = rest.trim_start_matches([' ', ',', '\n']);
        if let Some(after) = rest.strip_prefix('}') {
            return (labels, after);
        }
        let Some((label, after)) = rest.split_once(['=', '!']) else { panic!("matchers without an end: {rest}") };
        labels.insert(label.trim().to_owned());
        rest = after_text(after.trim_start_matches(['=', '~', ' ']));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_told_from_the_rest() {
        let query = "histogram_quantile(0.95, sum by (job, le) (rate(a_bucket{job=\"$job\", le!~\"x{}\"}[5m]))) > 1.5e3
                     and on (job) (b:c offset 5m or max(d) without(e)) unless up{} == bool -Inf";
        let found = names(query);
        let names: Vec<&str> = found.metrics.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a_bucket", "b:c", "d", "up"]);
        assert_eq!(found.metrics[0].1, BTreeSet::from(["job".into(), "le".into()]));
        assert_eq!(found.grouped, BTreeSet::from(["job".into(), "le".into(), "e".into()]));
    }
}
