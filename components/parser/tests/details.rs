//! What marked-up sources cannot say: of broken code, of names that are written more than once, of revisions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::collections::BTreeSet;

use astlas_model::Tags;
use astlas_parser::{Options, Parser, languages};

fn parse(language: &str, text: &str) -> Tags {
    Parser::default().parse(language, text, Options::default()).unwrap()
}

/// Qualified names and one-based lines of what is defined.
fn definitions(language: &str, text: &str) -> Vec<(String, u32)> {
    let tags = parse(language, text);
    (0..tags.definitions.name.len()).map(|at| (tags.qualified_name(at), tags.definitions.name_line[at] + 1)).collect()
}

#[track_caller]
fn defines(language: &str, text: &str, expected: &[(&str, u32)]) {
    let expected: Vec<_> = expected.iter().map(|(name, line)| (name.to_string(), *line)).collect();
    assert_eq!(definitions(language, text), expected, "{language}");
}

#[test]
fn a_type_behind_an_unknown_macro_is_no_variable() {
    defines("c", "TABLE_API int TABLE_CALL table_used(int slot);\n", &[("table_used", 1)]);
}

#[test]
fn what_is_written_twice_is_defined_twice() {
    defines("rust", "#[cfg(a)]\nfn f() {}\n#[cfg(not(a))]\nfn f() {\n}\n", &[("f", 2), ("f", 4)]);
    defines("typescript", "function f(a: string): void;\nfunction f(a: any) {}\n", &[("f", 1), ("f", 2)]);
    defines("python", "@overload\ndef f(a: int): ...\ndef f(a): pass\n", &[("f", 2), ("f", 3)]);
    let property = "class A:\n @property\n def x(self): return 1\n @x.setter\n def x(self, v): pass\n";
    defines("python", property, &[("A", 1), ("A.x", 3), ("A.x", 5)]);
    for language in ["c", "cpp"] {
        defines(language, "int f(int);\nint f(int a) { return a; }\n", &[("f", 1), ("f", 2)]);
        defines(language, "typedef struct node { int x; } node;\n", &[("node", 1), ("node.x", 1)]);
    }
    defines("javascript", "exports.foo = function foo() {};\nconst D = class D {};\n", &[("foo", 1), ("D", 2)]);
}

#[test]
fn a_name_is_imported_from_the_innermost_statement_around_it() {
    let text = "const { a = require('x'), b } = require('y');\nexport { c };\n";
    let imports = parse("javascript", text).imports;
    let found: Vec<_> = imports.path.iter().zip(imports.name.iter()).collect();
    assert_eq!(found, [("x", ""), ("y", "b")]);
}

#[test]
fn revisions_are_short_and_differ() {
    let revisions: BTreeSet<String> = languages().into_iter().map(|language| language.revision).collect();
    assert_eq!(revisions.len(), languages().len());
    assert!(revisions.iter().all(|revision| revision.len() == 12));
}

#[track_caller]
fn shows(language: &str, text: &str, expected: &[&str]) {
    let tags = parse(language, text);
    assert_eq!(tags.definitions.signature.iter().collect::<Vec<_>>(), expected, "{language}");
}

#[test]
fn a_signature_is_one_line_and_ends_before_the_body() {
    shows("python", "def f(\n    a,\n    b=1,\n) -> int:\n    return a\n", &["def f(a, b=1,) -> int:"]);
    shows("python", "class A:\n  @cached\n  def x(self): return secret()\n", &["class A:", "  def x(self):"]);
    shows("typescript", "export const f = (a: string) => { secret(); };\n", &["export const f = (a: string) =>"]);
    shows("cpp", "template <class T>\nT twice(T a) { return a + a; }\n", &["T twice(T a)"]);
    shows("rust", "pub fn f<T>(\n    a: T,\n)\nwhere\n    T: Copy,\n{\n}\n", &["pub fn f<T>(a: T,) where T: Copy,"]);
    shows("go", "package p\n\nvar F = func(a int) int { return a }\n", &["var F = func(a int) int"]);
}

/// One-based lines on which definitions begin and end.
fn spans(language: &str, text: &str) -> Vec<(u32, u32)> {
    let definitions = parse(language, text).definitions;
    definitions.start_line.iter().zip(&definitions.end_line).map(|(start, end)| (start + 1, end + 1)).collect()
}

#[test]
fn a_definition_ends_on_its_last_line() {
    assert_eq!(spans("c", "#define A 1\r\n#define B \\\n  2\nint c;\n"), [(1, 1), (2, 3), (4, 4)]);
    assert_eq!(spans("markdown", "# A\n\n## B\ntext\n\n\n# C\n"), [(1, 4), (3, 4), (7, 7)]);
}

#[test]
fn a_heading_may_be_underlined() {
    defines("markdown", "A\n===\n\nB\n---\n", &[("A", 1), ("B", 4)]);
}

#[test]
fn code_in_code_has_the_positions_of_the_whole_file() {
    let text = "<p/>\n<script>let a = 1</script><script>\nfunction b() { c(); }\n</script>\n<style>d {}</style>\n";
    let tags = parse("vue", text);
    assert_eq!(definitions("vue", text), [("a".into(), 2), ("b".into(), 3)]);
    assert_eq!(tags.definitions.start_byte[1] as usize, text.find("function").unwrap());
    assert_eq!(tags.references.start_byte[0] as usize, text.find("c()").unwrap());
    assert!(tags.diagnostics.line.is_empty());
    let broken = parse("svelte", "<p>\n<script>let = =</script>\n<script>\nlet a\nlet = =\n</script>\n</p>\n<q");
    assert!(broken.diagnostics.line.is_sorted() && broken.diagnostics.line.contains(&4), "{broken:?}");
    // What one script leaves open is not closed by the next.
    defines("vue", "<script>let a = f(</script><script>let b = 2</script>", &[("b", 1)]);
}

#[test]
fn a_document_that_is_data_keeps_its_outline() {
    let packages: String =
        (0..1000).map(|at| format!("    \"p{at}\": {{\n      \"version\": \"1\"\n    }},\n")).collect();
    let text = format!("{{\n  \"name\": \"a\",\n  \"packages\": {{\n{packages}    \"last\": {{}}\n  }}\n}}\n");
    defines("json", &text, &[("name", 2), ("packages", 3)]);
    let flat: String = (0..1000).map(|at| format!("key{at}: 1\n")).collect();
    assert_eq!(definitions("yaml", &flat).len(), 150);
    let rules: String = (0..100).map(|at| format!(".a{at},\n.b{at} {{ --c: 1;\n --d: 2 }}\n")).collect();
    assert_eq!(definitions("css", &rules).len(), 150);
    // All on one line, as a program writes it.
    defines("json", "{\"a\": {\"b\": 1}, \"c\": 2}", &[("a", 1)]);
    let minified: String = (0..1000).map(|at| format!(".c{at}{{color:red}}")).collect();
    assert_eq!(definitions("css", &minified).len(), 1);
}

#[test]
fn languages_that_share_an_extension_are_told_by_a_line() {
    for (text, language) in
        [("x = 1\n% @interface\n", "matlab"), ("// Objective-C\n#import \"a.h\"\n", "objective-c"), ("", "matlab")]
    {
        assert_eq!(parse("matlab", text).language, language, "{text}");
    }
    assert_eq!(parse("cpp", "@interface A : B\n@end\n").language, "objective-c");
    assert_eq!(parse("cpp", "class A {};\n").language, "cpp");
}
