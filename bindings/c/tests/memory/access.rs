//! What an access reads of the caller's memory, and lends of its own: the store's bytes above all.

use super::odd::Odd;
use super::{ABSENT, event, handed_out, literal, request};
use proofkey_c::access::config::*;
use proofkey_c::access::outcome::*;
use proofkey_c::access::*;
use proofkey_c::client_document::*;
use proofkey_c::data_key::*;
use proofkey_c::discovered::pk_discovered;
use proofkey_c::dpop_nonces::pk_dpop_nonces;
use proofkey_c::error::pk_error;
use proofkey_c::event::*;
use proofkey_c::http::{pk_header, pk_http_response};
use proofkey_c::sealed::*;
use proofkey_c::session::*;
use proofkey_c::status::*;
use proofkey_c::step::*;
use proofkey_c::text::pk_text;
use proofkey_c::tokens::*;
use std::collections::HashMap;
use std::ptr::{null, null_mut};

pub fn config() -> pk_access_config {
    pk_access_config {
        size: size_of::<pk_access_config>(),
        issuer: literal("https://as.example"),
        resource: literal("https://api.example/"),
        authorization_endpoint: literal("https://as.example/authorize"),
        token_endpoint: literal("https://as.example/token"),
        revocation_endpoint: ABSENT,
        pushed_authorization_request_endpoint: ABSENT,
        device_authorization_endpoint: ABSENT,
        jwks_uri: ABSENT,
        end_session_endpoint: ABSENT,
        client_id: literal("agent"),
        client_document: ABSENT,
        client_name: ABSENT,
        scopes: null(),
        scope_count: 0,
        scope_ceiling: null(),
        scope_ceiling_count: 0,
        account: ABSENT,
        dpop_key: ABSENT,
        redirect_uri: literal("https://app.example/cb"),
        loopback_path: ABSENT,
        extra_parameters: null(),
        extra_parameter_count: 0,
        allow_missing_s256: null(),
        allow_missing_s256_count: 0,
        browse_timeout_ms: 0,
        iss_promised: 0,
        paste: 0,
        resumable: 0,
        device: 0,
        push: 0,
        dpop: PK_DPOP_NEVER,
        loopback_host: 0,
        loopback_port: 0,
    }
}

fn key() -> pk_data_key {
    let (bytes, key) = (Odd::of(&[7; 32]), Odd::new(8));
    assert_eq!(unsafe { pk_data_key_from_bytes(bytes.at(), key.at(), null_mut()) }, PK_OK);
    key.read()
}

/// The bytes that a step lends, with the NUL that follows them.
unsafe fn lent(value: pk_text) -> Vec<u8> {
    let bytes = std::slice::from_raw_parts(value.data.cast::<u8>(), value.length + 1);
    assert_eq!(bytes[value.length], 0);
    bytes[..value.length].to_vec()
}

/// The answers to the steps, each at an odd address and gone after the call; the store is `stored`.
fn drive(access: pk_access, stored: &mut HashMap<String, Vec<u8>>) {
    let name = literal("content-type");
    let header = Odd::value(pk_header { name, value: literal("application/json") });
    let mut next = event(PK_EVENT_START);
    let (mut bytes, mut response) = (Vec::new(), None);
    loop {
        let (value, redirect) = (Odd::of(&bytes), Odd::of(&bytes));
        if next.kind == PK_EVENT_LOADED && next.revision != 0 {
            next.value = value.text();
        } else if next.kind == PK_EVENT_REDIRECT {
            next.redirect = redirect.text();
        }
        next.response = response.as_ref().map_or(null(), |response: &Odd| response.at());
        let (given, step) = (Odd::value(next), Odd::sized::<pk_step>());
        let status = unsafe { pk_access_advance(access, given.at(), 1000, step.at(), null_mut()) };
        assert_eq!(status, PK_OK);
        let step: pk_step = step.read();
        let key = || unsafe { handed_out(step.key) };
        (bytes, response) = (Vec::new(), None);
        next = event(match step.kind {
            PK_STEP_LOCK => PK_EVENT_LOCKED,
            PK_STEP_UNLOCK => PK_EVENT_OK,
            PK_STEP_LOAD => PK_EVENT_LOADED,
            PK_STEP_SWAP => PK_EVENT_SWAPPED,
            PK_STEP_BROWSE => PK_EVENT_REDIRECT,
            PK_STEP_SEND => PK_EVENT_RESPONSE,
            other => {
                assert_eq!(other, PK_STEP_DONE);
                return;
            }
        });
        match step.kind {
            PK_STEP_LOAD => {
                bytes = stored.get(&key()).cloned().unwrap_or_default();
                next.revision = bytes.len() as u64;
            }
            PK_STEP_SWAP => {
                next.swapped = 1;
                stored.insert(key(), unsafe { lent(step.value) });
            }
            PK_STEP_BROWSE => {
                let url = unsafe { handed_out(step.url) };
                let state = url.split("&state=").nth(1).unwrap().split('&').next().unwrap();
                bytes = format!("https://app.example/cb?code=c-1&state={state}").into_bytes();
            }
            PK_STEP_SEND => response = Some(answer(&header)),
            _ => {}
        }
    }
}

fn answer(header: &Odd) -> Odd {
    const BODY: &str =
        r#"{"access_token":"at-1","refresh_token":"rt-1","token_type":"Bearer","expires_in":60}"#;
    Odd::value(pk_http_response {
        size: size_of::<pk_http_response>(),
        headers: header.at(),
        header_count: 1,
        body: literal(BODY),
        status: 200,
    })
}

/// A sign-in, and what it kept serves the next flow.
#[test]
fn what_is_stored_comes_and_goes_whole() {
    let mut stored = HashMap::new();
    let rejected = Odd::of(&[0; 32]);
    for (goal, source) in [(PK_GOAL_SIGN_IN, PK_SOURCE_SIGNED_IN), (PK_GOAL_TOKEN, PK_SOURCE_KEPT)]
    {
        let (key, access) = (key(), Odd::new(8));
        let config = Odd::value(config());
        let run = Odd::value(pk_access_run {
            size: size_of::<pk_access_run>(),
            data_key: key,
            known: pk_discovered { id: 0 },
            rejected: rejected.at(),
            www_authenticate: null(),
            www_authenticate_count: 0,
            redirect: ABSENT,
            nonces: pk_dpop_nonces { id: 0 },
            step_up: null(),
        });
        let made = unsafe { pk_access_new(config.at(), goal, run.at(), access.at(), null_mut()) };
        assert_eq!(made, PK_OK);
        drop((config, run));
        assert_eq!(pk_data_key_free(key), PK_OK, "the flow has its own");
        let access: pk_access = access.read();
        drive(access, &mut stored);

        let (outcome, warning) = (Odd::sized::<pk_access_outcome>(), Odd::sized::<pk_error>());
        let taken =
            unsafe { pk_access_take_outcome(access, outcome.at(), warning.at(), null_mut()) };
        assert_eq!(taken, PK_OK);
        let outcome: pk_access_outcome = outcome.read();
        assert_eq!((outcome.source, outcome.stored, outcome.discovered.id), (source, 1, 0));
        assert_eq!(warning.read::<pk_error>().status, PK_OK);
        assert_eq!(pk_access_free(access), PK_OK);
        let url = Odd::of(b"https://api.example/x");
        let (header, hash) = (Odd::new(12), Odd::new(32));
        unsafe {
            let (tokens, header) = (outcome.tokens, header.chars());
            let (url, length, null) = (url.chars(), url.len(), null_mut());
            let fresh =
                pk_tokens_authorization(tokens, url, length, 1000, header, 12, null_mut(), null);
            assert_eq!(fresh, PK_OK);
            assert_eq!(pk_tokens_fingerprint(tokens, hash.at(), null_mut()), PK_OK);
        }
        assert_eq!((header.bytes(), hash.bytes().len()), (b"Bearer at-1\0".to_vec(), 32));
        assert_eq!(pk_tokens_free(outcome.tokens), PK_OK);
    }
    assert!(stored.values().all(|value| !value.windows(4).any(|four| four == b"at-1")));
}

/// Sealed to the byte, and opened from where nothing is aligned.
#[test]
fn a_sealed_session_fills_its_buffer_and_opens_again() {
    let (key, session, opened) = (key(), Odd::new(8), Odd::new(8));
    let request = Odd::value(request());
    assert_eq!(unsafe { pk_session_begin(request.at(), session.at(), null_mut()) }, PK_OK);
    let session: pk_session = session.read();
    let length = Odd::new(size_of::<usize>());
    let seal = |buffer, capacity| unsafe {
        pk_session_seal(session, key, 2000, buffer, capacity, length.at(), null_mut())
    };
    assert_eq!(seal(null_mut(), 0), PK_BUFFER_TOO_SMALL);
    let room = length.read::<usize>() + 1;
    let sealed = Odd::new(room);
    assert_eq!(seal(sealed.chars(), room), PK_OK);
    let bytes = Odd::of(&sealed.bytes()[..room - 1]);
    let open = |bytes: &Odd| unsafe {
        let (issuer, client) = (literal("https://as.example"), literal("agent"));
        let redirect = literal("https://app.example/cb");
        let (to, null) = (opened.at(), null_mut());
        pk_session_open(key, bytes.text(), issuer, client, redirect, 1999, to, null)
    };
    assert_eq!(open(&bytes), PK_OK);
    assert_eq!(pk_session_free(opened.read()), PK_OK);
    assert_eq!(open(&sealed), PK_ERROR, "a byte too many");
    let text = Odd::new(44);
    let exposed = unsafe { pk_data_key_expose_text(key, text.chars(), 44, null_mut(), null_mut()) };
    assert_eq!((exposed, text.bytes()[43]), (PK_OK, 0));
    assert_eq!((pk_session_free(session), pk_data_key_free(key)), (PK_OK, PK_OK));
}

/// A document at odd addresses; its fields stay until the free.
#[test]
fn a_client_document_is_lent_until_it_is_freed() {
    let url = Odd::of(b"https://app.example/client.json");
    let uris = Odd::list(&[literal("http://127.0.0.1/cb"), literal("https://app.example/cb")]);
    let fields = Odd::value(pk_client_document_fields {
        size: size_of::<pk_client_document_fields>(),
        client_id: url.text(),
        client_name: literal("An agent"),
        client_uri: ABSENT,
        redirect_uris: uris.at(),
        redirect_uri_count: 2,
        scopes: null(),
        scope_count: 0,
    });
    let (json, length) = (Odd::new(1024), Odd::new(size_of::<usize>()));
    let document = Odd::new(8);
    unsafe {
        let written =
            pk_client_document_write(fields.at(), json.chars(), 1024, length.at(), null_mut());
        assert_eq!(written, PK_OK);
        let body = Odd::of(std::slice::from_raw_parts(json.at(), length.read()));
        let (u, b) = (url.text(), body.text());
        let read =
            pk_client_document_read(u.data, u.length, b.data, b.length, document.at(), null_mut());
        assert_eq!(read, PK_OK);
    }
    drop((url, uris, fields));
    let document: pk_client_document = document.read();
    let fields = Odd::sized::<pk_client_document_fields>();
    unsafe {
        assert_eq!(pk_client_document_get(document, fields.at(), null_mut()), PK_OK);
        let fields: pk_client_document_fields = fields.read();
        let uris = std::slice::from_raw_parts(fields.redirect_uris, fields.redirect_uri_count);
        assert_eq!(handed_out(uris[1]), "https://app.example/cb");
        assert!(fields.client_uri.data.is_null());
    }
    assert_eq!(pk_client_document_free(document), PK_OK);
}
