//! What wasmtime generates for what Spin offers beside WASI.
#![allow(missing_docs, reason = "documented in wit/")]

wasmtime::component::bindgen!({
    path: ["wit/redis", "wit/variables"],
    inline: "
        package astlas:spin-host;
        world imports {
            import spin:redis/redis@3.0.0;
            import spin:variables/variables@3.0.0;
        }
    ",
    imports: { default: async | trappable },
    with: { "spin:redis/redis.connection": crate::redis::Connection },
});
