//! A small repository, and what holds for every answer about one, whatever its files are.

use std::collections::BTreeMap;

use astlas_atlas::{
    map::{Map, MapRequest},
    symbols::Symbol,
};
use astlas_model::stages::Tokenizer;

/// Contents by path.
pub type Contents = BTreeMap<String, Vec<u8>>;

/// Files that use each other.
pub const FILES: [(&str, &str); 4] = [
    (
        "app/main.py",
        "from app.tools import slugify\n\nclass Main:\n    def run(self, text):\n        return slugify(text)\n",
    ),
    (
        "app/tools.py",
        "\"\"\"Tools.\"\"\"\ndef slugify(text):\n    # lower\n    return text.lower()\n\ndef other(): pass\n",
    ),
    ("lib/main.rs", "mod tools;\nfn main() { tools::run(); }\nstruct Main;\nimpl Main { fn run(&self) {} }\n"),
    ("tests/test_main.py", "from app.main import Main\n\ndef test_main():\n    assert Main().run('A') == 'a'\n"),
];

/// The repository as contents.
pub fn contents() -> Contents {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// How many lines a file has, as the parser counts: of its text, where bytes that are no UTF-8 were replaced.
fn lines(contents: &Contents, path: &str) -> usize {
    let content = contents.get(path).unwrap_or_else(|| panic!("{path}: not in the repository"));
    String::from_utf8_lossy(content).lines().count()
}

/// Checks that a map keeps to its budget, and shows lines of the repository alone.
pub fn check_map(map: &Map, request: &MapRequest, contents: &Contents) {
    assert!(map.tokens <= request.budget, "{} of {} tokens", map.tokens, request.budget);
    let counted = astlas_repomap::count(&map.text, request.tokenizer);
    // An estimate by characters is rounded up for text and fences apart.
    let rounded = u32::from(request.fenced && request.tokenizer == Tokenizer::Chars);
    assert!((counted..=counted + rounded).contains(&map.tokens), "{} for {counted}: {:?}", map.tokens, map.text);
    for file in &map.files {
        let lines = lines(contents, &file.path);
        assert!(file.lines.iter().all(|&line| (line as usize) < lines), "{}: {:?} of {lines}", file.path, file.lines);
        assert!(file.score.is_finite() && file.score >= 0.0, "{}: {}", file.path, file.score);
    }
}

/// Checks that ranks are numbers, in order, and of files of the repository, each once.
pub fn check_ranks(ranks: &[(String, f64)], contents: &Contents) {
    assert!(ranks.iter().all(|(path, score)| contents.contains_key(path) && score.is_finite() && *score >= 0.0));
    assert!(ranks.is_sorted_by(|one, next| one.1 > next.1 || one.1 == next.1 && one.0 < next.0), "{ranks:?}");
}

/// Checks that definitions are where the repository has lines.
pub fn check_symbols(symbols: &[Symbol], contents: &Contents) {
    for symbol in symbols {
        let lines = lines(contents, &symbol.file);
        assert!((symbol.line as usize) < lines, "{}: line {} of {lines}", symbol.file, symbol.line);
    }
}
