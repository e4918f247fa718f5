//! The whole way, with nothing made for the test but the user: the Rust client signs in at `proofkey serve`
//! over HTTP and uses its token at the server's resource.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::page::press;
use common::server::{Server, agent};
use proofkey::{Error, Family};
use proofkey_client::{Browser, Client, ClientBuilder, LoopbackHost};
use std::io;

/// The user's browser: goes where the server sends it, to the receiver and no further. On the consent page
/// it presses the button, if there is one to press.
fn browser(button: Option<&'static str>) -> Browser {
    Browser::custom(move |url| {
        let url = url.to_owned();
        // Beside the program, as a real one: the receiver answers while the program waits.
        std::thread::spawn(move || browse(&url, button));
        Ok(())
    })
}

fn browse(url: &str, button: Option<&str>) {
    let answer = match button {
        Some(button) => press(url, button),
        None => agent().get(url).call().unwrap(),
    };
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(agent().get(location).call().unwrap().status(), 200);
}

fn client(server: &Server) -> ClientBuilder {
    Client::builder()
        .issuer(server.text("issuer"))
        .authorization_endpoint(server.text("authorization_endpoint"))
        .token_endpoint(server.text("token_endpoint"))
        .iss_promised(true)
        .client_id(server.text("client_id"))
        .scopes(["read"])
        .resource(server.text("resource"))
}

#[test]
fn a_client_signs_in_and_its_token_opens_the_resource() {
    let server = Server::start(&["--auto-approve"]);
    for host in [LoopbackHost::V4, LoopbackHost::V6] {
        let client = client(&server).redirect_host(host).browser(browser(None)).build().unwrap();
        let tokens = client.sign_in().unwrap();
        assert_eq!(tokens.scopes(), ["read"]);
        assert_eq!(tokens.issuer(), server.text("issuer"));
        assert!(tokens.expires_at().is_some());
        let bearer = format!("Bearer {}", tokens.expose_access_token());
        let api = agent().get(server.text("resource")).header("Authorization", bearer).call();
        assert_eq!(api.unwrap().status(), 200);
    }
    assert_eq!(server.end("TERM").0, Some(0));
}

#[test]
fn the_users_yes_and_no_on_the_consent_page_reach_the_client() {
    let server = Server::start(&[]);
    let yes = client(&server).browser(browser(Some("allow"))).build().unwrap();
    assert!(!yes.sign_in().unwrap().expose_access_token().is_empty());
    let no = client(&server).browser(browser(Some("deny"))).build().unwrap();
    let error = no.sign_in().unwrap_err();
    assert_eq!((error.code(), error.family()), ("access_denied", Family::UserCancelled));
    assert_eq!(server.end("TERM").0, Some(0));
}

#[test]
fn a_server_that_is_gone_and_a_browser_that_fails_are_said() {
    let server = Server::start(&["--auto-approve"]);
    let broken = Browser::custom(|_| Err(io::Error::other("no display")));
    let error = client(&server).browser(broken).build().unwrap().sign_in().unwrap_err();
    assert!(matches!(&error, Error::BrowserFailed { detail } if detail.contains("no display")));
    let issuer = server.text("issuer").to_owned();
    // A browser that comes back with a code, to a program whose server has ended meanwhile.
    let ends = std::sync::Mutex::new(None);
    let gone = client(&server);
    *ends.lock().unwrap() = Some(server);
    let browser = Browser::custom(move |url| {
        if let Some(server) = ends.lock().unwrap().take() {
            server.end("TERM");
        }
        let query: Vec<(String, String)> =
            form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes())
                .into_owned()
                .collect();
        let value = |name| &query.iter().find(|(known, _)| known == name).unwrap().1;
        let answer = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", "c")
            .append_pair("state", value("state"))
            .append_pair("iss", &issuer)
            .finish();
        let target = format!("{}?{answer}", value("redirect_uri"));
        std::thread::spawn(move || agent().get(&target).call().unwrap());
        Ok(())
    });
    let error = gone.browser(browser).build().unwrap().sign_in().unwrap_err();
    assert_eq!((error.code(), error.family()), ("unreachable", Family::Retry));
}
