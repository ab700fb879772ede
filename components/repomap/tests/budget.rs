//! The budget is never exceeded, and used as far as it can be: checked against maps written and counted by other means.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::collections::{BTreeMap, BTreeSet};

use astlas_repomap::{Entries, FileLines, MapOrder, Options, Rendered, Tokenizer, render};
use proptest::prelude::*;

const TOKENIZERS: [Tokenizer; 3] = [Tokenizer::O200k, Tokenizer::Cl100k, Tokenizer::Chars];

fn reference_count(text: &str, tokenizer: Tokenizer) -> u32 {
    match tokenizer {
        Tokenizer::O200k => bpe_openai::o200k_base().count(text) as u32,
        Tokenizer::Cl100k => bpe_openai::cl100k_base().count(text) as u32,
        Tokenizer::Chars => text.chars().count().div_ceil(4) as u32,
    }
}

/// Lines by file, both as indices.
type Chosen = BTreeMap<usize, BTreeSet<usize>>;

fn add(chosen: &mut Chosen, files: &[FileLines], file: u32, line: u32) {
    let shown = chosen.entry(file as usize).or_default();
    let mut next = line as usize;
    while next > 0 {
        shown.insert(next - 1);
        next = files[file as usize].scope[next - 1] as usize;
    }
}

/// The text of a choice, written from the description of the format; what a single line looks like is taken from a map
/// of that line alone.
fn reference_text(chosen: &Chosen, files: &[FileLines], entries: &Entries, map_order: MapOrder) -> String {
    let mut order: Vec<usize> =
        entries.file.iter().map(|&file| file as usize).filter(|file| chosen.contains_key(file)).collect();
    let mut seen = BTreeSet::new();
    order.retain(|&file| seen.insert(file));
    if map_order == MapOrder::Path {
        order.sort_by_key(|&file| (&files[file].path, file));
    }
    let mut text = String::new();
    for (index, &file) in order.iter().enumerate() {
        let (lines, shown) = (&files[file], &chosen[&file]);
        let path = alone(&FileLines { path: lines.path.clone(), ..FileLines::default() }, 0);
        let Some((&first, &last)) = shown.first().zip(shown.last()) else {
            text += &path;
            continue;
        };
        text += &format!("{}:\n", path.trim_end_matches('\n'));
        text += if first > 0 { "…\n" } else { "" };
        let mut before = None;
        for &line in shown {
            let gap = before.is_some_and(|before: usize| lines.line[before] + 1 < lines.line[line]);
            text += if gap { "…\n" } else { "" };
            let single = FileLines {
                path: "p".into(),
                line: vec![0],
                scope: vec![0],
                text: [lines.text.get(line).unwrap()].iter().collect(),
            };
            text += alone(&single, 1).strip_prefix("p:\n").unwrap();
            before = Some(line);
        }
        text += if last + 1 < lines.line.len() { "…\n" } else { "" };
        text += if index + 1 < order.len() { "\n" } else { "" };
    }
    text
}

fn alone(file: &FileLines, line: u32) -> String {
    let entries = Entries { file: vec![0], line: vec![line] };
    render(
        std::slice::from_ref(file),
        &entries,
        Options { tokenizer: Tokenizer::Chars, budget: u32::MAX, ..Options::default() },
    )
    .unwrap()
    .text
}

fn chosen_of(map: &Rendered, files: &[FileLines]) -> Chosen {
    let index = |file: usize, line: &u32| files[file].line.binary_search(line).unwrap();
    map.files
        .iter()
        .map(|shown| (shown.file as usize, shown.lines.iter().map(|line| index(shown.file as usize, line)).collect()))
        .collect()
}

fn assert_within(map: &Rendered, options: Options) {
    assert!(map.tokens <= options.budget, "{} tokens for a budget of {}", map.tokens, options.budget);
    assert_eq!(map.tokens, reference_count(&map.text, options.tokenizer), "{:?}", map.text);
    assert_eq!(map.tokens, map.files.iter().map(|shown| shown.tokens).sum::<u32>());
}

fn assert_sound(map: &Rendered, files: &[FileLines], entries: &Entries, options: Options) {
    assert_within(map, options);
    let chosen = chosen_of(map, files);
    assert_eq!(map.text, reference_text(&chosen, files, entries, options.order));

    let mut all = true;
    for (&file, &line) in entries.file.iter().zip(&entries.line) {
        let mut more = chosen.clone();
        add(&mut more, files, file, line);
        all &= more == chosen;
        if more != chosen && u64::from(map.tokens) * 100 < u64::from(options.budget) * 97 {
            // What is chosen has to fit in either order.
            let text = |order| reference_text(&more, files, entries, order);
            let tokens =
                [MapOrder::Relevance, MapOrder::Path].map(|order| reference_count(&text(order), options.tokenizer));
            let tokens = tokens[0].max(tokens[1]);
            assert!(
                tokens > options.budget,
                "({file}, {line}) would have fitted: {} < {tokens} <= {}",
                map.tokens,
                options.budget
            );
        }
    }
    assert_eq!(map.complete, all);
    // No line without those of its scopes.
    for (&file, shown) in &chosen {
        for &line in shown {
            let scope = files[file].scope[line] as usize;
            assert!(scope == 0 || shown.contains(&(scope - 1)));
        }
    }
}

/// Text with whatever might join what should stay apart.
fn text() -> impl Strategy<Value = String> {
    let fragments = prop::sample::select(vec![
        "a",
        "Foo",
        "def",
        " ",
        "    ",
        "\t",
        "\n",
        "\r",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{3000}",
        "/",
        "_",
        ".",
        "(",
        "):",
        "{",
        "}",
        "…",
        "'s",
        "1",
        "234",
        "é",
        "\u{301}",
        "中",
        "🦀",
        "\u{202e}",
        "\0",
        "*/",
        "//",
        ":",
        ";",
        "==",
        "long_name_of_a_thing",
    ]);
    prop::collection::vec(fragments, 0..12).prop_map(|fragments| fragments.concat())
}

fn file_lines() -> impl Strategy<Value = FileLines> {
    let line = (1u32..3, any::<prop::sample::Index>(), text());
    (text(), prop::collection::vec(line, 0..8)).prop_map(|(path, lines)| {
        let mut file = FileLines { path, ..FileLines::default() };
        let mut number = 0;
        for (index, (step, scope, text)) in lines.iter().enumerate() {
            file.line.push(number);
            number += step;
            file.scope.push(scope.index(index + 1) as u32);
            file.text.push(text);
        }
        file
    })
}

fn repository() -> impl Strategy<Value = (Vec<FileLines>, Entries)> {
    let files = prop::collection::vec(file_lines(), 1..6);
    let entries = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..24);
    (files, entries).prop_map(|(files, picks)| {
        let mut entries = Entries::default();
        for (file, line) in picks {
            let file = file.index(files.len());
            entries.file.push(file as u32);
            entries.line.push(line.index(files[file].line.len() + 1) as u32);
        }
        (files, entries)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_map_is_within_its_budget_and_uses_it(
        (files, entries) in repository(),
        budget in prop_oneof![0u32..40, 0u32..400, Just(u32::MAX)],
    ) {
        for tokenizer in TOKENIZERS {
            let options = Options { tokenizer, budget, order: MapOrder::Relevance };
            let map = render(&files, &entries, options).unwrap();
            assert_sound(&map, &files, &entries, options);
            let options = Options { order: MapOrder::Path, ..options };
            let by_path = render(&files, &entries, options).unwrap();
            assert_sound(&by_path, &files, &entries, options);
            assert_eq!((chosen_of(&by_path, &files), by_path.complete), (chosen_of(&map, &files), map.complete));
        }
    }
}

/// A repository of source-like lines: `files` files of 50 lines each, in scopes up to three deep.
fn large(files: u32) -> (Vec<FileLines>, Entries) {
    let (mut state, words) =
        (7u64, ["get", "user", "Config", "parse", "Node", "index", "handle", "value", "request", "Map"]);
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut all = vec![];
    for number in 0..files {
        let mut file = FileLines {
            path: format!("src/{}/{}_{number}.py", words[random(10)], words[random(10)]),
            ..FileLines::default()
        };
        for index in 0..50 {
            file.line.push(index * 7 + random(7) as u32);
            let depth = [0, 1, 1, 2][random(4)].min(index);
            file.scope.push(if depth == 0 { 0 } else { index - random(index.min(4) as usize) as u32 });
            let name = format!("{}_{}_{}", words[random(10)], words[random(10)], random(3000));
            file.text.push(&format!("{}def {name}(self, {}=None):", "    ".repeat(depth as usize), words[random(10)]));
        }
        all.push(file);
    }
    let mut entries = Entries::default();
    for _ in 0..files * 50 {
        entries.file.push(random(files as usize) as u32);
        entries.line.push(random(51) as u32);
    }
    (all, entries)
}

#[test]
fn large_maps_use_97_percent() {
    let (files, entries) = large(400);
    for tokenizer in TOKENIZERS {
        for budget in [0, 1, 10, 100, 1_000, 8_000, 128_000, u32::MAX] {
            let options = Options { tokenizer, budget, ..Options::default() };
            let map = render(&files, &entries, options).unwrap();
            assert_within(&map, options);
            assert_eq!(map.complete, budget == u32::MAX);
            // Below 100 a single path may be more than what is left.
            let enough = if budget == u32::MAX || budget < 100 { 0 } else { u64::from(budget) * 97 / 100 };
            assert!(u64::from(map.tokens) >= enough, "{tokenizer:?}: {} of {budget}", map.tokens);
        }
    }
}

#[test]
fn a_deep_nest_is_shown_whole_or_not_at_all() {
    let count = 50_000;
    let file = FileLines {
        path: "deep.js".into(),
        line: (0..count).collect(),
        scope: (0..count).collect(),
        text: (0..count).map(|_| "function () {").collect(),
    };
    let entries = Entries { file: vec![0; count as usize], line: (1..=count).rev().collect() };
    for budget in [0, 1_000, u32::MAX] {
        let options = Options { tokenizer: Tokenizer::O200k, budget, ..Options::default() };
        let map = render(std::slice::from_ref(&file), &entries, options).unwrap();
        assert_within(&map, options);
        assert_eq!(map.complete, budget == u32::MAX);
    }
}
