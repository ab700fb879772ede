//! Telemetry: lines on stderr, which Spin keeps beside each component's name, and the time.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

use spin_sdk::wasip3::clocks::{monotonic_clock, system_clock};

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["../../../wit/telemetry", "wit/io", "wit/cli"],
    // Of WASI 0.2, for in 0.3 nothing is written without waiting. std's own way there takes more of it.
    inline: "
        package astlas:telemetry-log;
        world adapter {
            import wasi:cli/stderr@0.2.0;
            export astlas:telemetry/telemetry@0.1.0;
        }
    ",
    generate_all,
});

use exports::astlas::telemetry::telemetry::{Field, Guest, Severity};
use wasi::cli::stderr::get_stderr;

/// Most bytes that WASI takes at once.
const WRITTEN: usize = 4096;

struct Adapter;

impl Guest for Adapter {
    fn microseconds() -> u64 {
        monotonic_clock::now() / 1000
    }

    fn now() -> u64 {
        u64::try_from(system_clock::now().seconds).unwrap_or(0)
    }

    fn log(severity: Severity, message: String, fields: Vec<Field>) {
        let severity = match severity {
            Severity::Debug => "debug",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let field = |Field { name, value }: &Field| format!(" {name}={value:?}");
        let fields: String = fields.iter().map(field).collect();
        let line = format!("{severity}: {}{fields}\n", message.escape_debug());
        let stderr = get_stderr();
        // Where nobody reads it, there is nobody to be told.
        let _ = line.as_bytes().chunks(WRITTEN).try_for_each(|part| stderr.blocking_write_and_flush(part));
    }
}

export!(Adapter);
