//! Indexes that stay open from one request to the next, where an instance serves several.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use astlas_atlas::indexed::Indexed;

/// How many: a commit and the one it goes on from.
const ROOM: usize = 2;

/// The indexes that were used last. They are told apart by the hash of all that they were made from, which an instance
/// only learns from its tenant's cache: whoever names it could have made the same index.
#[derive(Clone, Debug, Default)]
pub struct Hot(Rc<RefCell<VecDeque<Rc<Indexed>>>>);

impl Hot {
    /// The index of a tree, if it is open.
    pub fn get(&self, tree: &str) -> Option<Rc<Indexed>> {
        self.0.borrow().iter().find(|indexed| indexed.tree == tree).cloned()
    }

    /// Lets the one go that was not used for longest, if there is no room for another: before that is there as well.
    pub fn make_room(&self) {
        self.0.borrow_mut().truncate(ROOM - 1);
    }

    /// Keeps an index open.
    pub fn keep(&self, indexed: &Rc<Indexed>) {
        let mut open = self.0.borrow_mut();
        open.retain(|other| other.tree != indexed.tree);
        open.truncate(ROOM - 1);
        open.push_front(indexed.clone());
    }
}
