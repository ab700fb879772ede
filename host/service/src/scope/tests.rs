//! Tenants beside each other in one cache and one place for blobs, with names that want to be each other's: a model of
//! what each put there says what it must find.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry},
    time::Duration,
};

use astlas_capabilities::{Blobs, BlobsSettings, Cache, CacheSettings, ForgeSettings, cache::Found};
use astlas_test_servers::RedisServer;
use bytes::Bytes;

use super::Scope;

/// What names are made of that want to be somebody else's. The tenants' names are among them.
const PIECES: [&str; 24] = [
    "a",
    "b",
    "ab",
    "a/",
    "b/",
    "/",
    "//",
    "..",
    "../",
    "./",
    "\0",
    ":",
    "*",
    "[a-z]",
    "?",
    "\u{202e}",
    "é",
    "e\u{301}",
    "%2F",
    "\n",
    ">",
    "{a}",
    "\\",
    "_identity/",
];
/// One name begins as another one, and one with what stands in another one.
const TENANTS: [&str; 3] = ["a", "ab", "a-b"];

struct Names(fastrand::Rng);

impl Names {
    fn scope(&mut self) -> (usize, Scope) {
        let at = self.0.usize(0..TENANTS.len());
        (at, Scope::new(&TENANTS[at].parse().unwrap()))
    }

    /// Short ones: two tenants come upon the same.
    fn name(&mut self) -> String {
        (0..self.0.usize(0..4)).map(|_| PIECES[self.0.usize(0..PIECES.len())]).collect()
    }
}

#[test]
fn no_name_is_two_tenants() {
    let mut names = Names(fastrand::Rng::with_seed(7));
    let mut owners: HashMap<String, (usize, String)> = HashMap::new();
    for _ in 0..100_000 {
        let ((at, scope), name) = (names.scope(), names.name());
        let full = scope.full(&name);
        assert_eq!(scope.own(&full), Some(name.as_str()));
        for (other, tenant) in TENANTS.iter().enumerate() {
            assert!(other == at || Scope::new(&tenant.parse().unwrap()).own(&full).is_none(), "{full:?}");
        }
        let owner = owners.entry(full).or_insert((at, name.clone()));
        assert_eq!(*owner, (at, name));
    }
    assert!(owners.len() > 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_in_redis_keeps_tenants_apart() {
    let server = RedisServer::start();
    let settings = CacheSettings { url: Some(server.url()), ..CacheSettings::default() };
    cache(&settings, 30_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_in_a_file_keeps_tenants_apart() {
    cache(&CacheSettings::default(), 40_000).await;
}

async fn cache(settings: &CacheSettings, operations: u32) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(settings, astlas_cache::Settings::new(folder.path())).await.unwrap();
    let mut names = Names(fastrand::Rng::with_seed(11));
    let mut values: BTreeMap<(usize, String), Bytes> = BTreeMap::new();
    let mut sets: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    let mut hits = 0;
    for number in 0..operations {
        let (at, scope) = names.scope();
        // A kind that is copied into memory, one that is not, and none.
        let kind = ["graph:", "job:", "", "ast:1:"][names.0.usize(0..4)];
        let name = format!("{kind}{}", names.name());
        let (own, full) = ((at, name.clone()), scope.full(&name));
        match names.0.u8(0..7) {
            0 | 1 => {
                let value = Bytes::from(format!("{at} {number}"));
                // Values of some kinds are named by what they are made of: there is one for each name.
                if let Entry::Vacant(entry) = values.entry(own) {
                    cache.put(vec![(full, entry.insert(value).clone())]).await;
                }
            }
            2 | 3 => {
                let found = cache.get(&[full]).await.pop().unwrap();
                assert_eq!(found.as_ref(), values.get(&own), "{own:?}");
                hits += u32::from(found.is_some());
            }
            4 => {
                cache.remove(&[full]).await;
                values.remove(&own);
                sets.remove(&own);
            }
            5 => {
                let name = format!("set:{}", names.name());
                let set = sets.entry((at, name.clone())).or_default();
                set.insert(number.to_string());
                assert_eq!(cache.add_member(&scope.full(&name), &number.to_string()).await, set.len() as u64);
            }
            _ => match cache.get_or_claim(&full, Duration::from_secs(5)).await {
                Found::Value(value) => assert_eq!(Some(&value), values.get(&own), "{own:?}"),
                // Nobody else holds it: it would have to be waited for.
                Found::Claim(_) => assert!(!values.contains_key(&own), "{own:?}"),
            },
        }
    }
    assert!(hits > operations / 100, "{hits} hits tell nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_in_a_folder_keep_tenants_apart() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    std::fs::write(&outside, "nobody's").unwrap();
    let blobs = Blobs::open(&BlobsSettings::default(), &ForgeSettings::default(), folder.path().join("blobs")).unwrap();
    blobs.write("_identity/keys/a/0", "a secret".into()).await.unwrap();
    let mut names = Names(fastrand::Rng::with_seed(13));
    let mut values: BTreeMap<(usize, String), Bytes> = BTreeMap::new();
    let (mut hits, mut refused) = (0, 0);
    for number in 0..30_000 {
        let ((at, scope), name) = (names.scope(), names.name());
        let (own, full) = ((at, name.clone()), scope.full(&name));
        match names.0.u8(0..5) {
            0 | 1 => {
                let value = Bytes::from(format!("{at} {number}"));
                match blobs.write(&full, value.clone()).await {
                    Ok(()) => drop(values.insert(own, value)),
                    // No name of a blob, or one that is a folder of others.
                    Err(_) => refused += 1,
                }
            }
            2 => {
                let found = blobs.read(&full, 0, u64::MAX).await.unwrap_or_default();
                assert_eq!(found.as_ref(), values.get(&own), "{own:?}");
                hits += u32::from(found.is_some());
            }
            3 => {
                if blobs.delete(&[full]).await.is_ok() {
                    values.remove(&own);
                }
            }
            _ => {
                let listed = blobs.list(&full, &scope.full("")).await.unwrap();
                let listed: Vec<_> = listed.iter().map(|blob| scope.own(&blob.name).unwrap().to_owned()).collect();
                let known = values.keys().filter(|(other, known)| *other == at && known.starts_with(&name));
                assert_eq!(listed, known.map(|(_, known)| known.clone()).take(1000).collect::<Vec<_>>());
            }
        }
    }
    assert!(hits > 500 && refused > 1000, "{hits} hits, {refused} refused");
    assert_eq!(std::fs::read(&outside).unwrap(), b"nobody's");
    assert_eq!(blobs.read("_identity/keys/a/0", 0, 100).await.unwrap().unwrap(), "a secret");
}
