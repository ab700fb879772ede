//! What deploy/ tells the service is something that it listens to.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{collections::BTreeSet, fs, path::Path};

use astlas_test_operations::{path, read};

/// A flag of the program that is a variable as well.
const FLAG: &str = "ASTLAS_CACHE_DIR";

/// Variables of all settings: `deploy/astlas.toml` names every one, some as comments.
fn settings() -> BTreeSet<String> {
    let (text, mut section, mut settings) = (read("deploy/astlas.toml"), String::new(), BTreeSet::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}_", name.trim_end_matches(']'));
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ")
            && key.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        {
            settings.insert(format!("ASTLAS_{section}{key}").to_uppercase());
        }
    }
    settings
}

/// Words that begin with ASTLAS_ in a file, or the files of a folder.
fn variables(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| variables(&entry.unwrap().path(), found));
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    let words = text.split(|it: char| it != '_' && !it.is_ascii_uppercase());
    found.extend(words.filter(|it| it.starts_with("ASTLAS_")).map(|it| (path.display().to_string(), it.to_owned())));
}

#[test]
fn variables_of_deploy_are_settings() {
    let (settings, mut found) = (settings(), vec![]);
    assert!(settings.contains("ASTLAS_LISTEN") && settings.contains("ASTLAS_EVENTS_SUBSCRIPTION"), "{settings:?}");
    for name in ["cloudrun", "terraform", "compose.yaml", "Containerfile"] {
        variables(&path("deploy").join(name), &mut found);
    }
    assert!(found.len() > 20, "{found:?}");
    for (file, variable) in found {
        assert!(settings.contains(&variable) || variable == FLAG, "{file}: there is no setting {variable}");
    }
}
