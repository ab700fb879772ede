//! Stored values that are what nobody stored: any bytes, under a header that fits them.

use astlas_model::stored;
use serde::{Serialize, Serializer, ser::SerializeTuple};

/// How long the header of a stored value is, in bytes.
pub const HEADER: usize = 16;

/// Bytes as they are, without their number.
struct Plain<'a>(&'a [u8]);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

/// These bytes as a stored value: mark, format and checksum are right, so that the decoder itself gets to see them.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    stored::encode(&Plain(bytes))
}
