//! Rules with one number changed a little, to see whether their cases notice.

use std::{collections::BTreeSet, ops::Range};

use super::Rule;

/// What was changed in a rule, and all of the rule then.
#[derive(Debug, PartialEq, Eq)]
pub struct Mutant {
    /// `5m -> 4m`.
    pub change: String,
    /// The rule, from its name on.
    pub text: String,
}

/// A number as it is written, and what it counts.
struct Number {
    place: Range<usize>,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// How far back is looked: `[5m]`.
    Window,
    /// How long the query has to hold: `for: 5m`.
    Duration,
    Value,
}

/// A rule with each of its numbers made smaller and greater: values by a twentieth, 0 and durations by 1 or by a tenth.
/// One window stands in several places of a query, and is changed in all.
pub fn mutants(rule: &Rule) -> Vec<Mutant> {
    let (text, mut windows, mut mutants) = (&rule.text, BTreeSet::new(), vec![]);
    for Number { place, kind } in numbers(text) {
        let old = &text[place.clone()];
        for is_more in [false, true] {
            let new = match kind {
                Kind::Value => value(old, is_more),
                Kind::Window | Kind::Duration => duration(old, is_more),
            };
            let change = format!("{old} -> {new}");
            if kind != Kind::Window {
                mutants.push(Mutant { change, text: [&text[..place.start], &new, &text[place.end..]].concat() });
            } else if windows.insert(change.clone()) {
                mutants.push(Mutant { change, text: text.replace(&format!("[{old}]"), &format!("[{new}]")) });
            }
        }
    }
    mutants
}

/// The numbers of query and `for`.
fn numbers(text: &str) -> Vec<Number> {
    let (mut found, bytes) = (vec![], text.as_bytes());
    let end = text.find("\n        labels:").unwrap();
    let mut at = text.find("\n        expr:").unwrap();
    while at < end {
        let ends = |is_part: fn(u8) -> bool| at + bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
        match bytes[at] {
            b'"' => at += 2 + text[at + 1..].find('"').unwrap(),
            b'[' => {
                let close = at + text[at..].find(']').unwrap();
                found.push(Number { place: at + 1..close, kind: Kind::Window });
                at = close;
            }
            // Of a name, digits are no number.
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => at = ends(|byte| byte == b'_' || byte.is_ascii_alphanumeric()),
            b'0'..=b'9' => {
                let close = ends(|byte| byte == b'.' || byte.is_ascii_alphanumeric());
                let kind = if bytes[close - 1].is_ascii_digit() { Kind::Value } else { Kind::Duration };
                found.push(Number { place: at..close, kind });
                at = close;
            }
            _ => at += 1,
        }
    }
    found
}

fn value(old: &str, is_more: bool) -> String {
    let old: f64 = old.parse().unwrap();
    let step = if old == 0.0 { 1.0 } else { old / 20.0 };
    // Not more digits than are meant.
    format!("{:.6}", if is_more { old + step } else { old - step })
}

/// In minutes.
fn duration(old: &str, is_more: bool) -> String {
    let (number, unit) = old.split_at(old.len() - 1);
    let number: u32 = number.parse().unwrap();
    let minutes = match unit {
        "m" => number,
        "h" => 60 * number,
        _ => panic!("{old}: give minutes or hours"),
    };
    let step = (minutes / 10).max(1);
    format!("{}m", if is_more { minutes + step } else { minutes - step })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_changed_in_both_ways() {
        let text = "Name\n        expr: |\n          f(0.9, a_2{b=~\"5..\"}[2h]) / c[2h] > 0\n        for: 5m\n        labels:\n          d: 9";
        let rule =
            Rule { name: "Name".into(), query: String::new(), runbook: String::new(), folder: "", text: text.into() };
        let mutants = mutants(&rule);
        let changes: Vec<&str> = mutants.iter().map(|mutant| mutant.change.as_str()).collect();
        let expected = [
            ["0.9 -> 0.855000", "0.9 -> 0.945000"],
            ["2h -> 108m", "2h -> 132m"],
            ["0 -> -1.000000", "0 -> 1.000000"],
            ["5m -> 4m", "5m -> 6m"],
        ];
        assert_eq!(changes, expected.concat());
        assert_eq!(mutants[2].text, text.replace("2h", "108m"));
    }
}
