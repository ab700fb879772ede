//! A stream that may not give more than so many bytes.

use std::io::{self, Read};

/// Ends with an error where more comes out than allowed.
pub struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
    /// How many of the last bytes were zero.
    zeros: u64,
}

impl<R: Read> Bounded<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, limit, zeros: 0 }
    }

    /// Reads to the end, where checksums are: how many of the last bytes were zero.
    pub fn end(mut self) -> io::Result<u64> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.zeros)
    }
}

/// Too much came out of a stream.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} bytes")]
pub struct Bomb(pub u64);

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(Bomb(self.limit))),
        }
        let zeros = buffer[..read].iter().rev().take_while(|&&byte| byte == 0).count();
        self.zeros = if zeros == read { self.zeros + read as u64 } else { zeros as u64 };
        Ok(read)
    }
}
