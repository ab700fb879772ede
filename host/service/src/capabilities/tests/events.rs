//! What a tenant's messages must say of whose they are.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use astlas_capabilities::{EventsSettings, pull};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use tokio::time::{sleep, timeout};

use super::{request::Request, tally::Tally};
use crate::{
    Shared,
    bindings::astlas::events::events::{HostWithStore, Verdict},
    function::owner,
    scope::names::Names,
    state::Imports,
};

/// Bodies that say to be somebody else's: as the body of a push would, and as what breaks out of one. `NUMBER` is another
/// one each time.
const BODIES: [&str; 5] = [
    r#"{"message":{"attributes":{"tenant":"ab"},"messageId":"NUMBER"}}"#,
    r#"{"attributes":{"tenant":"a-b"},"number":NUMBER}"#,
    r#"{"tenant":"a","number":NUMBER}"#,
    r#"","attributes":{"tenant":"a"},"messageId":"NUMBER"#,
    r#""}},"message":{"attributes":{"tenant":"_nobody"}},"number":"NUMBER"#,
];
/// GitHub's example: what it signs with, what, and how that looks.
pub const SECRET: &str = "It's a Secret to Everybody";
const SIGNED: &str = "Hello, World!";
const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// How long is waited for all messages.
const LONGEST: Duration = Duration::from_secs(240);

/// Messages, and whose they are.
pub type Messages = BTreeSet<(String, String)>;

/// What the tenant did itself, and nothing else.
#[derive(Default)]
pub struct Model {
    pub published: BTreeSet<String>,
}

impl Model {
    /// Publishes something, or asks who signed something.
    pub async fn step(&mut self, request: &mut Request, names: &mut Names, tally: &mut Tally) {
        if names.random.u8(..4) == 0 {
            let is_true = names.random.bool();
            let body = if is_true { SIGNED.into() } else { names.name() };
            let verify = async |imports: &_| Imports::verify(imports, SIGNATURE.into(), body.into_bytes()).await;
            assert_eq!(request.call(verify).await, if is_true { Verdict::Authentic } else { Verdict::Forged });
            return tally.add("verify", is_true);
        }
        // Numbered, for a message may come twice. All tenants count alike, so some publish the same.
        let body = |number: usize| match BODIES.get(names.random.usize(..2 * BODIES.len())) {
            Some(body) => body.replace("NUMBER", &number.to_string()),
            None => format!("{} {number}", names.name()),
        };
        let first = self.published.len();
        let messages: Vec<_> = [first, first + 1].map(body).into();
        self.published.extend(messages.clone());
        let messages = messages.into_iter().map(String::into_bytes).collect();
        request.call(async |imports| Imports::publish(imports, messages).await).await.unwrap();
        tally.add("publish", true);
    }
}

/// A message that is handed out, and whose it is to whoever works on it.
fn read(body: &Bytes) -> (String, String) {
    let push: serde_json::Value = serde_json::from_slice(body).unwrap();
    let data = STANDARD.decode(push["message"]["data"].as_str().unwrap_or_default()).unwrap();
    (owner(body).unwrap().tenant().into(), String::from_utf8(data).unwrap())
}

/// All messages, as many as there must be.
pub async fn delivered(shared: &Shared, settings: &EventsSettings, count: usize) -> Messages {
    let seen = Arc::new(Mutex::new(Messages::new()));
    let work = {
        let seen = seen.clone();
        move |body: Bytes| {
            seen.lock().unwrap().insert(read(&body));
            async { Ok(()) }
        }
    };
    let all = async {
        while seen.lock().unwrap().len() < count {
            sleep(Duration::from_millis(10)).await;
        }
    };
    if settings.topic.is_some() {
        timeout(LONGEST, pull(settings).unwrap().run(8, work, all)).await.unwrap();
    } else {
        shared.capabilities.events.close();
        timeout(LONGEST, shared.capabilities.events.work(work, async |_, why| panic!("{why}"))).await.unwrap();
    }
    std::mem::take(&mut seen.lock().unwrap())
}
