//! What `query` keeps and reads, without any server: an index that is a part of this component, and a cache in the memory
//! of its instance. Nothing is imported.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

mod index;
mod memory;

wit_bindgen::generate!({
    path: ["../../wit/cache", "../../wit/blobs"],
    inline: "
        package astlas:example-serve;
        world capabilities {
            export astlas:cache/cache@0.1.0;
            export astlas:blobs/blobs@0.1.0;
        }
    ",
});

struct Capabilities;

export!(Capabilities);
