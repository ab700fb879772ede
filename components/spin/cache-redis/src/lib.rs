//! The cache over Spin's Redis. Keys and values are those of the Wasmtime host, so both may share a Redis: what one put
//! the other one gets, and claims and removals hold for both.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

mod redis;
mod shared;

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["../../../wit/cache"],
    inline: "
        package astlas:cache-redis;
        world adapter { export astlas:cache/cache@0.1.0; }
    ",
});

use exports::astlas::cache::cache::{Entry, Guest};
use shared::Shared;

struct Adapter;

/// Where Redis cannot be asked, nothing is there and everything may be taken: it costs time, and no answer.
impl Guest for Adapter {
    async fn get(keys: Vec<String>) -> Vec<Option<Vec<u8>>> {
        match Shared::open().await {
            Some(shared) => shared.get(&shared.names(&keys)).await,
            None => vec![None; keys.len()],
        }
    }

    async fn put(entries: Vec<Entry>) {
        if let Some(shared) = Shared::open().await {
            let full = |Entry { key, value }| (shared.name(&key), value);
            shared.put(entries.into_iter().map(full).collect()).await;
        }
    }

    async fn remove(keys: Vec<String>) {
        if let Some(shared) = Shared::open().await {
            shared.remove(&shared.names(&keys)).await;
        }
    }

    async fn get_or_claim(key: String, milliseconds: u32) -> Option<Vec<u8>> {
        let shared = Shared::open().await?;
        shared.get_or_claim(&shared.name(&key), milliseconds).await
    }

    async fn claim(key: String, milliseconds: u32) -> bool {
        match Shared::open().await {
            Some(shared) => shared.claim(&shared.name(&key), milliseconds).await,
            None => true,
        }
    }

    async fn add_member(set: String, member: String) -> u64 {
        match Shared::open().await {
            Some(shared) => shared.add_member(&shared.name(&set), &member).await,
            None => 0,
        }
    }

    async fn count_members(set: String) -> u64 {
        match Shared::open().await {
            Some(shared) => shared.count_members(&shared.name(&set)).await,
            None => 0,
        }
    }
}

export!(Adapter);
