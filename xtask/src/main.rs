//! `cargo xtask`: what a machine needs to build Astlas, the building itself, and the tests.

mod build;
mod compose;
mod container;
mod contracts;
mod deny;
mod embed;
mod finish;
mod javascript;
mod meter;
mod oci;
mod package;
mod publish;
mod python;
mod sbom;
mod seal;
mod test;
mod toolchain;
mod wit;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  setup         install what is missing: the wasm target, clang and headers for the C grammars
  build         setup; build the components (target/components/*.wasm) and the program (target/release/astlas);
                --target-cpu x86-64-v2 or x86-64-v3: compiled for all such processors, not for this one [native];
                --only-program: without what only other hosts run (the pipeline, the adapters for Spin)
  run ARGS...   build what the program needs; run it, for example: cargo xtask run map .
  test ARGS...  build; run all tests (ARGS go to cargo test)
  lint          dependency rules, versions of contracts, formatting, clippy
  deny          dependency rules alone: licences, bans and sources (deny.toml)
  sbom          bills of materials of the program and the components (target/sbom/*.cdx.json)
  contracts [--wit DIR] [--record]
                fails if a package of WIT changed since its release and its version did not; records a release
  publish --dry-run | --registry HOST/PATH
                OCI layouts of components and packages of WIT (target/publish), and into a registry with them
                (--output DIR, --source URL, --revision ID, --tls-verify=false)
  embed INDEX FILE
                query, its stages and an index as one component, for hosts that have WASI alone (examples/serve)
  bench ARGS... build; measure (ARGS: --help lists them)
  conformance --base-url URL ARGS...
                drive a running service, compare its answers with goldens (ARGS: --help lists them)
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match command.as_str() {
        "setup" => toolchain::ensure().map(|_| ExitCode::SUCCESS),
        "build" => build::with(&rest).map(|()| ExitCode::SUCCESS),
        "run" => build::run(&rest),
        "test" => test::all(&rest).map(|()| ExitCode::SUCCESS),
        "bench" => test::bench(&rest),
        "embed" => embed::run(&rest).map(|()| ExitCode::SUCCESS),
        "conformance" => test::conformance(&rest),
        "lint" => test::lint().map(|()| ExitCode::SUCCESS),
        "deny" => deny::check().map(|()| ExitCode::SUCCESS),
        "sbom" => sbom::all().map(|()| ExitCode::SUCCESS),
        "contracts" => contracts::run(&rest).map(|()| ExitCode::SUCCESS),
        "publish" => publish::run(&rest).map(|()| ExitCode::SUCCESS),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no command `{other}`\n\n{HELP}"),
    }
}
