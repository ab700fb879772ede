//! Files that were moved and changed at once, told by how many lines they have in common.

use std::collections::BTreeMap;

use crate::changes::name;

/// Pairs of files compared at most; beyond that only those of the same name are.
const MOST_PAIRS: usize = 10_000;

/// Bytes above which a file is not compared: hand-written source is shorter.
const MOST_BYTES: usize = 1 << 20;

/// A file with its content.
pub type Content = (String, Vec<u8>);

/// Which added file each removed file became: indices of both, each once. At least half of their lines are the same;
/// the most alike come first, ties by path.
pub fn alike(removed: &[Content], added: &[Content]) -> Vec<(usize, usize)> {
    let is_small = |content: &Content| content.1.len() <= MOST_BYTES && !content.1.is_empty();
    let all = removed.len().saturating_mul(added.len()) <= MOST_PAIRS;
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, content) in added.iter().enumerate().filter(|(_, content)| is_small(content)) {
        let group = if all { extension(&content.0) } else { name(&content.0) };
        by_name.entry(group).or_default().push(at);
    }
    let added_lines: Vec<Vec<&[u8]>> = added.iter().map(|content| lines(&content.1)).collect();
    let (mut pairs, mut compared) = (Vec::new(), 0);
    for (old, content) in removed.iter().enumerate().filter(|(_, content)| is_small(content)) {
        let group = if all { extension(&content.0) } else { name(&content.0) };
        let own = lines(&content.1);
        for &new in by_name.get(group).into_iter().flatten() {
            if compared == MOST_PAIRS {
                break;
            }
            compared += 1;
            let (common, total) = (common(&own, &added_lines[new]), own.len() + added_lines[new].len());
            if common * 4 >= total {
                // In thousandths, so that ties are ties.
                pairs.push((common * 2000 / total, name(&content.0) == name(&added[new].0), old, new));
            }
        }
    }
    pairs.sort_by(|one, other| (other.0, other.1).cmp(&(one.0, one.1)).then((one.2, one.3).cmp(&(other.2, other.3))));
    let (mut old_taken, mut new_taken) = (vec![false; removed.len()], vec![false; added.len()]);
    pairs.retain(|&(_, _, old, new)| {
        let is_free = !old_taken[old] && !new_taken[new];
        if is_free {
            (old_taken[old], new_taken[new]) = (true, true);
        }
        is_free
    });
    pairs.into_iter().map(|(_, _, old, new)| (old, new)).collect()
}

fn extension(path: &str) -> &str {
    name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The lines of a text, sorted.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

/// How many lines two sorted lists have in common.
fn common(one: &[&[u8]], other: &[&[u8]]) -> usize {
    let (mut at, mut count) = (0, 0);
    for line in one {
        while other.get(at).is_some_and(|other| other < line) {
            at += 1;
        }
        if other.get(at) == Some(line) {
            count += 1;
            at += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_share_half_of_their_lines_are_one() {
        let files = |files: &[(&str, &str)]| -> Vec<Content> {
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_owned())).collect()
        };
        let old = files(&[("a.py", "1\n2\n3\n4\n"), ("b.py", "5\n6\n"), ("c.py", "")]);
        let new = files(&[("x.py", "1\n2\n3\n9\n"), ("y.py", "1\n2\n8\n9\n"), ("z.rs", "5\n6\n"), ("e.py", "")]);
        assert_eq!(alike(&old, &new), [(0, 0)], "the most alike, of one extension; empty files are like nothing");
        assert_eq!(alike(&old, &new[1..]), [(0, 0)]);
        assert_eq!(alike(&old[1..2], &new[..2]), []);
        let many: Vec<Content> = (0..200).map(|at| (format!("{at}/same.py"), b"1\n".to_vec())).collect();
        assert_eq!(alike(&many, &many).len(), 50, "each compared with each of its name, up to the bound");
    }
}
