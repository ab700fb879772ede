//! Native and wasm agree: the program's tags are those of the same crate run natively.

use std::{fs, path::Path, process::Command};

use astlas_model::Detector;
use astlas_parser::{Options, Parser, languages};
use astlas_tests::{Sandbox, ended};

#[test]
fn tags_of_every_test_source_are_the_same_native_and_in_wasm() {
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../queries");
    let detector = Detector::new(languages());
    let sandbox = Sandbox::with(&[]);
    let mut parser = Parser::default();
    let mut compared = 0;
    for language in languages() {
        for source in fs::read_dir(queries.join(&language.name).join("tests")).unwrap() {
            let path = source.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let first_line = text.lines().next().unwrap_or_default();
            let found = detector.by_path(path.to_str().unwrap()).or_else(|| detector.by_first_line(first_line));
            assert_eq!(found.map(|found| &found.name), Some(&language.name), "{}", path.display());
            let native = parser.parse(&language.name, &text, Options::default()).unwrap();
            let mut command: Command = sandbox.command();
            let wasm = ended(command.args(["tags", "--format", "json"]).arg(&path).output().unwrap()).json();
            let tags = wasm[0]["tags"].as_array().unwrap();
            assert_eq!(tags.len(), native.definitions.name.len() + native.references.name.len(), "{}", path.display());
            for index in 0..native.definitions.name.len() {
                let d = &native.definitions;
                assert!(
                    tags.iter().any(|tag| tag["name"] == native.name(d.name[index])
                        && tag["kind"] == "def"
                        && tag["type"] == d.types[index].word()
                        && tag["start_byte"] == d.start_byte[index]
                        && tag["end_byte"] == d.end_byte[index]
                        && tag["signature"] == d.signature.get(index).unwrap()),
                    "{}: {}",
                    path.display(),
                    native.name(d.name[index]),
                );
            }
            for index in 0..native.references.name.len() {
                let r = &native.references;
                assert!(
                    tags.iter().any(|tag| tag["name"] == native.name(r.name[index])
                        && tag["kind"] == "ref"
                        && tag["type"] == r.types[index].word()
                        && tag["start_byte"] == r.start_byte[index]),
                    "{}: {}",
                    path.display(),
                    native.name(r.name[index]),
                );
            }
            compared += 1;
        }
    }
    assert!(compared >= 24, "only {compared} sources compared");
}
