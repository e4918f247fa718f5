//! One GET of a document that a stranger names: to the addresses that were checked, without redirects, with
//! caps on size and time.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use proofkey::metadata::reach::{self, Reach};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// No document is larger, in bytes.
const MAX_DOCUMENT: usize = 64 * 1024;

/// From the name to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);

/// An answer's head is at most so large.
const MAX_HEAD: usize = 16 * 1024;

/// Why there is no document, as the end of a sentence.
pub(super) type Reason = &'static str;

/// Fetches the document at a URL that [`check_document_url`] has allowed.
///
/// The server's own network is not a stranger's to look into (SSRF): every address that the name
/// resolves to must be public, or loopback where that is allowed, and the connection goes to one of those
/// that were checked.
///
/// [`check_document_url`]: proofkey::grant::registration::check_document_url
pub(super) async fn fetch(url: &str, on_loopback: bool) -> Result<Bytes, Reason> {
    match tokio::time::timeout(DEADLINE, exchange(url, on_loopback)).await {
        Ok(result) => result,
        Err(_) => Err("did not come within 5 seconds"),
    }
}

async fn exchange(url: &str, on_loopback: bool) -> Result<Bytes, Reason> {
    let uri: Uri = url.parse().map_err(|_| "is at no address")?;
    let host = uri.host().ok_or("is at no address")?.to_owned();
    let https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
    let stream = connect(&host, port, on_loopback).await?;
    if https {
        let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(name).map_err(|_| "is at no address")?;
        let stream = tls()?.connect(name, stream).await;
        get(stream.map_err(|_| "is at a server that cannot prove who it is")?, &uri).await
    } else {
        get(stream, &uri).await
    }
}

async fn connect(host: &str, port: u16, on_loopback: bool) -> Result<TcpStream, Reason> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let resolved = tokio::net::lookup_host((name, port)).await;
    let addresses: Vec<SocketAddr> = resolved.map_err(|_| "is at an unknown host")?.collect();
    for address in &addresses {
        match reach::of_address(address.ip()) {
            Reach::Public => {}
            Reach::Loopback if on_loopback => {}
            Reach::Loopback | Reach::Private => {
                return Err("is at an address that this server does not look at for others");
            }
        }
    }
    TcpStream::connect(addresses.as_slice()).await.map_err(|_| "is at a host that does not answer")
}

fn tls() -> Result<TlsConnector, Reason> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())
        .map_err(|_| "cannot be fetched: this system has no roots of trust")?;
    Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

async fn get<S>(stream: S, uri: &Uri) -> Result<Bytes, Reason>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    const BROKEN: Reason = "did not come whole";
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD).max_headers(64);
    let (mut sender, connection) =
        builder.handshake(TokioIo::new(stream)).await.map_err(|_| BROKEN)?;
    let request = Request::get(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(HOST, uri.authority().map_or("", |authority| authority.as_str()))
        .header(ACCEPT, "application/json")
        .body(Empty::<Bytes>::new())
        .map_err(|_| BROKEN)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|_| BROKEN)?;
        let status = response.status();
        if status.is_redirection() {
            return Err("is not where its address says: redirects are not followed");
        }
        if status != StatusCode::OK {
            return Err("is not there");
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !media_type.is_some_and(is_json) {
            return Err("is not declared as JSON");
        }
        let body = Limited::new(response.into_body(), MAX_DOCUMENT).collect().await;
        Ok(body.map_err(|_| "did not come whole, or is larger than 64 KiB")?.to_bytes())
    };
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        result = &mut exchange => result,
        // The connection may end with the last byte of the answer: what it has read is there.
        _ = connection => exchange.await,
    }
}

/// `application/json`, or one of its kind (RFC 6839 §3.1).
fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_json() {
        for yes in ["application/json", "Application/JSON; charset=utf-8", "application/cimd+json"]
        {
            assert!(is_json(yes), "{yes}");
        }
        for no in ["text/html", "text/json", "application/jsonp", "image/x+json", ""] {
            assert!(!is_json(no), "{no}");
        }
    }

    /// Threat "SSRF": no connection is made to this machine or into a private network.
    #[tokio::test]
    async fn addresses_that_are_not_for_strangers() {
        for host in ["127.0.0.1", "[::1]", "localhost", "10.0.0.1", "169.254.169.254", "[fd00::1]"]
        {
            let refused = connect(host, 1, false).await.err();
            assert!(refused.is_some_and(|why| why.contains("does not look at")), "{host}");
        }
        for host in ["10.0.0.1", "169.254.169.254"] {
            let refused = connect(host, 1, true).await.err();
            assert!(refused.is_some_and(|why| why.contains("does not look at")), "{host}");
        }
    }
}
