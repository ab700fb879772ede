//! Bodies with an end to their length.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use wasmtime_wasi_http::Error as HttpError;

/// A body that fails when it is longer than it may be.
pub struct Limited<B> {
    body: B,
    left: u64,
    error: fn(Option<u64>) -> HttpError,
}

impl<B> Limited<B> {
    pub fn new(body: B, limit: u64, error: fn(Option<u64>) -> HttpError) -> Self {
        Self { body, left: limit, error }
    }
}

impl<B: Body<Data = Bytes, Error = HttpError> + Unpin> Body for Limited<B> {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            match self.left.checked_sub(data.len() as u64) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err((self.error)(None)))),
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
