//! How wasmtime is set up. The same settings compile the components ahead of time and run them: wasmtime refuses code
//! that was compiled under others.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

/// Most linear memory of one instance, in bytes: room for the syntax tree of the largest file that is read and for the
/// graph of a large repository, and still little enough for several instances side by side.
pub const MEMORY_LIMIT: usize = 1 << 30;

/// Instances alive at once beside one parser for each thread: the other stages, with room to replace what trapped.
const OTHER_INSTANCES: u32 = 14;

/// Functions in an instance's table. The parser has a few thousand: lexers, scanners and allocators of each grammar.
pub const TABLE_ELEMENTS: usize = 20_000;

/// An engine for language components. They have no counter of their own, so wasmtime counts their work (fuel), by
/// instructions, and by bytes where one instruction moves many. Like our counter it ends a call at the same place on
/// every machine, so that what it does to a file may be kept.
pub fn foreign_engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::Speed).memory_init_cow(true).consume_fuel(true).concurrency_support(false);
    Engine::new(&config)
}

/// Instances of one function that work at once; there are two functions.
pub const WORKING_INSTANCES: u32 = 64;
/// Instances that wait for another request.
pub const WAITING_INSTANCES: u32 = 64;
/// Functions alive at once; some that waited may be on their way out.
const FUNCTION_INSTANCES: u32 = 2 * WORKING_INSTANCES + 2 * WAITING_INSTANCES;

/// An engine for running the HTTP functions.
pub fn function_engine() -> wasmtime::Result<Engine> {
    Engine::new(&functions())
}

/// Settings for compiling the HTTP functions and running them. They wait, so time is what ends them: wasmtime looks at
/// its clock (epochs) in their loops.
pub fn functions() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(FUNCTION_INSTANCES)
        // Beside a component's own module two more that tie its imports to it.
        .total_core_instances(FUNCTION_INSTANCES * 3)
        .total_memories(FUNCTION_INSTANCES)
        .total_tables(FUNCTION_INSTANCES * 4)
        .total_stacks(FUNCTION_INSTANCES * 2)
        .max_memories_per_component(1)
        .max_memory_size(MEMORY_LIMIT)
        .table_elements(TABLE_ELEMENTS)
        .max_unused_warm_slots(16);
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_init_cow(true)
        .epoch_interruption(true)
        .wasm_component_model_async(true);
    config
}

/// Instances of stages alive at once, on so many threads.
pub fn instances(threads: usize) -> u32 {
    OTHER_INSTANCES.saturating_add(u32::try_from(threads).unwrap_or(u32::MAX))
}

/// An engine for running the stages on so many threads.
pub fn engine(threads: usize) -> wasmtime::Result<Engine> {
    Engine::new(&stages(threads))
}

/// Settings for compiling the stages and running them on so many threads. Each instance there is room for takes 4 GiB of
/// addresses (not of memory), because code that cannot leave them needs no check of bounds.
pub fn stages(threads: usize) -> Config {
    let instances = instances(threads);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances)
        .total_memories(instances)
        .total_tables(instances)
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
        .consume_fuel(false)
        .concurrency_support(false);
    config
}
