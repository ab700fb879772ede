//! What wit-bindgen generates for the functions' world.
#![allow(missing_docs, reason = "what wit-bindgen generates carries no docs of its own")]

wit_bindgen::generate!({
    path: [
        "../../wit/types", "../../wit/parser", "../../wit/graph", "../../wit/ranker", "../../wit/repomap",
        "../../wit/symbols", "../../wit/cache", "../../wit/blobs", "../../wit/events", "../../wit/telemetry",
        "../../wit/wasi-http", "../../wit/worlds",
    ],
    world: "astlas:worlds/function",
    generate_all,
    pub_export_macro: true,
    default_bindings_module: "astlas_shell::bindings",
});

astlas_model::convert_all!(astlas);
