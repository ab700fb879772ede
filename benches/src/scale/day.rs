//! Two days of traffic, the second of which is counted: after the first one the caches are as they are on any day.

use super::{
    agenda::{Agenda, DAY, seconds, time},
    cache::Local,
    figures::Figures,
    inputs::Inputs,
    pool::{Pool, Step, TICK},
    requests::{Job, Kind, Review},
    shape::{Shape, Totals},
    traffic::Happening,
    world::World,
};

enum Event {
    /// Something may happen to a repository.
    Traffic,
    /// A review asks its next question.
    Question(u32),
    Service(Step),
    Worker(Step),
    Tick,
}

/// The instances, and all else.
struct Day {
    service: Pool,
    worker: Pool,
    world: World,
    agenda: Agenda<Event>,
    /// What had been added up when counting began.
    before: [Totals; 2],
}

fn shapes(inputs: &Inputs) -> [Shape; 2] {
    let shape = |cores: f64, requests: f64, least: f64, most: f64| Shape {
        cores: cores as u32,
        concurrency: requests as u32,
        least: least as usize,
        most: most as usize,
        start: time(inputs.start),
        target: inputs.target,
        idle: time(inputs.idle),
    };
    [
        shape(inputs.service_cores, inputs.service_requests, inputs.service_least, inputs.service_most),
        shape(inputs.worker_cores, inputs.worker_requests, inputs.worker_least, inputs.worker_most),
    ]
}

/// What comes of a day with so many repositories.
pub fn simulate(inputs: &Inputs, repositories: usize, seed: u64) -> World {
    let [service, worker] = shapes(inputs);
    let mut day = Day {
        service: Pool::new(service),
        worker: Pool::new(worker),
        world: World::new(inputs, repositories, seed),
        agenda: Agenda::new(),
        before: Default::default(),
    };
    day.agenda.after(0, Event::Tick);
    day.agenda.after(0, Event::Traffic);
    while let Some(event) = day.agenda.next(2 * DAY) {
        day.happen(event);
    }
    day.end()
}

impl Day {
    fn happen(&mut self, event: Event) {
        match event {
            Event::Traffic => self.traffic(),
            Event::Question(review) => self.question(review),
            Event::Service(step) => self.serve(step),
            Event::Worker(step) => self.work(step),
            Event::Tick => self.tick(),
        }
    }

    fn traffic(&mut self) {
        let (world, now) = (&mut self.world, self.agenda.now());
        let pause = world.traffic.pause(&mut world.random);
        self.agenda.after(pause, Event::Traffic);
        let Some((repository, happening)) = world.traffic.happening(now, &mut world.random) else { return };
        let commit = world.traffic.repositories[repository].commit;
        let all_new = world.random.chance(world.inputs.all_new);
        let job = Job { repository, commit, all_new, for_review: false, published: 0 };
        self.webhook(job);
        if happening == Happening::Update {
            self.webhook(Job { all_new: false, for_review: true, ..job });
        }
    }

    fn webhook(&mut self, job: Job) {
        let now = self.agenda.now();
        self.world.figures.events += u64::from(now >= DAY);
        let request = self.world.requests.add(now, Kind::Webhook(job));
        self.offer_service(request);
    }

    fn question(&mut self, review: u32) {
        let begun = self.world.requests.review(review);
        let is_first = begun.left > self.world.inputs.questions as u32;
        let question = self.world.ask(review, is_first);
        let request = self.world.requests.add(self.agenda.now(), Kind::Question(question));
        self.offer_service(request);
    }

    fn offer_service(&mut self, request: u32) {
        let Self { service, world, agenda, .. } = self;
        let now = agenda.now();
        let plan = &mut |delay, step| agenda.after(delay, Event::Service(step));
        service.offer(request, now, &mut |request, at| world.serve(request, at, now), plan);
    }

    fn serve(&mut self, step: Step) {
        let Self { service, world, agenda, .. } = self;
        let now = agenda.now();
        begin(&mut world.service, &world.inputs, step);
        let plan = &mut |delay, step| agenda.after(delay, Event::Service(step));
        let answered = service.step(step, now, &mut |request, at| world.serve(request, at, now), plan);
        let Some(answered) = answered.map(|request| world.requests.end(request)) else { return };
        match answered.kind {
            Kind::Webhook(job) => {
                let job = Kind::Job(Job { published: now, ..job });
                world.figures.published += u64::from(answered.begun >= DAY);
                let request = world.requests.add(answered.begun, job);
                self.offer_worker(request);
            }
            Kind::Question(question) => {
                if answered.begun >= DAY {
                    let latency = seconds(now - answered.begun);
                    world.figures.latency.add(latency);
                    if answered.is_new {
                        world.figures.latency_new.add(latency);
                    }
                }
                let review = world.requests.review(question.review);
                review.left -= 1;
                if review.left == 0 {
                    world.requests.end_review(question.review);
                    world.figures.reviews += u64::from(now >= DAY);
                    return;
                }
                let pause = world.random.exponential(world.inputs.pause);
                agenda.after(time(pause), Event::Question(question.review));
            }
            Kind::Job(_) => {}
        }
    }

    fn offer_worker(&mut self, request: u32) {
        let Self { worker, world, agenda, .. } = self;
        let now = agenda.now();
        let plan = &mut |delay, step| agenda.after(delay, Event::Worker(step));
        worker.offer(request, now, &mut |request, at| world.work(request, at, now), plan);
    }

    fn work(&mut self, step: Step) {
        let Self { worker, world, agenda, .. } = self;
        let now = agenda.now();
        begin(&mut world.worker, &world.inputs, step);
        let plan = &mut |delay, step| agenda.after(delay, Event::Worker(step));
        let done = worker.step(step, now, &mut |request, at| world.work(request, at, now), plan);
        let Some(done) = done.map(|request| world.requests.end(request)) else { return };
        if done.begun >= DAY {
            world.figures.jobs += 1;
            world.figures.askable.add(seconds(now - done.begun));
        }
        let Kind::Job(job) = done.kind else { return };
        if !job.for_review {
            return;
        }
        let reviews = 1 + u32::from(world.random.chance(world.inputs.second_review));
        for _ in 0..reviews {
            let left = 1 + world.inputs.questions as u32;
            let review = Review { repository: job.repository, commit: job.commit, left };
            let review = world.requests.begin_review(review);
            let delay = world.random.exponential(world.inputs.review_delay);
            agenda.after(time(delay), Event::Question(review));
        }
    }

    fn tick(&mut self) {
        let Self { service, worker, world, agenda, before } = self;
        let now = agenda.now();
        agenda.after(TICK, Event::Tick);
        service.tick(now, &mut |delay, step| agenda.after(delay, Event::Service(step)));
        worker.tick(now, &mut |delay, step| agenda.after(delay, Event::Worker(step)));
        if now < DAY {
            *before = [service.totals(now), worker.totals(now)];
            world.figures.look_away();
            return;
        }
        let Figures { service: of_service, worker: of_worker, .. } = &mut world.figures;
        for (figures, pool) in [(of_service, &*service), (of_worker, &*worker)] {
            figures.instances.add(pool.alive() as f64);
            figures.queued.add(pool.queued() as f64);
        }
        world.figures.look(TICK);
    }

    fn end(mut self) -> World {
        let totals = [&mut self.service, &mut self.worker].map(|pool| pool.totals(2 * DAY));
        let figures = &mut self.world.figures;
        let services = [&mut figures.service, &mut figures.worker];
        for ((service, totals), before) in services.into_iter().zip(totals).zip(self.before) {
            service.totals = totals.since(before);
        }
        figures.left_jobs = self.world.requests.jobs_since(DAY);
        self.world
    }
}

/// An instance that is ready has nothing in its memory.
fn begin(locals: &mut Vec<Local>, inputs: &Inputs, step: Step) {
    if let Step::Ready(at) = step {
        while locals.len() <= at {
            locals.push(Local::new(inputs));
        }
        locals[at] = Local::new(inputs);
    }
}
