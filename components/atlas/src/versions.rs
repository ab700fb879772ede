//! Indexes of one commit that were made under several tokens. The one that counts has the greatest token of those that were
//! not made void: what somebody writes late, under an older token, is never read.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    blobs, keys,
    ports::{Blob, Blobs, Unavailable},
};

/// The token of the index of a commit that counts, if there is one.
pub async fn newest(blobs: &impl Blobs, repository: &str, commit: &str) -> Result<Option<String>, Unavailable> {
    let listed = blobs::list_all(blobs, &keys::indexes_of(repository, commit)).await?;
    let newest = counting(listed).pop();
    Ok(newest.and_then(|blob| Some(keys::indexed_in(&blob.name)?.token.to_owned())))
}

/// Of listed indexes, in order of their names, those that count: one for each commit.
pub fn counting(listed: Vec<Blob>) -> Vec<Blob> {
    let name =
        |blob: &Blob| keys::indexed_in(&blob.name).map(|it| (it.repository, it.commit.to_owned(), it.token.to_owned()));
    let is_void = |blob: &&Blob| keys::indexed_in(&blob.name).is_some_and(|it| it.is_void);
    let void: BTreeSet<_> = listed.iter().filter(is_void).filter_map(name).collect();
    let mut newest = BTreeMap::new();
    for blob in listed {
        if let Some(named) = name(&blob)
            && !void.contains(&named)
        {
            let (repository, commit, _) = named;
            newest.insert((repository, commit), blob);
        }
    }
    newest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_token_counts_that_was_not_made_void() {
        let index = |commit: &str, token: &str| keys::index_blob("a", commit, token);
        let void = |commit: &str, token: &str| keys::void_blob("a", commit, token);
        let mut names = vec![
            index("c1", "1"),
            index("c1", "2"),
            index("c1", "3"),
            void("c1", "3"),
            void("c2", "1"),
            index("c2", "1"),
            index("c3", "1"),
            void("c3", "2"),
        ];
        names.sort();
        let blob = |name: String| Blob { name, size: 0, updated: 0, digest: String::new() };
        let counting: Vec<String> =
            counting(names.into_iter().map(blob).collect()).into_iter().map(|blob| blob.name).collect();
        assert_eq!(counting, [index("c1", "2"), index("c3", "1")]);
    }
}
