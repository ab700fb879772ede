//! A service that trusts an issuer. Time passes when a test says so, and not by itself: nobody is late because the machine
//! is busy.

use std::{sync::Arc, time::Duration};

use astlas_capabilities::{Blobs, BlobsSettings, ForgeSettings};
use astlas_identity::{Caller, Identity, IdentitySettings, IssuerSettings, Refused, Role, RuleSettings};
use astlas_test_servers::Still;
use http::HeaderMap;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    issuer::Issuer,
    mint::{Signer, now},
};

pub const AUDIENCE: &str = "https://astlas.example.org";
pub const ROBOT: &str = "robot@project.iam.gserviceaccount.com";

pub struct Scene {
    pub identity: Identity,
    pub issuer: Issuer,
    _folder: TempDir,
    pub still: Still,
}

impl Scene {
    /// With an issuer that has these keys.
    pub async fn new(signers: &[&Signer]) -> Self {
        let issuer = Issuer::start(signers).await;
        let settings = settings(&issuer);
        Self::with(issuer, &settings)
    }

    pub fn with(issuer: Issuer, settings: &IdentitySettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), folder.path().into()).unwrap();
        let identity = Identity::open(settings, Arc::new(blobs)).unwrap();
        Self { identity, issuer, _folder: folder, still: Still::new() }
    }

    /// Claims that hold.
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.issuer.address, "aud": AUDIENCE, "sub": "1234", "email": ROBOT, "email_verified": true,
            "iat": now(), "exp": now() + 3600,
        })
    }

    /// Claims that hold but for this one; null takes it away.
    pub fn but(&self, claim: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[claim] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    pub async fn ask(&self, token: &str) -> Result<Caller, Refused> {
        self.identity.authenticate(&bearer(token)).await
    }

    /// Whether a token of this key is believed.
    pub async fn ask_with(&self, signer: &Signer) -> Result<(), Refused> {
        self.ask(&signer.sign(&self.claims())).await.map(drop)
    }
}

pub fn bearer(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers
}

pub fn settings(issuer: &Issuer) -> IdentitySettings {
    let rule = |email: Option<&str>, subject: Option<&str>, tenant: &str, role| RuleSettings {
        email: email.map(Into::into),
        subject: subject.map(Into::into),
        tenant: tenant.parse().unwrap(),
        role,
    };
    let issuer = IssuerSettings {
        issuer: issuer.address.clone(),
        audiences: vec!["https://another.example.org".into(), AUDIENCE.into()],
        rules: vec![
            rule(Some(ROBOT), None, "acme", Role::Index),
            rule(None, Some("5678"), "other", Role::Admin),
            rule(Some(ROBOT), None, "later", Role::Admin),
        ],
        ..IssuerSettings::default()
    };
    IdentitySettings { issuers: vec![issuer], ..IdentitySettings::default() }
}

/// Lets time pass.
pub async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}
