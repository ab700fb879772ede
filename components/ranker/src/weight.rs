//! How much a use of a name counts: the fixed table of the classic profile.

/// A name the caller mentioned.
const MENTIONED: f64 = 10.0;
/// A name of several words and some length: chosen with care, so it rarely means two things.
const MULTI_WORD: f64 = 10.0;
/// Characters from which a name of several words is long enough for that.
const MULTI_WORD_LENGTH: usize = 8;
/// A name its author marks as internal.
const INTERNAL: f64 = 0.1;
/// A name that many files define says little about which of them is meant.
const COMMON: f64 = 0.1;
/// Most definers of a name that is not common.
const FEW_DEFINERS: usize = 5;

/// What every use of a name is multiplied by, wherever it stands.
pub fn multiplier(name: &str, mentioned: bool, definers: usize) -> f64 {
    let factors = [
        (mentioned, MENTIONED),
        (is_multi_word(name), MULTI_WORD),
        (name.starts_with('_'), INTERNAL),
        (definers > FEW_DEFINERS, COMMON),
    ];
    factors.iter().filter(|(applies, _)| *applies).map(|(_, factor)| factor).product()
}

/// Whether a name is long enough and written in snake, kebab or camel case.
fn is_multi_word(name: &str) -> bool {
    let joined = (name.contains('_') || name.contains('-')) && name.contains(char::is_alphabetic);
    let camel = || name.contains(char::is_uppercase) && name.contains(char::is_lowercase);
    (joined || camel()) && name.chars().count() >= MULTI_WORD_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_words_are_seen_in_any_case() {
        for name in
            ["snake_case", "kebab-case", "camelCase", "PascalCase", "_private", "größeÄnd", "__init__", "x-------"]
        {
            assert!(is_multi_word(name), "{name}");
        }
        // Too short by one character (the last in bytes long enough), one word, or no letter at all.
        for name in [
            "snake_c",
            "kebab-c",
            "camelCa",
            "ÄäÄäÄäÄ",
            "lowercase",
            "UPPERCASE",
            "________",
            "1_2-3_4_5",
            "数据数据数据数据",
        ] {
            assert!(!is_multi_word(name), "{name}");
        }
    }

    #[test]
    fn factors_multiply() {
        let near = |one: f64, other: f64| (one - other).abs() < 1e-12;
        assert!(near(multiplier("name", false, 5), 1.0));
        assert!(near(multiplier("name", true, 5), 10.0));
        assert!(near(multiplier("name", false, 6), 0.1));
        assert!(near(multiplier("_name", false, 1), 0.1));
        assert!(near(multiplier("_long_name", false, 1), 1.0));
        assert!(near(multiplier("longer_name", true, 6), 10.0));
    }
}
