//! What a day costs.

use super::{figures::Figures, inputs::Inputs};

const GIB: f64 = (1u64 << 30) as f64;
const TIB: f64 = GIB * 1024.0;
/// Days of a month.
const MONTH: f64 = 30.0;

/// Dollars, by what they are for.
pub struct Price {
    pub service: f64,
    pub worker: f64,
    pub redis: f64,
    pub storage: f64,
    pub operations: f64,
    pub messages: f64,
}

impl Price {
    /// Of a day like this one, when as many days are kept as ever are.
    pub fn of(figures: &Figures, redis_bytes: f64, inputs: &Inputs) -> Self {
        let instance = |cores: f64, gib: f64| {
            (cores + inputs.collector_cores) * inputs.cpu_price + (gib + inputs.collector_gib) * inputs.gib_price
        };
        let stored: f64 = figures.stored.iter().sum::<f64>() * inputs.kept;
        Self {
            service: figures.service.totals.instances * instance(inputs.service_cores, inputs.service_gib),
            worker: figures.worker.totals.instances * instance(inputs.worker_cores, inputs.worker_gib),
            redis: 24.0 * redis_bytes / GIB * inputs.redis_price,
            storage: stored / 1e9 * inputs.storage_price / MONTH,
            operations: (figures.writes * inputs.write_price + figures.reads * inputs.read_price) / 1e4,
            messages: figures.message_bytes / TIB * inputs.message_price,
        }
    }

    pub fn all(&self) -> f64 {
        self.service + self.worker + self.redis + self.storage + self.operations + self.messages
    }
}
