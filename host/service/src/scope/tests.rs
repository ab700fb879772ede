//! No two tenants have a name in common, whatever they call things. What is made of that: `capabilities/tests.rs`.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::collections::HashMap;

use super::{
    Scope,
    names::{Names, TENANTS},
};

#[test]
fn no_name_is_two_tenants() {
    let scopes = TENANTS.map(|tenant| Scope::new(&tenant.parse().unwrap()));
    let mut names = Names::new(7);
    let mut owners: HashMap<String, (usize, String)> = HashMap::new();
    for _ in 0..100_000 {
        let (at, name) = (names.random.usize(..TENANTS.len()), names.rare());
        let full = scopes[at].full(&name);
        for (other, scope) in scopes.iter().enumerate() {
            assert_eq!(scope.own(&full), (other == at).then_some(name.as_str()), "{full:?}");
        }
        let owner = owners.entry(full).or_insert((at, name.clone()));
        assert_eq!(*owner, (at, name));
    }
    assert!(owners.len() > 10_000);
}
