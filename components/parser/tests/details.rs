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
