//! What is found, and in which order.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_model::Strings;
use astlas_symbols::{Hit, SearchError, SearchMode, search};
use proptest::prelude::*;

const NAMES: [&str; 14] = [
    "Flask",
    "Flask.run",
    "app.Flask.run",
    "run",
    "Runner",
    "Runner.run",
    "run_simple",
    "flask",
    "Flask.__init__",
    "testing.FlaskClient",
    "prune",
    "Größe.länge",
    "Point.#secret",
    "run/2",
];

fn found(query: &str, mode: SearchMode) -> Vec<&'static str> {
    let hits = search(&NAMES.iter().collect(), query, mode, 0).unwrap();
    hits.iter().map(|hit| NAMES[hit.name as usize]).collect()
}

#[test]
fn exact_finds_the_whole_name_first() {
    assert_eq!(found("run", SearchMode::Exact), ["run", "Flask.run", "Runner.run", "app.Flask.run"]);
    assert_eq!(found("Flask.run", SearchMode::Exact), ["Flask.run", "app.Flask.run"]);
    assert_eq!(found("flask", SearchMode::Exact), ["flask"]);
    assert_eq!(found("Run", SearchMode::Exact), [""; 0]);
    assert_eq!(found("ask", SearchMode::Exact), [""; 0]);
}

#[test]
fn parts_may_be_written_as_in_any_language() {
    for query in ["Flask.run", "Flask::run", "Flask#run", "Flask/run", " Flask.run "] {
        assert_eq!(found(query, SearchMode::Exact), ["Flask.run", "app.Flask.run"], "{query}");
        assert_eq!(found(query, SearchMode::Fuzzy), ["Flask.run", "app.Flask.run"], "{query}");
    }
    assert_eq!(found("#secret", SearchMode::Exact), ["Point.#secret"]);
    assert_eq!(found("Point.#secret", SearchMode::Exact), ["Point.#secret"]);
    assert_eq!(found("run/2", SearchMode::Exact), ["run/2"]);
}

#[test]
fn prefix_prefers_the_whole_name_then_the_same_case() {
    assert_eq!(
        found("run", SearchMode::Prefix),
        ["run", "run/2", "run_simple", "Runner", "Runner.run", "Flask.run", "app.Flask.run"]
    );
    assert_eq!(found("Flask::", SearchMode::Prefix), ["Flask.run", "Flask.__init__", "app.Flask.run"]);
    assert_eq!(found("flaskc", SearchMode::Prefix), ["testing.FlaskClient"]);
    assert_eq!(found("GRÖ", SearchMode::Prefix), ["Größe.länge"]);
}

#[test]
fn fuzzy_finds_letters_in_order() {
    assert_eq!(found("run", SearchMode::Fuzzy)[..4], ["run", "Flask.run", "Runner.run", "app.Flask.run"]);
    assert_eq!(found("flcl", SearchMode::Fuzzy), ["testing.FlaskClient"]);
    assert_eq!(found("FlaCl", SearchMode::Fuzzy), ["testing.FlaskClient"]);
    assert_eq!(found("flask init", SearchMode::Fuzzy), ["Flask.__init__", "testing.FlaskClient"]);
    assert_eq!(found("lange", SearchMode::Fuzzy), ["Größe.länge"]);
    assert!(found("Flask", SearchMode::Fuzzy).iter().all(|name| name.contains('F')), "a capital minds case");
    assert_eq!(found("flask", SearchMode::Fuzzy)[..2], ["Flask", "flask"]);
    assert_eq!(found("zzz", SearchMode::Fuzzy), [""; 0]);
}

#[test]
fn a_limit_cuts_the_same_order() {
    let names: Strings = NAMES.iter().collect();
    for mode in [SearchMode::Exact, SearchMode::Prefix, SearchMode::Fuzzy] {
        let all = search(&names, "run", mode, 0).unwrap();
        for limit in 1..20 {
            let some = search(&names, "run", mode, limit).unwrap();
            assert_eq!(some, all[..all.len().min(limit as usize)]);
        }
    }
}

#[test]
fn equal_names_come_in_order_of_index() {
    let names: Strings = ["x.a", "a", "x.a", "a"].iter().collect();
    let hits = search(&names, "a", SearchMode::Exact, 0).unwrap();
    let expected = [(1, 2), (3, 2), (0, 1), (2, 1)].map(|(name, score)| Hit { name, score });
    assert_eq!(hits, expected);
}

#[test]
fn what_cannot_be_searched_is_an_error() {
    for query in ["", " ", "\t\n"] {
        assert_eq!(search(&Strings::default(), query, SearchMode::Fuzzy, 0), Err(SearchError::EmptyQuery));
    }
    let corrupt = Strings { text: "ab".into(), ends: vec![2, 1] };
    assert!(matches!(search(&corrupt, "a", SearchMode::Exact, 0), Err(SearchError::Corrupt(_))));
    assert_eq!(search(&Strings::default(), "a", SearchMode::Fuzzy, 0), Ok(vec![]));
}

#[test]
fn overlong_queries_and_names_do_no_harm() {
    let names: Strings = ["a".repeat(100_000), "ab".repeat(50_000), "a".repeat(900)].iter().collect();
    for length in [1, 2, 900, 1_000, 1_001, 100_000] {
        let query = "a".repeat(length);
        for mode in [SearchMode::Exact, SearchMode::Prefix, SearchMode::Fuzzy] {
            search(&names, &query, mode, 0).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_input_gives_an_ordered_answer(
        names in prop::collection::vec("[aAbB.éßİ#:/ ]{0,6}", 0..12),
        query in "[aAbB.éßİ#:/ ]{0,4}",
        limit in 0u32..6,
    ) {
        let column: Strings = names.iter().collect();
        for mode in [SearchMode::Exact, SearchMode::Prefix, SearchMode::Fuzzy] {
            let Ok(hits) = search(&column, &query, mode, limit) else {
                prop_assert!(query.trim().is_empty());
                continue;
            };
            prop_assert!(limit == 0 || hits.len() <= limit as usize);
            let key = |hit: &Hit| {
                let name = &names[hit.name as usize];
                (std::cmp::Reverse(hit.score), name.len(), name.as_str(), hit.name)
            };
            prop_assert!(hits.is_sorted_by(|a, b| key(a) < key(b)));
            // The order of the names given decides only between equal ones.
            let reversed: Strings = names.iter().rev().collect();
            let mirrored = search(&reversed, &query, mode, limit).unwrap();
            let spelled = |hits: &[Hit], names: &Strings| -> Vec<(u32, String)> {
                hits.iter().map(|hit| (hit.score, names.get(hit.name as usize).unwrap().to_owned())).collect()
            };
            prop_assert_eq!(spelled(&hits, &column), spelled(&mirrored, &reversed));
        }
    }
}
