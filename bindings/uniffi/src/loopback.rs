//! The loopback receiver: where the redirect of a sign-in arrives (RFC 8252 §7.3).

use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
#[cfg(not(feature = "loopback"))]
use crate::no_loopback as core;
use crate::step::LoopbackHost;
#[cfg(feature = "loopback")]
use proofkey::loopback as core;
use proofkey::step::Listen;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A port on the loopback address that waits for redirects, until it is released or freed.
#[derive(uniffi::Object)]
pub struct LoopbackReceiver {
    /// What `release` takes away. A wait that runs has a share of its own, so that this is never held for
    /// long.
    receiver: Mutex<Option<Arc<core::LoopbackReceiver>>>,
    /// Waits come one after the other; a panic in one is an error in all later ones.
    waiting: Guarded<()>,
    canceller: core::Canceller,
    port: u16,
    redirect_uri: String,
}

/// What a wait ended with.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Received {
    /// A redirect: the whole URI, as it came, unjudged. It may hold a code.
    Redirect {
        /// The URI.
        uri: String,
    },
    /// The deadline has passed.
    Elapsed,
    /// The receiver was cancelled or released.
    Cancelled,
}

shows!(Received, |it| match it {
    Received::Redirect { .. } => "Redirect(…)",
    Received::Elapsed => "Elapsed",
    Received::Cancelled => "Cancelled",
}
.to_owned());

#[uniffi::export]
impl LoopbackReceiver {
    /// Opens the port; 0 leaves the choice to the system. `port_in_use` for a fixed port that another
    /// program holds, `listen_failed` for everything else that the system refuses, `loopback_unavailable`
    /// where the library was built without the receiver, as for phones.
    #[uniffi::constructor]
    pub fn bind(host: LoopbackHost, port: u16, path: String) -> Outcome<Arc<Self>> {
        call("LoopbackReceiver.bind", || {
            let receiver = core::LoopbackReceiver::bind(&Listen { host: host.into(), port, path })?;
            Ok(Arc::new(Self {
                canceller: receiver.canceller(),
                port: receiver.port(),
                redirect_uri: receiver.redirect_uri(),
                receiver: Mutex::new(Some(Arc::new(receiver))),
                waiting: Guarded::new(()),
            }))
        })
    }

    /// The port, never 0.
    pub fn port(&self) -> Outcome<u16> {
        call("LoopbackReceiver.port", || Ok(self.port))
    }

    /// The redirect URI to be sent in the authorization request.
    pub fn redirect_uri(&self) -> Outcome<String> {
        call("LoopbackReceiver.redirect_uri", || Ok(self.redirect_uri.clone()))
    }

    /// Waits for the next redirect, for at most so many milliseconds. May be called again with what is left
    /// of the deadline; redirects that came meanwhile are not lost.
    pub fn wait(&self, deadline_ms: u64) -> Outcome<Received> {
        self.waiting.with("LoopbackReceiver.wait", |()| {
            let Some(receiver) = self.held().clone() else {
                return Ok(Received::Cancelled);
            };
            Ok(match receiver.wait(Duration::from_millis(deadline_ms))? {
                core::Received::Redirect(uri) => Received::Redirect { uri },
                core::Received::Elapsed => Received::Elapsed,
                core::Received::Cancelled => Received::Cancelled,
            })
        })
    }

    /// Ends the wait that runs, at once, and every later one. May be called from any thread.
    pub fn cancel(&self) -> Outcome<()> {
        call("LoopbackReceiver.cancel", || {
            self.canceller.cancel();
            Ok(())
        })
    }

    /// Gives the port back now, not when the object is freed. A wait that runs ends as cancelled, and the
    /// port is free when it has. May be called from any thread, and again.
    pub fn release(&self) -> Outcome<()> {
        call("LoopbackReceiver.release", || {
            self.canceller.cancel();
            let receiver = self.held().take();
            drop(receiver);
            Ok(())
        })
    }
}

impl LoopbackReceiver {
    /// An option that is set or not: a panic cannot leave it broken.
    fn held(&self) -> std::sync::MutexGuard<'_, Option<Arc<core::LoopbackReceiver>>> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
