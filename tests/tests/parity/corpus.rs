//! The sources of a real repository, as the use cases take them.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use astlas_atlas::{
    ports::{Files, ReadError, Source, Stamp, TreeFile},
    source,
};
use astlas_model::Detector;
use astlas_tests::{Sandbox, crate_source};

/// The source files of a folder.
pub struct Corpus {
    root: PathBuf,
    files: Vec<TreeFile>,
}

impl Corpus {
    /// The source files of a crate.
    #[allow(dead_code, reason = "not every test that has this module calls it")]
    pub fn of(name: &str) -> Self {
        Self::at(crate_source(name))
    }

    /// Those that the program finds in a folder.
    pub fn at(root: PathBuf) -> Self {
        let ranked = Sandbox::with(&[]).run_on(&root, "rank", &["--limit", "0", "--format", "json"]).json();
        let file = |path: &str| {
            let size = fs::metadata(root.join(path)).unwrap().len();
            TreeFile { path: path.to_owned(), stamp: Stamp { size, modified: 1, changed: 1 } }
        };
        let mut files: Vec<_> =
            ranked.as_array().unwrap().iter().map(|row| file(row["file"].as_str().unwrap())).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        assert!(files.len() > 10, "{}: only {} files", root.display(), files.len());
        Self { root, files }
    }

    /// The folder they are in.
    #[allow(dead_code, reason = "not every test that has this module calls it")]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All of them, to be parsed.
    #[allow(dead_code, reason = "not every test that has this module calls it")]
    pub fn sources(&self, detector: &Detector) -> Vec<Source> {
        let source = |file: &TreeFile| {
            let bytes = fs::read(self.root.join(&file.path)).unwrap();
            let language = source::language(detector, &file.path, &bytes).unwrap().name.clone();
            Source { language, text: String::from_utf8_lossy(&bytes).into_owned() }
        };
        self.files.iter().map(source).collect()
    }
}

impl Files for Corpus {
    fn listed_at(&self) -> i64 {
        i64::MAX
    }

    fn entries(&self) -> &[TreeFile] {
        &self.files
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = vec![];
        let file = fs::File::open(self.root.join(path)).map_err(|error| ReadError(error.to_string()))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| ReadError(error.to_string()))?;
        Ok(bytes)
    }
}
