//! What a server's flows read of rules, proofs and rows with keys, and lend of them.

use super::odd::Odd;
use super::{ABSENT, handed_out, literal, policy};
use proofkey_c::grant::check::*;
use proofkey_c::grant::possession::*;
use proofkey_c::grant::redeem::*;
use proofkey_c::grant::rows::*;
use proofkey_c::grant::store::*;
use proofkey_c::http::pk_header;
use proofkey_c::status::PK_OK;
use proofkey_c::text::pk_text;
use std::ptr::{null, null_mut};

const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn event(kind: u32, found_token: *const pk_found_token) -> Odd {
    Odd::value(pk_store_event {
        size: size_of::<pk_store_event>(),
        kind,
        done: 1,
        now: 1000,
        found_grant: null(),
        found_token,
    })
}

fn named(headers: *const pk_header, count: usize, name: &str) -> Option<String> {
    let all = unsafe { std::slice::from_raw_parts(headers, count) };
    let found = all.iter().find(|header| unsafe { handed_out(header.name) } == name)?;
    Some(unsafe { handed_out(found.value) })
}

/// Rules with the key of their nonces and a request with two proofs, all at odd addresses and gone after the call.
#[test]
fn proofs_are_read_wherever_they_lie() {
    let (redeem, policy) = (Odd::new(8), policy(60));
    let form = literal("application/x-www-form-urlencoded");
    let made = unsafe {
        pk_redeem_new(null(), 0, form, ABSENT, policy.at(), redeem.at(), null_mut())
    };
    assert_eq!(made, PK_OK);
    let redeem: pk_redeem = redeem.read();
    let (key, text) = (Odd::of(&[7; 32]), Odd::of(b"a proof"));
    let fields = Odd::list(&[text.text(), text.text()]);
    let rules = Odd::value(pk_proof_rules {
        size: size_of::<pk_proof_rules>(),
        window_s: 60,
        nonce_key: key.at(),
        nonce_lifetime_s: 60,
        required: 0,
    });
    let proof = Odd::value(pk_request_proof {
        size: size_of::<pk_request_proof>(),
        fields: fields.at(),
        field_count: 2,
        method: text.text(),
        url: text.text(),
        now: 1000,
    });
    let status = unsafe { pk_redeem_present(redeem, rules.at(), proof.at(), null_mut()) };
    assert_eq!(status, PK_OK);
    drop((key, text, fields, rules, proof, policy));
    let (start, step) = (event(PK_STORE_EVENT_START, null()), Odd::sized::<pk_store_step>());
    let status = unsafe { pk_redeem_advance(redeem, start.at(), step.at(), null_mut()) };
    assert_eq!((status, step.read::<pk_store_step>().kind), (PK_OK, PK_STORE_STEP_DONE));
    let answer = Odd::sized::<pk_token_answer>();
    assert_eq!(unsafe { pk_redeem_take_answer(redeem, answer.at(), null_mut()) }, PK_OK);
    let answer: pk_token_answer = answer.read();
    assert_eq!((answer.status, answer.grant), (400, null()));
    assert_eq!(unsafe { handed_out(answer.audit) }, "proof_refused");
    assert_eq!(named(answer.headers, answer.header_count, "DPoP-Nonce").map(|nonce| nonce.len()), Some(22));
    assert_eq!(pk_redeem_free(redeem), PK_OK);
}

/// Demands at odd addresses, and a row whose terms come back with the outcome.
#[test]
fn terms_are_read_and_lent() {
    let check = Odd::new(8);
    let bearer = Odd::of(format!("Bearer {TOKEN}").as_bytes());
    let audience = Odd::of(b"https://api.example/");
    let made = unsafe {
        let (data, length) = (audience.chars(), audience.len());
        pk_check_new(bearer.text(), data, length, null(), 0, check.at(), null_mut())
    };
    assert_eq!(made, PK_OK);
    let check: pk_check = check.read();
    let strong = Odd::of(b"strong");
    let values = Odd::list(&[strong.text()]);
    let demands = Odd::value(pk_check_demands {
        size: size_of::<pk_check_demands>(),
        acr_values: values.at(),
        acr_value_count: 1,
        metadata_url: ABSENT,
        max_age_s: 5,
        has_max_age: 1,
    });
    assert_eq!(unsafe { pk_check_demand(check, demands.at(), null_mut()) }, PK_OK);
    drop((bearer, audience, values, demands));
    let advance = |event: Odd| -> pk_store_step {
        let step = Odd::sized::<pk_store_step>();
        let status = unsafe { pk_check_advance(check, event.at(), step.at(), null_mut()) };
        assert_eq!(status, PK_OK);
        step.read()
    };
    let find = advance(event(PK_STORE_EVENT_START, null()));
    assert_eq!(find.kind, PK_STORE_STEP_FIND_TOKEN);
    let details = Odd::of(b"[{\"type\":\"t\"}]");
    let grant = Odd::value(pk_grant {
        size: size_of::<pk_grant>(),
        grant_id: find.grant_id,
        client_id: literal("agent"),
        subject: literal("alice"),
        redirect_uri: literal("https://app.example/cb"),
        code_challenge: ABSENT,
        scope: literal("read"),
        resource: ABSENT,
        dpop_jkt: literal("the key of the code"),
        nonce: literal("n-1"),
        acr: strong.text(),
        authorization_details: details.text(),
        auth_time: 995,
        has_auth_time: 1,
        redirect_uri_was_sent: 0,
        refreshable: 0,
    });
    let found = Odd::value(pk_found_token {
        size: size_of::<pk_found_token>(),
        grant: grant.at(),
        expires_at: 1060,
        rotated_at: 0,
        scope: ABSENT,
        dpop_jkt: ABSENT,
        kind: PK_TOKEN_ACCESS,
        rotation: PK_ROTATION_NEWEST,
        revoked: 0,
    });
    assert_eq!(advance(event(PK_STORE_EVENT_FOUND_TOKEN, found.at())).kind, PK_STORE_STEP_DONE);
    drop((strong, details, grant, found));
    let outcome = Odd::sized::<pk_check_outcome>();
    assert_eq!(unsafe { pk_check_take_outcome(check, outcome.at(), null_mut()) }, PK_OK);
    let outcome: pk_check_outcome = outcome.read();
    assert_eq!((outcome.granted, outcome.header_count), (1, 0));
    let lent = unsafe { outcome.grant.read_unaligned() };
    let text = |text: pk_text| unsafe { handed_out(text) };
    assert_eq!([text(lent.dpop_jkt), text(lent.nonce)], ["the key of the code", "n-1"]);
    assert_eq!([text(lent.acr), text(lent.authorization_details)], ["strong", "[{\"type\":\"t\"}]"]);
    assert_eq!((lent.auth_time, lent.has_auth_time), (995, 1));
    assert_eq!(pk_check_free(check), PK_OK);
}
