//! What keys and requests with proofs read of the caller's memory, and lend of their own.

use super::access::config;
use super::odd::Odd;
use super::{ABSENT, event, handed_out, literal};
use proofkey_c::access::config::*;
use proofkey_c::access::outcome::pk_access_outcome;
use proofkey_c::access::*;
use proofkey_c::authorized::*;
use proofkey_c::data_key::pk_data_key;
use proofkey_c::discovered::pk_discovered;
use proofkey_c::dpop_nonces::*;
use proofkey_c::dpop_proof::*;
use proofkey_c::event::*;
use proofkey_c::http::{pk_header, pk_http_response};
use proofkey_c::id_token::*;
use proofkey_c::resource_call::*;
use proofkey_c::status::*;
use proofkey_c::step::*;
use proofkey_c::text::pk_text;
use proofkey_c::tokens::*;
use std::ptr::{null, null_mut};

/// The base point of P-256, compressed (SEC 1 §2.3.3).
const POINT: &[u8] = b"\x03\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\
    \x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96";
const SIGNATURE: &[u8; 64] = &[1; 64];

fn nonces() -> pk_dpop_nonces {
    let made = Odd::new(8);
    assert_eq!(unsafe { pk_dpop_nonces_new(made.at(), null_mut()) }, PK_OK);
    made.read()
}

/// Signs in with a key of the platform's, whose answers are gone after each call.
fn bound(nonces: pk_dpop_nonces, step_up: *const pk_step_up) -> pk_tokens {
    let key_id = Odd::of(b"key-1");
    let config = Odd::value(pk_access_config {
        dpop: PK_DPOP_REQUIRED,
        dpop_key: key_id.text(),
        ..config()
    });
    let run = Odd::value(pk_access_run {
        size: size_of::<pk_access_run>(),
        data_key: pk_data_key { id: 0 },
        known: pk_discovered { id: 0 },
        rejected: null(),
        www_authenticate: null(),
        www_authenticate_count: 0,
        redirect: ABSENT,
        nonces,
        step_up,
    });
    let access = Odd::new(8);
    let made =
        unsafe { pk_access_new(config.at(), PK_GOAL_SIGN_IN, run.at(), access.at(), null_mut()) };
    assert_eq!(made, PK_OK);
    drop((key_id, config, run));
    let access: pk_access = access.read();
    let name = literal("content-type");
    let header = Odd::value(pk_header { name, value: literal("application/json") });
    let mut next = event(PK_EVENT_START);
    let mut bytes = Odd::of(b"");
    let mut seen = Vec::new();
    loop {
        let response = Odd::value(pk_http_response {
            size: size_of::<pk_http_response>(),
            headers: header.at(),
            header_count: 1,
            body: literal(r#"{"access_token":"at-1","token_type":"DPoP"}"#),
            status: 200,
        });
        next.response = response.at();
        let (given, step) = (Odd::value(next), Odd::sized::<pk_step>());
        let status = unsafe { pk_access_advance(access, given.at(), 1000, step.at(), null_mut()) };
        assert_eq!(status, PK_OK);
        let step: pk_step = step.read();
        next = event(match step.kind {
            PK_STEP_LOCK => PK_EVENT_LOCKED,
            PK_STEP_UNLOCK => PK_EVENT_OK,
            PK_STEP_LOAD => PK_EVENT_LOADED,
            PK_STEP_SWAP => PK_EVENT_SWAPPED,
            PK_STEP_BROWSE => PK_EVENT_REDIRECT,
            PK_STEP_SEND => PK_EVENT_RESPONSE,
            PK_STEP_KEY => PK_EVENT_PUBLIC_KEY,
            PK_STEP_SIGN => PK_EVENT_SIGNED,
            _ => break,
        });
        next.swapped = 1;
        match step.kind {
            PK_STEP_BROWSE => {
                let url = unsafe { handed_out(step.url) };
                let state = url.split("&state=").nth(1).unwrap().split('&').next().unwrap();
                bytes =
                    Odd::of(format!("https://app.example/cb?code=c-1&state={state}").as_bytes());
                next.redirect = bytes.text();
                seen.push(url);
            }
            PK_STEP_KEY => {
                seen.push(unsafe { handed_out(step.key_id) + &handed_out(step.alg) });
                bytes = Odd::of(POINT);
                next.sec1 = bytes.text();
            }
            PK_STEP_SIGN => {
                seen.push(unsafe { handed_out(step.input) });
                bytes = Odd::of(SIGNATURE);
                next.signature = bytes.text();
            }
            _ => {}
        }
    }
    drop(bytes);
    assert_eq!((&*seen[0], seen.len()), ("key-1ES256", 3));
    assert_eq!(seen[1].contains("acr_values=strong"), !step_up.is_null(), "{}", seen[1]);
    let outcome = Odd::sized::<pk_access_outcome>();
    unsafe {
        let took = pk_access_take_outcome(access, outcome.at(), null_mut(), null_mut());
        assert_eq!(took, PK_OK);
        let none = pk_access_end_session_url(access, null_mut(), 0, null_mut(), null_mut());
        assert_eq!(none, PK_NOTHING);
    }
    assert_eq!(pk_access_free(access), PK_OK);
    outcome.read::<pk_access_outcome>().tokens
}

#[test]
fn a_request_is_signed_for_and_its_fields_fill_their_buffers() {
    let nonces = nonces();
    let (url, nonce, taken) = (Odd::of(b"https://api.example/x"), Odd::of(b"n-1"), Odd::new(1));
    let (u, n) = (url.text(), nonce.text());
    let heard = unsafe {
        pk_dpop_nonces_heard(nonces, u.data, u.length, n.data, n.length, taken.at(), null_mut())
    };
    assert_eq!((heard, taken.bytes()), (PK_OK, vec![1]));
    let tokens = bound(nonces, null());
    let (method, authorized) = (Odd::of(b"GET"), Odd::new(8));
    let m = method.text();
    let made = unsafe {
        let (place, null) = (authorized.at(), null_mut());
        pk_tokens_authorize(tokens, m.data, m.length, u.data, u.length, 1000, nonces, place, null)
    };
    assert_eq!(made, PK_OK);
    let authorized: pk_authorized = authorized.read();
    let (proof, signature) = (Odd::sized::<pk_unsigned_proof>(), Odd::of(SIGNATURE));
    let input = unsafe {
        assert_eq!(pk_authorized_unsigned(authorized, proof.at(), null_mut()), PK_OK);
        let proof: pk_unsigned_proof = proof.read();
        assert_eq!(handed_out(proof.key_id) + &handed_out(proof.alg), "key-1ES256");
        handed_out(proof.input)
    };
    let s = signature.text();
    assert_eq!(unsafe { pk_authorized_sign(authorized, s.data, s.length, null_mut()) }, PK_OK);
    // A dot, 86 characters of the signature, and the NUL.
    let (header, proof) = (Odd::new(10), Odd::new(input.len() + 88));
    unsafe {
        let (to, null) = (header.chars(), null_mut());
        assert_eq!(pk_authorized_authorization(authorized, to, 10, null_mut(), null), PK_OK);
        let (to, room) = (proof.chars(), input.len() + 88);
        assert_eq!(pk_authorized_dpop(authorized, to, room, null_mut(), null_mut()), PK_OK);
    }
    assert_eq!(header.bytes(), b"DPoP at-1\0");
    assert!(proof.bytes().starts_with(input.as_bytes()) && proof.bytes().ends_with(b"\0"));
    assert_eq!((pk_authorized_free(authorized), pk_tokens_free(tokens)), (PK_OK, PK_OK));
    assert_eq!(pk_dpop_nonces_free(nonces), PK_OK);
}

#[test]
fn what_a_resource_demands_is_lent_and_read_again() {
    let (call, reaction) = (Odd::new(8), Odd::sized::<pk_reaction>());
    let ceiling = Odd::list(&[literal("read"), literal("write")]);
    let made = unsafe { pk_resource_call_new(ceiling.at(), 2, call.at(), null_mut()) };
    assert_eq!(made, PK_OK);
    drop(ceiling);
    let call: pk_resource_call = call.read();
    let field = Odd::of(
        br#"Bearer error="insufficient_user_authentication", acr_values="strong", max_age=5"#,
    );
    let fields = Odd::list(&[field.text()]);
    let (requested, granted) = (Odd::of(b"read write"), Odd::of(b"read"));
    let answer = Odd::value(pk_resource_answer {
        size: size_of::<pk_resource_answer>(),
        tokens: pk_tokens { id: 0 },
        requested_scope: requested.text(),
        granted_scope: granted.text(),
        www_authenticate: fields.at(),
        www_authenticate_count: 1,
        status: 401,
    });
    let said = unsafe { pk_resource_call_answered(call, answer.at(), reaction.at(), null_mut()) };
    drop((answer, fields, field, requested, granted));
    let reaction: pk_reaction = reaction.read();
    assert_eq!((said, reaction.kind), (PK_OK, PK_REACTION_SIGN_IN));
    let step_up = reaction.step_up;
    assert_eq!((step_up.scope_count, step_up.acr_value_count, step_up.max_age), (2, 1, 5));
    // What is lent goes back in as it is, from where nothing is aligned.
    let nonces = nonces();
    let again = Odd::value(step_up);
    assert_eq!(pk_tokens_free(bound(nonces, again.at())), PK_OK);
    assert_eq!((pk_dpop_nonces_free(nonces), pk_resource_call_free(call)), (PK_OK, PK_OK));
}

/// Without a calculation on a curve: what is checked here is memory.
#[test]
fn proofs_keys_and_tokens_are_read_to_their_end() {
    let (field, url, checked) = (Odd::of(b"none"), Odd::of(b"https://api.example/"), Odd::new(8));
    let request = Odd::value(pk_dpop_request {
        size: size_of::<pk_dpop_request>(),
        proof: field.text(),
        method: literal("GET"),
        url: url.text(),
        access_token: ABSENT,
        nonce: literal("n-1"),
        now: 1000,
        window_s: 60,
    });
    let fields = Odd::sized::<pk_dpop_proof_fields>();
    unsafe {
        assert_eq!(pk_dpop_proof_check(request.at(), checked.at(), null_mut()), PK_OK);
        drop((request, field, url));
        let checked: pk_dpop_proof = checked.read();
        assert_eq!(pk_dpop_proof_get(checked, fields.at(), null_mut()), PK_OK);
        let fields: pk_dpop_proof_fields = fields.read();
        assert_eq!(handed_out(fields.defect), "not_a_proof");
        assert!(fields.thumbprint.data.is_null());
        assert_eq!(pk_dpop_proof_free(checked), PK_OK);

        let (keys, count) = (Odd::of(br#"{"keys":[]}"#), Odd::new(size_of::<usize>()));
        let k = keys.text();
        assert_eq!(pk_key_set_read(k.data, k.length, count.at(), null_mut()), PK_OK);
        assert_eq!(count.read::<usize>(), 0);
        // {"alg":"ES256"}, {} and a byte.
        let token = Odd::of(b"eyJhbGciOiJFUzI1NiJ9.e30.AA");
        let given = Odd::value(pk_id_token {
            size: size_of::<pk_id_token>(),
            token: token.text(),
            keys: keys.text(),
            issuer: literal("https://as.example"),
            client_id: literal("agent"),
            nonce: ABSENT,
            access_token: pk_text { data: token.chars(), length: 0 },
            max_age: 0,
            now: 1000,
            has_max_age: 0,
        });
        let identity = Odd::new(8);
        assert_eq!(pk_id_token_verify(given.at(), identity.at(), null_mut()), PK_NOTHING);

        let (der, raw) = (Odd::of(b"\x30\x06\x02\x01\x05\x02\x01\x07"), Odd::new(64));
        let d = der.text();
        assert_eq!(pk_raw_signature(d.data, d.length, raw.at(), null_mut()), PK_OK);
        assert_eq!((raw.bytes()[31], raw.bytes()[63]), (5, 7));
    }
}
