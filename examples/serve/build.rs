//! Makes a table of the blobs below the folder that `ASTLAS_INDEX` names: they become a part of the component.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::Path,
    time::UNIX_EPOCH,
};

/// What is read of a folder of blobs; jobs, archives and uploads are of no use to who only asks.
const READ: [&str; 3] = ["indexes/", "sources/", "repos/"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=ASTLAS_INDEX");
    let mut rows = vec![];
    // Without one there is nothing: that compiles, and knows no commit.
    if let Some(folder) = env::var_os("ASTLAS_INDEX") {
        let folder = fs::canonicalize(folder)?;
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &folder, &mut rows)?;
    }
    rows.sort();
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    let table = format!("pub static BLOBS: &[Stored] = &[\n{rows}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("blobs.rs"), table)?;
    Ok(())
}

/// Adds a row for each blob below `folder`, with its name.
fn collect(root: &Path, folder: &Path, rows: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, rows)?;
            continue;
        }
        let name = path.strip_prefix(root).ok().and_then(Path::to_str).map(|name| name.replace('\\', "/"));
        let Some(name) = name.filter(|name| READ.iter().any(|start| name.starts_with(start))) else { continue };
        let updated = fs::metadata(&path)?.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut digest = DefaultHasher::new();
        fs::read(&path)?.hash(&mut digest);
        let row = format!(
            "    Stored {{ name: {name:?}, updated: {updated}, digest: \"{:016x}\", bytes: include_bytes!({path:?}) }},\n",
            digest.finish()
        );
        rows.push((name, row));
    }
    Ok(())
}
