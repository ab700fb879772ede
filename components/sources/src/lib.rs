//! The source files of a commit, wherever they are: each a blob of its own, side by side in a pack, or in an archive.
//! Portable Rust without I/O: blobs come in through a port, archives that must be unpacked as bytes.

mod archive;
mod blob_files;
mod bounded;
mod entries;
mod pack;
mod tar;
mod window;
mod zip;

pub use archive::{ArchiveError, Limits, Unpacked};
pub use blob_files::{BlobFiles, OpenError};
pub use pack::pack;
pub use tar::unpack;
pub use zip::is_zip;
