//! What the functions read and write of the caller's memory: all that they are told of, and no byte beside it.
//! Every piece is as small as it may be and not aligned, and under Miri (`tests/run miri`) a byte that is read
//! too far, or before it was written, ends the test.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    unsafe_op_in_unsafe_fn,
    clippy::undocumented_unsafe_blocks,
    reason = "tests fail by panicking; what is pointed to lives until the end of each test, and is as large as is said"
)]

#[path = "memory/access.rs"]
mod access;
#[path = "memory/discovery.rs"]
mod discovery;
#[path = "memory/grant.rs"]
mod grant;
#[path = "memory/odd.rs"]
mod odd;
#[path = "memory/possession.rs"]
mod possession;

use odd::Odd;
use proofkey_c::error::pk_error;
use proofkey_c::event::*;
use proofkey_c::grant::redeem::*;
use proofkey_c::grant::request::pk_redirect_uri_matches;
use proofkey_c::grant::rows::*;
use proofkey_c::grant::store::*;
use proofkey_c::pair::*;
use proofkey_c::parameter::pk_parameter;
use proofkey_c::session::*;
use proofkey_c::sign_in::*;
use proofkey_c::status::*;
use proofkey_c::step::*;
use proofkey_c::text::pk_text;
use proofkey_c::version::pk_version;
use std::ffi::c_char;
use std::ptr::{NonNull, null, null_mut};

/// RFC 7636, Appendix B.
const VERIFIER: &[u8] = b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &[u8] = b"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ABSENT: pk_text = pk_text { data: null(), length: 0 };

/// Where nothing may be read or written.
fn nowhere<T>() -> *mut T {
    NonNull::dangling().as_ptr()
}

fn literal(text: &'static str) -> pk_text {
    pk_text { data: text.as_ptr().cast(), length: text.len() }
}

/// What the library handed out, with the NUL that follows it.
unsafe fn handed_out(text: pk_text) -> String {
    let bytes = std::slice::from_raw_parts(text.data.cast::<u8>(), text.length + 1);
    assert_eq!(bytes[text.length], 0);
    std::str::from_utf8(&bytes[..text.length]).unwrap().to_owned()
}

fn with_nul(text: &[u8]) -> Vec<u8> {
    [text, &[0]].concat()
}

#[test]
fn texts_are_read_to_their_end_and_no_further() {
    let (verifier, challenge) = (Odd::of(VERIFIER), Odd::of(CHALLENGE));
    let matches = Odd::new(1);
    let status = unsafe {
        let (v, c) = (verifier.text(), challenge.text());
        pk_verify(v.data, v.length, c.data, c.length, matches.at(), null_mut())
    };
    assert_eq!((status, matches.bytes()), (PK_OK, vec![1]));

    let bytes = Odd::new(32);
    let read =
        unsafe { pk_challenge_read(challenge.chars(), challenge.len(), bytes.at(), null_mut()) };
    let text = Odd::new(44);
    let written =
        unsafe { pk_challenge_write(bytes.at(), text.chars(), 44, null_mut(), null_mut()) };
    assert_eq!((read, written, text.bytes()), (PK_OK, PK_OK, with_nul(CHALLENGE)));

    let cut = Odd::of("ü".as_bytes().split_last().unwrap().1);
    let status =
        unsafe { pk_challenge(cut.chars(), cut.len(), text.chars(), 44, null_mut(), null_mut()) };
    assert_eq!((status, text.bytes()), (PK_NOT_UTF8, with_nul(CHALLENGE)));
}

#[test]
fn a_length_of_zero_reads_nothing() {
    let (text, matches) = (Odd::new(44), Odd::new(1));
    unsafe {
        let empty = pk_challenge(nowhere(), 0, text.chars(), 44, null_mut(), null_mut());
        assert_eq!(empty, PK_ERROR, "no verifier is empty");
        let absent = pk_challenge(null(), 0, text.chars(), 44, null_mut(), null_mut());
        assert_eq!(absent, PK_NULL);
        let both = pk_redirect_uri_matches(nowhere(), 0, nowhere(), 0, matches.at(), null_mut());
        assert_eq!(both, PK_OK);
        // A body of no bytes, and header fields that did not come.
        let policy = policy(60);
        for body in [null(), nowhere::<c_char>().cast_const()] {
            let redeem = Odd::new(8);
            let made = pk_redeem_new(body, 0, ABSENT, ABSENT, policy.at(), redeem.at(), null_mut());
            assert_eq!(made, PK_OK);
            assert_eq!(pk_redeem_free(redeem.read()), PK_OK);
        }
    }
}

#[test]
fn nothing_is_read_beyond_the_caps() {
    let byte = Odd::of(b"a");
    for length in [PK_MAX_INPUT + 1, usize::MAX] {
        let status =
            unsafe { pk_challenge(byte.chars(), length, nowhere(), 44, nowhere(), null_mut()) };
        assert_eq!(status, PK_TOO_LONG);
    }
    for count in [PK_MAX_COUNT + 1, usize::MAX] {
        let request = Odd::value(pk_authorization_request {
            scopes: nowhere(),
            scope_count: count,
            ..request()
        });
        assert_eq!(unsafe { pk_session_begin(request.at(), nowhere(), null_mut()) }, PK_TOO_LONG);
    }
}

#[test]
fn a_buffer_of_the_exact_size_is_filled() {
    let (verifier, challenge) = (Odd::new(44), Odd::new(44));
    let (long, same) = (Odd::new(size_of::<usize>()), Odd::new(size_of::<usize>()));
    let made = unsafe {
        pk_pair(verifier.chars(), 44, long.at(), challenge.chars(), 44, same.at(), null_mut())
    };
    assert_eq!((made, long.read::<usize>(), same.read::<usize>()), (PK_OK, 43, 43));
    let again = Odd::new(44);
    let status =
        unsafe { pk_challenge(verifier.chars(), 43, again.chars(), 44, null_mut(), null_mut()) };
    assert_eq!((status, again.bytes()), (PK_OK, challenge.bytes()));
    assert_eq!(again.bytes()[43], 0);
    // Where the verifier stood, as soon as it was read.
    let status =
        unsafe { pk_challenge(verifier.chars(), 43, verifier.chars(), 44, null_mut(), null_mut()) };
    assert_eq!((status, verifier.bytes()), (PK_OK, challenge.bytes()));
}

#[test]
fn a_buffer_one_byte_short_is_left_alone() {
    let verifier = Odd::of(VERIFIER);
    let (short, length) = (Odd::of(&[b'x'; 43]), Odd::new(size_of::<usize>()));
    let input = verifier.text();
    let status = unsafe {
        pk_challenge(input.data, input.length, short.chars(), 43, length.at(), null_mut())
    };
    assert_eq!((status, length.read::<usize>()), (PK_BUFFER_TOO_SMALL, 43));
    assert_eq!(short.bytes(), [b'x'; 43]);
    // The second of two is short: the first is not written to either.
    let whole = Odd::of(&[b'x'; 44]);
    let status = unsafe {
        pk_pair(whole.chars(), 44, null_mut(), short.chars(), 43, length.at(), null_mut())
    };
    assert_eq!((status, length.read::<usize>()), (PK_BUFFER_TOO_SMALL, 43));
    assert_eq!((whole.bytes(), short.bytes()), (vec![b'x'; 44], vec![b'x'; 43]));
    unsafe {
        // To learn the length: no buffer is needed, whatever it is.
        for buffer in [null_mut(), nowhere()] {
            let length = Odd::new(size_of::<usize>());
            assert_eq!(pk_version(buffer, 0, length.at(), null_mut()), PK_BUFFER_TOO_SMALL);
            assert_eq!(length.read::<usize>(), env!("CARGO_PKG_VERSION").len());
        }
        assert_eq!(pk_version(null_mut(), usize::MAX, null_mut(), null_mut()), PK_NULL);
    }
}

#[test]
fn of_a_structure_whose_size_is_wrong_only_the_size_is_touched() {
    for size in [0, 1, size_of::<pk_authorization_request>() - 1, usize::MAX] {
        let (only, error) = (Odd::value(size), Odd::sized::<pk_error>());
        unsafe {
            let begun = pk_session_begin(only.at(), nowhere(), error.at());
            assert_eq!((begun, word(&error, 8)), (PK_STRUCT_SIZE, PK_STRUCT_SIZE));
            let step = pk_sign_in_advance(pk_sign_in { id: 0 }, null(), 0, only.at(), null_mut());
            assert_eq!(step, PK_STRUCT_SIZE);
            // An error too small for what would be said is left alone.
            if size < size_of::<pk_error>() {
                assert_eq!(pk_version(null_mut(), 9, null_mut(), only.at()), PK_NULL);
            }
        }
        assert_eq!(only.read::<usize>(), size);
    }
}

/// The four bytes here, as a number.
fn word(memory: &Odd, offset: usize) -> i32 {
    unsafe { memory.at::<u8>().add(offset).cast::<i32>().read_unaligned() }
}

fn request() -> pk_authorization_request {
    pk_authorization_request {
        size: size_of::<pk_authorization_request>(),
        issuer: literal("https://as.example"),
        authorization_endpoint: literal("https://as.example/authorize"),
        token_endpoint: literal("https://as.example/token"),
        client_id: literal("agent"),
        redirect_uri: literal("https://app.example/cb"),
        scopes: null(),
        scope_count: 0,
        resource: ABSENT,
        iss_promised: 0,
        extra_parameters: null(),
        extra_parameter_count: 0,
    }
}

fn event(kind: u32) -> pk_event {
    pk_event {
        size: size_of::<pk_event>(),
        kind,
        lost: 0,
        port: 0,
        redirect: ABSENT,
        code: ABSENT,
        detail: ABSENT,
        response: null(),
        value: ABSENT,
        revision: 0,
        swapped: 0,
        sec1: ABSENT,
        signature: ABSENT,
    }
}

/// Every structure and list on the way in at an odd address; what comes out is whole, and stays while it should.
#[test]
fn structures_and_lists_need_no_alignment() {
    let scopes = Odd::list(&[literal("read"), literal("write")]);
    let uri = Odd::of(b"https://app.example/cb");
    let extra = Odd::list(&[pk_parameter { name: literal("prompt"), value: literal("consent") }]);
    let config = Odd::value(pk_sign_in_config {
        size: size_of::<pk_sign_in_config>(),
        issuer: literal("https://as.example"),
        authorization_endpoint: literal("https://as.example/authorize"),
        token_endpoint: literal("https://as.example/token"),
        client_id: literal("agent"),
        redirect_uri: uri.text(),
        loopback_path: ABSENT,
        scopes: scopes.at(),
        scope_count: 2,
        resource: ABSENT,
        browse_timeout_ms: 1000,
        iss_promised: 0,
        loopback_host: 0,
        loopback_port: 0,
        extra_parameters: extra.at(),
        extra_parameter_count: 1,
    });
    let sign_in = Odd::new(8);
    assert_eq!(unsafe { pk_sign_in_new(config.at(), sign_in.at(), null_mut()) }, PK_OK);
    // What was passed was copied.
    drop((scopes, uri, extra, config));
    let sign_in: pk_sign_in = sign_in.read();
    let advance = |kind: u32, redirect: pk_text, detail: pk_text| {
        let event = Odd::value(pk_event { redirect, detail, ..event(kind) });
        let (step, error) = (Odd::sized::<pk_step>(), Odd::sized::<pk_error>());
        let status = unsafe { pk_sign_in_advance(sign_in, event.at(), 1, step.at(), error.at()) };
        (status, step, error)
    };
    let (status, browse, _) = advance(PK_EVENT_START, ABSENT, ABSENT);
    assert_eq!(status, PK_OK);
    let browse: pk_step = browse.read();
    let url = unsafe { handed_out(browse.url) };
    assert!(url.contains("scope=read+write") || url.contains("scope=read%20write"), "{url}");
    assert!(url.ends_with("&prompt=consent"), "{url}");

    // The step's own text comes back in the event: it is read before it is wiped.
    let (status, noise, _) = advance(PK_EVENT_REDIRECT, browse.redirect_uri, ABSENT);
    let noise: pk_step = noise.read();
    assert_eq!((status, noise.kind), (PK_OK, PK_STEP_AWAIT));
    let (status, _, error) = advance(PK_EVENT_FAILED, ABSENT, noise.refused);
    assert_eq!((status, word(&error, 8)), (PK_ERROR, PK_ERROR));
    assert_eq!(pk_sign_in_free(sign_in), PK_OK);
}

fn policy(code_lifetime_s: u64) -> Odd {
    Odd::value(pk_policy {
        size: size_of::<pk_policy>(),
        issuer: literal("https://as.example"),
        code_lifetime_s,
        access_token_lifetime_s: 300,
        refresh_token_lifetime_s: 600,
        reuse_window_s: 0,
        open_scopes: null(),
        open_scope_count: 0,
        details_types: null(),
        details_type_count: 0,
        max_mismatches: 5,
        profile: PK_PROFILE_OAUTH21,
    })
}

/// A row with its grant, both at odd addresses, whose id is the one in the step before.
#[test]
fn rows_are_read_wherever_they_lie() {
    let code = "grant_type=authorization_code&client_id=agent&code=AAAAAAAAAAAAAAAAAAAAAA.\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_verifier=";
    let body = Odd::of(&[code.as_bytes(), VERIFIER].concat());
    let (redeem, policy) = (Odd::new(8), policy(60));
    let form = literal("application/x-www-form-urlencoded");
    let made = unsafe {
        pk_redeem_new(body.chars(), body.len(), form, ABSENT, policy.at(), redeem.at(), null_mut())
    };
    assert_eq!(made, PK_OK);
    drop((body, policy));
    let redeem: pk_redeem = redeem.read();
    let advance = |kind: u32, found_grant: *const pk_found_grant| -> pk_store_step {
        let event = Odd::value(pk_store_event {
            size: size_of::<pk_store_event>(),
            kind,
            done: 1,
            now: 1000,
            found_grant,
            found_token: null(),
        });
        let step = Odd::sized::<pk_store_step>();
        let status = unsafe { pk_redeem_advance(redeem, event.at(), step.at(), null_mut()) };
        assert_eq!(status, PK_OK);
        step.read()
    };
    let find = advance(PK_STORE_EVENT_START, null());
    assert_eq!(find.kind, PK_STORE_STEP_FIND);
    let challenge = Odd::of(CHALLENGE);
    let grant = Odd::value(pk_grant {
        size: size_of::<pk_grant>(),
        grant_id: find.grant_id,
        client_id: literal("agent"),
        subject: literal("alice"),
        redirect_uri: literal("https://app.example/cb"),
        code_challenge: challenge.text(),
        scope: pk_text { data: nowhere(), length: 0 },
        resource: ABSENT,
        dpop_jkt: ABSENT,
        nonce: ABSENT,
        acr: ABSENT,
        authorization_details: ABSENT,
        auth_time: 0,
        has_auth_time: 0,
        redirect_uri_was_sent: 0,
        refreshable: 1,
    });
    let found = Odd::value(pk_found_grant {
        size: size_of::<pk_found_grant>(),
        grant: grant.at(),
        expires_at: 1060,
        used: 0,
        revoked: 0,
        mismatches: 0,
    });
    let claim = advance(PK_STORE_EVENT_FOUND, found.at());
    assert_eq!((claim.kind, claim.token_count), (PK_STORE_STEP_CLAIM, 2));
    let tokens = unsafe { std::slice::from_raw_parts(claim.tokens, claim.token_count) };
    assert_eq!((tokens[0].kind, tokens[0].lifetime_s), (PK_TOKEN_ACCESS, 300));
    assert_eq!((tokens[1].kind, tokens[1].lifetime_s), (PK_TOKEN_REFRESH, 600));
    assert_eq!(advance(PK_STORE_EVENT_CLAIMED, null()).kind, PK_STORE_STEP_DONE);

    let answer = Odd::sized::<pk_token_answer>();
    assert_eq!(unsafe { pk_redeem_take_answer(redeem, answer.at(), null_mut()) }, PK_OK);
    let answer: pk_token_answer = answer.read();
    assert_eq!(answer.status, 200);
    unsafe {
        assert!(handed_out(answer.body).contains("\"access_token\""));
        assert_eq!(handed_out(answer.audit), "issued");
        for header in std::slice::from_raw_parts(answer.headers, answer.header_count) {
            assert!(!handed_out(header.name).is_empty() && !handed_out(header.value).is_empty());
        }
    }
    assert_eq!(pk_redeem_free(redeem), PK_OK);
}

/// A token with its grant and its scope, all at odd addresses; the scope that is asked for comes back.
#[test]
fn tokens_are_read_wherever_they_lie() {
    let body = "grant_type=refresh_token&client_id=agent&scope=read&refresh_token=AAAAAAAAAAAAAAAAAAAAAA.\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let body = Odd::of(body.as_bytes());
    let (redeem, policy) = (Odd::new(8), policy(60));
    let form = literal("application/x-www-form-urlencoded");
    let made = unsafe {
        pk_redeem_new(body.chars(), body.len(), form, ABSENT, policy.at(), redeem.at(), null_mut())
    };
    assert_eq!(made, PK_OK);
    drop((body, policy));
    let redeem: pk_redeem = redeem.read();
    let advance = |kind: u32, found_token: *const pk_found_token| -> pk_store_step {
        let event = Odd::value(pk_store_event {
            size: size_of::<pk_store_event>(),
            kind,
            done: 1,
            now: 1000,
            found_grant: null(),
            found_token,
        });
        let step = Odd::sized::<pk_store_step>();
        let status = unsafe { pk_redeem_advance(redeem, event.at(), step.at(), null_mut()) };
        assert_eq!(status, PK_OK);
        step.read()
    };
    let find = advance(PK_STORE_EVENT_START, null());
    assert_eq!(find.kind, PK_STORE_STEP_FIND_TOKEN);
    let scope = Odd::of(b"read write");
    let grant = Odd::value(pk_grant {
        size: size_of::<pk_grant>(),
        grant_id: find.grant_id,
        client_id: literal("agent"),
        subject: literal("alice"),
        redirect_uri: literal("https://app.example/cb"),
        code_challenge: ABSENT,
        scope: scope.text(),
        resource: ABSENT,
        dpop_jkt: ABSENT,
        nonce: ABSENT,
        acr: ABSENT,
        authorization_details: ABSENT,
        auth_time: 0,
        has_auth_time: 0,
        redirect_uri_was_sent: 0,
        refreshable: 1,
    });
    let found = Odd::value(pk_found_token {
        size: size_of::<pk_found_token>(),
        grant: grant.at(),
        expires_at: 1060,
        rotated_at: 0,
        scope: scope.text(),
        dpop_jkt: ABSENT,
        kind: PK_TOKEN_REFRESH,
        rotation: PK_ROTATION_NEWEST,
        revoked: 0,
    });
    let rotate = advance(PK_STORE_EVENT_FOUND_TOKEN, found.at());
    drop((scope, grant, found));
    assert_eq!((rotate.kind, rotate.token_count), (PK_STORE_STEP_ROTATE, 2));
    let tokens = unsafe { std::slice::from_raw_parts(rotate.tokens, rotate.token_count) };
    assert_eq!(unsafe { handed_out(tokens[0].scope) }, "read");
    assert!(tokens[1].scope.data.is_null());
    assert_eq!(advance(PK_STORE_EVENT_ROTATED, null()).kind, PK_STORE_STEP_DONE);
    assert_eq!(pk_redeem_free(redeem), PK_OK);
}

/// One frees while others read: each call comes to a status, and under Miri no access races another.
#[test]
fn a_handle_may_be_freed_while_it_is_used() {
    let (request, session) = (Odd::value(request()), Odd::new(8));
    assert_eq!(unsafe { pk_session_begin(request.at(), session.at(), null_mut()) }, PK_OK);
    let session: pk_session = session.read();
    let read = || {
        let url = Odd::new(1024);
        let status = unsafe {
            pk_session_authorization_url(session, url.chars(), 1024, null_mut(), null_mut())
        };
        assert!(matches!(status, PK_OK | PK_INVALID_HANDLE), "{status}");
    };
    std::thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        let freed = scope.spawn(|| pk_session_free(session));
        assert_eq!(freed.join().unwrap(), PK_OK);
        for reader in readers {
            reader.join().unwrap();
        }
    });
    assert_eq!(pk_session_free(session), PK_INVALID_HANDLE);
}
