//! P29: every call that an endpoint makes to a store is made to fail in turn, before or after it took effect. Nothing
//! comes of it, and the answer says that it is the server who failed.

use crate::common::*;
use crate::failing_scene::Scene;
use crate::owner::NOW;
use crate::proof::Key;
use proofkey::verifier::CodeVerifier;
use proofkey_server::endpoint::device;
use serde_json::json;

const DEVICE: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
const CLIENT: (&str, &str) = ("client_id", "proofkey-dev");
const ADA: (&str, &str) = ("Cookie", "session=ada");

/// A request of ada, who has allowed this client before.
async fn asked(scene: &Scene, target: &str) -> Answer {
    send(&scene.server, "GET", target, &[ADA], "").await
}

async fn issued(scene: &Scene) -> (String, CodeVerifier) {
    let verifier = CodeVerifier::generate().unwrap();
    let target = authorize(&request(&verifier.challenge().to_text()));
    (asked(scene, &target).await.sent("code").unwrap(), verifier)
}

async fn redeem(scene: &Scene, (code, verifier): &(String, CodeVerifier)) -> Answer {
    token(&scene.server, &redemption(code, verifier.expose_verifier())).await
}

async fn refresh(scene: &Scene, refresh_token: &str) -> Answer {
    let grant_type = ("grant_type", "refresh_token");
    token(&scene.server, &[grant_type, CLIENT, ("refresh_token", refresh_token)]).await
}

async fn push(scene: &Scene, more: &[(&str, &str)]) -> Answer {
    let parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    let pairs: Vec<_> = parameters.iter().map(|(name, value)| (*name, &**value)).collect();
    let headers: Vec<_> = [FORM].iter().chain(more).copied().collect();
    send(&scene.server, "POST", "/par", &headers, &form(&pairs)).await
}

async fn pushed(scene: &Scene) -> String {
    let uri = push(scene, &[]).await.member("request_uri");
    format!("/authorize?{}", form(&[CLIENT, ("request_uri", &uri)]))
}

async fn begin(scene: &Scene) -> Answer {
    let body = form(&[CLIENT, ("scope", "read")]);
    send(&scene.server, "POST", "/device_authorization", &[FORM], &body).await
}

async fn poll(scene: &Scene, begun: &Answer) -> Answer {
    let device_code = begun.member("device_code");
    token(&scene.server, &[DEVICE, CLIENT, ("device_code", &device_code)]).await
}

/// A code by redirect: asked for by its address, pushed, by a form, by somebody who has to sign in first.
#[tokio::test]
async fn no_code_comes_of_a_store_that_fails() {
    let scene = Scene::new().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let target = authorize(&request(&challenge));
    // Once by the page; from then on nobody is asked.
    let form = async || {
        let page = send(&scene.server, "GET", &target, &[("Cookie", "session=grace")], "").await;
        let shown = consent(&page);
        Consent { cookie: format!("session=grace; {}", shown.cookie), ..shown }
    };
    let shown = form().await;
    scene
        .each_fails(
            1,
            &[],
            async || {},
            async |()| decide(&scene.server, &shown, "allow", &[]).await,
        )
        .await;
    scene.remember().await;
    scene.each_fails(1, &[], async || {}, async |()| asked(&scene, &target).await).await;
    let prepare = async || pushed(&scene).await;
    scene.each_fails(2, &[], prepare, async |target| asked(&scene, target).await).await;
    scene.each_fails(2, &[], prepare, async |target| get(&scene.server, target).await).await;
    scene.have_failed(&["put", "pending take", "pending put"]);
}

#[tokio::test]
async fn nothing_is_pushed_to_a_store_that_fails() {
    let scene = Scene::new().await;
    scene.each_fails(1, &[], async || {}, async |()| push(&scene, &[]).await).await;
    let url = format!("{}/par", scene.server.issuer);
    let prepare = async || Key::new(1).proof("POST", &url, json!({ "iat": NOW }));
    scene.each_fails(2, &[], prepare, async |proof| push(&scene, &[("DPoP", proof)]).await).await;
    scene.have_failed(&["pending put"]);
}

/// The code of a sign-in, right, wrong, used, and with a key; refresh tokens, new and old.
#[tokio::test]
async fn no_token_comes_of_a_store_that_fails() {
    let scene = Scene::new().await;
    scene.remember().await;
    let prepare = async || issued(&scene).await;
    scene.each_fails(2, &[], prepare, async |code| redeem(&scene, code).await).await;
    let wrong = async || (issued(&scene).await.0, CodeVerifier::generate().unwrap());
    scene.each_fails(2, &[], wrong, async |code| redeem(&scene, code).await).await;
    let used = async || {
        let code = issued(&scene).await;
        assert_eq!(redeem(&scene, &code).await.status, 200);
        code
    };
    scene.each_fails(2, &[], used, async |code| redeem(&scene, code).await).await;

    let url = format!("{}/token", scene.server.issuer);
    let proven = async || {
        let proof = Key::new(1).proof("POST", &url, json!({ "iat": NOW }));
        (issued(&scene).await, proof)
    };
    let redeem_with = async |((code, verifier), proof): &((String, CodeVerifier), String)| {
        let body = form(&redemption(code, verifier.expose_verifier()));
        send(&scene.server, "POST", "/token", &[FORM, ("DPoP", proof)], &body).await
    };
    scene.each_fails(3, &[], proven, redeem_with).await;

    let first = async || redeem(&scene, &issued(&scene).await).await.member("refresh_token");
    scene.each_fails(2, &[], first, async |token| refresh(&scene, token).await).await;
    let old = async || {
        let token = first().await;
        assert_eq!(refresh(&scene, &token).await.status, 200);
        token
    };
    scene.each_fails(2, &[], old, async |token| refresh(&scene, token).await).await;
    let all = ["find", "claim", "count", "revoke", "find_token", "rotate", "pending put"];
    scene.have_failed(&all);
}

/// The device's side and the user's.
#[tokio::test]
async fn no_device_is_connected_by_a_store_that_fails() {
    let scene = Scene::new().await;
    scene.each_fails(2, &[], async || {}, async |()| begin(&scene).await).await;
    let begun = async || begin(&scene).await;
    scene.each_fails(2, &[], begun, async |begun| poll(&scene, begun).await).await;
    let allowed = async || {
        let begun = begin(&scene).await;
        let ada = Some(("subject-ada", NOW));
        assert!(device::decide(&scene.whole, &begun.member("user_code"), ada).await.unwrap());
        begun
    };
    scene.each_fails(4, &[], allowed, async |begun| poll(&scene, begun).await).await;

    let page = async |begun: &Answer| {
        asked(&scene, &format!("/device?user_code={}", begun.member("user_code"))).await
    };
    scene.each_fails(2, &[], begun, async |begun| page(begun).await).await;
    let shown = async || {
        let begun = begin(&scene).await;
        let page = page(&begun).await;
        let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap();
        let field = page.body.split_once("name=\"csrf\" value=\"").unwrap().1;
        let csrf = field.split('"').next().unwrap().to_owned();
        (format!("session=ada; {cookie}"), csrf, begun.member("user_code"))
    };
    let decide = async |(cookie, csrf, user_code): &(String, String, String)| {
        let pairs = [("csrf", &**csrf), ("user_code", user_code), ("decision", "allow")];
        let headers = [FORM, ("Cookie", &**cookie)];
        send(&scene.server, "POST", "/device/decision", &headers, &form(&pairs)).await
    };
    // The decision is kept by then; the user code that stays can decide nothing more.
    scene.each_fails(4, &["pending take"], shown, decide).await;
    scene.have_failed(&[
        "put",
        "claim",
        "pending put",
        "pending get",
        "pending swap",
        "pending take",
    ]);
}

/// Whoever asks about a token, or gives it back, hears that nobody knows.
#[tokio::test]
async fn no_token_passes_or_is_gone_by_a_store_that_fails() {
    let scene = Scene::new().await;
    scene.remember().await;
    let tokens = async || redeem(&scene, &issued(&scene).await).await.member("access_token");
    let give_back = async |token: &String| {
        let body = form(&[CLIENT, ("token", token)]);
        send(&scene.server, "POST", "/revoke", &[FORM], &body).await
    };
    scene.each_fails(2, &[], tokens, give_back).await;
    let introspect = async |token: &String| {
        let headers = [FORM, ("Authorization", "Bearer of the resource")];
        send(&scene.server, "POST", "/introspect", &headers, &form(&[("token", token)])).await
    };
    scene.each_fails(1, &[], tokens, introspect).await;
    scene.each_fails(1, &[], tokens, async |token| scene.check("Bearer", token, None).await).await;

    let bound = async || {
        let code = issued(&scene).await;
        let url = format!("{}/token", scene.server.issuer);
        let proof = Key::new(1).proof("POST", &url, json!({ "iat": NOW }));
        let body = form(&redemption(&code.0, code.1.expose_verifier()));
        let answer = send(&scene.server, "POST", "/token", &[FORM, ("DPoP", &proof)], &body).await;
        let token = answer.member("access_token");
        let proof = Key::new(1).for_api(&scene.server, &token, json!({ "iat": NOW }));
        (token, proof)
    };
    let check =
        async |(token, proof): &(String, String)| scene.check("DPoP", token, Some(proof)).await;
    scene.each_fails(2, &[], bound, check).await;
    scene.have_failed(&["find_token", "revoke", "pending put"]);
}
