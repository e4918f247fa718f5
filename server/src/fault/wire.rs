//! How an answer comes to its end on the wire: whole, cut, or drop by drop.

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// Nothing of it is sent: the connection ends.
    CutBefore,
    /// Its head says how long it is, and after half of it the connection ends.
    CutInside,
    /// A byte at a time, for ever: white space when nothing is left.
    Drip,
}

/// So long between two drops. A deadline of one call of the socket never passes.
const PAUSE: Duration = Duration::from_millis(200);

/// A body that is not sent as a whole.
pub(super) struct Slow {
    left: Bytes,
    end: Ending,
    next: Pin<Box<Sleep>>,
    length: u64,
}

impl Slow {
    pub(super) fn new(body: Vec<u8>, end: Ending) -> Self {
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let half = body.len() / 2;
        let mut left = Bytes::from(body);
        if end == Ending::CutInside {
            left.truncate(half);
        }
        Self { left, end, next: Box::pin(sleep_until(Instant::now())), length }
    }
}

impl Body for Slow {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        ready!(self.next.as_mut().poll(cx));
        // What stands in hyper's buffer is sent while this waits.
        self.next.as_mut().reset(Instant::now() + PAUSE);
        if self.end == Ending::Drip {
            let drop =
                if self.left.is_empty() { Bytes::from_static(b" ") } else { self.left.split_to(1) };
            return Poll::Ready(Some(Ok(Frame::data(drop))));
        }
        if self.left.is_empty() {
            let cut = Error::new(ErrorKind::ConnectionAborted, "the line is cut, as configured");
            return Poll::Ready(Some(Err(cut)));
        }
        let all = std::mem::take(&mut self.left);
        Poll::Ready(Some(Ok(Frame::data(all))))
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            Ending::CutInside => SizeHint::with_exact(self.length),
            _ => SizeHint::default(),
        }
    }
}

/// NULs as gzip (RFC 1952), a hundred and fifty times as many bytes as there are here: a GiB, or what fits under
/// a cap of 64 KiB before it is inflated.
///
/// It is a block of the fixed code (RFC 1951 §3.2.6): a literal, then matches of 258 bytes at the distance 1. Eight
/// of them are 13 bytes, so after the first ones the same 13 come again and again. The end is broken: who has come
/// there has lost already.
pub(super) fn bomb(inflated: usize) -> Vec<u8> {
    const EIGHT_MATCHES: usize = 8 * 258;
    let mut bits = Bits { bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], filled: 0 };
    // The last block, with the fixed code; the literal 0; then each match: length 285, distance 0.
    bits.put(&[1, 1, 0]);
    bits.put(&[0, 0, 1, 1, 0, 0, 0, 0]);
    for _ in 0..16 {
        bits.put(&[1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    // Behind the head of ten bytes and the two that the beginning reaches into.
    let again = bits.bytes.get(12..25).unwrap_or_default().repeat(inflated / EIGHT_MATCHES);
    bits.bytes.truncate(12);
    bits.bytes.extend_from_slice(&again);
    bits.bytes
}

struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are set; 0: it is full.
    filled: u32,
}

impl Bits {
    fn put(&mut self, bits: &[u8]) {
        for bit in bits {
            if self.filled == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << self.filled;
            }
            self.filled = (self.filled + 1) % 8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_small_and_its_head_is_that_of_gzip() {
        let bomb = bomb(8 << 20);
        assert_eq!(bomb.get(..3), Some(&[0x1f, 0x8b, 8][..]));
        assert!(bomb.len() < 64 * 1024, "{}", bomb.len());
    }
}
