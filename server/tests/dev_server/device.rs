//! The device grant (RFC 8628).

use crate::common::*;
use crate::proof::{Key, token_with};
use proofkey_server::clock::Clock;
use proofkey_server::dev::{Builder, DevServer, More};
use serde_json::json;

const GRANT: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");

/// What a device is told at the beginning.
struct Begun {
    device_code: String,
    user_code: String,
    complete: String,
}

async fn with_clock(change: impl FnOnce(Builder) -> Builder) -> (Running, Clock) {
    let clock = Clock::manual(1_800_000_000);
    let server = run(change(DevServer::builder().clock(clock.clone()))).await;
    (server, clock)
}

async fn begin(server: &Running, pairs: &[(&str, &str)]) -> Answer {
    send(server, "POST", "/device_authorization", &[FORM], &form(pairs)).await
}

async fn begun(server: &Running) -> Begun {
    let answer = begin(server, &[("client_id", "proofkey-dev"), ("scope", "read")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    Begun {
        device_code: answer.member("device_code"),
        user_code: answer.member("user_code"),
        complete: answer.member("verification_uri_complete"),
    }
}

async fn poll(server: &Running, device_code: &str) -> Answer {
    token(server, &[GRANT, ("client_id", "proofkey-dev"), ("device_code", device_code)]).await
}

fn error(answer: &Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.member("error")
}

async fn page(server: &Running, typed: &str) -> Answer {
    get(server, &format!("/device?{}", form(&[("user_code", typed)]))).await
}

/// The form of the page, sent back: cookie, CSRF field, code.
struct Form {
    cookie: String,
    csrf: String,
    user_code: String,
}

fn form_of(page: &Answer) -> Form {
    assert_eq!(page.status, 200, "{}", page.body);
    let value = |name: &str| {
        let marker = format!("name=\"{name}\" value=\"");
        let rest = page.body.split_once(&marker).expect("no such field").1;
        rest.split('"').next().unwrap().to_owned()
    };
    let cookie = page.header("set-cookie").expect("no cookie");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    Form { cookie, csrf: value("csrf"), user_code: value("user_code") }
}

async fn decide_device(server: &Running, form: &Form, decision: &str) -> Answer {
    let Form { cookie, csrf, user_code } = form;
    let pairs = [("csrf", &**csrf), ("user_code", user_code), ("decision", decision)];
    let body = crate::common::form(&pairs);
    send(server, "POST", "/device/decision", &[FORM, ("Cookie", cookie)], &body).await
}

/// RFC 8628 §3: code shown, page, allowed, tokens, once.
#[tokio::test]
async fn a_device_signs_in() {
    let (server, clock) = with_clock(|builder| builder).await;
    let answer = begin(&server, &[("client_id", "proofkey-dev"), ("scope", "read")]).await;
    let told = answer.json();
    assert_eq!((told["expires_in"].as_u64(), told["interval"].as_u64()), (Some(600), Some(5)));
    assert_eq!(told["verification_uri"], format!("{}/device", server.issuer));
    let user_code = answer.member("user_code");
    let complete = format!("{}/device?user_code={user_code}", server.issuer);
    assert_eq!(told["verification_uri_complete"], complete);
    let device_code = answer.member("device_code");
    assert_eq!(device_code.len(), 43);
    assert_eq!(error(&poll(&server, &device_code).await), "authorization_pending");

    let typed = user_code.to_lowercase().replace('-', "");
    let page = page(&server, &typed).await;
    for shown in ["A program in development", "proofkey-dev", "read", "developer", &user_code] {
        assert!(page.body.contains(shown), "{shown} is not shown");
    }
    assert!(page.header("content-security-policy").unwrap().ends_with("form-action 'self'"));
    let answer = decide_device(&server, &form_of(&page), "allow").await;
    assert!(answer.status == 200 && answer.body.contains("The device is connected"));
    clock.advance(5);
    let tokens = poll(&server, &device_code).await;
    assert_eq!((tokens.status, tokens.member("scope").as_str()), (200, "read"));
    assert_eq!(api(&server, &tokens.member("access_token")).await.member("subject"), "developer");
    let refreshed = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", &tokens.member("refresh_token")),
    ];
    assert_eq!(token(&server, &refreshed).await.status, 200);
    clock.advance(5);
    assert_eq!(error(&poll(&server, &device_code).await), "invalid_grant", "redeemed once");
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["device_authorization"]["answered"]["begun"], 1);
    assert_eq!(counted["device"]["answered"]["allowed"], 1);
    assert_eq!(counted["token"]["arrived"]["device_code"], 3);
}

/// RFC 8628 §3.5: each poll that comes too early makes the interval five seconds longer, for that code alone.
#[tokio::test]
async fn whoever_asks_too_often_waits_longer() {
    let (server, clock) = with_clock(|builder| builder).await;
    let (fast, slow) = (begun(&server).await, begun(&server).await);
    assert_eq!(error(&poll(&server, &fast.device_code).await), "authorization_pending");
    assert_eq!(error(&poll(&server, &slow.device_code).await), "authorization_pending");
    clock.advance(4);
    assert_eq!(error(&poll(&server, &fast.device_code).await), "slow_down");
    clock.advance(9);
    assert_eq!(error(&poll(&server, &slow.device_code).await), "authorization_pending");
    assert_eq!(error(&poll(&server, &fast.device_code).await), "slow_down", "10 s now");
    clock.advance(15);
    assert_eq!(error(&poll(&server, &fast.device_code).await), "authorization_pending");
}

/// RFC 8628 §3.5: denied, expired, another client's, unknown.
#[tokio::test]
async fn sign_ins_that_come_to_nothing() {
    let (server, clock) = with_clock(|builder| builder).await;
    let denied = begun(&server).await;
    let form = form_of(&page(&server, &denied.user_code).await);
    assert!(decide_device(&server, &form, "deny").await.body.contains("The device was refused"));
    assert_eq!(decide_device(&server, &form, "allow").await.status, 404, "decided once");
    assert_eq!(error(&poll(&server, &denied.device_code).await), "access_denied");
    assert_eq!(error(&poll(&server, &denied.device_code).await), "invalid_grant");

    let begun = begun(&server).await;
    let other = [GRANT, ("client_id", "other"), ("device_code", &begun.device_code)];
    assert_eq!(error(&token(&server, &other).await), "invalid_grant");
    assert_eq!(error(&token(&server, &[GRANT, ("client_id", "other")]).await), "invalid_request");
    assert_eq!(error(&poll(&server, "x").await), "invalid_grant");
    let form = form_of(&page(&server, &begun.user_code).await);
    clock.advance(600);
    assert_eq!(decide_device(&server, &form, "allow").await.status, 404);
    assert_eq!(page(&server, &begun.user_code).await.status, 404);
    assert_eq!(error(&poll(&server, &begun.device_code).await), "expired_token");
}

/// RFC 8628 §3.1: requests that are wrong.
#[tokio::test]
async fn device_requests_that_are_wrong() {
    let server = asking().await;
    for (pairs, wrong) in [
        (vec![], "invalid_request"),
        (vec![("client_id", "nobody")], "invalid_client"),
        (vec![("client_id", "proofkey-dev"), ("scope", "delete")], "invalid_scope"),
        (vec![("client_id", "proofkey-dev"), ("resource", "x")], "invalid_target"),
        (vec![("client_id", "proofkey-dev"), ("client_secret", "x")], "invalid_client"),
    ] {
        assert_eq!(error(&begin(&server, &pairs).await), wrong, "{pairs:?}");
    }
    assert_eq!(send(&server, "GET", "/device_authorization", &[], "").await.status, 405);
}

/// P28, P29, RFC 8628 §5.1: a form of another page is refused, and guesses are limited, right ones too.
#[tokio::test]
async fn the_page_is_guarded() {
    let (server, clock) = with_clock(|builder| builder).await;
    let begun = begun(&server).await;
    let good = form_of(&page(&server, &begun.user_code).await);
    let like = |change: &dyn Fn(&mut Form)| {
        let Form { cookie, csrf, user_code } = &good;
        let mut copy =
            Form { cookie: cookie.clone(), csrf: csrf.clone(), user_code: user_code.clone() };
        change(&mut copy);
        copy
    };
    for (what, form) in [
        ("no cookie", like(&|form| form.cookie = "a=b".into())),
        ("no field", like(&|form| form.csrf = String::new())),
        ("another code", like(&|form| form.user_code = "BBBB-BBBB".into())),
    ] {
        assert_eq!(decide_device(&server, &form, "allow").await.status, 403, "{what}");
    }
    assert_eq!(decide_device(&server, &good, "perhaps").await.status, 400);
    for n in 0..10 {
        let wrong = format!("BBBB-BBB{}", char::from(b"BCDFGHJKLM"[n]));
        assert_eq!(page(&server, &wrong).await.status, 404, "{wrong}");
    }
    let limited = page(&server, &begun.user_code).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("60")));
    clock.advance(60);
    assert_eq!(page(&server, &begun.user_code).await.status, 200);
    let typed = "\"><img src=x>";
    let answer = page(&server, typed).await;
    assert!(answer.status == 404 && !answer.body.contains("<img"), "{}", answer.body);
    assert_eq!(get(&server, "/device").await.status, 200, "the empty page asks for a code");
}

/// A server that approves by itself does so when the page is opened; devices are bounded; an interval of 0 is for
/// tests.
#[tokio::test]
async fn for_tests_it_goes_without_asking() {
    let more = More { device_interval_s: 0, ..More::default() };
    let (server, clock) = with_clock(|builder| builder.auto_approve(true).more(more)).await;
    let first = begun(&server).await;
    for _ in 0..2 {
        assert_eq!(error(&poll(&server, &first.device_code).await), "authorization_pending");
    }
    let path = first.complete.strip_prefix(&server.issuer).unwrap();
    assert!(get(&server, path).await.body.contains("The device is connected"));
    assert_eq!(poll(&server, &first.device_code).await.status, 200);
    for _ in 0..1_000 {
        begun(&server).await;
    }
    let full = begin(&server, &[("client_id", "proofkey-dev")]).await;
    let told = (full.status, full.member("error"));
    assert_eq!(told, (503, "temporarily_unavailable".to_owned()));
    clock.advance(1_200);
    begun(&server).await;
}

/// RFC 9449 §5: a device's tokens are bound to its key as well.
#[tokio::test]
async fn a_device_proves_its_key() {
    let more = More { device_interval_s: 0, ..More::default() };
    let server = run(DevServer::builder().auto_approve(true).more(more)).await;
    let begun = begun(&server).await;
    let pairs = [GRANT, ("client_id", "proofkey-dev"), ("device_code", &begun.device_code)];
    let key = Key::new(1);
    let pending = token_with(&server, &pairs, &key.for_token(&server, json!({}))).await;
    assert_eq!(error(&pending), "authorization_pending");
    page(&server, &begun.user_code).await;
    let tokens = token_with(&server, &pairs, &key.for_token(&server, json!({}))).await;
    assert_eq!((tokens.status, tokens.member("token_type").as_str()), (200, "DPoP"));
    assert_eq!(api(&server, &tokens.member("access_token")).await.status, 401);
}
