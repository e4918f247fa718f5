//! One HTTP exchange, exactly as the core wrote it: nothing followed, nothing repeated, nothing added.

use proofkey::http::{Header, HttpRequest, HttpResponse, Method};
use proofkey::step::{Event, Lost};
use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

/// The head of an answer is at most so large.
const MAX_HEAD: usize = 64 * 1024;

/// No whole answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// How far the request went.
    pub reason: Lost,
    /// What the system said of it.
    pub detail: String,
}

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Unreachable {}

impl From<Unreachable> for Event {
    fn from(Unreachable { reason, detail }: Unreachable) -> Self {
        Self::Unreachable { reason, detail }
    }
}

/// Makes the exchange and says how it went.
pub(crate) fn send(request: &HttpRequest) -> Event {
    exchange(request).map_or_else(Event::from, Event::Response)
}

/// How long things may take.
enum Patience {
    /// The whole exchange.
    Whole(Duration),
    /// All but the body, which may go on for as long as it likes.
    UntilBody(Duration),
}

/// An agent for one exchange. No connection is kept, so none can be found dead and used again: that
/// is what makes HTTP stacks send a request twice (P14).
fn agent(url: &str, patience: Patience) -> Agent {
    let proxy = if is_loopback(url) { None } else { Proxy::try_from_env() };
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder();
    let config = match patience {
        Patience::Whole(time) => config.timeout_global(Some(time)),
        Patience::UntilBody(time) => {
            config.timeout_connect(Some(time)).timeout_recv_response(Some(time))
        }
    };
    config
        .tls_config(tls)
        .proxy(proxy)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .max_response_header_size(MAX_HEAD)
        .user_agent("")
        .accept("")
        .accept_encoding("")
        .build()
        .new_agent()
}

/// Makes one exchange just as the core wrote it: no redirect is followed, nothing is sent twice, the
/// answer is capped while it streams. It blocks for `timeout_ms` at most. For programs that drive a
/// [`PkceSession`](proofkey::session::PkceSession) or a flow of the core by themselves; a
/// [`Client`](crate::Client) does it for you.
///
/// A proxy that the environment names is used, but never for an address on loopback.
///
/// # Errors
/// [`Unreachable`], when no whole answer came. An answer with any status is an answer.
pub fn exchange(request: &HttpRequest) -> Result<HttpResponse, Unreachable> {
    let agent = agent(&request.url, Patience::Whole(Duration::from_millis(request.timeout_ms)));
    let sent = match request.method {
        Method::Get => fields(agent.get(&request.url), &request.headers).call(),
        Method::Post => {
            let body = request.body.as_ref().map_or("", |body| body.expose());
            fields(agent.post(&request.url), &request.headers).send(body.as_bytes())
        }
    };
    let (parts, body) = sent.map_err(|e| unreachable(lost(&e), &e))?.into_parts();
    let headers = copied(&parts.headers);
    let body = read(body, request.max_body)?;
    Ok(HttpResponse::new(parts.status.as_u16(), headers, body))
}

/// A resource's answer, of which the body is still to come.
pub(crate) struct Opened {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: ureq::BodyReader<'static>,
}

/// Sends a request to a resource; no redirect is followed, so no header goes anywhere else. The head of the
/// answer may take so long, its body as long as it likes.
pub(crate) fn open(
    (method, url): (&str, &str),
    headers: &[Header],
    body: Option<&[u8]>,
    time: Duration,
) -> Result<Opened, Unreachable> {
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for header in headers {
        request = request.header(&header.name, &header.value);
    }
    let unsent = |e: ureq::http::Error| unreachable(Lost::NotConnected, &e);
    let agent = agent(url, Patience::UntilBody(time));
    let sent = match body {
        Some(body) => agent.run(request.body(body).map_err(unsent)?),
        None => agent.run(request.body(()).map_err(unsent)?),
    };
    let (parts, body) = sent.map_err(|e| unreachable(lost(&e), &e))?.into_parts();
    let (status, headers) = (parts.status.as_u16(), copied(&parts.headers));
    Ok(Opened { status, headers, body: body.into_reader() })
}

fn copied(headers: &ureq::http::HeaderMap) -> Vec<Header> {
    let text =
        |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| Header::new(name.as_str(), text(value))).collect()
}

fn unreachable(reason: Lost, said: &dyn std::fmt::Display) -> Unreachable {
    Unreachable { reason, detail: said.to_string() }
}

fn fields<Any>(
    mut builder: ureq::RequestBuilder<Any>,
    headers: &[Header],
) -> ureq::RequestBuilder<Any> {
    for header in headers {
        builder = builder.header(&header.name, &header.value);
    }
    builder
}

/// Reads at most `max` bytes into one buffer that never moves, so that no copy is left behind.
fn read(body: ureq::Body, max: u64) -> Result<Vec<u8>, Unreachable> {
    let too_large = || unreachable(Lost::TooLarge, &format_args!("more than {max} bytes"));
    if body.content_length().is_some_and(|length| length > max) {
        return Err(too_large());
    }
    let room = usize::try_from(max).unwrap_or(usize::MAX).saturating_add(1);
    let mut bytes = zeroize::Zeroizing::new(vec![0; room]);
    let mut reader = body.into_reader();
    let mut filled = 0;
    loop {
        let free = bytes.get_mut(filled..).unwrap_or_default();
        match reader.read(free) {
            // No room is left: there was one byte more than allowed.
            Ok(_) if free.is_empty() => return Err(too_large()),
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreachable(lost_while_reading(&e), &e)),
        }
        if filled == room {
            return Err(too_large());
        }
    }
    let mut whole = std::mem::take(&mut *bytes);
    whole.truncate(filled);
    Ok(whole)
}

/// A body that ended before its end.
pub(crate) fn broken_off(error: &io::Error) -> Unreachable {
    unreachable(lost_while_reading(error), error)
}

fn lost_while_reading(e: &io::Error) -> Lost {
    let inner = e.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    let timed_out = matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock);
    if timed_out || matches!(inner, Some(ureq::Error::Timeout(_))) {
        Lost::TimedOut
    } else {
        Lost::Lost
    }
}

/// How far it went. In doubt it may have arrived: that is the answer that loses nothing.
fn lost(e: &ureq::Error) -> Lost {
    use ureq::{Error, Timeout};
    match e {
        Error::BadUri(_)
        | Error::Http(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::InvalidProxyUrl
        | Error::ConnectProxyFailed(_)
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => Lost::NotConnected,
        Error::Timeout(_) => Lost::TimedOut,
        Error::LargeResponseHeader(..) => Lost::TooLarge,
        Error::Io(e) if never_connected(e) => Lost::NotConnected,
        Error::Io(e) => lost_while_reading(e),
        _ => Lost::Lost,
    }
}

/// No connection, or one on which TLS refused the server before anything was sent.
fn never_connected(e: &io::Error) -> bool {
    use io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable,
    };
    let tls = e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        e.kind(),
        AddrNotAvailable | ConnectionRefused | HostUnreachable | NetworkDown | NetworkUnreachable
    ) || matches!(
        tls,
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented)
    )
}

/// What goes to this machine is never shown to a proxy.
fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
