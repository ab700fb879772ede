//! The names that some files use, each as a number.

use std::collections::HashMap;

use crate::{
    FileNames,
    relation::{ByFile, ByName},
};

/// Hashing that starts from the same state on every host: no randomness is asked for, so none has to be imported.
pub type FixedHasher = rustc_hash::FxBuildHasher;

/// Every name that some of the files define, reference or export, sorted bytewise, and beside each the files that do.
pub struct Names<'a> {
    pub sorted: Vec<&'a str>,
    pub definitions: ByName,
    pub references: ByName,
    pub exports: ByName,
}

impl<'a> Names<'a> {
    /// The names of these files, which come in order of their numbers.
    pub fn of(files: &[(u32, &'a FileNames)]) -> Self {
        let mut met = Met::default();
        let mut relations: [ByFile; 3] = Default::default();
        let mut rows: [Vec<(u32, u32)>; 3] = Default::default();
        for (_, file) in files {
            let columns = [&file.definitions, &file.references, &file.exports];
            let mut uses = vec![[0u32; 3]; file.names.len()];
            for (kind, column) in columns.into_iter().enumerate() {
                column.iter().for_each(|&name| uses[name as usize][kind] += 1);
            }
            for (name, uses) in file.names.iter().zip(uses).filter(|(_, uses)| *uses != [0; 3]) {
                let number = met.number(name);
                let used = rows.iter_mut().zip(uses).filter(|(_, times)| *times > 0);
                used.for_each(|(row, times)| row.push((number, times)));
            }
            relations.iter_mut().zip(&mut rows).for_each(|(relation, row)| relation.push(row));
        }
        // Sorting the distinct names is cheap; sorting all of them in order to find the distinct ones is not.
        let mut order: Vec<u32> = (0..met.names.len() as u32).collect();
        order.sort_unstable_by_key(|&number| met.names[number as usize]);
        let mut place = vec![0; order.len()];
        (0u32..).zip(&order).for_each(|(at, &number)| place[number as usize] = at);
        let numbers: Vec<u32> = files.iter().map(|(number, _)| *number).collect();
        let [definitions, references, exports] = relations.map(|relation| relation.by_name(&place, &numbers));
        let sorted = order.into_iter().map(|number| met.names[number as usize]).collect();
        Self { sorted, definitions, references, exports }
    }
}

/// Names numbered as they are met.
#[derive(Default)]
struct Met<'a> {
    names: Vec<&'a str>,
    number: HashMap<&'a str, u32, FixedHasher>,
}

impl<'a> Met<'a> {
    fn number(&mut self, name: &'a str) -> u32 {
        *self.number.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.names.len() as u32 - 1
        })
    }
}
