//! Listings, page by page, in order of the names' bytes.

use bytes::Bytes;
use serde::Deserialize;

use super::Bucket;
use crate::{Error, Request, Response, answer, encoded};

/// An object, as a listing tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// When it was written, in seconds since 1970.
    pub updated: u64,
    /// The hash of its content or, where the bucket keeps none, the number of this writing.
    pub digest: String,
}

/// Some objects, and where the next are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In order. A page may be empty though others follow.
    pub objects: Vec<Object>,
    /// What to ask the next page with; `None`: this is the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    #[serde(default)]
    items: Vec<Item>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    name: String,
    // Numbers of 64 bits are strings in Google's JSON.
    size: String,
    updated: String,
    #[serde(default)]
    generation: String,
    md5_hash: Option<String>,
}

impl Bucket {
    /// Asks for up to `most` objects whose names begin with `prefix`, from the name `start` on or, with `page`, where the
    /// page before ended.
    pub fn list(&self, prefix: &str, start: &str, page: Option<&str>, most: u32) -> Result<Request, Error> {
        let mut address = format!(
            "{}/storage/v1/b/{}/o?prefix={}&startOffset={}&maxResults={most}",
            self.endpoint,
            self.name,
            encoded(prefix),
            encoded(start)
        );
        if let Some(page) = page {
            address.push_str(&format!("&pageToken={}", encoded(page)));
        }
        address.push_str("&fields=nextPageToken,items(name,size,updated,generation,md5Hash)");
        Ok(http::Request::get(address).body(Bytes::new())?)
    }

    /// The page.
    pub fn list_answer(response: Response) -> Result<Page, Error> {
        let listing: Listing = answer::json(response)?;
        let objects = listing.items.into_iter().map(Item::read).collect::<Result<_, _>>()?;
        Ok(Page { objects, next: listing.next_page_token.filter(|token| !token.is_empty()) })
    }
}

impl Item {
    fn read(self) -> Result<Object, Error> {
        let updated = self.updated.parse::<jiff::Timestamp>();
        let updated = updated.map_err(|_| Error::Unreadable(format!("{:?} is no time", self.updated)))?;
        Ok(Object {
            size: self.size.parse().map_err(|_| Error::Unreadable(format!("{:?} is no size", self.size)))?,
            updated: u64::try_from(updated.as_second()).unwrap_or(0),
            digest: self.md5_hash.filter(|hash| !hash.is_empty()).unwrap_or(self.generation),
            name: self.name,
        })
    }
}
