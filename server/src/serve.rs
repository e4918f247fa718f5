//! Accepting connections: how many, how long, and how it ends.

use crate::site::Peer;
use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
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
/// seconds. Each request carries its [`Peer`]. A response that carries a [`Cut`] is not sent.
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
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_DEADLINE)
            .max_headers(MAX_HEADERS)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
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
