//! What hosts agree on that share a Redis, a bucket or a forge: keys and how their values look, names of blobs, what
//! instances tell each other, how archives are asked for, signatures, and names of tenants. Nothing here
//! waits or connects.

pub mod forge;
pub mod form;
mod keys;
mod kind;
mod name;
mod news;
mod signature;
mod tenant;

pub use keys::{Keys, UNLOCK};
pub use kind::{is_named_by_content, kind, lifetime, own_lifetime};
pub use name::{checked, is_name};
pub use news::News;
pub use signature::verify;
pub use tenant::{TENANT_RULE, is_tenant};
