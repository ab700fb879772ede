//! Whether the columns that came in fit together: everything after this relies on it.

use crate::{Entries, FileLines};

/// `Err` names the column that is wrong, and how.
pub fn sound(files: &[FileLines], entries: &Entries) -> Result<(), String> {
    for (index, file) in files.iter().enumerate() {
        if let Some(fault) = file_fault(file) {
            return Err(format!("files[{index}].{fault}"));
        }
    }
    if entries.line.len() != entries.file.len() {
        return Err("entries.line: not one for each entries.file".into());
    }
    for (index, (&file, &line)) in entries.file.iter().zip(&entries.line).enumerate() {
        let Some(file) = files.get(file as usize) else {
            return Err(format!("entries.file[{index}]: there is no file {file}"));
        };
        if line as usize > file.line.len() {
            return Err(format!("entries.line[{index}]: its file has no line {line}"));
        }
    }
    Ok(())
}

fn file_fault(file: &FileLines) -> Option<String> {
    let count = file.line.len();
    if file.scope.len() != count {
        return Some("scope: not one for each line".into());
    }
    if file.text.len() != count {
        return Some("text: not one for each line".into());
    }
    if !file.text.is_sound() {
        return Some("text: ends do not fit the text".into());
    }
    if let Some(index) = file.line.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Some(format!("line[{}]: not after the line before", index + 1));
    }
    let mut scopes = file.scope.iter().enumerate();
    let (index, _) = scopes.find(|(index, scope)| **scope as usize > *index)?;
    Some(format!("scope[{index}]: not an earlier line"))
}

#[cfg(test)]
mod tests {
    use astlas_model::Strings;

    use super::*;

    fn file() -> FileLines {
        FileLines {
            path: "a".into(),
            line: vec![1, 5, 6],
            scope: vec![0, 1, 2],
            text: ["x", "y", "z"].iter().collect(),
        }
    }

    #[test]
    fn sound_columns_pass() {
        let entries = Entries { file: vec![0, 0], line: vec![0, 3] };
        assert_eq!(sound(&[file()], &entries), Ok(()));
        assert_eq!(sound(&[], &Entries::default()), Ok(()));
    }

    #[test]
    fn the_wrong_column_is_named() {
        type Corruption = fn(&mut FileLines);
        let cases: [(&str, Corruption); 8] = [
            ("files[0].scope: ", |file| file.scope.truncate(2)),
            ("files[0].text: ", |file| file.text.push("more")),
            ("files[0].text: ", |file| file.text = Strings { text: "å".into(), ends: vec![1, 2, 2] }),
            ("files[0].line[1]: ", |file| file.line[1] = 1),
            ("files[0].line[2]: ", |file| file.line[2] = 0),
            ("files[0].scope[0]: ", |file| file.scope[0] = 1),
            ("files[0].scope[1]: ", |file| file.scope[1] = u32::MAX),
            ("files[0].scope: ", |file| file.line.clear()),
        ];
        for (expected, corrupt) in cases {
            let mut file = file();
            corrupt(&mut file);
            let fault = sound(&[file], &Entries::default()).unwrap_err();
            assert!(fault.starts_with(expected), "{fault}");
        }
        for (expected, file_column, line_column) in [
            ("entries.line: ", vec![0], vec![]),
            ("entries.file[1]: ", vec![0, 1], vec![0, 0]),
            ("entries.line[0]: ", vec![0], vec![4]),
        ] {
            let fault = sound(&[file()], &Entries { file: file_column, line: line_column }).unwrap_err();
            assert!(fault.starts_with(expected), "{fault}");
        }
    }
}
