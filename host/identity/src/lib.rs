//! Who calls, for which tenant, and what they may.
//!
//! A request's headers go in; a [`Caller`] comes out, or why there is none ([`Refused`]). Callers have an API key, of
//! which a hash is kept among the durable blobs ([`Registry`]), or an identity token of an issuer that the
//! configuration trusts. Nothing here knows what they want.

mod caller;
mod credentials;
mod identity;
mod key;
mod refused;
mod registry;
mod remembered;
mod role;
mod settings;
mod store;
mod tenant;
mod token;

pub use caller::{Access, Caller, Subject};
pub use credentials::API_KEY;
pub use identity::Identity;
pub use key::{Key, KeyId, KeyIdError, LONGEST_KEY, NewKey};
pub use refused::{Reason, Refused};
pub use registry::{Registry, RegistryError, TenantRecord};
pub use role::{Role, RoleError};
pub use settings::{GOOGLE, IdentitySettings, IssuerSettings, RuleSettings};
pub use store::Store;
pub use tenant::{Tenant, TenantError};

/// What issuers of identity tokens say, read without asking anybody.
pub mod issuer {
    pub use crate::token::{Claims, IssuerKeys, keys_address, lifetime};
}
