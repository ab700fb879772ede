//! Hostile and odd text, in every language: it yields sound tags, the same ones from every parser, within its work
//! limit.
//!
//! Quadratic time would show as a test that does not end: the texts are up to 5 MB long.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{fs, path::Path};

use astlas_model::{Tags, tags::DiagnosticType};
use astlas_parser::{Options, Parser, languages};

/// Nested, repeated and cut as often as this, unless a test says otherwise.
const DEPTH: usize = 100_000;

/// Work for texts that may be given up: enough for 15 kB of real code, and soon spent by error recovery. There are
/// about 200 texts for each language, each parsed twice, and the tests are run often.
const SOON: u64 = 300;

/// A text, and the work it may take; 0 is the parser's own limit.
struct Case {
    name: String,
    text: String,
    work_limit: u64,
}

fn case(name: impl Into<String>, text: impl Into<String>, work_limit: u64) -> Case {
    Case { name: name.into(), text: text.into(), work_limit }
}

/// Two threads, because there are many languages and the tests of one need nothing from the other.
#[test]
fn the_first_languages_survive_hostile_text() {
    deep_stack(|| each_language(|index| index % 2 == 0));
}

#[test]
fn the_other_languages_survive_hostile_text() {
    deep_stack(|| each_language(|index| index % 2 == 1));
}

/// OCaml's scanner calls itself for every nested comment. In a sandbox that ends in a trap, which costs the file alone
/// (tests/tests/bad_input.rs); natively it needs a stack as deep as the text.
fn deep_stack(test: fn()) {
    const STACK: usize = 1 << 30;
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

fn each_language(chosen: fn(usize) -> bool) {
    let only = std::env::var("LANGUAGE").ok();
    for (index, language) in languages().into_iter().map(|language| language.name).enumerate() {
        if !chosen(index) || only.as_ref().is_some_and(|only| *only != language) {
            continue;
        }
        let sources = test_sources(&language);
        let mut cases = odd_texts();
        cases.extend(nested_texts());
        cases.extend(long_texts());
        cases.extend(sources.iter().enumerate().flat_map(|(seed, source)| broken_texts(source, seed as u64)));
        let mut reused = Parser::default();
        let first: Vec<Tags> = cases.iter().map(|case| parse(&mut reused, &language, case)).collect();
        // Another parser meets them the other way round: what it parsed before must not matter.
        let mut other = Parser::default();
        for (case, tags) in cases.iter().zip(&first).rev() {
            assert!(
                parse(&mut other, &language, case) == *tags,
                "{language}: {}: other tags the second time",
                case.name
            );
        }
        for source in &sources {
            same_tags_in_other_clothes(&mut reused, &language, source);
            every_work_limit_is_kept(&mut reused, &mut other, &language, source);
        }
    }
}

/// Parses and checks what every reader of tags relies on.
fn parse(parser: &mut Parser, language: &str, case: &Case) -> Tags {
    let Case { name, text, work_limit } = case;
    let tags = parser.parse(language, text, Options { work_limit: *work_limit }).unwrap();
    let at = format!("{language}: {name}");
    assert!(tags.is_sound(), "{at}");
    assert_eq!(tags.language, language, "{at}");
    assert_eq!(tags.lines as usize, text.lines().count(), "{at}");
    let line_starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |byte: u32| line_starts.partition_point(|start| *start <= byte as usize) as u32 - 1;
    let d = &tags.definitions;
    for index in 0..d.name.len() {
        let (start, end) = (d.start_byte[index], d.end_byte[index]);
        let code = text.get(start as usize..end as usize).unwrap_or_else(|| panic!("{at}: definition {start}..{end}"));
        assert!(code.contains(tags.name(d.name[index])), "{at}: definition {start}..{end} without its name");
        assert_eq!(
            (d.start_line[index], d.end_line[index]),
            (line_of(start), line_of(end)),
            "{at}: definition {start}"
        );
        assert!((d.start_line[index]..=d.end_line[index]).contains(&d.name_line[index]), "{at}: definition {start}");
        let scope = d.scope[index].checked_sub(1).map(|scope| scope as usize);
        assert!(
            scope.is_none_or(|scope| d.start_byte[scope] <= start && end <= d.end_byte[scope]),
            "{at}: scope of {start}"
        );
        for line in [d.signature.get(index), d.doc.get(index)] {
            assert!(line.is_some_and(|line| !line.contains('\n') && line.chars().count() <= 200), "{at}: {line:?}");
        }
    }
    let r = &tags.references;
    for index in 0..r.name.len() {
        let (start, end) = (r.start_byte[index], r.end_byte[index]);
        assert_eq!(text.get(start as usize..end as usize), Some(tags.name(r.name[index])), "{at}: reference {start}");
        assert_eq!(r.line[index], line_of(start), "{at}: reference {start}");
    }
    assert!(d.start_byte.is_sorted() && r.start_byte.is_sorted(), "{at}: order");
    assert!(
        tags.imports.line.is_sorted() && tags.exports.line.is_sorted() && tags.diagnostics.line.is_sorted(),
        "{at}: order"
    );
    assert!(tags.diagnostics.line.len() <= 50 && tags.diagnostics.line.iter().all(|line| *line <= tags.lines), "{at}");
    // The host gives a component so much memory: tags stay in proportion to their text.
    let strings = [&tags.names, &d.signature, &d.doc, &tags.imports.path, &tags.imports.name];
    let size: usize = strings.iter().map(|strings| strings.text.len()).sum();
    assert!(size <= 100 * text.len() + 1_000, "{at}: {size} bytes of tags for {} bytes of text", text.len());
    tags
}

fn odd_texts() -> Vec<Case> {
    let mut random = Random(7);
    let bytes: Vec<u8> = (0..20_000).map(|_| random.next() as u8).collect();
    let ascii: String = (0..20_000).map(|_| (b' ' + (random.next() % 95) as u8) as char).collect();
    vec![
        case("empty", "", 0),
        case("spaces", " \t ".repeat(DEPTH), 0),
        case("newlines", "\n".repeat(DEPTH), 0),
        case("carriage returns", "\r".repeat(DEPTH), 0),
        case("only a byte order mark", "\u{feff}", 0),
        case("byte order marks", "\u{feff}".repeat(1_000), SOON),
        case("nul", "\0".repeat(10_000), SOON),
        case("nul between words", "\u{7f}ELF\0\u{1}\0int main\0 = \0(\0\n".repeat(200), SOON),
        case("replacement characters", "\u{fffd}".repeat(2_000), SOON),
        case("random bytes", String::from_utf8_lossy(&bytes), SOON),
        case("random characters", ascii, SOON),
        case("direction marks", "a\u{202e}b\u{2066} = \u{2069}c\u{200f}()\n".repeat(500), SOON),
        case("zero width", "\u{200b}a\u{200d}b\u{feff}\u{2060} = 1\n".repeat(500), SOON),
        case("combining characters", format!("a{} = 1\n", "\u{301}".repeat(10_000)), SOON),
        case("outside the basic plane", "𝔘𝔫𝔦 = \"🦀🦀\" + 名前(é)\n".repeat(500), SOON),
        case("line separators", "a = 1\u{2028}b = 2\u{2029}\u{85}\u{b}\u{c}c = 3\n".repeat(500), SOON),
    ]
}

fn nested_texts() -> Vec<Case> {
    let mut cases = vec![];
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("f(", ")"), ("a[", "]"), ("x{y:", "}")] {
        let nested = |depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
        cases.push(case(format!("{open} nested"), nested(DEPTH), SOON));
        cases.push(case(format!("{open} nested less"), nested(1_500), SOON));
        cases.push(case(format!("{open} nested behind an equals sign"), format!("x = {}\n", nested(1_500)), SOON));
        cases.push(case(format!("{open} never closed"), open.repeat(DEPTH), SOON));
        cases.push(case(format!("{open} closed, never opened"), close.repeat(DEPTH), SOON));
        // More children than an error node may have for the query to run through it.
        cases.push(case(format!("{open} never closed, read to its end"), open.repeat(3_000), 10 * SOON));
    }
    let openers = [
        "if (a) {",
        "if a then ",
        "if a {",
        "if a:\n ",
        "if a\n",
        "function f() {",
        "fn f() {",
        "def f\n",
        "def f():\n ",
        "f() {\n",
        "class A {",
        "class A\n",
        "module A\n",
        "module A = struct ",
        "let a = ",
        "case a of ",
        "do ",
        "begin ",
        "a -> ",
        "a.b().",
        "a ? ",
        "a + ",
        "! ",
        "@a ",
        "#{",
        "\"#{",
        "\"\\(",
        "${",
        "<<E\n",
        "<a>",
        "[[",
        "/*",
        "(*",
        "{-",
        "'",
        "\"",
        "`",
        "else if a {}",
        "#if a\n",
    ];
    for open in openers {
        cases.push(case(format!("{open:?} over and over"), open.repeat(DEPTH), SOON / 3));
        cases.push(case(format!("{open:?} again and again"), open.repeat(200), SOON));
    }
    cases
}

/// Lines of 5 MB and names of 1 MB.
fn long_texts() -> Vec<Case> {
    let line = |text: &str| text.repeat(5_000_000 / text.len());
    let mut cases = vec![
        case("one line of assignments", line("a = f(b); "), SOON),
        case("one line of declarations", line("int a; "), SOON),
        case("one line of definitions", line("def f(a) = b; "), SOON),
        case("one line of comments", line("/* a */ // b # c -- d "), SOON),
        case("a name of 1 MB", "a".repeat(1_000_000), 10 * SOON),
        case(
            "a name of 1 MB and what it is",
            format!("def {0}\nint {0};\nlet {0} = {0}\n", "a".repeat(250_000)),
            10 * SOON,
        ),
        case("names within names", "a::".repeat(30_000) + "a." + &"a.".repeat(30_000) + "a", 10 * SOON),
        case("a string of 1 MB", format!("x = \"{}\"\n", "a\\n ".repeat(250_000)), 10 * SOON),
        case("comments above comments", "# a\n// a\n-- a\n".repeat(3_000), SOON),
    ];
    // Names of very many parts, each of which may be a scope.
    let names =
        [("extension ", ".", " {}"), ("fun ", ".", "() {}"), ("void ", "::", "() {}"), ("function ", ".", "() end")];
    let more =
        [("import ", ".", "\n"), ("class ", "::", "\nend"), ("namespace ", "::", " {}"), ("function ", ".", "()\nend")];
    for (before, between, after) in names.into_iter().chain(more) {
        let name = vec!["Ab"; 3_000].join(between);
        cases.push(case(format!("{before}Ab{between}Ab…{after}"), format!("{before}{name}{after}\n"), 10 * SOON));
    }
    cases
}

/// Real code of the language, cut, torn and mixed.
fn broken_texts(source: &str, seed: u64) -> Vec<Case> {
    let mut random = Random(seed + 1);
    let mut cases = vec![];
    for _ in 0..6 {
        let at = source.floor_char_boundary(random.below(source.len()));
        let to = source.floor_char_boundary(at + random.below(source.len() - at));
        cases.push(case(format!("cut at {at}"), &source[..at], 0));
        cases.push(case(format!("begun at {at}"), &source[at..], 0));
        cases.push(case(format!("without {at}..{to}"), source[..at].to_owned() + &source[to..], 0));
    }
    let marks =
        ["\u{202e}", "\u{2067}", "\u{200b}", "\u{feff}", "\0", "\r", "(", "}", "\"", "'", "end", "é", "\u{1f980}"];
    for _ in 0..4 {
        let mut marked = source.to_owned();
        for _ in 0..20 {
            marked.insert_str(marked.floor_char_boundary(random.below(marked.len())), marks[random.below(marks.len())]);
        }
        cases.push(case("marks strewn in", marked, 0));
    }
    let mut lines: Vec<&str> = source.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let other = random.below(lines.len());
        lines.swap(at, other);
    }
    cases.push(case("lines shuffled", lines.concat().repeat(3), 0));
    let words: Vec<&str> = source.split_inclusive(|letter: char| !letter.is_alphanumeric()).collect();
    let soup: String = (0..4_000).map(|_| words[random.below(words.len())]).collect();
    cases.push(case("very many errors", soup, SOON));
    cases
}

/// A byte order mark, or line ends of another system, change nothing in what a file defines.
fn same_tags_in_other_clothes(parser: &mut Parser, language: &str, source: &str) {
    let definitions = |tags: &Tags| -> Vec<(String, u32)> {
        let names = (0..tags.definitions.name.len()).map(|index| tags.qualified_name(index));
        names.zip(tags.definitions.name_line.iter().copied()).collect()
    };
    let plain = parse(parser, language, &case("as it is", source, 0));
    for (name, text) in [("crlf", source.replace('\n', "\r\n")), ("byte order mark", format!("\u{feff}{source}"))] {
        let tags = parse(parser, language, &case(name, text, 0));
        assert_eq!(definitions(&tags), definitions(&plain), "{language}: {name}");
    }
}

/// From one unit up to enough: a diagnostic as long as it is not, and the same tags as without a limit once it is.
fn every_work_limit_is_kept(parser: &mut Parser, other: &mut Parser, language: &str, source: &str) {
    let limited = |tags: &Tags| tags.diagnostics.types.contains(&DiagnosticType::WorkLimit);
    let text = source.repeat(2);
    let whole = parse(parser, language, &case("without a limit", &text, 0));
    assert!(!limited(&whole), "{language}: real code has to stay far below the limit");
    let mut limits = (0..).map(|power| 1 << power);
    loop {
        let work_limit = limits.next().unwrap();
        let case = case(format!("{work_limit} units"), &text, work_limit);
        let tags = parse(parser, language, &case);
        assert!(tags == parse(other, language, &case), "{language}: {work_limit} units: other tags the second time");
        if !limited(&tags) {
            assert!(work_limit > 1 && tags == whole, "{language}: {work_limit} units");
            return;
        }
        assert!(tags.definitions.name.len() <= whole.definitions.name.len(), "{language}: {work_limit} units");
    }
}

/// Code as valid as it is unusual; no limit but the parser's own, which it must not reach.
#[test]
fn valid_code_of_any_shape_is_read_to_its_end() {
    let mut parser = Parser::default();
    let mut read = |language: &str, text: String| {
        let name: String = text.chars().take(20).collect();
        let tags = parse(&mut parser, language, &case(&name, text, 0));
        assert!(tags.diagnostics.types.is_empty(), "{language}: {:?}", tags.diagnostics);
        tags
    };
    let tags = read("python", "a = 1; ".repeat(5_000_000 / 7) + "\n");
    assert_eq!(tags.definitions.name.len(), 5_000_000 / 7);
    let tags = read("javascript", "function f(a){return g(a)}".repeat(DEPTH));
    assert_eq!(tags.definitions.name.len(), DEPTH);
    assert_eq!(tags.definitions.signature.get(DEPTH - 1), Some("function f(a)"));
    let tags = read("c", format!("int {};\n", vec!["a"; DEPTH].join(", ")));
    assert!(tags.definitions.scope.iter().all(|scope| *scope == 0), "names of one declaration stand side by side");
    let tags = read("python", format!("# {}\n{}\n", "-".repeat(1_000_000), "a = 1; ".repeat(DEPTH)));
    assert_eq!(tags.definitions.name.len(), DEPTH);
    let tags = read("rust", "/*a*/ fn f() {}\n".repeat(20_000));
    assert!(tags.definitions.doc.iter().all(str::is_empty), "a comment before code speaks of that code");
    let tags =
        read("python", format!("from {0} import {1}\n", vec!["a"; 20_000].join("."), vec!["b"; 20_000].join(", ")));
    assert!(tags.imports.path.text.len() < 40 * DEPTH, "a path is not kept once for each of very many names");
    read("javascript", "[".repeat(2_000) + &"]".repeat(2_000));
    read("javascript", "f(".repeat(500) + "1" + &")".repeat(500));
    read(
        "python",
        (0..90).map(|depth| " ".repeat(depth) + "class A:\n").collect::<String>() + &" ".repeat(90) + "pass\n",
    );
}

fn test_sources(language: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../queries").join(language).join("tests");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// Numbers without a pattern, the same on every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, or 0.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}
