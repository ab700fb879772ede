//! A stream that may not give more than so many bytes.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// Ends with an error where more comes out than allowed.
pub struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
    /// How many of the last bytes were zero.
    zeros: u64,
    heads: Heads,
}

/// How much may come out until somebody says otherwise, if that is limited: what a reader keeps in memory on its own.
#[derive(Clone, Default)]
pub struct Heads(Rc<Cell<Option<u64>>>);

/// See [`Heads`], in bytes.
const HEADS: u64 = 1 << 20;

impl Heads {
    pub fn begin(&self) {
        self.0.set(Some(HEADS));
    }

    pub fn end(&self) {
        self.0.set(None);
    }

    fn take(&self, bytes: u64) -> Result<(), Bomb> {
        let Some(left) = self.0.get() else { return Ok(()) };
        let bomb = Bomb { limit: HEADS, what: "bytes said of one file" };
        self.0.set(Some(left.checked_sub(bytes).ok_or(bomb)?));
        Ok(())
    }
}

impl<R: Read> Bounded<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, limit, zeros: 0, heads: Heads::default() }
    }

    /// To limit parts of what comes out.
    pub fn heads(&self) -> Heads {
        self.heads.clone()
    }

    /// Reads to the end, where checksums are: how many of the last bytes were zero.
    pub fn end(mut self) -> io::Result<u64> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.zeros)
    }
}

/// Too much came out of a stream.
#[derive(Debug, thiserror::Error)]
#[error("more than {limit} {what}")]
pub struct Bomb {
    pub limit: u64,
    pub what: &'static str,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(Bomb { limit: self.limit, what: "bytes unpacked" })),
        }
        self.heads.take(read as u64).map_err(io::Error::other)?;
        let zeros = buffer[..read].iter().rev().take_while(|&&byte| byte == 0).count();
        self.zeros = if zeros == read { self.zeros + read as u64 } else { zeros as u64 };
        Ok(read)
    }
}
