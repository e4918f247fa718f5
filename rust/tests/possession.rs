//! Tokens that are bound to a key (RFC 9449): one of ours, or one that somebody else keeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    CancelHandle, Client, ClientBuilder, Dpop, Error, FetchError, Interaction, MemoryStore, Signer,
    SignerError,
};
use std::sync::{Arc, Mutex};
use support::bound::{bound_site, claims, decoded, field};
use support::{Server, approving};

/// A client whose resource is on the same address as its token endpoint; two origins by their names.
fn client(server: &Server, store: &MemoryStore) -> ClientBuilder {
    support::client(server).resource(resource(server)).store(store.clone()).browser(approving())
}

fn resource(server: &Server) -> String {
    format!("http://localhost:{}/api", server.address.port())
}

fn fetch(client: &Client, url: &str) -> Result<u16, FetchError> {
    client.fetch(url, &mut Vec::new(), &CancelHandle::new()).map(|fetched| fetched.status)
}

/// Each request as its path and the nonce of its proof.
fn proofs(server: Server) -> Vec<(String, Option<String>)> {
    let of = |request: &String| {
        let nonce = field(request, "dpop")
            .and_then(|proof| claims(proof)["nonce"].as_str().map(str::to_owned));
        (request.split(' ').nth(1).unwrap().to_owned(), nonce)
    };
    server.requests().iter().map(of).collect()
}

/// P15: a nonce is learnt once at each origin, and is there for the refresh and the next request.
#[test]
fn a_bound_token_is_proven_at_both_ends_and_nonces_are_remembered() {
    let server = bound_site("DPoP");
    let store = MemoryStore::new();
    let client = client(&server, &store).dpop(Dpop::Required).build().unwrap();
    assert_eq!(client.sign_in().unwrap().token_type(), "DPoP");
    let url = format!("{}/x?y=z", resource(&server));
    assert_eq!(fetch(&client, &url).unwrap(), 200);
    assert_eq!(fetch(&client, &url).unwrap(), 200);
    let one = client.authorize("GET", &url).unwrap();
    let other = client.authorize("GET", &url).unwrap();
    assert_eq!(one.authorization.expose(), "DPoP canary-at-2");
    assert_ne!(one.dpop.unwrap().expose(), other.dpop.unwrap().expose(), "one proof, one request");
    let (as_1, rs_1) = (Some("as-1".to_owned()), Some("rs-1".to_owned()));
    assert_eq!(
        proofs(server),
        [
            ("/token".into(), None),
            ("/token".into(), as_1.clone()),
            ("/token".into(), as_1),
            ("/api/x?y=z".into(), None),
            ("/api/x?y=z".into(), rs_1.clone()),
            ("/api/x?y=z".into(), rs_1),
        ]
    );
}

/// A server that issues another type: said, and refused where possession was demanded.
#[test]
fn a_token_that_is_not_bound_is_said_to_be_none() {
    for (dpop, expected) in [(Dpop::Required, None), (Dpop::Preferred, Some("Bearer"))] {
        let server = bound_site("Bearer");
        let client = client(&server, &MemoryStore::new()).dpop(dpop).build().unwrap();
        let signed_in = client.sign_in();
        match expected {
            None => assert_eq!(signed_in.unwrap_err(), Error::TokenNotBound),
            Some(token_type) => assert_eq!(signed_in.unwrap().token_type(), token_type),
        }
    }
}

/// Somebody who keeps a key: it gives the point of P-256's generator, and signatures that are none but look so.
#[derive(Clone, Default)]
struct Keeper {
    asked: Arc<Mutex<Vec<String>>>,
    broken: bool,
}

/// Compressed, as SEC 1 §2.3.3 has it.
const POINT: &str = "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const SIGNATURE: [u8; 64] = [0x11; 64];

impl Signer for Keeper {
    fn public_key(&self, key_id: &str) -> Result<Vec<u8>, SignerError> {
        self.asked.lock().unwrap().push(format!("key {key_id}"));
        let byte = |at| u8::from_str_radix(&POINT[at..at + 2], 16);
        Ok((0..POINT.len()).step_by(2).map(byte).collect::<Result<_, _>>()?)
    }

    fn sign(&self, key_id: &str, input: &[u8]) -> Result<Vec<u8>, SignerError> {
        if self.broken {
            return Err("the\u{7} card was taken out".into());
        }
        let input = std::str::from_utf8(input)?;
        assert_eq!(input.split('.').count(), 2, "{input}");
        self.asked.lock().unwrap().push(format!("sign {key_id} {}", claims(input)["htm"]));
        Ok(SIGNATURE.to_vec())
    }
}

#[test]
fn a_key_that_somebody_else_keeps_signs_every_proof() {
    let server = bound_site("DPoP");
    let (store, keeper) = (MemoryStore::new(), Keeper::default());
    let builder = client(&server, &store).dpop(Dpop::Required).dpop_key("of-tests");
    let signing = builder.clone().signer(keeper.clone()).build().unwrap();
    signing.sign_in().unwrap();
    let url = resource(&server);
    assert_eq!(fetch(&signing, &url).unwrap(), 200);
    assert_eq!(
        *keeper.asked.lock().unwrap(),
        [
            "key of-tests",
            "sign of-tests \"POST\"",
            "sign of-tests \"POST\"",
            "sign of-tests \"POST\"",
            "sign of-tests \"GET\"",
            "sign of-tests \"GET\"",
        ]
    );
    // Who has the store and not the signer has nothing; nor has who cannot reach the key.
    let tokens = client(&server, &store).build().unwrap();
    let error = tokens.authorize("GET", &url).unwrap_err();
    assert!(matches!(&error, Error::SigningFailed { detail } if detail.contains("no signer")));
    let broken = Keeper { broken: true, ..keeper };
    let broken = builder.signer(broken).build().unwrap();
    let error = broken.authorize("GET", &url).unwrap_err();
    assert!(error.to_string().ends_with("the card was taken out"), "{error}");
    for request in server.requests() {
        let proof = field(&request, "dpop").unwrap();
        assert_eq!(decoded(proof.split('.').nth(2).unwrap()), SIGNATURE);
    }
}

#[test]
fn a_key_and_its_keeper_are_named_together() {
    let server = Server::answering("");
    let store = MemoryStore::new();
    for wrong in [
        client(&server, &store).dpop_key("of-tests"),
        client(&server, &store).signer(Keeper::default()),
        client(&server, &store).dpop_key("").signer(Keeper::default()),
    ] {
        let error = wrong.build().unwrap_err();
        assert!(
            matches!(error, Error::InvalidConfiguration { field: "dpop_key", .. }),
            "{error:?}"
        );
    }
}

/// T20: neither a key nor a proof nor a token is printed.
#[test]
fn canary_nothing_that_is_printed_holds_a_proof() {
    let server = bound_site("DPoP");
    let client = client(&server, &MemoryStore::new())
        .dpop(Dpop::Required)
        .interaction(Interaction::Browser)
        .build()
        .unwrap();
    let tokens = client.sign_in().unwrap();
    let url = resource(&server);
    let fields = client.authorize("GET", &url).unwrap();
    let request = client.request("GET", &url).header("X-Own", "canary-own");
    let printed = format!("{client:?} {tokens:?} {fields:?} {request:?}");
    assert!(!printed.contains("canary") && !printed.contains("eyJ"), "{printed}");
    assert!(fields.dpop.unwrap().expose().starts_with("eyJ"));
}
