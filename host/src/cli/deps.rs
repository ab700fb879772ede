//! `astlas deps`

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use astlas_json::{Dependency, limited};
use clap::Args;

use super::{Format, Global, Usage};
use crate::{output, session::Session};

#[derive(Debug, Args)]
#[command(override_usage = "astlas deps [OPTIONS] [PATH] <FILE>")]
pub struct Arguments {
    /// Folder (default: the current one), then the file in it
    #[arg(value_name = "[PATH] FILE", required = true, num_args = 1..=2)]
    paths: Vec<PathBuf>,
    /// Print the files that use FILE instead of those it uses
    #[arg(long)]
    reverse: bool,
    /// How many steps to go (0: as far as it goes)
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true)]
    depth: u32,
    /// Most files to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    limit: u32,
    /// How the files are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let folder = |file: &Path| {
        let file = file.display();
        Usage(format!("{file}: is a folder; give a file in it, as in `astlas deps {file} FILE`"))
    };
    let (path, file) = match arguments.paths.as_slice() {
        [file] if file.is_dir() => bail!(folder(file)),
        [file] => (Path::new("."), file),
        [path, file] => (path.as_path(), file),
        _ => bail!(Usage("give a folder and a file in it".into())),
    };
    let session = Session::open(path, global)?;
    let name = session.relative(std::slice::from_ref(file))?.concat();
    if session.root.join(&name).is_dir() {
        bail!(folder(&session.root.join(&name)));
    }
    let (indexed, _) = session.index()?;
    let Some(index) = indexed.file(&name) else {
        bail!(Usage(format!(
            "{name}: not a source file of {}; `astlas doctor` lists the languages",
            session.root.display()
        )));
    };
    let found = session.atlas.dependencies(&indexed, index, arguments.depth, arguments.reverse)?;
    session.warn_cache();
    let rows = limited(found, arguments.limit).map(Dependency::from);
    match arguments.format {
        Format::Json => output::print_json(&rows.collect::<Vec<_>>()),
        Format::Table => {
            let cells =
                |row: Dependency| vec![row.depth.to_string(), format!("{:.3}", row.weight), output::plain(&row.file)];
            output::print(&output::table(&["depth", "weight", "file"], &[0, 1], &rows.map(cells).collect::<Vec<_>>()))
        }
    }
}
