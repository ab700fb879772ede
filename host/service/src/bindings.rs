//! What wasmtime generates for what the functions import.
#![allow(missing_docs, reason = "documented in wit/")]

wasmtime::component::bindgen!({
    path: [
        "../../wit/types", "../../wit/parser", "../../wit/graph", "../../wit/ranker", "../../wit/repomap",
        "../../wit/symbols", "../../wit/cache", "../../wit/blobs", "../../wit/events", "../../wit/telemetry",
    ],
    inline: "
        package astlas:service;
        world imports {
            import astlas:parser/parser@0.1.0;
            import astlas:graph/graph@0.1.0;
            import astlas:ranker/ranker@0.1.0;
            import astlas:repomap/repomap@0.1.0;
            import astlas:symbols/symbols@0.1.0;
            import astlas:cache/cache@0.1.0;
            import astlas:blobs/blobs@0.1.0;
            import astlas:events/events@0.1.0;
            import astlas:telemetry/telemetry@0.1.0;
        }
    ",
    // A stage is a plain function for its caller; here it waits for a thread that computes.
    imports: {
        "astlas:telemetry/telemetry.microseconds": trappable,
        "astlas:telemetry/telemetry.now": trappable,
        "astlas:telemetry/telemetry.log": trappable,
        default: async | trappable,
    },
});

astlas_model::convert_all!(astlas);
