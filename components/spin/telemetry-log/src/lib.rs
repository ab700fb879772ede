//! Telemetry: lines on stderr, which Spin keeps beside each component's name, and the time.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

use spin_sdk::wasip3::clocks::{monotonic_clock, system_clock};

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["../../../wit/telemetry"],
    inline: "
        package astlas:telemetry-log;
        world adapter { export astlas:telemetry/telemetry@0.1.0; }
    ",
});

use exports::astlas::telemetry::telemetry::{Field, Guest, Severity};

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
        astlas_spin::log(severity, &message, &fields.iter().map(field).collect::<String>());
    }
}

export!(Adapter);
