//! `astlas tenants`: who the service works for, and their API keys.

use std::time::Duration;

use anyhow::Result;
use astlas_identity::{Key, KeyId, LONGEST_KEY, Registry, Role, Tenant, TenantRecord};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{
    Format, Global, Usage,
    service::{Configured, layers},
};
use crate::{
    output,
    place::{cache_folder, cache_settings},
};

const DAY: u64 = 24 * 3600;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// How the result is printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print all tenants
    List,
    /// Make a tenant
    Create {
        /// Its name: a-z, 0-9 and -
        tenant: Tenant,
    },
    /// Have nobody act for a tenant; what it has stays
    Disable {
        /// Its name
        tenant: Tenant,
    },
    /// Have people act for a tenant again
    Enable {
        /// Its name
        tenant: Tenant,
    },
    /// Print a tenant's API keys, without the keys themselves
    Keys {
        /// Whose keys
        tenant: Tenant,
    },
    /// Make an API key; it is printed once and not kept
    CreateKey {
        /// Whose key; `tenants create` makes a tenant
        tenant: Tenant,
        /// What it is good for: read, index or admin
        #[arg(long, default_value_t = Role::Read)]
        role: Role,
        /// What people call it
        #[arg(long, default_value = "")]
        label: String,
        /// When it ends [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=LONGEST_KEY))]
        expires_in_days: Option<u64>,
    },
    /// End an API key
    RevokeKey {
        /// Its id, as `keys` prints it
        key: KeyId,
    },
}

/// Looks after tenants and keys, where the service keeps them.
pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let configuration = layers(&arguments.configured, global)?.read().map_err(|error| Usage(error.to_string()))?;
    let cache = cache_settings(&cache_folder(global)?, global);
    astlas_service::administer(&configuration, &cache, async |registry| command(arguments, registry).await)
}

async fn command(arguments: &Arguments, registry: &Registry) -> Result<()> {
    let format = arguments.format;
    match &arguments.command {
        Command::List => tenants(format, &registry.list_tenants().await?),
        Command::Create { tenant } => tenants(format, &[registry.create_tenant(tenant).await?]),
        Command::Disable { tenant } => tenants(format, &[registry.disable_tenant(tenant).await?]),
        Command::Enable { tenant } => tenants(format, &[registry.enable_tenant(tenant).await?]),
        Command::Keys { tenant } => keys(format, &registry.list_keys(tenant).await?),
        Command::RevokeKey { key } => keys(format, &[registry.revoke_key(key).await?]),
        Command::CreateKey { tenant, role, label, expires_in_days } => {
            let lifetime = expires_in_days.map(|days| Duration::from_secs(days.saturating_mul(DAY)));
            let made = registry.create_key(tenant, *role, label, lifetime).await?;
            match format {
                Format::Json => {
                    output::print_json(&serde_json::json!({ "key": made.key, "secret": made.secret.expose_secret() }))
                }
                // Alone, so that it can be put where it belongs.
                Format::Table => output::print(&format!("{}\n", made.secret.expose_secret())),
            }
        }
    }
}

fn tenants(format: Format, tenants: &[TenantRecord]) -> Result<()> {
    let row = |tenant: &TenantRecord| vec![tenant.tenant.to_string(), day(Some(tenant.created)), day(tenant.disabled)];
    match format {
        Format::Json => output::print_json(&tenants),
        Format::Table => {
            let rows: Vec<_> = tenants.iter().map(row).collect();
            output::print(&output::table(&["tenant", "created", "disabled"], &[], &rows))
        }
    }
}

fn keys(format: Format, keys: &[Key]) -> Result<()> {
    let row = |key: &Key| {
        let days = [Some(key.created), key.expires, key.revoked].map(day);
        [vec![key.id.to_string(), key.role.to_string()], days.into(), vec![output::plain(&key.label)]].concat()
    };
    match format {
        Format::Json => output::print_json(&keys),
        Format::Table => {
            let rows: Vec<_> = keys.iter().map(row).collect();
            output::print(&output::table(&["key", "role", "created", "expires", "revoked", "label"], &[], &rows))
        }
    }
}

/// A moment in seconds since 1970, for people; of UTC.
pub(super) fn day(moment: Option<u64>) -> String {
    let Some(moment) = moment else { return "-".into() };
    let time = std::time::UNIX_EPOCH.checked_add(Duration::from_secs(moment));
    time.map_or_else(|| moment.to_string(), |time| humantime::format_rfc3339_seconds(time).to_string())
}
