//! Instances of a service: each works on as many requests at once as it may, on as many cores as it has, in the order in
//! which they came. Requests beyond that wait in front of all of them.

use std::collections::VecDeque;

use super::{
    agenda::{SECOND, Time, seconds, time},
    scaler::Scaler,
    shape::{Shape, Totals, Work},
};

/// What happens in a pool.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// An instance takes requests.
    Ready(usize),
    /// A request has computed.
    Computed(usize, u32, Work),
    /// A request is answered.
    Answered(usize, u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Gone,
    Starting,
    Ready,
}

struct Instance {
    state: State,
    requests: u32,
    free: u32,
    waiting: VecDeque<(u32, Work)>,
    idle_since: Time,
}

/// The instances of one service.
pub struct Pool {
    shape: Shape,
    scaler: Scaler,
    instances: Vec<Instance>,
    queue: VecDeque<u32>,
    alive: usize,
    starting: usize,
    wanted: usize,
    in_flight: usize,
    cores_busy: u32,
    totals: Totals,
    now: Time,
}

impl Pool {
    pub fn new(shape: Shape) -> Self {
        Self {
            scaler: Scaler::default(),
            instances: vec![],
            queue: VecDeque::new(),
            alive: 0,
            starting: 0,
            wanted: shape.least,
            in_flight: 0,
            cores_busy: 0,
            totals: Totals::default(),
            now: 0,
            shape,
        }
    }

    /// Requests that no instance has taken.
    pub fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Requests that are queued or worked on.
    pub fn unanswered(&self) -> usize {
        self.queue.len() + self.in_flight
    }

    /// Instances that there are, those that start among them.
    pub fn alive(&self) -> usize {
        self.alive
    }

    /// What was added up so far.
    pub fn totals(&mut self, now: Time) -> Totals {
        self.advance(now);
        self.totals
    }

    /// Takes a request on. What it takes is asked once an instance has it.
    pub fn offer(
        &mut self,
        request: u32,
        now: Time,
        cost: &mut impl FnMut(u32, usize) -> Work,
        plan: &mut impl FnMut(Time, Step),
    ) {
        self.advance(now);
        self.queue.push_back(request);
        self.place(cost, plan);
    }

    /// Goes on after a step: the request that is answered, if one is. An instance that is ready is a new one.
    pub fn step(
        &mut self,
        step: Step,
        now: Time,
        cost: &mut impl FnMut(u32, usize) -> Work,
        plan: &mut impl FnMut(Time, Step),
    ) -> Option<u32> {
        self.advance(now);
        let answered = match step {
            Step::Ready(at) => {
                self.starting -= 1;
                let instance = &mut self.instances[at];
                (instance.state, instance.idle_since) = (State::Ready, now);
                None
            }
            Step::Computed(at, request, work) => {
                self.cores_busy -= work.width;
                self.instances[at].free += work.width;
                self.compute(at, plan);
                if work.wait > 0.0 {
                    plan(time(work.wait), Step::Answered(at, request));
                    return None;
                }
                self.answer(at);
                Some(request)
            }
            Step::Answered(at, request) => {
                self.answer(at);
                Some(request)
            }
        };
        self.place(cost, plan);
        answered
    }

    /// Looks, every few seconds, how many instances there should be.
    pub fn tick(&mut self, now: Time, plan: &mut impl FnMut(Time, Step)) {
        self.advance(now);
        let (cores, requests) = self.scaler.means(&self.totals, seconds(now));
        let target = self.shape.target;
        let by_cores = (cores / (f64::from(self.shape.cores) * target)).ceil() as usize;
        let by_requests = (requests / (f64::from(self.shape.concurrency) * target)).ceil() as usize;
        self.wanted = by_cores.max(by_requests).clamp(self.shape.least, self.shape.most);
        for at in (0..self.instances.len()).rev() {
            let instance = &mut self.instances[at];
            let is_idle = instance.state == State::Ready && instance.requests == 0;
            if is_idle && self.alive > self.wanted && now - instance.idle_since >= self.shape.idle {
                instance.state = State::Gone;
                self.alive -= 1;
            }
        }
        self.grow(self.wanted, plan);
    }

    fn advance(&mut self, now: Time) {
        let passed = seconds(now - self.now);
        self.now = now;
        self.totals.busy += passed * f64::from(self.cores_busy);
        self.totals.requests += passed * self.unanswered() as f64;
        self.totals.instances += passed * self.alive as f64;
    }

    fn answer(&mut self, at: usize) {
        self.in_flight -= 1;
        self.instances[at].requests -= 1;
        self.instances[at].idle_since = self.now;
    }

    /// Hands requests to instances, as long as one has a place, and has others started for the rest.
    fn place(&mut self, cost: &mut impl FnMut(u32, usize) -> Work, plan: &mut impl FnMut(Time, Step)) {
        while let Some(&request) = self.queue.front() {
            let Some(at) = self.free_instance() else { break };
            self.queue.pop_front();
            self.in_flight += 1;
            self.instances[at].requests += 1;
            let work = cost(request, at);
            self.instances[at].waiting.push_back((request, Work { width: work.width.min(self.shape.cores), ..work }));
            self.compute(at, plan);
        }
        let missing = self.queue.len().div_ceil(self.shape.concurrency as usize);
        self.grow(self.alive - self.starting + missing, plan);
    }

    /// The instance with the fewest requests, if it may have one more. The first ones are enough as long as they have
    /// places, so that the others become idle.
    fn free_instance(&self) -> Option<usize> {
        let ready = || self.instances.iter().enumerate().filter(|(_, instance)| instance.state == State::Ready);
        let has_place = |instance: &Instance| instance.requests < self.shape.concurrency;
        let first = ready().take(self.wanted.max(1)).min_by_key(|(_, instance)| instance.requests);
        let found = first.filter(|(_, instance)| has_place(instance));
        found.or_else(|| ready().find(|(_, instance)| has_place(instance))).map(|(at, _)| at)
    }

    fn compute(&mut self, at: usize, plan: &mut impl FnMut(Time, Step)) {
        let instance = &mut self.instances[at];
        while let Some(&(request, work)) = instance.waiting.front()
            && work.width <= instance.free
        {
            instance.waiting.pop_front();
            instance.free -= work.width;
            self.cores_busy += work.width;
            plan(time(work.cpu / f64::from(work.width)), Step::Computed(at, request, work));
        }
    }

    fn grow(&mut self, wanted: usize, plan: &mut impl FnMut(Time, Step)) {
        while self.alive < wanted.min(self.shape.most) {
            let new = Instance {
                state: State::Starting,
                requests: 0,
                free: self.shape.cores,
                waiting: VecDeque::new(),
                idle_since: self.now,
            };
            let at = match self.instances.iter().position(|instance| instance.state == State::Gone) {
                Some(at) => {
                    self.instances[at] = new;
                    at
                }
                None => {
                    self.instances.push(new);
                    self.instances.len() - 1
                }
            };
            self.alive += 1;
            self.starting += 1;
            self.totals.starts += 1;
            plan(self.shape.start, Step::Ready(at));
        }
    }
}

/// How often is looked how many instances there should be.
pub const TICK: Time = 5 * SECOND;
