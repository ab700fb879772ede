//! What people use today, on the same corpora in the same run.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{
    corpora::{self, Corpus, run, target},
    measure::Process,
    program,
    report::{row, runs, short, table},
};

const AIDER: &str = "aider-chat==0.86.1";

pub fn bench(rounds: u32) -> Result<()> {
    let aider = aider()?;
    table("Peers", &["corpus", "command", "CPU", "wall", "peak memory", "CPU against astlas"]);
    for corpus in [corpora::flask()?, corpora::typeorm()?, corpora::django()?] {
        let astlas = program::map(&corpus, rounds)?;
        let line = |command: &str, process: &Process, astlas: &Process| {
            row(&[
                corpus.name.into(),
                command.into(),
                runs(&process.cpu, 1.0, "s"),
                runs(&process.wall, 1.0, "s"),
                runs(&process.memory, 1.0, "MB"),
                format!("{} ×", short(process.cpu.median() / astlas.cpu.median())),
            ]);
        };
        line("astlas map, cold", &astlas.cold, &astlas.cold);
        line("astlas map, warm", &astlas.warm, &astlas.warm);

        let mut ctags = Process::default();
        for _ in 0..rounds {
            let mut command = Command::new("ctags");
            ctags
                .run(command.args(["--recurse", "--fields=+ne", "-f", "-"]).arg(&corpus.folder))
                .context("universal-ctags is needed for --peers (Debian: apt-get install universal-ctags)")?;
        }
        line("ctags --recurse", &ctags, &astlas.cold);

        let repository = repository(&corpus)?;
        let (mut cold, mut warm) = (Process::default(), Process::default());
        for round in 1..=rounds {
            eprintln!("bench: aider on {}, round {round} of {rounds}", corpus.name);
            // Its cache lies in a folder of its own in the repository.
            for entry in fs::read_dir(repository.path())? {
                let entry = entry?;
                if entry.file_name().to_string_lossy().starts_with(".aider") {
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
            for process in [&mut cold, &mut warm] {
                let mut command = Command::new(&aider);
                command
                    .args(["--show-repo-map", "--map-tokens", "1024", "--model", "gpt-4o", "--no-check-update"])
                    .args(["--no-analytics", "--no-show-model-warnings", "--no-gitignore", "--no-pretty"])
                    .env("OPENAI_API_KEY", "none")
                    .env("HOME", repository.path())
                    .current_dir(repository.path());
                process.run(&mut command)?;
            }
        }
        line("aider --show-repo-map, cold", &cold, &astlas.cold);
        line("aider --show-repo-map, warm", &warm, &astlas.warm);
    }
    Ok(())
}

/// A copy of the corpus that git knows: aider maps what git lists.
fn repository(corpus: &Corpus) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    run(Command::new("cp").arg("-r").arg(corpus.folder.join(".")).arg(folder.path()))?;
    let git = |arguments: &[&str]| run(Command::new("git").args(arguments).current_dir(folder.path()));
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "-m", "corpus"])?;
    Ok(folder)
}

/// aider in a virtual environment of its own.
fn aider() -> Result<PathBuf> {
    let folder = target().join("aider");
    let program = folder.join("bin/aider");
    if !program.exists() {
        eprintln!("bench: installing {AIDER} into target/aider");
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/python")).args(["-m", "pip", "install", "--quiet", AIDER]))?;
    }
    Ok(program.canonicalize()?)
}
