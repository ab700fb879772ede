//! Sealing: nothing of WASI 0.2 is left to import.
//!
//! Rust's std and the C library import it whether a component uses it or not. Each such import is replaced, inside the
//! module, by a function that traps. Only the seed that std's hash maps ask for is answered, always with zeros: the same
//! input then takes the same path on every machine. A stage that would need more fails in its tests.

use anyhow::{Context, Result};
use walrus::{
    FunctionId, ImportKind, Module,
    ir::{MemArg, StoreKind},
};

/// Seals all but `kept`: names of modules and functions.
pub fn seal(module: &mut Module, kept: &[(&str, &str)]) -> Result<()> {
    let imports: Vec<(FunctionId, bool)> = module
        .imports
        .iter()
        .filter(|import| import.module.starts_with("wasi:") && import.module.contains("@0.2."))
        .filter(|import| !kept.contains(&(import.module.as_str(), import.name.as_str())))
        .filter_map(|import| match import.kind {
            ImportKind::Function(function) => Some((function, import.module.starts_with("wasi:random/insecure-seed"))),
            _ => None,
        })
        .collect();
    let memory = module.memories.iter().next().map(|memory| memory.id()).context("the module has no memory")?;
    for (function, is_seed) in imports {
        module.replace_imported_func(function, |(body, parameters)| match parameters[..] {
            // The two numbers of the seed are returned through a pointer.
            [pointer] if is_seed => {
                for offset in [0, 8] {
                    let place = MemArg { align: 8, offset };
                    body.local_get(pointer).i64_const(0).store(memory, StoreKind::I64 { atomic: false }, place);
                }
            }
            _ => {
                body.unreachable();
            }
        })?;
    }
    Ok(())
}
