//! Stands in for the core's loopback receiver where the feature `loopback` is left out, so that every build
//! exports the same and one generated source serves all platforms of a language. There is no value of these
//! types.

use proofkey::Error;
use proofkey::step::Listen;
use std::time::Duration;

pub(crate) enum LoopbackReceiver {}

pub(crate) enum Canceller {}

#[expect(dead_code)] // nothing is ever received
pub(crate) enum Received {
    Redirect(String),
    Elapsed,
    Cancelled,
}

impl LoopbackReceiver {
    pub(crate) const fn bind(_listen: &Listen) -> Result<Self, Error> {
        Err(Error::LoopbackUnavailable)
    }

    pub(crate) const fn canceller(&self) -> Canceller {
        match *self {}
    }

    pub(crate) const fn port(&self) -> u16 {
        match *self {}
    }

    pub(crate) const fn redirect_uri(&self) -> String {
        match *self {}
    }

    pub(crate) const fn wait(&self, _deadline: Duration) -> Result<Received, Error> {
        match *self {}
    }
}

impl Canceller {
    pub(crate) const fn cancel(&self) {
        match *self {}
    }
}
