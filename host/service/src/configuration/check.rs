//! Whether a configuration can be meant, as far as nobody has to be asked.

use anyhow::{Result, ensure};
use astlas_engine::config::MEMORY_LIMIT;
use astlas_limits::Gate;

use super::{Configuration, FunctionsSettings};
use crate::{ROOM, admission, telemetry};

/// Least memory with which a function answers anything, in bytes.
const LEAST_MEMORY: u64 = 8 << 20;

impl Configuration {
    /// What keeps the service from starting with it, before any server is asked and anything is opened. Not to be called
    /// where something asynchronous runs.
    pub fn check(&self) -> Result<()> {
        self.capabilities().check()?;
        admission::check(self)?;
        telemetry::check(&self.telemetry)?;
        Gate::new(&self.gate)?;
        let places = self.gate.places;
        ensure!(places <= ROOM, "gate.places: {places} is more than there is room for; give {ROOM} at most");
        let FunctionsSettings { warm_bytes, instance_memory, tenant_memory, memory } = self.functions;
        ensure!(
            instance_memory <= MEMORY_LIMIT as u64,
            "functions.instance_memory: {instance_memory} bytes are more than an instance can have; give {MEMORY_LIMIT} at most"
        );
        ensure!(
            instance_memory >= LEAST_MEMORY,
            "functions.instance_memory: {instance_memory} bytes are less than any instance needs; give {LEAST_MEMORY} at least"
        );
        ensure!(
            tenant_memory <= memory,
            "functions.tenant_memory: {tenant_memory} bytes are more than functions.memory, {memory}; give less"
        );
        // Else one that waits could keep the next one out.
        ensure!(
            warm_bytes.saturating_add(instance_memory) <= tenant_memory,
            "functions.tenant_memory: {tenant_memory} bytes are less than functions.warm_bytes and functions.instance_memory \
             together, {warm_bytes} and {instance_memory}; give more"
        );
        Ok(())
    }
}
