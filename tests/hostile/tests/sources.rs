//! Source that no editor would write, in every language, on its whole way to a map. What the parser alone makes of
//! hostile text is tried in its own tests.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_atlas::{
    Atlas,
    indexed::Indexed,
    map::{Map, MapRequest},
    memory::{MemoryCache, MemoryFiles},
    ports::Files,
    rank::Context,
    source::FILE_LIMIT,
};
use astlas_hostile::{
    Native,
    repository::{self, Contents},
    seeds, work,
};
use astlas_model::{Tags, tags::DiagnosticType};
use pollster::block_on;

/// Work for each file where error recovery would take all of it, in the parser's units.
const SOON: u64 = 300;

/// Indexes files, draws their map, and checks what holds for every one: the map, and the tags of each file.
fn draw(contents: Contents, budget: u32) -> (Map, Vec<Tags>) {
    let files = MemoryFiles::new(contents.clone());
    let atlas = Atlas { stages: Native, cache: MemoryCache::default(), repository: "here".into() };
    let indexed: Indexed = block_on(atlas.index(&files, &())).unwrap();
    assert_eq!(indexed.snapshot.graph.fault(), None);
    assert!(indexed.snapshot.graph.files.iter().all(|path| contents.contains_key(path)));
    let request = MapRequest { budget, context: Context::default(), ..MapRequest::default() };
    let map = block_on(atlas.map(&indexed, &files, &request)).unwrap();
    repository::check_map(&map, &request, &contents);
    let ranks = block_on(atlas.ranked_files(&indexed, &Context::default())).unwrap();
    repository::check_ranks(&ranks, &contents);
    assert_eq!(files.entries().len(), contents.len());
    let wanted: Vec<u32> = (0..indexed.snapshot.graph.files.len() as u32).collect();
    let tags = block_on(atlas.tags_of(&indexed, &files, &wanted)).unwrap();
    assert!(tags.iter().all(Tags::is_sound));
    (map, tags)
}

/// A file for each language, made from an example of it.
fn in_every_language(make: impl Fn(&[u8]) -> Vec<u8>) -> Contents {
    let languages = astlas_parser::languages();
    let file = |(language, example): (&astlas_model::Language, Vec<u8>)| {
        let name = match (language.extensions.first(), language.file_names.first()) {
            (Some(extension), _) => format!("{}.{extension}", language.name),
            (None, name) => name.unwrap().clone(),
        };
        (name, make(&example))
    };
    let examples = languages.iter().map(|language| seeds::examples(&language.name).remove(0));
    languages.iter().zip(examples).map(file).collect()
}

fn diagnosed(tags: &[Tags], kind: DiagnosticType) -> usize {
    tags.iter().filter(|tags| tags.diagnostics.types.contains(&kind)).count()
}

/// OCaml's scanner calls itself for every nested comment, so natively it needs a stack as deep as the text.
fn deep_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(test).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

#[test]
fn every_language_in_one_repository_survives() {
    deep_stack(|| {
        work::limit(SOON);
        let languages = astlas_parser::languages().len();
        let mut tried = 0;
        let mut draw = |contents: Contents| {
            tried += contents.len();
            draw(contents, 400)
        };

        // Lines of the language itself, over and over: whatever a line opens is opened ten thousand times.
        for number in 0..10 {
            draw(in_every_language(|example| {
                let lines: Vec<&[u8]> = example.split_inclusive(|&byte| byte == b'\n').collect();
                lines[number * 7 % lines.len()].repeat(10_000)
            }));
        }
        // One line, one word, one letter of each: a megabyte without an end.
        draw(in_every_language(|example| {
            let line: Vec<u8> = example.iter().map(|&byte| if byte == b'\n' { b' ' } else { byte }).collect();
            line.repeat((1 << 20) / line.len())
        }));
        draw(in_every_language(|example| vec![example[0].max(b'a'); 1 << 20]));
        // A byte that no UTF-8 has, at the beginning, in the middle and at the end; letters cut in two, and twice as long.
        for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe2\x82"] {
            for place in 0..3 {
                let (_, tags) = draw(in_every_language(|example| {
                    let (before, after) = example.split_at(place * example.len() / 2);
                    [before, bad, after].concat()
                }));
                assert_eq!(diagnosed(&tags, DiagnosticType::InvalidUtf8), languages, "{}", bad.escape_ascii());
            }
        }
        // Marks that turn the direction of writing, or that nobody sees; a zero, which makes it no text.
        for mark in ["\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{85}"] {
            let (map, _) = draw(in_every_language(|example| {
                let parts: Vec<&[u8]> = example.split_inclusive(|&byte| byte == b' ').collect();
                parts.join(mark.as_bytes())
            }));
            assert!(!map.files.is_empty());
        }
        let (_, tags) = draw(in_every_language(|example| [example, b"\0"].concat()));
        assert_eq!(diagnosed(&tags, DiagnosticType::Binary), languages);
        // Where no decision is made any more, a zero is a letter like others.
        let (_, tags) = draw(in_every_language(|example| [example, b"\n".repeat(9_000).as_slice(), b"\0"].concat()));
        assert_eq!(diagnosed(&tags, DiagnosticType::Binary), 0);
        println!("tried: sources from file to map: {tried} files in {languages} languages");
    });
}

#[test]
fn any_single_byte_is_a_file() {
    let byte = |byte: u8| (format!("b{byte:03}.py"), vec![byte]);
    let (map, tags) = draw((0..=255).map(byte).chain([("empty.py".into(), vec![])]).collect(), 10_000);
    assert_eq!((tags.len(), diagnosed(&tags, DiagnosticType::Binary)), (257, 1));
    assert_eq!(diagnosed(&tags, DiagnosticType::InvalidUtf8), 128);
    assert!(map.complete);
}

#[test]
fn files_from_one_byte_to_a_hundred_megabytes() {
    let text = |size: usize| b"# a line of code\n".iter().copied().cycle().take(size).collect::<Vec<u8>>();
    let limit = FILE_LIMIT as usize;
    let sizes = [1, 2, 17, 4 << 10, 64 << 10, 1 << 20, limit, limit + 1, 100 << 20];
    let files = sizes.iter().map(|&size| (format!("f{size:09}.py"), text(size))).collect();
    let (map, tags) = draw(files, 1_000);
    for (&size, tags) in sizes.iter().zip(&tags) {
        let is_read = size <= limit;
        assert_eq!(tags.diagnostics.types.contains(&DiagnosticType::TooLarge), !is_read, "{size} bytes");
        assert_eq!(tags.lines as usize, if is_read { size.div_ceil(17) } else { 0 }, "{size} bytes");
        let said = tags.diagnostics.message.iter().any(|message| message.contains(&format!("{size} bytes, more than")));
        assert!(said != is_read, "{size} bytes");
    }
    assert!(map.tokens <= 1_000);
}
