//! Variables of the application, as `spin.toml` hands them to the component that an adapter is composed with.

use spin_sdk::variables;

/// The value of a variable; `None` where it is empty: a variable that is left open has to have some value.
pub async fn variable(name: &str) -> Result<Option<String>, String> {
    match variables::get(name).await {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(error) => Err(format!("the variable {name}: {error}")),
    }
}

/// The value of a variable that may not be left open.
pub async fn required(name: &str) -> Result<String, String> {
    variable(name).await?.ok_or_else(|| format!("the variable {name} is empty"))
}
