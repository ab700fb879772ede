//! How wasmtime is set up. The same settings compile the components ahead of time and run them: wasmtime refuses code
//! that was compiled under others.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

/// Most linear memory of one instance, in bytes: room for the syntax tree of the largest file that is read and for the
/// graph of a large repository, and still little enough for several instances side by side.
pub const MEMORY_LIMIT: usize = 1 << 30;

/// Instances alive at once: one for each stage and thread, with room to replace those that trapped.
const INSTANCES: u32 = 256;

/// Functions in an instance's table. The parser has a few thousand: lexers, scanners and allocators of each grammar.
const TABLE_ELEMENTS: usize = 20_000;

/// An engine for compiling and running the stages.
pub fn engine() -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(INSTANCES)
        .total_memories(INSTANCES)
        .total_tables(INSTANCES)
        .max_memories_per_component(1)
        .max_memory_size(MEMORY_LIMIT)
        .table_elements(TABLE_ELEMENTS)
        .max_unused_warm_slots(8);
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_init_cow(true)
        // No check in the code for time or fuel: the finished components count their own work (xtask/src/meter.rs),
        // which always stops at the same place, on every machine.
        .epoch_interruption(false)
        .consume_fuel(false);
    Engine::new(&config)
}
