//! The words that names and paths are made of.

/// Shortest word that says anything, in letters.
const SHORTEST: usize = 2;

/// The words of a name, in lower case, in order: `parse_HTMLPage2` is parse, html, page. Numbers are no words.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = name.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        if !letter.is_alphabetic() {
            keep(&mut words, &mut word);
            before = None;
            continue;
        }
        // A capital begins a word after a small letter, and before one: `aB`, and the `P` of `HTMLPage`.
        let next_is_small = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = before.is_some_and(|before: char| before.is_lowercase() || next_is_small);
        if letter.is_uppercase() && begins {
            keep(&mut words, &mut word);
        }
        word.extend(letter.to_lowercase());
        before = Some(letter);
    }
    keep(&mut words, &mut word);
    words
}

fn keep(words: &mut Vec<String>, word: &mut String) {
    let word = std::mem::take(word);
    if word.chars().nth(SHORTEST - 1).is_some() {
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_apart_at_capitals_and_at_what_is_no_letter() {
        for (name, expected) in [
            ("parse_HTMLPage2", &["parse", "html", "page"][..]),
            ("kebab-case.py", &["kebab", "case", "py"]),
            ("getURL", &["get", "url"]),
            ("XMLHttpRequest", &["xml", "http", "request"]),
            ("x1_y", &[]),
            ("GrößeÄndern", &["größe", "ändern"]),
            ("数据", &["数据"]),
            ("", &[]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }
}
