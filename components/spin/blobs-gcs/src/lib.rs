//! Blobs as objects of Cloud Storage, over Spin's outbound HTTP. Names are those of the Wasmtime host, so both may share
//! a bucket.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

mod bucket;
mod forge;
mod uploads;

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["../../../wit/blobs"],
    inline: "
        package astlas:blobs-gcs;
        world adapter { export astlas:blobs/blobs@0.1.0; }
    ",
});

use bucket::Bucket;
use exports::astlas::blobs::blobs::{Blob, FetchError, Guest};

struct Adapter;

impl Guest for Adapter {
    async fn read(name: String, offset: u64, length: u64) -> Result<Option<Vec<u8>>, String> {
        let value = Bucket::open().await?.read(&name, offset, length).await?;
        Ok(value.map(Vec::from))
    }

    async fn write(name: String, value: Vec<u8>) -> Result<(), String> {
        Bucket::open().await?.write(&name, value).await
    }

    async fn begin(name: String) -> Result<String, String> {
        Bucket::open().await?.begin(&name).await
    }

    async fn append(upload: String, offset: u64, part: Vec<u8>) -> Result<(), String> {
        Bucket::open().await?.append(&upload, offset, part.into()).await
    }

    async fn finish(upload: String, size: u64) -> Result<(), String> {
        Bucket::open().await?.finish(&upload, size).await
    }

    async fn list(prefix: String, after: String) -> Result<Vec<Blob>, String> {
        Bucket::open().await?.list(&prefix, &after).await
    }

    async fn delete(names: Vec<String>) -> Result<(), String> {
        Bucket::open().await?.delete(&names).await
    }

    async fn fetch(name: String, repository: String, commit: String) -> Result<u64, FetchError> {
        let bucket = Bucket::open().await.map_err(FetchError::Unavailable)?;
        forge::fetch(&bucket, &name, &repository, &commit).await
    }
}

export!(Adapter);
