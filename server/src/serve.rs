//! Accepting connections: how many, how long, and how it ends.

mod impatient;

use crate::site::Peer;
use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use impatient::Impatient;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// So many connections are served at once; the next ones wait to be accepted.
const MAX_CONNECTIONS: usize = 512;

/// How long a request's head may take, and how long a connection may be idle.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// No request has more header fields.
const MAX_HEADERS: usize = 64;

/// A connection's buffer: a target of 8 KiB and its header fields have room, little more.
const BUFFER: usize = 32 * 1024;

/// How long to wait when the system has no file descriptor left.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

/// Among the extensions of a response: the connection ends in its place.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

/// Answers HTTP/1.1 on a listener with a router, until `shutdown` ends. Then it takes no new connection, lets the
/// requests that run come to their end, and cuts them off at the deadline.
///
/// At most 512 connections are served at once, each with a head of at most 64 fields that is there within ten
/// seconds. A peer that takes nothing of its answer for half a minute is left. Each request carries its [`Peer`]. A response that carries a [`Cut`] is not sent.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    deadline: Duration,
) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Dropped with this future: no connection outlives it.
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = async {
            let permit = room.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, (stream, peer)) = tokio::select! {
            () = &mut shutdown => break,
            (permit, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (permit, (stream, peer)),
                // The peer was gone before we came to it.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::select! {
                        () = &mut shutdown => break,
                        () = tokio::time::sleep(EXHAUSTED_PAUSE) => continue,
                    }
                }
            },
        };
        let answer = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let answer = answer.call(request);
            async move {
                let Ok(answer) = answer.await;
                match answer.extensions().get::<Cut>() {
                    None => Ok(answer),
                    Some(Cut) => Err(io::Error::from(ErrorKind::ConnectionAborted)),
                }
            }
        });
        let connection = graceful.watch(converse(stream, service));
        connections.spawn(async move {
            // An error here is a peer that broke off or spoke no HTTP: nothing to be done.
            drop(connection.await);
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(deadline, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off at the shutdown deadline");
    }
    connections.shutdown().await;
}

/// One connection, to its end.
fn converse<S, T>(stream: S, service: T) -> http1::Connection<TokioIo<Impatient<S>>, T>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: Service<Request<Incoming>, Response = Response<Body>, Error = io::Error>,
{
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(MAX_HEADERS)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(Impatient::new(stream)), service)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a test ends with its first wrong step"
    )]
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::{sleep, timeout};

    const LARGE: usize = 64 * 1024;
    const HOUR: Duration = Duration::from_secs(3600);

    async fn large(_: Request<Incoming>) -> io::Result<Response<Body>> {
        Ok(Response::new(Body::from(vec![b'a'; LARGE])))
    }

    /// Threat "slow connections": whoever asks and does not read holds none of the places.
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_read_is_left() {
        let (mut peer, stream) = duplex(1024);
        let connection = tokio::spawn(converse(stream, service_fn(large)));
        peer.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let ended = timeout(HOUR, connection).await.expect("it holds its place for ever");
        assert!(ended.unwrap().is_err());
        let mut rest = Vec::new();
        peer.read_to_end(&mut rest).await.unwrap();
        assert!(rest.len() < LARGE);
    }

    /// One that reads slowly gets its answer whole.
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_slowly_is_served() {
        let (mut peer, stream) = duplex(8 * 1024);
        let connection = tokio::spawn(converse(stream, service_fn(large)));
        peer.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let (mut read, mut part) = (0, vec![0; 8 * 1024]);
        while read < LARGE {
            sleep(Duration::from_secs(20)).await;
            let more = peer.read(&mut part).await.unwrap();
            assert!(more > 0, "left after {read} bytes");
            read += more;
        }
        drop(connection);
    }
}
