//! What a tenant must find among the blobs.

use std::collections::BTreeMap;

use super::{request::Request, tally::Tally};
use crate::{
    Shared,
    bindings::astlas::blobs::blobs::{FetchError, HostWithStore},
    scope::names::{Names, TENANTS},
    state::Imports,
};

/// Most that a listing has.
const LISTED: usize = 1000;
/// Begun by one request at once.
const UPLOADS: usize = 3;

/// What the tenant did itself, and nothing else.
#[derive(Default)]
pub struct Model {
    pub values: BTreeMap<String, Vec<u8>>,
    uploads: Vec<Upload>,
    /// Names of uploads that others have not heard of yet.
    pub begun: Vec<String>,
}

/// Under way in one of the tenant's requests.
struct Upload {
    at: usize,
    id: String,
    name: String,
    part: Option<Vec<u8>>,
}

impl Model {
    /// Does something, in one of the tenant's requests. Others' uploads are `known`.
    pub async fn step(
        &mut self,
        request: &mut Request,
        at: usize,
        value: String,
        names: &mut Names,
        known: &[String],
        tally: &mut Tally,
    ) {
        let name = names.path();
        match names.random.u8(..16) {
            0..2 => {
                let bytes = value.into_bytes();
                let write = request.call(async |imports| Imports::write(imports, name.clone(), bytes.clone()).await);
                // No name of a blob, or one that is a folder of others, changes nothing.
                let is_known = self.values.contains_key(&name);
                if write.await.is_ok() {
                    self.values.insert(name, bytes);
                }
                tally.add("write", is_known);
            }
            2..5 => self.read(request, name, names, tally).await,
            5..7 => self.list(request, names, tally).await,
            7 => {
                let deleted = [name, names.path()];
                let delete = request.call(async |imports| Imports::delete(imports, deleted.to_vec()).await);
                let is_done = delete.await.is_ok();
                tally.add("delete", is_done && deleted.iter().any(|name| self.values.contains_key(name)));
                for name in deleted {
                    // Of what failed, a part may be done.
                    let found = request.call(async |imports| Imports::read(imports, name.clone(), 0, u64::MAX).await);
                    let found = found.await.ok().flatten();
                    assert!(found.is_none() || (!is_done && found.as_ref() == self.values.get(&name)), "{name:?}");
                    if found.is_none() {
                        self.values.remove(&name);
                    }
                }
            }
            8..12 => self.upload(request, at, names, value, tally).await,
            12..15 => self.upload_of_others(request, at, names, known, tally).await,
            _ => {
                let (repository, commit) = ("owner/repository".into(), "main".into());
                let fetch = request.call(async |imports| Imports::fetch(imports, name, repository, commit).await);
                assert!(matches!(fetch.await, Err(FetchError::Refused(_))));
                tally.add("fetch", true);
            }
        }
    }

    async fn read(&self, request: &mut Request, name: String, names: &mut Names, tally: &mut Tally) {
        let lengths = [u64::MAX, 1, 0, 5];
        let (offset, length) = (names.random.u64(..4) * 4, lengths[names.random.usize(..4)]);
        let found = request.call(async |imports| Imports::read(imports, name.clone(), offset, length).await).await;
        let part = |value: &Vec<u8>| {
            let whole = value.iter().skip(offset as usize);
            whole.take(usize::try_from(length).unwrap_or(usize::MAX)).copied().collect::<Vec<_>>()
        };
        match self.values.get(&name) {
            Some(value) => assert_eq!(found, Ok(Some(part(value))), "{name:?}"),
            // Of what is no name, there may be no answer.
            None => assert!(found.as_ref().is_err() || found == Ok(None), "{name:?}: {found:?}"),
        }
        tally.add("read", self.values.contains_key(&name));
    }

    async fn list(&self, request: &mut Request, names: &mut Names, tally: &mut Tally) {
        let mut some = || if names.random.bool() { String::new() } else { names.path() };
        let (prefix, after) = (some(), some());
        let list = request.call(async |imports| Imports::list(imports, prefix.clone(), after.clone()).await);
        let listed: Vec<_> = list.await.unwrap().into_iter().map(|blob| (blob.name, blob.size)).collect();
        let known = self.values.iter().filter(|(name, _)| name.starts_with(&prefix) && **name > after).take(LISTED);
        let known: Vec<_> = known.map(|(name, value)| (name.clone(), value.len() as u64)).collect();
        assert_eq!(listed, known, "{prefix:?} after {after:?}");
        tally.add("list", !listed.is_empty());
    }

    /// Begins an upload, or goes on with one.
    async fn upload(&mut self, request: &mut Request, at: usize, names: &mut Names, value: String, tally: &mut Tally) {
        let first = self.uploads.iter().position(|upload| upload.at == at);
        let count = self.uploads.iter().filter(|upload| upload.at == at).count();
        let Some(place) = first.filter(|_| count == UPLOADS || names.random.u8(..3) > 0) else {
            let name = names.path();
            let begun = request.call(async |imports| Imports::begin(imports, name.clone()).await).await;
            tally.add("begin", begun.is_ok());
            if let Ok(id) = begun {
                self.begun.push(id.clone());
                self.uploads.push(Upload { at, id, name, part: None });
            }
            return;
        };
        let Upload { id, name, part, .. } = &mut self.uploads[place];
        let Some(part) = part else {
            let bytes = value.into_bytes();
            let append = request.call(async |imports| Imports::append(imports, id.clone(), 0, bytes.clone()).await);
            append.await.unwrap();
            *part = Some(bytes);
            return tally.add("append", true);
        };
        let size = part.len() as u64;
        let finished = request.call(async |imports| Imports::finish(imports, id.clone(), size).await).await;
        tally.add("finish", finished.is_ok());
        if finished.is_ok() {
            self.values.insert(name.clone(), part.clone());
            self.uploads.remove(place);
        } else {
            // A folder of others has this name. It waits for the end of its request, behind the others.
            self.uploads[place..].rotate_left(1);
        }
    }

    /// Tries to go on with what another request began, of this tenant or of another one, or that is over.
    async fn upload_of_others(
        &mut self,
        request: &mut Request,
        at: usize,
        names: &mut Names,
        known: &[String],
        tally: &mut Tally,
    ) {
        let own: Vec<_> = self.uploads.iter().filter(|upload| upload.at == at).map(|upload| &upload.id).collect();
        let others: Vec<_> = known.iter().filter(|id| !own.contains(id)).collect();
        let other = others.get(names.random.usize(..others.len().max(1)));
        let id = match (own.first(), other) {
            // One of its own that says to be another's.
            (Some(own), _) if names.random.u8(..4) == 0 => {
                let (token, tenant) = (own.split('/').next().unwrap_or(own), names.random.usize(..TENANTS.len()));
                format!("{token}/{}/{}!", TENANTS[tenant], names.name())
            }
            (_, Some(other)) => (*other).clone(),
            _ => names.name(),
        };
        let is_end = names.random.bool();
        let refused = request.call(async |imports| match is_end {
            true => Imports::finish(imports, id.clone(), 1).await,
            false => Imports::append(imports, id.clone(), 0, b"not theirs".to_vec()).await,
        });
        assert!(refused.await.is_err_and(|why| why.contains("no such upload")), "{id:?}");
        tally.add("upload of others", other.is_some());
    }

    /// A request ends: what uploads it had.
    pub fn end(&mut self, at: usize) -> Vec<String> {
        self.uploads.extract_if(.., |upload| upload.at == at).map(|upload| upload.id).collect()
    }

    /// Nothing is left of uploads whose request is over.
    pub async fn are_gone(shared: &Shared, uploads: Vec<String>, tally: &mut Tally) {
        for id in uploads {
            assert!(shared.capabilities.blobs.append(&id, 0, "too late".into()).await.is_err(), "{id}");
            tally.add("append after the end", true);
        }
    }
}
