//! Counts agree with bpe-openai, which reads the same vocabularies by other means.

use astlas_repomap::{Tokenizer, count};
use proptest::prelude::*;

const TOKENIZERS: [Tokenizer; 2] = [Tokenizer::O200k, Tokenizer::Cl100k];

fn reference(text: &str, tokenizer: Tokenizer) -> u32 {
    let judge = match tokenizer {
        Tokenizer::O200k => bpe_openai::o200k_base(),
        Tokenizer::Cl100k => bpe_openai::cl100k_base(),
        Tokenizer::Chars => return text.chars().count().div_ceil(4) as u32,
    };
    judge.count(text) as u32
}

fn assert_agree(text: &str) {
    for tokenizer in TOKENIZERS {
        assert_eq!(count(text, tokenizer), reference(text, tokenizer), "{tokenizer:?} on {text:?}");
    }
}

/// Characters at which the splitting rules part ways: one or more of each class, contractions, slashes and line breaks.
fn telling() -> impl Strategy<Value = String> {
    let fragments = prop::sample::select(vec![
        "a",
        "B",
        "s",
        "S",
        "ſ",
        "ǅ",
        "ß",
        "É",
        "é",
        "ʰ",
        "中",
        "का",
        "e\u{301}",
        "\u{301}",
        "1",
        "²",
        "Ⅷ",
        "٣",
        "'",
        "'s",
        "'S",
        "'ll",
        "'LL",
        "'lL",
        "'re",
        "'Ve",
        "'d",
        "'ſ",
        "’",
        " ",
        "  ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{3000}",
        "/",
        "//",
        "_",
        ".",
        "(",
        "):",
        "…",
        "🦀",
        "\u{fffd}",
        "\u{0}",
        "\u{10ffff}",
        "\u{e000}",
        "K",
    ]);
    prop::collection::vec(fragments, 0..24).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn on_telling_text(text in telling()) {
        assert_agree(&text);
    }

    #[test]
    fn on_any_text(text in "\\PC{0,60}") {
        assert_agree(&text);
    }

    #[test]
    fn on_any_characters(text in prop::collection::vec(any::<char>(), 0..40)) {
        assert_agree(&text.into_iter().collect::<String>());
    }

    #[test]
    fn on_long_words(text in "[a-zA-Z_=+/]{0,300}") {
        assert_agree(&text);
    }
}

#[test]
fn on_every_character() {
    let characters: Vec<char> = ('\0'..=char::MAX).collect();
    for chunk in characters.chunks(4096) {
        // Between letters, so that the class decides where pieces end; one reference call for many characters.
        assert_agree(
            &chunk.iter().flat_map(|&letter| ['a', letter, 'B', letter, letter, 'c', '\n']).collect::<String>(),
        );
    }
}

#[test]
fn on_source_code() {
    for text in [include_str!("../src/tokens/split.rs"), include_str!("../../../Cargo.lock"), include_str!("tokens.rs")]
    {
        assert_agree(text);
        text.lines().for_each(assert_agree);
    }
}

#[test]
fn on_pieces_without_end() {
    // Long enough for quadratic time to be noticed.
    for unit in ["a", "ab", "=", " ", "\n", "a1", "中", "🦀", "'s", "Ab", "\t \n"] {
        let text = unit.repeat(200_000 / unit.len());
        for tokenizer in TOKENIZERS {
            assert!(count(&text, tokenizer) > 0, "{unit:?}");
        }
    }
    assert_agree(&"ab".repeat(5_000));
    assert_agree(&" \n".repeat(5_000));
}

#[test]
fn characters_are_counted_in_fours() {
    for (text, tokens) in [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("中中中中中", 2)] {
        assert_eq!(count(text, Tokenizer::Chars), tokens, "{text:?}");
    }
}
