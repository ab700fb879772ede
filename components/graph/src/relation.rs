//! Which names belong to which file, gathered file by file and then turned to be read name by name, and back.

use astlas_model::RepositoryGraph;

/// Names beside each file, with a count: one row for each file, each name once.
#[derive(Default)]
pub struct ByFile {
    ends: Vec<usize>,
    name: Vec<u32>,
    count: Vec<u32>,
}

/// The same seen from the names: for each name the files it stands beside, ascending, and the counts.
#[derive(Default)]
pub struct ByName {
    pub ends: Vec<u32>,
    pub file: Vec<u32>,
    pub count: Vec<u32>,
}

impl ByFile {
    /// Adds the row of the next file. `names` may come in any order and repeat; it is left empty.
    pub fn push(&mut self, names: &mut Vec<(u32, u32)>) {
        names.sort_unstable();
        let row = self.name.len();
        for (name, count) in names.drain(..) {
            match self.count.last_mut() {
                Some(sum) if self.name.len() > row && self.name.last() == Some(&name) => *sum += count,
                _ => {
                    self.name.push(name);
                    self.count.push(count);
                }
            }
        }
        self.ends.push(self.name.len());
    }

    /// The references of a graph seen from the files, for those that are `wanted`; names ascend in each row.
    pub fn references(graph: &RepositoryGraph, wanted: &[bool]) -> Self {
        let mut places = vec![0; wanted.len() + 1];
        for &file in graph.reference_file.iter().filter(|&&file| wanted[file as usize]) {
            places[file as usize + 1] += 1;
        }
        for file in 1..places.len() {
            places[file] += places[file - 1];
        }
        let ends = places[1..].to_vec();
        let entries = ends.last().copied().unwrap_or_default();
        let (mut names, mut counts) = (vec![0; entries], vec![0; entries]);
        for name in 0..graph.names.len() {
            for (file, count) in graph.referencers(name).filter(|(file, _)| wanted[*file as usize]) {
                let place: &mut usize = &mut places[file as usize];
                (names[*place], counts[*place]) = (name as u32, count);
                *place += 1;
            }
        }
        Self { ends, name: names, count: counts }
    }

    /// A file's names and their counts.
    pub fn row(&self, file: usize) -> impl Iterator<Item = (u32, u32)> {
        let start = file.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[file];
        self.name[range.clone()].iter().copied().zip(self.count[range].iter().copied())
    }

    /// Turned around; name `name` becomes `place[name]` and the file of row `row` becomes `file[row]`, which ascend.
    /// Counts how long each name's part is, then fills the parts in order of file, so nothing has to be sorted.
    pub fn by_name(&self, place: &[u32], file: &[u32]) -> ByName {
        let mut ends = vec![0u32; place.len()];
        for &name in &self.name {
            ends[place[name as usize] as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            // For now the start of the part; filling it moves this to its end.
            total += std::mem::replace(end, total);
        }
        let (mut files, mut counts) = (vec![0; self.name.len()], vec![0; self.name.len()]);
        for (row, &file) in file.iter().enumerate() {
            for (name, count) in self.row(row) {
                let end = &mut ends[place[name as usize] as usize];
                (files[*end as usize], counts[*end as usize]) = (file, count);
                *end += 1;
            }
        }
        ByName { ends, file: files, count: counts }
    }
}

impl ByName {
    /// The files beside a name, and the counts.
    pub fn of(&self, name: usize) -> impl Iterator<Item = (u32, u32)> {
        let start = name.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let range = start..self.ends[name] as usize;
        self.file[range.clone()].iter().copied().zip(self.count[range].iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_names_of_a_row_are_one_and_rows_stay_apart() {
        let mut relation = ByFile::default();
        for row in [vec![(2, 1), (0, 3), (2, 4)], vec![], vec![(2, 7)]] {
            relation.push(&mut row.clone());
        }
        let rows: Vec<Vec<_>> = (0..3).map(|row| relation.row(row).collect()).collect();
        assert_eq!(rows, [vec![(0, 3), (2, 5)], vec![], vec![(2, 7)]]);
        let turned = relation.by_name(&[0, 1, 2, 3], &[0, 1, 2]);
        assert_eq!((turned.ends, turned.file, turned.count), (vec![1, 1, 3, 3], vec![0, 0, 2], vec![3, 5, 7]));
        let numbered = relation.by_name(&[3, 2, 1, 0], &[4, 6, 9]);
        assert_eq!((&numbered.ends, &numbered.file), (&vec![0, 2, 2, 3], &vec![4, 9, 4]));
        assert_eq!(numbered.of(1).collect::<Vec<_>>(), [(4, 5), (9, 7)]);
    }

    #[test]
    fn references_are_turned_for_the_files_that_are_wanted() {
        let graph = RepositoryGraph {
            names: ["a", "b"].iter().collect(),
            reference_ends: vec![2, 4],
            reference_file: vec![0, 2, 1, 2],
            reference_count: vec![5, 6, 7, 8],
            ..RepositoryGraph::default()
        };
        let rows = |wanted: [bool; 3]| {
            let relation = ByFile::references(&graph, &wanted);
            (0..3).map(|file| relation.row(file).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(rows([true; 3]), [vec![(0, 5)], vec![(1, 7)], vec![(0, 6), (1, 8)]]);
        assert_eq!(rows([false, true, false]), [vec![], vec![(1, 7)], vec![]]);
    }
}
