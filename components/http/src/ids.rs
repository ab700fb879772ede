//! How repositories and commits are called.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[doc = $doc:literal])+ $name:ident, $longest:literal, $pattern:literal, $schema:literal, $extra:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String")]
        #[schemars(extend("maxLength" = $longest, "pattern" = $schema))]
        pub struct $name(String);

        impl $name {
            /// As it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte) || $extra.contains(&byte);
                // No part may be a way up, wherever it ends up in a path.
                let is_plain = text.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
                if text.len() > $longest || !text.bytes().all(is_known) || !is_plain {
                    return Err(format!(
                        "not a name: give 1 to {} of the characters that match {}, no part of it `.` or `..`",
                        $longest, $pattern
                    ));
                }
                Ok(Self(text))
            }
        }
    };
}

id!(
    /// What the caller calls a repository: `owner/name`, or anything alike.
    RepoId, 200, r"^[A-Za-z0-9._/-]+$", r"^(?!.*(?:^|/)\.{0,2}(?:/|$))[A-Za-z0-9._/-]+$", b"/"
);
id!(
    /// A commit: its hash, or whatever else names one state of the repository for good.
    CommitSha, 64, r"^[A-Za-z0-9._-]+$", r"^(?!\.{1,2}$)[A-Za-z0-9._-]+$", b""
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_lead_elsewhere_are_refused() {
        for name in ["a", "owner/name", "a.b-c_d/e", "..a"] {
            assert!(RepoId::try_from(name.to_owned()).is_ok(), "{name}");
        }
        for name in ["", "/a", "a/", "a//b", "../a", "a/..", ".", "a:b", "a b", "ä", "a\0", "a\\b", &"a".repeat(201)] {
            assert!(RepoId::try_from(name.to_owned()).is_err(), "{name}");
        }
        assert!(CommitSha::try_from("0af1".to_owned()).is_ok());
        assert!(CommitSha::try_from("a/b".to_owned()).is_err());
    }
}
