//! A client that is given an issuer and no endpoint, and what it does with metadata that is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    Browser, CancelHandle, Client, ClientBuilder, DiscoveryConfig, Error, Family, Support,
    discover, discover_until,
};
use std::io::Write;
use support::{Server, approving, json, tokens};

/// A server that is its own issuer: `metadata` makes its document from its address.
fn server(metadata: impl Fn(&str) -> String + Send + 'static) -> Server {
    Server::start(move |request, stream| {
        let host = request
            .lines()
            .find_map(|line| line.strip_prefix("host: ").or(line.strip_prefix("Host: ")));
        let issuer = format!("http://{}", host.unwrap());
        let answer = match request.split(' ').nth(1).unwrap() {
            "/.well-known/oauth-authorization-server" => metadata(&issuer),
            "/token" => tokens(),
            _ => json("404 Not Found", "{}"),
        };
        let _ = stream.write_all(answer.as_bytes());
    })
}

fn document(issuer: &str, methods: &str) -> String {
    json(
        "200 OK",
        &format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize",
            "token_endpoint":"{issuer}/token","code_challenge_methods_supported":{methods}}}"#
        ),
    )
}

fn good(issuer: &str) -> String {
    document(issuer, r#"["S256"]"#)
}

fn client(server: &Server) -> ClientBuilder {
    Client::builder().issuer(server.url("")).client_id("agent").browser(approving())
}

fn paths(requests: &[String]) -> Vec<&str> {
    requests.iter().map(|request| request.split(' ').nth(1).unwrap()).collect()
}

/// P11, P12: the issuer alone is enough, and its metadata is asked for once.
#[test]
fn an_issuer_is_enough_and_is_asked_once() {
    let server = server(good);
    let client = client(&server).build().unwrap();
    for client in [&client, &client.clone()] {
        assert_eq!(client.sign_in().unwrap().expose_access_token(), "canary-access-token-1");
    }
    let requests = server.requests();
    let metadata = "/.well-known/oauth-authorization-server";
    assert_eq!(paths(&requests), [metadata, "/token", "/token"]);
    let head = requests[0].to_lowercase();
    assert!(head.contains("accept: application/json\r\n"), "{head}");
    assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
}

/// M3: a server that does not promise S256 is refused, but where it is allowed by name.
#[test]
fn without_s256_nobody_signs_in_but_by_an_exception() {
    let server = server(|issuer| document(issuer, r#"["plain"]"#));
    let refused = client(&server).build().unwrap().sign_in().unwrap_err();
    assert_eq!((refused.code(), refused.family()), ("pkce_unsupported", Family::FixConfiguration));
    client(&server).allow_missing_s256(true).build().unwrap().sign_in().unwrap();
    assert_eq!(paths(&server.requests()).last(), Some(&"/token"));
}

/// P11: nobody is sent to the endpoints of another issuer, and a redirect is not followed.
#[test]
fn metadata_that_is_another_issuers_opens_no_browser() {
    for (answer, code) in [
        (good("http://127.0.0.1:1"), "metadata_issuer_mismatch"),
        (
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "redirect_refused",
        ),
        (json("500 Oops", "{}"), "server_unavailable"),
        (json("200 OK", &format!("{{\"a\":\"{}\"}}", "x".repeat(65_536))), "unreachable"),
    ] {
        let server = server(move |_| answer.clone());
        let browser = Browser::custom(|_| panic!("the browser was opened"));
        let error = client(&server).browser(browser).build().unwrap().sign_in().unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn discover_reports_and_can_be_cancelled() {
    let server = server(good);
    let config = DiscoveryConfig { issuer: Some(server.url("")), ..DiscoveryConfig::default() };
    let found = discover(config.clone()).unwrap();
    assert_eq!(found.provider.token_endpoint, server.url("/token"));
    assert_eq!(found.provider.report()[0].support, Support::Supported);
    let cancel = CancelHandle::new();
    cancel.cancel();
    assert!(matches!(discover_until(config, &cancel), Err(Error::Cancelled)));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn settings_are_checked_before_anyone_is_asked() {
    let field = |builder: ClientBuilder| match builder.build().unwrap_err() {
        Error::InvalidConfiguration { field, .. } => field,
        other => panic!("{other:?}"),
    };
    let good = || Client::builder().issuer("https://login.example/a").client_id("agent");
    assert!(good().build().is_ok());
    assert_eq!(field(good().issuer("")), "issuer");
    assert_eq!(field(good().issuer("https://login.example/?a=b")), "issuer");
    assert_eq!(field(good().client_id("")), "client_id");
    assert_eq!(
        field(good().token_endpoint("https://login.example/token")),
        "authorization_endpoint"
    );
}
