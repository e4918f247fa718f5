//! `client_documents`, `sealed_sessions`, `authorizations`.

use super::client::{parameter, redeemed};
use super::support::{body, number, optional, string, text, word};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proofkey::Error;
use proofkey::client_document::ClientDocument;
use proofkey::seal::DataKey;
use proofkey::session::PkceSession;
use serde_json::Value;

/// A document that reads is written and read again: the words are those of the second reading.
pub fn client_document(input: &Value) -> String {
    let url = text(&input["url"]);
    let read = ClientDocument::read(&url, &body(input));
    let again =
        read.and_then(|document| ClientDocument::read(&url, document.to_json()?.as_bytes()));
    match again {
        Ok(document) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "name", Some(&document.client_name));
            word(&mut verdict, "page", document.client_uri.as_deref());
            word(&mut verdict, "redirect_uris", Some(&document.redirect_uris.join(" ")));
            word(&mut verdict, "scopes", Some(&document.scopes.join(" ")));
            verdict
        }
        Err(Error::InvalidMetadata { member, .. }) => {
            let mut verdict = "error invalid_metadata".to_owned();
            word(&mut verdict, "member", Some(member));
            verdict
        }
        Err(error) => format!("error {}", error.code()),
    }
}

pub fn sealed_session(input: &Value) -> String {
    let key = DataKey::from_text(string(input, "data_key")).expect("a data key");
    let sealed = STANDARD.decode(string(input, "sealed")).expect("base64");
    let opened = PkceSession::open(
        &key,
        &sealed,
        string(input, "issuer"),
        string(input, "client_id"),
        string(input, "redirect_uri"),
        number(input, "now"),
    );
    match opened {
        Ok(session) => {
            let url = session.authorization_url();
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "state", Some(&parameter(&url, "state")));
            word(&mut verdict, "code_challenge", Some(&parameter(&url, "code_challenge")));
            verdict
        }
        Err(error) => format!("error {}", error.code()),
    }
}

/// Tokens that came at 1000 and live for an hour.
pub fn authorization(input: &Value) -> String {
    let tokens = redeemed(optional(input, "resource"), "at-1", 1000);
    match tokens.authorization(&text(&input["url"]), number(input, "now")) {
        Ok(Some(value)) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "authorization", Some(value.expose()));
            verdict
        }
        Ok(None) => "refresh".to_owned(),
        Err(error) => format!("error {}", error.code()),
    }
}
