//! From a browser without a session to tokens.

use crate::common::*;
use crate::owner::{ELSEWHERE, NOW, server, site, site_at};
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::device;
use proofkey_server::pending::MemoryPending;
use proofkey_server::store::MemoryStore;
use std::sync::Arc;

async fn running() -> Running {
    site(Arc::new(MemoryStore::new(100)), |site| site).await
}

async fn as_user(server: &Running, name: &str, target: &str) -> Answer {
    send(server, "GET", target, &[("Cookie", &format!("session={name}"))], "").await
}

async fn decide_as(server: &Running, name: &str, form: &Consent) -> Answer {
    let cookie = format!("session={name}; {}", form.cookie);
    let form = Consent { cookie, csrf: form.csrf.clone(), query: form.query.clone() };
    decide(server, &form, "allow", &[]).await
}

fn asking() -> (CodeVerifier, Vec<(&'static str, String)>) {
    let verifier = CodeVerifier::generate().unwrap();
    let parameters = request(&verifier.challenge().to_text());
    (verifier, parameters)
}

/// The browser is led to sign in and back; the user is asked, once; the tokens are the user's.
#[tokio::test]
async fn a_user_signs_in_first_and_is_asked_once() {
    let server = running().await;
    let (verifier, parameters) = asking();
    let target = authorize(&parameters);
    let answer = get(&server, &target).await;
    assert_eq!(answer.status, ELSEWHERE);
    assert!(answer.location().starts_with("/sign-in?return_to="));
    assert_eq!(answer.sent("return_to"), Some(target.clone()));

    let page = as_user(&server, "ada", &target).await;
    assert!(page.body.contains("ada") && page.body.contains("A program of the table"));
    let code = decide_as(&server, "ada", &consent(&page)).await.sent("code").unwrap();
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let (_, again) = asking();
    let answer = as_user(&server, "ada", &authorize(&again)).await;
    assert!(answer.sent("code").is_some(), "it was remembered");
    assert_eq!(as_user(&server, "grace", &authorize(&again)).await.status, 200, "she is asked");
}

/// P28: a form that one user was shown is not taken from another, nor from a browser without a session.
#[tokio::test]
async fn a_form_is_taken_from_the_user_who_saw_it() {
    let server = running().await;
    let (_, parameters) = asking();
    let form = consent(&as_user(&server, "ada", &authorize(&parameters)).await);
    assert_eq!(decide_as(&server, "grace", &form).await.status, 403);
    let nobody = decide_as(&server, "nobody", &form).await;
    assert!(nobody.location().starts_with("/sign-in?return_to="), "{nobody:?}");
    assert!(decide_as(&server, "ada", &form).await.sent("code").is_some());
}

/// RFC 9126 §4: a pushed request outlives the user's way to the sign-in page, and serves once.
#[tokio::test]
async fn a_pushed_request_waits_for_the_sign_in() {
    let server = running().await;
    let (_, parameters) = asking();
    let pairs: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let pushed = send(&server, "POST", "/par", &[FORM], &form(&pairs)).await;
    let uri = pushed.member("request_uri");
    let target =
        format!("/authorize?{}", form(&[("client_id", "proofkey-dev"), ("request_uri", &uri)]));
    assert_eq!(get(&server, &target).await.status, ELSEWHERE);
    let page = as_user(&server, "ada", &target).await;
    assert!(decide_as(&server, "ada", &consent(&page)).await.sent("code").is_some());
    assert_eq!(as_user(&server, "ada", &target).await.status, 400, "it was used");
}

/// A hook may deny, and grant less than was asked for; the client hears it.
#[tokio::test]
async fn the_owner_denies_and_narrows() {
    let server = running().await;
    let (_, mut parameters) = asking();
    parameters[6].1 = "read never".into();
    let denied = as_user(&server, "ada", &authorize(&parameters)).await;
    assert_eq!(denied.sent("error").as_deref(), Some("access_denied"));

    let (verifier, mut parameters) = asking();
    parameters[6].1 = "read write".into();
    let page = as_user(&server, "ada", &authorize(&parameters)).await;
    decide_as(&server, "ada", &consent(&page)).await;
    let code = as_user(&server, "ada", &authorize(&parameters)).await.sent("code").unwrap();
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.member("scope"), "read", "{}", answer.body);
}

/// OpenID Connect Core §3.1.2.1, §3.1.2.6: whoever wants the user to be asked anew, or to have signed in lately, gets
/// that or hears why not.
#[tokio::test]
async fn the_site_heeds_what_is_asked_of_the_user() {
    let server = running().await;
    let ask = |more: &[(&'static str, &str)]| {
        let (_, mut parameters) = asking();
        parameters.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        authorize(&parameters)
    };
    let error = |answer: &Answer| answer.sent("error");
    let none = ask(&[("prompt", "none")]);
    assert_eq!(error(&get(&server, &none).await).as_deref(), Some("login_required"));
    let refused = as_user(&server, "ada", &none).await;
    assert_eq!(error(&refused).as_deref(), Some("consent_required"));

    let page = as_user(&server, "ada", &ask(&[])).await;
    assert!(decide_as(&server, "ada", &consent(&page)).await.sent("code").is_some());
    assert!(as_user(&server, "ada", &none).await.sent("code").is_some(), "it was remembered");
    let anew = as_user(&server, "ada", &ask(&[("prompt", "consent")])).await;
    assert_eq!(anew.status, 200, "she is asked all the same");

    // She signed in a hundred seconds ago.
    assert!(as_user(&server, "ada", &ask(&[("max_age", "100")])).await.sent("code").is_some());
    let late = as_user(&server, "ada", &ask(&[("max_age", "99")])).await;
    assert_eq!(error(&late).as_deref(), Some("login_required"));
    let mut forged = consent(&anew);
    forged.query.push_str("&max_age=99");
    assert_eq!(decide_as(&server, "ada", &forged).await.status, 403, "the form is of its request");
}

/// OpenID Connect Core §3.1.2.1: a sign-in that was recent when the form was shown is so for the ten minutes in which
/// the user reads it, and not a second longer.
#[tokio::test]
async fn a_user_may_read_what_they_are_asked() {
    for (reads_s, expected) in [(0, None), (600, None), (601, Some("login_required"))] {
        let clock = Clock::manual(NOW);
        let server = site_at(clock.clone(), Arc::new(MemoryStore::new(100)), |site| site).await;
        let (_, mut parameters) = asking();
        // She signed in a hundred seconds ago.
        parameters.push(("max_age", "100".into()));
        let shown = consent(&as_user(&server, "ada", &authorize(&parameters)).await);
        clock.advance(reads_s);
        let answer = decide_as(&server, "ada", &shown).await;
        assert_eq!(answer.sent("error").as_deref(), expected, "{reads_s}");
        assert_eq!(answer.sent("code").is_some(), expected.is_none(), "{reads_s}");
    }
}

/// A device is connected by the user who is there, and a sign-out ends the owner's session.
#[tokio::test]
async fn devices_and_sign_outs_are_the_users() {
    let server = running().await;
    let begun = send(
        &server,
        "POST",
        "/device_authorization",
        &[FORM],
        &form(&[("client_id", "proofkey-dev"), ("scope", "read")]),
    )
    .await;
    let target = format!("/device?user_code={}", begun.member("user_code"));
    assert_eq!(get(&server, &target).await.status, ELSEWHERE);
    let page = as_user(&server, "grace", &target).await;
    assert!(page.body.contains("signed in as <strong>grace"), "{}", page.body);

    let page = as_user(&server, "grace", "/end_session").await;
    let shown = consent(&page);
    let body = form(&[("csrf", &shown.csrf), ("query", &shown.query)]);
    let cookie = format!("session=grace; {}", shown.cookie);
    let headers = [FORM, ("Cookie", cookie.as_str())];
    let out = send(&server, "POST", "/end_session/decision", &headers, &body).await;
    assert_eq!(out.header("set-cookie"), Some("session=; Max-Age=0"));
}

/// RP-Initiated Logout §6: a page of another site ends no session, although the browser leaves out cookies that are
/// `SameSite` and the server sees nobody. The user goes on by a step of his own, and then is asked.
#[tokio::test]
async fn another_site_signs_nobody_out() {
    let server = running().await;
    let cross = ("Sec-Fetch-Site", "cross-site");
    let body = form(&[("client_id", "proofkey-dev"), ("state", "\"><b>")]);
    for answer in [
        send(&server, "GET", "/end_session", &[cross], "").await,
        send(&server, "POST", "/end_session", &[FORM, cross], &body).await,
        send(&server, "POST", "/end_session", &[FORM], &body).await,
        send(&server, "GET", "/end_session", &[("Sec-Fetch-Site", "none")], "").await,
    ] {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("set-cookie"), None, "nobody is signed out");
        assert!(!answer.body.contains("<b>"), "{}", answer.body);
    }
    let stays = send(&server, "POST", "/end_session", &[FORM, cross], &body).await;
    let link = stays.body.split_once("href=\"").expect("no link").1;
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    assert_eq!(link, "/end_session?client_id=proofkey-dev&state=%22%3E%3Cb%3E");
    let asked = as_user(&server, "ada", &link).await;
    assert!(asked.body.contains("A program of the table"), "{}", asked.body);
    assert_eq!(asked.body.matches("<form").count(), 1);
}

/// What the owner is told to lead back to is an address, whatever stood in a form that nobody has checked yet.
#[tokio::test]
async fn the_way_back_is_an_address() {
    let server = running().await;
    let query = "a=\"><script>\r\n\\ü'#";
    let body = form(&[("csrf", "x"), ("query", query), ("decision", "allow")]);
    let answer = send(&server, "POST", "/authorize/decision", &[FORM], &body).await;
    let back = answer.sent("return_to").unwrap();
    assert_eq!(back, "/authorize?a=%22%3E%3Cscript%3E%0D%0A%5C%C3%BC%27%23");
}

/// RFC 8628 §5.4: a client that signs in on no devices lends its name to no page for one.
#[tokio::test]
async fn devices_are_for_the_clients_that_have_some() {
    let clock = Clock::manual(NOW);
    let pending = Arc::new(MemoryPending::new(clock));
    for (clients, status, error) in
        [(vec!["proofkey-dev".to_owned()], 200, ""), (Vec::new(), 400, "unauthorized_client")]
    {
        let mut server = server(Arc::new(MemoryStore::new(1)), "http://127.0.0.1:1");
        server.devices = Arc::new(Devices::new(pending.clone(), 600, 5).clients(clients));
        let mut headers = http::HeaderMap::new();
        headers.insert("content-type", FORM.1.parse().unwrap());
        let body = form(&[("client_id", "proofkey-dev")]);
        let reply = device::reply(&server, &headers, body.as_bytes()).await;
        assert_eq!(reply.status.as_u16(), status);
        let said: serde_json::Value = serde_json::from_slice(reply.body.as_bytes()).unwrap();
        assert_eq!(said["error"].as_str().unwrap_or_default(), error);
    }
}

/// P29: a client that cannot be looked up is refused, on a page that says whose failure it is.
#[tokio::test]
async fn a_source_that_fails_refuses() {
    let server = running().await;
    let (_, mut parameters) = asking();
    for (client, status) in [("broken", 503), ("unknown", 400)] {
        parameters[1].1 = client.into();
        let answer = as_user(&server, "ada", &authorize(&parameters)).await;
        assert_eq!((answer.status, answer.header("location")), (status, None), "{client}");
        let body = form(&[("client_id", client), ("scope", "read")]);
        let answer = send(&server, "POST", "/device_authorization", &[FORM], &body).await;
        assert_eq!(answer.status, status, "{client}");
    }
}

/// Two nodes with one key for their forms: what one has shown the other takes. With keys of their own, not.
#[tokio::test]
async fn nodes_that_share_a_key_take_each_others_forms() {
    let store = Arc::new(MemoryStore::new(100));
    for (keys, taken) in [([7, 7], true), ([7, 8], false)] {
        let [first, second] = keys.map(|key| {
            let store = store.clone();
            async move { site(store, |site| site.form_key([key; 32]).any_host()).await }
        });
        let (first, second) = (first.await, second.await);
        let (_, parameters) = asking();
        let form = consent(&as_user(&first, "ada", &authorize(&parameters)).await);
        // The cookie's name holds the port of the issuer; behind a proxy that is one for all nodes.
        let port = |server: &Running| server.address.port().to_string();
        let cookie = form.cookie.replace(&port(&first), &port(&second));
        let answer = decide_as(&second, "ada", &Consent { cookie, ..form }).await;
        assert_eq!(answer.status == 303, taken, "{answer:?}");
    }
}
