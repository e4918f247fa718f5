//! Clients whose identifier is the address of a document that describes them, and hosts that want harm.

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::{ClientDocuments, DevServer};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A host that answers every request with the same bytes, and counts the connections.
struct Host {
    address: SocketAddr,
    connections: Arc<AtomicU32>,
}

impl Host {
    /// `answer` gets the host's own address.
    async fn start(answer: impl Fn(SocketAddr) -> Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (answer, connections) = (answer(address), Arc::new(AtomicU32::new(0)));
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut head = [0; 1024];
                    if stream.read(&mut head).await.is_ok_and(|n| n > 0) {
                        // Whoever asked may have gone already.
                        drop(stream.write_all(&answer).await);
                    }
                    drop(stream.read(&mut head).await);
                });
            }
        });
        Self { address, connections }
    }

    fn client_id(&self) -> String {
        format!("http://{}/client.json", self.address)
    }

    fn asked(&self) -> u32 {
        self.connections.load(Ordering::SeqCst)
    }
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into()
}

fn ok(body: &str) -> Vec<u8> {
    answer("200 OK\r\nContent-Type: application/json", body)
}

fn document(address: SocketAddr) -> serde_json::Value {
    json!({
        "client_id": format!("http://{address}/client.json"),
        "client_name": "An agent with a page",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "read",
    })
}

fn right(address: SocketAddr) -> Vec<u8> {
    ok(&document(address).to_string())
}

async fn server(documents: ClientDocuments) -> Running {
    run(DevServer::builder().auto_approve(true).client_documents(documents)).await
}

fn target(client_id: &str, challenge: &str) -> String {
    let mut parameters = request(challenge);
    parameters[1].1 = client_id.to_owned();
    authorize(&parameters)
}

fn challenge() -> String {
    CodeVerifier::generate().unwrap().challenge().to_text()
}

/// M4: the document is fetched once for a whole sign-in, and the client is who it says it is.
#[tokio::test]
async fn a_client_is_known_by_its_document() {
    let (server, host) = (server(ClientDocuments::OnLoopback).await, Host::start(right).await);
    let metadata = get(&server, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["client_id_metadata_document_supported"], true);
    let client_id = host.client_id();
    let verifier = CodeVerifier::generate().unwrap();
    let answer = get(&server, &target(&client_id, &verifier.challenge().to_text())).await;
    let code = answer.sent("code").expect("no code");
    let mut pairs = redemption(&code, verifier.expose_verifier());
    pairs[1].1 = &client_id;
    let answer = token(&server, &pairs).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = api(&server, &answer.member("access_token")).await;
    assert_eq!(told.member("client_id"), client_id);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", client_id.as_str()),
        ("refresh_token", &answer.member("refresh_token")),
    ];
    assert_eq!(token(&server, &refresh).await.status, 200);
    // The page shows its name, and the scopes that it may not ask for are not its.
    get(&server, &target(&client_id, &challenge())).await;
    let mut parameters = request(&challenge());
    parameters[1].1 = client_id;
    parameters[6].1 = "write".into();
    let answer = get(&server, &authorize(&parameters)).await;
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_scope"));
    assert_eq!(host.asked(), 1, "it is kept for a while");
}

/// The consent page of such a client names the document's address and its redirect's host.
#[tokio::test]
async fn the_consent_page_shows_where_the_document_lies() {
    let builder = DevServer::builder().client_documents(ClientDocuments::OnLoopback);
    let (server, host) = (run(builder).await, Host::start(right).await);
    let page = get(&server, &target(&host.client_id(), &challenge())).await;
    assert_eq!(page.status, 200);
    for shown in [host.client_id().as_str(), "An agent with a page", "127.0.0.1:49152"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let decided = decide(&server, &consent(&page), "allow", &[]).await;
    assert!(decided.sent("code").is_some());
    assert_eq!(host.asked(), 1);
}

/// Threats "SSRF" and "oversized documents, redirects": whatever is not the document itself is refused on a
/// page, nothing is followed, and nobody is redirected to.
#[tokio::test]
async fn documents_that_are_refused() {
    let server = server(ClientDocuments::OnLoopback).await;
    let elsewhere = Host::start(right).await;
    let there = elsewhere.client_id();
    let changed = |change: fn(&mut serde_json::Value)| {
        move |address| {
            let mut document = document(address);
            change(&mut document);
            ok(&document.to_string())
        }
    };
    let hosts = [
        (
            "a redirect",
            Host::start(|_| answer(&format!("302 Found\r\nLocation: {there}"), "")).await,
            "redirects are not followed",
        ),
        ("404", Host::start(|_| answer("404 Not Found", "")).await, "is not there"),
        (
            "a page",
            Host::start(|a| answer("200 OK\r\nContent-Type: text/html", &document(a).to_string()))
                .await,
            "not declared as JSON",
        ),
        (
            "64 KiB and more",
            Host::start(|_| ok(&format!("{{\"a\":\"{}\"}}", "a".repeat(64 * 1024)))).await,
            "larger than 64 KiB",
        ),
        (
            "without an end",
            Host::start(|_| {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                            Transfer-Encoding: chunked\r\n\r\n";
                let chunk = format!("{:x}\r\n{}\r\n", 1024 * 1024, " ".repeat(1024 * 1024));
                format!("{head}{}", chunk.repeat(4)).into()
            })
            .await,
            "larger than 64 KiB",
        ),
        ("no HTTP", Host::start(|_| b"SSH-2.0-x\r\n".to_vec()).await, "did not come whole"),
        ("no JSON", Host::start(|_| ok("<!doctype html>")).await, "does not describe"),
        (
            "another client's",
            Host::start(move |_| right(elsewhere.address)).await,
            "does not describe",
        ),
        (
            "a secret",
            Host::start(changed(|document| document["client_secret"] = "s".into())).await,
            "does not describe",
        ),
        (
            "CVE-2026-22752",
            Host::start(changed(|d| d["redirect_uris"] = json!(["javascript:alert(1)"]))).await,
            "does not describe",
        ),
    ];
    for (what, host, told) in &hosts {
        let answer = get(&server, &target(&host.client_id(), &challenge())).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{what}");
        assert!(answer.body.contains(told), "{what}: {}", answer.body);
        assert_eq!(host.asked(), 1, "{what}");
    }
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let answer = get(&server, &target(&format!("http://{gone}/c"), &challenge())).await;
    assert!(answer.body.contains("does not answer"), "{}", answer.body);
}

/// A redirect URI that the document does not have is refused on a page.
#[tokio::test]
async fn a_redirect_that_the_document_does_not_have() {
    let (server, host) = (server(ClientDocuments::OnLoopback).await, Host::start(right).await);
    let mut parameters = request(&challenge());
    parameters[1].1 = host.client_id();
    parameters[2].1 = "https://evil.example/callback".into();
    let answer = get(&server, &authorize(&parameters)).await;
    assert_eq!((answer.status, answer.header("location")), (400, None));
}

/// SSRF: without the flag nothing on this machine is connected to, whatever its address is called.
#[tokio::test]
async fn nothing_on_this_machine_is_fetched_without_the_flag() {
    let (server, host) = (server(ClientDocuments::Https).await, Host::start(right).await);
    let port = host.address.port();
    for (client_id, told) in [
        (host.client_id(), "does not know the client"),
        (format!("https://127.0.0.1:{port}/client.json"), "does not look at for others"),
        (format!("https://localhost:{port}/client.json"), "does not look at for others"),
        (format!("https://[::1]:{port}/client.json"), "does not look at for others"),
        ("https://10.0.0.1/client.json".into(), "does not look at for others"),
        ("https://169.254.169.254/latest/meta-data".into(), "does not look at for others"),
        ("https://[::ffff:127.0.0.1]/client.json".into(), "does not look at for others"),
        ("https://2130706433/client.json".into(), ""),
        ("https://u@a.example/client.json".into(), "does not know the client"),
        ("https://a.example/".into(), "does not know the client"),
    ] {
        let answer = get(&server, &target(&client_id, &challenge())).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{client_id}");
        assert!(answer.body.contains(told), "{client_id}: {}", answer.body);
    }
    assert_eq!(host.asked(), 0);
    let off = self::server(ClientDocuments::Off).await;
    let metadata = get(&off, "/.well-known/oauth-authorization-server").await.json();
    assert!(metadata.get("client_id_metadata_document_supported").is_none());
    let answer = get(&off, &target("https://a.example/client.json", &challenge())).await;
    assert!(answer.body.contains("does not know the client"));
}

/// "Idle or slow connections": a host that never answers holds nobody up for longer than the deadline. The
/// clock of the runtime is moved on when nothing else is left to do, so nobody waits here.
#[tokio::test(start_paused = true)]
async fn a_host_that_says_nothing_is_given_up() {
    let server = server(ClientDocuments::OnLoopback).await;
    for begun in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ] {
        let host = Host::start(|_| begun.into()).await;
        let answer = get(&server, &target(&host.client_id(), &challenge())).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("within 5 seconds"), "{begun}: {}", answer.body);
    }
}

/// CVE-2026-67437: whoever asks for authorizations does not decide how many fetches run at once.
#[tokio::test]
async fn fetches_are_bounded() {
    let server = Arc::new(server(ClientDocuments::OnLoopback).await);
    let host = Host::start(|_| Vec::new()).await;
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (server, client_id) = (server.clone(), format!("{}?n={n}", host.client_id()));
        asking.spawn(async move { get(&server, &target(&client_id, &challenge())).await.body });
    }
    let mut refused = 0;
    while refused < 12 {
        let body = asking.join_next().await.unwrap().unwrap();
        assert!(body.contains("too many are being fetched"), "{body}");
        refused += 1;
    }
    assert!(host.asked() <= 8);
}
