//! Puts the finished components into the program. `cargo xtask build` makes them.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

const STAGES: [&str; 5] = ["parser", "graph", "ranker", "repomap", "symbols"];
const FUNCTIONS: [&str; 2] = ["query", "ingest"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/components").canonicalize();
    let folder = folder.map_err(|_| "the components are not built yet: run `cargo xtask build`")?;
    let mut table = String::from("const ARTIFACTS: Artifacts = Artifacts {\n");
    for name in STAGES {
        writeln!(table, "    {name}: {},", artifact(&folder, name)?)?;
    }
    table += "};\n";
    for name in FUNCTIONS {
        writeln!(table, "const {}: Artifact = {};", name.to_uppercase(), artifact(&folder, name)?)?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("artifacts.rs"), table)?;
    Ok(())
}

/// The component as an expression.
fn artifact(folder: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    let digest_file = file("digest");
    println!("cargo::rerun-if-changed={}", digest_file.display());
    let digest = fs::read_to_string(&digest_file)
        .map_err(|error| format!("{}: {error}: run `cargo xtask build`", digest_file.display()))?;
    Ok(format!(
        "Artifact {{ name: {name:?}, digest: {:?}, component: include_bytes!({:?}), compiled: include_bytes!({:?}) }}",
        digest.trim(),
        file("wasm.zst"),
        file("cwasm.zst"),
    ))
}
