//! Which names belong to which file, gathered file by file and then turned to be read name by name.

/// Names beside each file, with a count: one row for each file, in order of file; its names ascend, each once.
#[derive(Default)]
pub struct ByFile {
    ends: Vec<usize>,
    name: Vec<u32>,
    count: Vec<u32>,
}

/// The same seen from the names: for each name the files it stands beside, ascending, and the counts.
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

    /// The rows in order: each file's names and their counts.
    pub fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = (u32, u32)>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| {
            let (names, counts) = (&self.name[start..end], &self.count[start..end]);
            names.iter().copied().zip(counts.iter().copied())
        })
    }

    /// Turned around, for names below `names`. Counts how long each name's part is, then fills the parts in order of
    /// file, so nothing has to be sorted.
    pub fn by_name(&self, names: usize) -> ByName {
        let mut ends = vec![0u32; names];
        for &name in &self.name {
            ends[name as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            // For now the start of the part; filling it moves this to its end.
            total += std::mem::replace(end, total);
        }
        let (mut file, mut count) = (vec![0; self.name.len()], vec![0; self.name.len()]);
        for (index, row) in self.rows().enumerate() {
            for (name, times) in row {
                let place = ends[name as usize] as usize;
                (file[place], count[place]) = (index as u32, times);
                ends[name as usize] += 1;
            }
        }
        ByName { ends, file, count }
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
        let rows: Vec<Vec<_>> = relation.rows().map(Iterator::collect).collect();
        assert_eq!(rows, [vec![(0, 3), (2, 5)], vec![], vec![(2, 7)]]);
        let turned = relation.by_name(4);
        assert_eq!((turned.ends, turned.file, turned.count), (vec![1, 1, 3, 3], vec![0, 0, 2], vec![3, 5, 7]));
    }
}
