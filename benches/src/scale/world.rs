//! What a request takes, given what the caches have when its turn comes.

use super::{
    agenda::{DAY, Time, seconds},
    cache::{Local, Place, Shared, Value},
    costs::{self, QUESTIONS, Unit},
    figures::Figures,
    inputs::Inputs,
    random::{Random, Weighted},
    requests::{Job, Kind, Question, Requests},
    shape::Work,
    traffic::Traffic,
};

const MB: f64 = 1e6;
/// Round trips to the bucket and to Pub/Sub of a webhook, one after the other: jobs before, record, jobs again, message.
const WEBHOOK_TRIPS: f64 = 4.0;
/// Fewest bytes that Pub/Sub counts for a message; it counts it on its way in and on its way out.
const LEAST_MESSAGE: f64 = 1000.0;

/// All but the instances.
pub struct World {
    pub inputs: Inputs,
    pub random: Random,
    pub traffic: Traffic,
    pub requests: Requests,
    pub shared: Shared,
    /// Of the instances of the service, and of the worker.
    pub service: Vec<Local>,
    pub worker: Vec<Local>,
    pub figures: Figures,
    things: Weighted,
    kinds: Weighted,
}

impl World {
    pub fn new(inputs: &Inputs, repositories: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let gib = match inputs.redis_gib {
            0.0 => 1.0 + repositories as f64 / 1000.0,
            gib => gib,
        };
        Self {
            traffic: Traffic::new(inputs, repositories, &mut random),
            random,
            requests: Requests::default(),
            shared: Shared::new(gib * (1u64 << 30) as f64),
            service: vec![],
            worker: vec![],
            figures: Figures::new(),
            things: Weighted::zipf((inputs.popular as usize).max(1)),
            kinds: Weighted::new(QUESTIONS.iter().map(|kind| kind.share)),
            inputs: inputs.clone(),
        }
    }

    /// What a question is about.
    pub fn ask(&mut self, review: u32, is_first: bool) -> Question {
        match is_first {
            true => Question { review, kind: 0, thing: 0 },
            false => {
                Question { review, kind: self.kinds.draw(&mut self.random), thing: self.things.draw(&mut self.random) }
            }
        }
    }

    /// What a request to the service takes on this instance.
    pub fn serve(&mut self, request: u32, at: usize, now: Time) -> Work {
        let counts = now >= DAY;
        let question = match self.requests.get(request).kind {
            Kind::Question(question) => question,
            Kind::Webhook { .. } | Kind::Job(_) => {
                let wait = WEBHOOK_TRIPS * self.inputs.bucket_ms / 1e3;
                return Work { cpu: costs::WEBHOOK.at(0.0) / 1e3, width: 1, wait };
            }
        };
        let review = self.requests.review(question.review);
        let (repository, commit) = (review.repository, review.commit);
        let mb = self.traffic.repositories[repository].mb;
        let kind = &QUESTIONS[question.kind];
        let bytes = kind.answer.at(mb) * 1e3;
        let answer = Value::answer(repository, commit, question.kind, question.thing, bytes);
        let figures = &mut self.figures;
        figures.commands_now += costs::QUESTION_COMMANDS.at(mb);
        figures.redis_cpu_now += costs::QUESTION_REDIS_CPU.at(mb) / 1e3;
        let local = &mut self.service[at];
        let (places, mut wait) = (&mut figures.places, self.inputs.redis_ms / 1e3);
        let kept = match local.fetch(answer, &mut self.shared, now, counts) {
            Place::Memory | Place::Open => Some((&mut places.kept_in_memory, &costs::KEPT_MEMORY)),
            Place::Redis => {
                figures.answered_now += bytes;
                Some((&mut places.kept_in_redis, &costs::KEPT_REDIS))
            }
            Place::Nowhere => None,
        };
        if let Some((counter, cost)) = kept {
            *counter += u64::from(counts);
            return Work { cpu: cost.at(mb) / 1e3, width: 1, wait };
        }
        self.requests.is_new(request);
        let state = Value::state(repository, commit, costs::STATE.at(mb) * MB);
        let place = local.open(state, costs::OPEN.at(mb) * MB, &mut self.shared, now, counts);
        let (counter, opening) = match place {
            Place::Open => (&mut places.open, 0.0),
            Place::Memory => (&mut places.in_memory, costs::FROM_MEMORY.at(mb)),
            Place::Redis => {
                wait += state.bytes() / (self.inputs.redis_mbps * MB);
                figures.answered_now += state.bytes();
                figures.redis_cpu_now += costs::OPENING_REDIS_CPU.at(mb) / 1e3;
                (&mut places.in_redis, costs::FROM_REDIS.at(mb))
            }
            Place::Nowhere => {
                let trips = costs::BUCKET_WRITES.at(mb) + costs::BUCKET_READS.at(mb);
                wait += trips * self.inputs.bucket_ms / 1e3 + costs::INDEX.at(mb) / self.inputs.bucket_mbps;
                if counts {
                    figures.writes += costs::BUCKET_WRITES.at(mb);
                    figures.reads += costs::BUCKET_READS.at(mb);
                }
                (&mut places.in_bucket, costs::FROM_BUCKET.at(mb))
            }
        };
        *counter += u64::from(counts);
        wait += kind.reads.at(mb) * self.inputs.bucket_ms / 1e3;
        if counts {
            figures.reads += kind.reads.at(mb);
        }
        Work { cpu: (kind.cpu.at(mb) + opening) / 1e3, width: 1, wait }
    }

    /// What a job takes on this instance of the worker.
    pub fn work(&mut self, request: u32, at: usize, now: Time) -> Work {
        let (begun, kind) = (self.requests.get(request).begun, self.requests.get(request).kind);
        let Kind::Job(job) = kind else { return Work { cpu: 0.0, width: 1, wait: 0.0 } };
        let counts = begun >= DAY;
        if counts {
            self.figures.queue_age.add(seconds(now - job.published));
            self.figures.ask_forge(now);
        }
        let mb = self.traffic.repositories[job.repository].mb;
        let (unit, base) = self.base_of(job, at, now, mb);
        let figures = &mut self.figures;
        let local = &mut self.worker[at];
        local.put(Value::state(job.repository, job.commit, costs::STATE.at(mb) * MB), &mut self.shared, now);
        if job.for_review {
            let answer = Value::answer(job.repository, job.commit, 0, 0, QUESTIONS[0].answer.at(mb) * 1e3);
            local.put(answer, &mut self.shared, now);
        }
        figures.commands_now += costs::PUSH_COMMANDS.at(mb);
        figures.redis_cpu_now += costs::PUSH_REDIS_CPU.at(mb) / 1e3;
        let (writes, reads) = (costs::PUSH_WRITES.at(mb), costs::PUSH_READS.at(mb));
        let (archive, index) = (costs::ARCHIVE.at(mb), costs::INDEX.at(mb));
        if counts {
            figures.bases[base] += 1;
            figures.writes += writes;
            figures.reads += reads;
            let stored = [index, archive, costs::JOBS.at(mb)];
            figures.stored.iter_mut().zip(stored).for_each(|(sum, mb)| *sum += mb * MB);
            figures.message_bytes += 2.0 * costs::PUSH_MESSAGE.at(mb).max(LEAST_MESSAGE);
        }
        let inputs = &self.inputs;
        let wait =
            (inputs.forge_ms + inputs.bucket_ms * (writes + reads) + inputs.redis_ms * costs::PUSH_COMMANDS.at(mb))
                / 1e3
                + archive / inputs.forge_mbps
                + (archive + index) / inputs.bucket_mbps;
        // Parsing takes all cores; going on from a commit takes one.
        let width = if base == UNKNOWN { inputs.worker_cores as u32 } else { 1 };
        Work { cpu: unit.at(mb), width, wait }
    }

    /// What a job costs by where the commit before is.
    fn base_of(&mut self, job: Job, at: usize, now: Time, mb: f64) -> (&'static Unit, usize) {
        if job.all_new {
            return (&costs::FIRST, UNKNOWN);
        }
        let base = Value::state(job.repository, job.commit - 1, costs::STATE.at(mb) * MB);
        let place = self.worker[at].fetch(base, &mut self.shared, now, now >= DAY);
        match place {
            Place::Redis => self.figures.answered_now += base.bytes(),
            Place::Nowhere if now >= DAY => self.figures.reads += costs::BUCKET_READS.at(mb),
            _ => {}
        }
        match place {
            // It was pushed a moment ago, and is indexed once more.
            _ if job.for_review => (&costs::PULL_REQUEST, 0),
            Place::Open | Place::Memory => (&costs::PUSH_MEMORY, 0),
            Place::Redis => (&costs::PUSH_REDIS, 1),
            Place::Nowhere => (&costs::PUSH_BUCKET, 2),
        }
    }
}

/// Where the base is of a job that has none.
const UNKNOWN: usize = 3;
