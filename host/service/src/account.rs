//! What a tenant asks about itself: its keys, and what it has used. The functions know nothing of either.

use std::time::Duration;

use astlas_http::{Problem, ProblemType, decode};
use astlas_identity::{KeyId, LONGEST_KEY, RegistryError, Role};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Shared,
    admission::Admitted,
    function::{Answer, not_allowed, problem},
    pages,
    route::Account,
};

const DAY: u64 = 24 * 3600;

/// A key that is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    #[serde(default)]
    role: Role,
    #[serde(default)]
    label: String,
    expires_in_days: Option<u64>,
}

/// Answers a tenant about itself.
pub async fn answer(account: Account, request: Request<Bytes>, admitted: &Admitted, shared: &Shared) -> Answer {
    let answered = match (account, request.method()) {
        (Account::Usage, &Method::GET) => usage(admitted, shared).await,
        (Account::Keys, &Method::GET) => list(admitted, shared).await,
        (Account::Keys, &Method::POST) => create(request.body(), admitted, shared).await,
        (Account::Key, &Method::DELETE) => revoke(request.uri().path(), admitted, shared).await,
        (Account::Usage, _) => Err(not_allowed("GET")),
        (Account::Keys, _) => Err(not_allowed("GET, POST")),
        (Account::Key, _) => Err(not_allowed("DELETE")),
    };
    match answered {
        Ok((status, answer)) => pages::json(status, &answer),
        Err(error) => problem(error),
    }
}

type Answered = Result<(StatusCode, Value), Problem>;

async fn usage(admitted: &Admitted, shared: &Shared) -> Answered {
    let mut usage = shared.admission.limits.usage(admitted.scope.name()).await;
    if usage.stored_bytes == 0 {
        // Shown and not counted: what is stored just now is charged when its request is over.
        usage.stored_bytes = shared.admission.stored(&admitted.scope).await;
    }
    let usage = serde_json::to_value(usage).map_err(|error| ProblemType::StageFailed.with(error.to_string()))?;
    Ok((StatusCode::OK, usage))
}

async fn list(admitted: &Admitted, shared: &Shared) -> Answered {
    let keys = shared.admission.identity.registry().list_keys(&admitted.caller.tenant).await.map_err(told)?;
    Ok((StatusCode::OK, json!({ "keys": keys })))
}

async fn create(body: &[u8], admitted: &Admitted, shared: &Shared) -> Answered {
    let KeyRequest { role, label, expires_in_days } = decode(body)?;
    if expires_in_days.is_some_and(|days| !(1..=LONGEST_KEY).contains(&days)) {
        let detail = format!("expires_in_days: give 1 to {LONGEST_KEY}, or leave it out for a key without an end");
        return Err(ProblemType::InvalidRequest.with(detail));
    }
    let lifetime = expires_in_days.map(|days| Duration::from_secs(days.saturating_mul(DAY)));
    let registry = shared.admission.identity.registry();
    let made = registry.create_key(&admitted.caller.tenant, role, &label, lifetime).await.map_err(told)?;
    tracing::info!(key = %made.key.id, by = %admitted.caller.subject, "a key was made");
    Ok((StatusCode::CREATED, json!({ "key": made.key, "secret": made.secret.expose_secret() })))
}

async fn revoke(path: &str, admitted: &Admitted, shared: &Shared) -> Answered {
    let id = path.rsplit('/').next().unwrap_or_default();
    let id: KeyId = id.parse().map_err(|error| ProblemType::InvalidRequest.with(format!("{id:?}: {error}")))?;
    if id.tenant() != &admitted.caller.tenant {
        // Whether there is one of another tenant's, nobody is told.
        return Err(told(RegistryError::NoKey(id)));
    }
    let key = shared.admission.identity.registry().revoke_key(&id).await.map_err(told)?;
    tracing::info!(key = %key.id, by = %admitted.caller.subject, "a key was revoked");
    Ok((StatusCode::OK, json!(key)))
}

fn told(error: RegistryError) -> Problem {
    let kind = match error {
        RegistryError::NoKey(_) | RegistryError::NoTenant(_) => ProblemType::NotFound,
        RegistryError::Label | RegistryError::TenantExists(_) => ProblemType::InvalidRequest,
        RegistryError::Unavailable(_) | RegistryError::Random(_) => ProblemType::Unavailable,
    };
    kind.with(error.to_string())
}
