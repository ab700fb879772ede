//! Several questions in one request: how many there are of which group, for each counts as if it was asked alone.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::route::{Group, Route};

/// As much of them as is looked at.
#[derive(Deserialize)]
struct Questions {
    queries: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    path: String,
}

/// How many calls of which group a body asks for. One that makes no sense is a call, too: the function says what is wrong.
pub fn counted(body: &[u8]) -> Vec<(Group, u64)> {
    let mut counted: BTreeMap<usize, (Group, u64)> = BTreeMap::new();
    let asked: Option<Questions> = serde_json::from_slice(body).ok();
    for Question { path } in asked.iter().flat_map(|asked| &asked.queries) {
        let group = Route::of(path).group;
        counted.entry(group as usize).or_insert((group, 0)).1 += 1;
    }
    if counted.is_empty() { vec![(Group::Parse, 1)] } else { counted.into_values().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_is_a_call_of_its_own_group() {
        let body = r#"{"queries": [
            {"path": "/api/v1/repomap", "body": {}}, {"path": "/api/v1/ast/parse", "body": {}},
            {"path": "/api/v1/graph/cycles", "body": {"repo_id": "a"}}, {"path": "nowhere"}]}"#;
        assert_eq!(counted(body.as_bytes()), [(Group::Query, 3), (Group::Parse, 1)]);
        for none in [&b"{"[..], br#"{"queries": []}"#, br#"{"queries": [{"path": 1}]}"#] {
            assert_eq!(counted(none), [(Group::Parse, 1)]);
        }
    }
}
