//! The loopback receiver: where the redirect of a sign-in arrives (RFC 8252 §7.3).
//!
//! A native program opens a port on the loopback address, names it in the redirect URI, and reads
//! the authorization response from the one request that the browser makes to it. This is the only
//! module of the core that opens a socket, and it does so only under the feature `loopback`.
//!
//! What it defends against:
//!
//! - **Others on the network.** It binds `127.0.0.1` or `[::1]`, never every address, and is open only
//!   while the flow runs (RFC 8252 §8.3). `localhost` is taken only where it was configured: a name
//!   can be answered by another address, so then both families are bound on one port, or it is an
//!   error; nobody else can hold the other half.
//! - **DNS rebinding** (CVE-2025-66414). A page on the web can let its own name point to 127.0.0.1 and
//!   talk to this port; it cannot choose the `Host` field. Only the authority of the redirect URI is
//!   answered.
//! - **Another program that answers first.** Whoever knows the port may send as many redirects as they
//!   like: [`LoopbackReceiver::wait`] hands out each, the session refuses those without its state,
//!   and the receiver goes on listening.
//! - **Idle and slow connections.** Browsers open connections ahead of time and send nothing on them.
//!   Each connection has its own thread and a deadline, there is a cap on them, and when it is
//!   reached the one that has been quiet for longest goes.
//! - **Reflection.** The page is constant, whatever the query says.
//!
//! On Windows a program of the same user can share a port on purpose; there, as everywhere, it is the
//! session's state and the verifier that protect the sign-in, not the port.
//!
//! ```no_run
//! use proofkey::loopback::{LoopbackReceiver, Received};
//! use proofkey::step::{Listen, LoopbackHost};
//! use std::time::Duration;
//!
//! let listen = Listen { host: LoopbackHost::V4, port: 0, path: "/callback".into() };
//! let receiver = LoopbackReceiver::bind(&listen)?;
//! println!("the redirect URI is {}", receiver.redirect_uri());
//! match receiver.wait(Duration::from_secs(300))? {
//!     Received::Redirect(uri) => drop(uri), // to the session, which judges it
//!     Received::Elapsed => println!("nobody came"),
//!     Received::Cancelled => println!("cancelled"),
//! }
//! # Ok::<(), proofkey::Error>(())
//! ```

mod bind;
mod connection;
mod head;
mod page;
mod shared;

use crate::error::Error;
use crate::step::Listen;
use connection::Facts;
use shared::Shared;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// The numbers that bound what a visitor can cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the accept to the end of the request's head.
    head: Duration,
    /// So long after it was last heard a connection is not closed for another.
    grace: Duration,
    /// How long is waited for the browser's end after the answer.
    drain: Duration,
    /// Connections at a time, over both families.
    connections: usize,
    /// Redirects that nobody has fetched yet.
    redirects: usize,
}

const LIMITS: Limits = Limits {
    head: Duration::from_secs(5),
    grace: Duration::from_millis(100),
    drain: Duration::from_secs(1),
    connections: 64,
    redirects: 64,
};

/// A port on the loopback address that waits for redirects, until it is dropped.
///
/// Dropping it closes the port at once and everything that is idle on it; an answer that is being
/// written is written to its end.
#[derive(Debug)]
pub struct LoopbackReceiver {
    shared: Arc<Shared>,
    facts: Arc<Facts>,
    port: u16,
    acceptors: Vec<(SocketAddr, JoinHandle<()>)>,
}

/// What a wait ended with.
#[derive(Clone, PartialEq, Eq)]
pub enum Received {
    /// A redirect: the whole URI, as it came, unjudged. It may hold a code; `Debug` does not show it.
    Redirect(String),
    /// The deadline has passed.
    Elapsed,
    /// [`Canceller::cancel`] was called.
    Cancelled,
}

impl core::fmt::Debug for Received {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(…)",
            Self::Elapsed => "Elapsed",
            Self::Cancelled => "Cancelled",
        })
    }
}

/// Ends the waits of one receiver, from any thread.
#[derive(Debug, Clone)]
pub struct Canceller(Arc<Shared>);

impl Canceller {
    /// Ends the wait that runs, at once, and every later one.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

impl LoopbackReceiver {
    /// Opens the port. A port of 0 leaves the choice to the system (RFC 8252 §7.3).
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] for a path that no browser would ask for as it is written,
    /// [`Error::PortInUse`] for a fixed port that another program holds, [`Error::ListenFailed`] for
    /// everything else that the system refuses.
    pub fn bind(listen: &Listen) -> Result<Self, Error> {
        Self::bind_with(listen, LIMITS)
    }

    fn bind_with(listen: &Listen, limits: Limits) -> Result<Self, Error> {
        crate::uri::check_loopback_path(&listen.path)?;
        let (listeners, port) = bind::listeners(listen.host, listen.port)?;
        let shared = Arc::new(Shared::new(limits));
        let facts = Arc::new(Facts::new(listen, port));
        // From here on an early return drops `receiver`, which closes what is open already.
        let mut receiver = Self { shared, facts, port, acceptors: Vec::new() };
        for listener in listeners {
            let address = listener.local_addr().map_err(|e| bind::failed(&e))?;
            let (shared, facts) = (Arc::clone(&receiver.shared), Arc::clone(&receiver.facts));
            let thread = Builder::new()
                .name("proofkey-loopback".into())
                .spawn(move || accept(&listener, &shared, &facts))
                .map_err(|e| bind::failed(&e))?;
            receiver.acceptors.push((address, thread));
        }
        Ok(receiver)
    }

    /// The port, never 0.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The redirect URI to be sent in the authorization request.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.facts.redirect_uri.clone()
    }

    /// Waits for the next redirect, for at most `deadline`. May be called again, after a redirect that
    /// was noise with what is left of the deadline. Redirects that came meanwhile are not lost.
    ///
    /// # Errors
    /// [`Error::ListenFailed`] if the system takes no more connections.
    pub fn wait(&self, deadline: Duration) -> Result<Received, Error> {
        self.shared.wait(deadline)
    }

    /// A handle that ends the wait from another thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(Arc::clone(&self.shared))
    }
}

impl Drop for LoopbackReceiver {
    fn drop(&mut self) {
        self.shared.close();
        for (address, thread) in self.acceptors.drain(..) {
            // A blocking accept ends when a connection comes: this one. Should the system refuse it
            // (no descriptors left), others may still come; after a second the thread is left alone
            // and ends with the next connection, unanswered.
            for _ in 0..10 {
                if thread.is_finished() {
                    break;
                }
                if TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_ok() {
                    // The thread was woken and sees that it is over.
                    let _ = thread.join();
                    break;
                }
            }
        }
    }
}

/// Takes connections until the receiver is closed or the system refuses for too long.
fn accept(listener: &TcpListener, shared: &Arc<Shared>, facts: &Arc<Facts>) {
    let mut refused = 0;
    loop {
        let accepted = listener.accept();
        if shared.is_closed() {
            return;
        }
        match accepted {
            Ok((stream, _)) => {
                refused = 0;
                connection::open(stream, shared, facts);
            }
            // A visitor that has gone before it was taken says nothing about the next.
            Err(e) if visitor_left(&e) => {}
            Err(e) => {
                // Mostly: no descriptors left. Ours that are quiet are given back.
                refused += 1;
                if !shared.after_refusal(refused, &e) {
                    return;
                }
            }
        }
    }
}

fn visitor_left(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(e.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests;
