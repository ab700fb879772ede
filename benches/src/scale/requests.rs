//! Requests under way, and reviews.

use super::agenda::Time;

/// A job of the worker.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    pub repository: usize,
    pub commit: u32,
    /// Nothing of it is known from a commit before.
    pub all_new: bool,
    /// The context of a pull request is made, too.
    pub for_review: bool,
    pub published: Time,
}

/// A question of a review.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub review: u32,
    pub kind: usize,
    pub thing: usize,
}

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An event of the forge, which leads to a job.
    Webhook(Job),
    Question(Question),
    Job(Job),
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// When it came; of a job, when its event did.
    pub begun: Time,
    pub kind: Kind,
    /// Its answer was not kept.
    pub is_new: bool,
}

/// A review under way.
#[derive(Clone, Copy, Debug)]
pub struct Review {
    pub repository: usize,
    pub commit: u32,
    /// Questions that are still to be asked.
    pub left: u32,
}

/// Things that are told apart by a number, which the next one has when they are gone.
struct Slab<T> {
    things: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    fn add(&mut self, thing: T) -> u32 {
        match self.free.pop() {
            Some(at) => {
                self.things[at as usize] = thing;
                at
            }
            None => {
                self.things.push(thing);
                (self.things.len() - 1) as u32
            }
        }
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { things: vec![], free: vec![] }
    }
}

/// All that are under way.
#[derive(Default)]
pub struct Requests {
    requests: Slab<Request>,
    reviews: Slab<Review>,
}

impl Requests {
    pub fn add(&mut self, begun: Time, kind: Kind) -> u32 {
        self.requests.add(Request { begun, kind, is_new: false })
    }

    pub fn get(&self, request: u32) -> &Request {
        &self.requests.things[request as usize]
    }

    pub fn is_new(&mut self, request: u32) {
        self.requests.things[request as usize].is_new = true;
    }

    /// One that is over.
    pub fn end(&mut self, request: u32) -> Request {
        self.requests.free.push(request);
        self.requests.things[request as usize]
    }

    /// Jobs that came to Pub/Sub and are not over, of events since then.
    pub fn jobs_since(&self, begun: Time) -> u64 {
        let mut is_over = vec![false; self.requests.things.len()];
        self.requests.free.iter().for_each(|at| is_over[*at as usize] = true);
        let is_job = |request: &Request| matches!(request.kind, Kind::Job(_)) && request.begun >= begun;
        self.requests.things.iter().zip(is_over).filter(|(request, is_over)| !is_over && is_job(request)).count() as u64
    }

    pub fn begin_review(&mut self, review: Review) -> u32 {
        self.reviews.add(review)
    }

    pub fn review(&mut self, review: u32) -> &mut Review {
        &mut self.reviews.things[review as usize]
    }

    pub fn end_review(&mut self, review: u32) {
        self.reviews.free.push(review);
    }
}
