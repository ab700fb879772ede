//! Events: messages go to a topic of Pub/Sub, which pushes them to `/pubsub/push`; a forge is known by what it signs.
#![cfg(target_family = "wasm")]
#![allow(unsafe_code, missing_docs, reason = "what wit-bindgen generates calls the canonical ABI and carries no docs")]

use astlas_atlas::ports;
use astlas_google::pubsub::{self, Project};
use astlas_spin::{Again, Scope, Web, required, variable};

spin_sdk::wit_bindgen::generate!({
    runtime_path: "spin_sdk::wit_bindgen::rt",
    path: ["../../../wit/events"],
    inline: "
        package astlas:events-pubsub;
        world adapter { export astlas:events/events@0.1.0; }
    ",
});

use exports::astlas::events::events::{Guest, Verdict};

struct Adapter;

impl Guest for Adapter {
    async fn publish(messages: Vec<Vec<u8>>) -> Result<(), String> {
        let Some(topic) = variable("topic").await? else {
            return Err("there is no topic; name one in the variable topic".into());
        };
        let (scope, address) = (Scope::get().await?, required("pubsub_url").await?);
        let (web, project) = (Web::open(&address).await?, Project::new(&address, &required("project").await?));
        for batch in pubsub::batches(&messages) {
            let request = project.publish(&topic, scope.tenant(), batch).map_err(told)?;
            // Should an answer be lost, some messages come twice.
            let answer = web.send(request, Again::Harmless).await?;
            Project::published(answer, batch.len()).map_err(told)?;
        }
        Ok(())
    }

    async fn verify(signature: String, body: Vec<u8>) -> Verdict {
        let Ok(Some(secret)) = variable("forge_secret").await else { return Verdict::Unconfigured };
        match astlas_conventions::verify(&secret, &signature, &body) {
            ports::Verdict::Authentic => Verdict::Authentic,
            ports::Verdict::Forged => Verdict::Forged,
            ports::Verdict::Unconfigured => Verdict::Unconfigured,
        }
    }
}

fn told(error: astlas_google::Error) -> String {
    format!("pubsub: {error}")
}

export!(Adapter);
