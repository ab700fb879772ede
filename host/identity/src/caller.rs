//! Who calls, and what an endpoint asks of them.

use std::{fmt, sync::Arc};

use crate::{KeyId, Refused, Role, Tenant};

/// Somebody whose credentials held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose data they work on.
    pub tenant: Tenant,
    /// What they may.
    pub role: Role,
    /// Who they are, for logs.
    pub subject: Subject,
}

/// Who somebody is. As text: `anonymous`, `key acme_0f…`, `account ci@example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nobody said.
    Anonymous,
    /// Whoever has this key.
    Key(KeyId),
    /// The account of an issuer, as the configuration names it: an address or the issuer's own number.
    Account(Arc<str>),
}

/// What an endpoint asks of who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Anonymous,
    /// At least this role.
    Role(Role),
    /// The token of a Pub/Sub subscription that pushes.
    Push,
    /// The forge's signature over the body, which is checked where the body is read.
    Forge,
}

impl Caller {
    /// Refuses who has less than a role.
    pub fn require(&self, role: Role) -> Result<(), Refused> {
        match &self.subject {
            _ if self.role >= role => Ok(()),
            // Credentials would help them.
            Subject::Anonymous => Err(Refused::Missing),
            _ => Err(Refused::Role { needed: role, held: self.role }),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => formatter.write_str("anonymous"),
            Self::Key(id) => write!(formatter, "key {id}"),
            Self::Account(account) => write!(formatter, "account {account}"),
        }
    }
}
