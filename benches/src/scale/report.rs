//! The tables.

use super::{
    costs::{QUESTIONS, SIZES, UNITS},
    figures::{Figures, Service},
    inputs::Inputs,
    price::Price,
    tally::Spread,
    world::World,
};
use crate::report::{row, short, table};

/// What a simulation with so many repositories came to.
pub struct Result {
    pub repositories: usize,
    pub world: World,
}

/// Everything that went in.
pub fn inputs(inputs: &Inputs, seed: u64) {
    table(&format!("What the simulation is told (seed {seed})"), &["input", "value", "unit", "from"]);
    for (name, value, unit, from) in inputs.table() {
        row(&[format!("`{name}`"), format!("{value}"), unit.into(), from.into()]);
    }
    let sizes = SIZES.map(|mb| format!("{mb} MB"));
    table(
        "What one thing costs, by MB of source",
        &[&["row of `units`"], sizes.each_ref().map(String::as_str).as_slice()].concat(),
    );
    let questions = QUESTIONS.iter().flat_map(|question| [&question.cpu, &question.answer, &question.reads]);
    for unit in UNITS.iter().copied().chain(questions) {
        row(&[vec![unit.row.to_owned()], unit.measured.map(short).to_vec()].concat());
    }
}

/// A row with what each simulation says to it.
fn say(results: &[Result], name: &str, cell: impl Fn(&World, &Figures) -> String) {
    let cells = results.iter().map(|result| cell(&result.world, &result.world.figures));
    row(&[vec![name.to_owned()], cells.collect()].concat());
}

fn head(results: &[Result], title: &str) {
    let names: Vec<String> = results.iter().map(|result| format!("{} repositories", result.repositories)).collect();
    table(title, &[&[""], names.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat());
}

fn percentiles(spread: &Spread, parts: &[f64], scale: f64, unit: &str) -> String {
    let values: Vec<String> = parts.iter().map(|part| short(spread.percentile(*part) * scale)).collect();
    format!("{} {unit}", values.join(" / "))
}

/// Bytes in the unit that suits them.
fn bytes(bytes: f64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "KB")];
    let (scale, unit) = units.into_iter().find(|(scale, _)| bytes >= *scale).unwrap_or((1.0, "B"));
    format!("{} {unit}", short(bytes / scale))
}

fn part(of: u64, all: u64) -> String {
    format!("{}%", short(100.0 * of as f64 / (all as f64).max(1.0)))
}

pub fn day(results: &[Result]) {
    head(results, "A day");
    say(results, "events of the forge", |_, figures| figures.events.to_string());
    say(results, "jobs done; under way at midnight", |_, figures| format!("{}; {}", figures.jobs, figures.left_jobs));
    say(results, "reviews; questions", |_, figures| format!("{}; {}", figures.reviews, figures.places.all()));
    type Pick = fn(&Figures) -> &Service;
    let picks: [(&str, Pick); 2] = [("service", |figures| &figures.service), ("worker", |figures| &figures.worker)];
    for (name, pick) in picks {
        say(results, &format!("{name}: instances, mean / peak; started"), |_, figures| {
            let service = pick(figures);
            format!("{} / {}; {}", short(service.instances.mean()), service.instances.most(), service.totals.starts)
        });
        say(results, &format!("{name}: CPU"), |_, figures| format!("{} s", short(pick(figures).totals.busy)));
        say(results, &format!("{name}: requests in front of instances, p50 / p99 / max"), |_, figures| {
            let queued = &pick(figures).queued;
            format!("{:.0} / {:.0} / {:.0}", queued.percentile(0.5), queued.percentile(0.99), queued.most())
        });
    }
    say(results, "age of a job when it begins, p50 / p99 / max", |_, figures| {
        let age = &figures.queue_age;
        format!("{} / {} / {} s", short(age.percentile(0.5)), short(age.percentile(0.99)), short(age.most()))
    });
    let parts = [0.5, 0.95, 0.99];
    say(results, "push to answers, p50 / p95 / p99", |_, figures| percentiles(&figures.askable, &parts, 1.0, "s"));
    say(results, "a question, p50 / p95 / p99", |_, figures| percentiles(&figures.latency, &parts, 1e3, "ms"));
    say(results, "a new question, p50 / p95 / p99", |_, figures| percentiles(&figures.latency_new, &parts, 1e3, "ms"));
    say(results, "answers that were kept", |_, figures| part(figures.places.kept(), figures.places.all()));
    say(results, "new ones: open / in memory / in Redis / in the bucket", |_, figures| {
        let (places, all) = (&figures.places, figures.places.made());
        [places.open, places.in_memory, places.in_redis, places.in_bucket].map(|count| part(count, all)).join(" / ")
    });
    say(results, "bases of jobs: memory / Redis / bucket / none", |_, figures| {
        figures.bases.map(|count| part(count, figures.bases.iter().sum())).join(" / ")
    });
    say(results, "Redis: room; most used", |world, _| {
        let redis = world.shared.redis();
        format!("{}; {}", bytes(redis.room), bytes(redis.peak))
    });
    say(results, "Redis: commands a second, mean / peak", |_, figures| {
        format!("{} / {}", short(figures.commands.mean()), short(figures.commands.most()))
    });
    say(results, "Redis: cores that compute, mean / peak", |_, figures| {
        format!("{} / {}", short(figures.redis_cores.mean()), short(figures.redis_cores.most()))
    });
    say(results, "Redis: bytes of states and answers a second, mean / peak", |_, figures| {
        format!("{} / {}", bytes(figures.answered.mean()), bytes(figures.answered.most()))
    });
    say(results, "bucket: writes and lists; reads", |_, figures| {
        format!("{:.0}; {:.0}", figures.writes, figures.reads)
    });
    say(results, "bucket, new: indexes / sources / jobs", |_, figures| figures.stored.map(bytes).join(" / "));
    say(results, "bucket, after the days that are kept", |world, figures| {
        bytes(figures.stored.iter().sum::<f64>() * world.inputs.kept)
    });
    say(results, "archives of the forge, busiest hour", |_, figures| {
        figures.forge.iter().max().copied().unwrap_or_default().to_string()
    });
    say(results, "Pub/Sub, as it counts", |_, figures| bytes(figures.message_bytes));
}

/// What Redis of other sizes would have had.
pub fn redis(results: &[Result]) {
    for result in results {
        let title = format!("Redis of other sizes, {} repositories", result.repositories);
        table(&title, &["room", "most used", "states found", "answers found", "$ a day"]);
        for redis in result.world.shared.sizes() {
            let gib = redis.room / f64::from(1u32 << 30);
            row(&[
                bytes(redis.room),
                bytes(redis.peak),
                format!("{}%", short(100.0 * redis.states.part())),
                format!("{}%", short(100.0 * redis.answers.part())),
                short(24.0 * gib * result.world.inputs.redis_price),
            ]);
        }
    }
}

pub fn prices(results: &[Result]) {
    head(results, "$ a day");
    let price = |world: &World| Price::of(&world.figures, world.shared.redis().room, &world.inputs);
    type Pick = fn(&Price) -> f64;
    let picks: [(&str, Pick); 7] = [
        ("instances of the service", |price| price.service),
        ("instances of the worker", |price| price.worker),
        ("Redis", |price| price.redis),
        ("bytes in the bucket", |price| price.storage),
        ("operations of the bucket", |price| price.operations),
        ("Pub/Sub", |price| price.messages),
        ("all", Price::all),
    ];
    for (name, pick) in picks {
        say(results, name, |world, _| short(pick(&price(world))));
    }
    say(results, "all, for a thousand reviews", |world, figures| {
        short(price(world).all() / (figures.reviews as f64).max(1.0) * 1e3)
    });
    say(results, "CPU for a thousand reviews", |_, figures| {
        format!("{} s", short(figures.cpu_seconds() / (figures.reviews as f64).max(1.0) * 1e3))
    });
}
