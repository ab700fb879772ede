//! Lines on stderr, which Spin keeps beside each component's name.
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["wit/io", "wit/cli"],
    // Of WASI 0.2, for in 0.3 nothing is written without waiting. std's own way there takes more of it.
    inline: "
        package astlas:spin;
        world log { import wasi:cli/stderr@0.2.0; }
    ",
    generate_all,
});

use wasi::cli::stderr::get_stderr;

/// Most bytes that WASI takes at once.
const WRITTEN: usize = 4096;

/// Writes a line: how bad it is, what it is about, and more in a form that needs no care.
pub fn log(severity: &str, message: &str, more: &str) {
    let line = format!("{severity}: {}{more}\n", message.escape_debug());
    let stderr = get_stderr();
    // Where nobody reads it, there is nobody to be told.
    let _ = line.as_bytes().chunks(WRITTEN).try_for_each(|part| stderr.blocking_write_and_flush(part));
}
