//! Pushed requests, bound tokens, device codes and ID tokens, at authorization servers that others wrote.
//! Built only under the feature `interop`; `tests/interop/run` installs the servers and runs this.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    AuthorizationFields, Browser, CancelHandle, Client, ClientBuilder, DeviceCode, Dpop, Error,
    Interaction,
};
use serde_json::Value;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use support::foreign::{Foreign, User, Visit, agent, json};

const CLIENT: &str = "proofkey-agent";
/// Its ID tokens are signed by ES256.
const ES256: &str = "proofkey-es256";
/// It gets bound tokens alone.
const BOUND: &str = "proofkey-bound";
/// What it gets for a code lives for a second, and what it gets by a refresh for an hour.
const BRIEF: &str = "proofkey-brief";

fn server() -> &'static Foreign {
    static SERVER: OnceLock<Foreign> = OnceLock::new();
    SERVER.get_or_init(|| Foreign::start(&["oidc_provider"]))
}

/// One at which requests must be pushed, and proofs need its nonces.
fn strict() -> &'static Foreign {
    static SERVER: OnceLock<Foreign> = OnceLock::new();
    SERVER.get_or_init(|| Foreign::start(&["oidc_provider", "strict"]))
}

fn authlib() -> &'static Foreign {
    static SERVER: OnceLock<Foreign> = OnceLock::new();
    SERVER.get_or_init(|| Foreign::start(&["authlib"]))
}

/// Everything else is what the server says of itself.
fn client(server: &'static Foreign, client_id: &str) -> ClientBuilder {
    Client::builder()
        .issuer(server.issuer())
        .client_id(client_id)
        .browser(server.browser(User::Allows))
}

/// The resource for bound tokens.
fn notes(server: &'static Foreign) -> &'static str {
    server.said["bound_resource"].as_str().unwrap()
}

/// What the resource answers to a request with these fields.
fn read(url: &str, fields: &AuthorizationFields) -> u16 {
    let mut request = agent().get(url).header("Authorization", fields.authorization.expose());
    if let Some(proof) = &fields.dpop {
        request = request.header("DPoP", proof.expose());
    }
    request.call().unwrap().status().as_u16()
}

/// The authorization URLs that the browser was given.
type Seen = Arc<Mutex<Vec<String>>>;

fn watched(server: &'static Foreign) -> (Browser, Seen) {
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    let browser = Browser::custom(move |url| {
        kept.lock().unwrap().push(url.to_owned());
        // The address that it comes back to may have been pushed with the rest.
        server.arrive(&Visit::new(server, User::Allows).sign_in(url)?)
    });
    (browser, seen)
}

/// The names of the parameters of a URL.
fn names(url: &str) -> Vec<&str> {
    let pairs = url.split_once('?').unwrap().1.split('&');
    pairs.map(|pair| pair.split('=').next().unwrap()).collect()
}

#[test]
fn what_must_be_pushed_is_pushed_and_the_browser_sees_none_of_it() {
    // P15 (RFC 9126 §4)
    let (browser, seen) = watched(strict());
    let client = client(strict(), CLIENT).scopes(["notes"]).browser(browser).build().unwrap();
    let set = client.sign_in().unwrap();
    assert_eq!((set.token_type(), set.scopes()), ("Bearer", &["notes".to_owned()][..]));
    let seen = seen.lock().unwrap();
    assert_eq!(names(&seen[0]), ["client_id", "request_uri"]);
    // The control: a request of the old kind is refused by this server.
    let plain = strict().url("/auth?client_id=proofkey-agent&response_type=code&scope=notes");
    let page = Visit::new(strict(), User::Allows).finish(&plain);
    assert!(page.contains("Pushed Authorization Request must be used"), "{page}");
}

#[test]
fn what_may_be_pushed_is_pushed_on_demand_alone() {
    // P15 (RFC 9126 §5)
    for (push, first) in [(true, "client_id"), (false, "response_type")] {
        let (browser, seen) = watched(server());
        let client = client(server(), CLIENT).scopes(["notes"]).push(push).browser(browser);
        client.build().unwrap().sign_in().unwrap();
        assert_eq!(names(&seen.lock().unwrap()[0])[0], first);
    }
}

/// The thumbprint of the key that the server knows a token to be bound to.
fn key_of(server: &Foreign, token: &str, client_id: &str) -> String {
    let about = server.introspect(token, client_id);
    assert_eq!(
        (about["active"].as_bool(), about["token_type"].as_str()),
        (Some(true), Some("DPoP"))
    );
    about["cnf"]["jkt"].as_str().unwrap().to_owned()
}

#[test]
fn a_bound_token_is_good_with_proofs_of_its_key_alone() {
    // P15 (RFC 9449): nonces at the pushed request, at the token endpoint and, others, at the resource
    let url = notes(strict());
    let client = client(strict(), BOUND).resource(url).dpop(Dpop::Required).build().unwrap();
    let set = client.sign_in().unwrap();
    assert_eq!((set.token_type(), set.scopes()), ("DPoP", &["notes.read".to_owned()][..]));
    assert_eq!(key_of(strict(), set.expose_access_token(), BOUND).len(), 43);
    // The resource wants a nonce of its own, and gets it with the second try.
    let mut body = Vec::new();
    let fetched = client.request("GET", url).send(&mut body, &CancelHandle::new()).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((fetched.status, body["subject"].as_str()), (200, Some("alice")));
    // From then on the first one has it.
    let fields = client.authorize("GET", url).unwrap();
    assert_eq!(read(url, &fields), 200);
    // Who overhears a request has a proof that was used, and no key for another one.
    assert_eq!(read(url, &fields), 401);
    let alone = AuthorizationFields { dpop: None, ..fields };
    assert_eq!(read(url, &alone), 401);
    let other = self::client(strict(), BOUND).resource(url).dpop(Dpop::Required).build().unwrap();
    other.sign_in().unwrap();
    other.request("GET", url).send(&mut Vec::new(), &CancelHandle::new()).unwrap();
    let proof = other.authorize("GET", url).unwrap().dpop;
    assert_eq!(read(url, &AuthorizationFields { dpop: proof, ..alone }), 401);
}

#[test]
fn a_refresh_is_bound_to_the_key_of_the_sign_in() {
    // P15 (RFC 9449 §5), P14
    let url = notes(strict());
    let client = client(strict(), BRIEF).resource(url).dpop(Dpop::Preferred).build().unwrap();
    let first = client.sign_in().unwrap();
    let key = key_of(strict(), first.expose_access_token(), BRIEF);
    // Within the second for which the first is good.
    let second = loop {
        let set = client.tokens_until(Interaction::Never, &CancelHandle::new()).unwrap();
        if set.fingerprint() != first.fingerprint() {
            break set;
        }
    };
    assert_eq!(key_of(strict(), second.expose_access_token(), BRIEF), key);
    // The refresh token without the key.
    let refresh_token = second.expose_refresh_token().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", BRIEF),
        ("resource", url),
    ];
    let (status, body) = json(agent().post(strict().url("/token")).send_form(form));
    assert_eq!(status, 400, "{body}");
    assert!(body["access_token"].is_null(), "{body}");
}

#[test]
fn a_server_that_does_not_bind_is_refused_where_that_was_demanded() {
    // P15 (RFC 9449 §5): Authlib knows nothing of it
    let demanded = client(authlib(), CLIENT).dpop(Dpop::Required).build().unwrap();
    assert_eq!(demanded.sign_in().unwrap_err().code(), "dpop_unsupported");
    let preferred = client(authlib(), CLIENT).dpop(Dpop::Preferred).build().unwrap();
    assert_eq!(preferred.sign_in().unwrap().token_type(), "Bearer");
}

/// The user of a device, elsewhere; what comes of it is the last page.
type Elsewhere = Arc<Mutex<Option<JoinHandle<String>>>>;

/// The client of a device whose user sees the code and goes there at once.
fn device(server: &'static Foreign, client_id: &str, user: User) -> (ClientBuilder, Elsewhere) {
    let elsewhere = Elsewhere::default();
    let kept = Arc::clone(&elsewhere);
    let show = move |code: &DeviceCode| {
        assert!(code.advice.contains("code"), "{}", code.advice);
        let complete = code.verification_uri_complete.clone().unwrap();
        assert!(complete.contains(&code.user_code), "{complete}");
        // What is shown stays: this comes back at once.
        let visit = std::thread::spawn(move || Visit::new(server, user).finish(&complete));
        *kept.lock().unwrap() = Some(visit);
    };
    let client = client(server, client_id).interaction(Interaction::Device).show_code(show);
    (client, elsewhere)
}

/// The page that the user saw last.
fn last_page(elsewhere: &Elsewhere) -> String {
    let visit = elsewhere.lock().unwrap().take();
    visit.expect("no code was shown").join().unwrap()
}

#[test]
fn a_device_code_signs_its_user_in_and_binds_the_token() {
    // P15 (RFC 8628, RFC 9449), P16
    let (client, elsewhere) = device(server(), ES256, User::Allows);
    let client = client.scopes(["openid"]).dpop(Dpop::Required);
    let set = client.build().unwrap().sign_in().unwrap();
    assert!(last_page(&elsewhere).contains("Sign-in Success"));
    assert_eq!((set.token_type(), set.scopes()), ("DPoP", &["openid".to_owned()][..]));
    assert_eq!(set.identity().unwrap().subject, "alice");
    key_of(server(), set.expose_access_token(), ES256);
    // Whoever has the token alone has nothing.
    for scheme in ["Bearer", "DPoP"] {
        let (status, claims) = server().userinfo(scheme, set.expose_access_token());
        assert!(matches!(status, 400 | 401) && claims["sub"].is_null(), "{scheme}: {status}");
    }
}

#[test]
fn a_no_of_the_user_at_the_device_page_ends_the_wait() {
    // P15 (RFC 8628 §3.5)
    let (client, elsewhere) = device(server(), CLIENT, User::SaysNo);
    let refused = client.scopes(["openid"]).build().unwrap().sign_in().unwrap_err();
    assert_eq!(refused.code(), "access_denied");
    assert!(last_page(&elsewhere).contains("The Sign-in request was interrupted"));
}

#[test]
fn authlib_is_asked_at_its_pace_until_the_user_has_decided() {
    // P15 (RFC 8628 §3.5): for a yes it is asked too early once, and says slow_down
    for (user, said) in [(User::Allows, None), (User::SaysNo, Some("access_denied"))] {
        let (client, elsewhere) = device(authlib(), CLIENT, user);
        let signed_in = client.build().unwrap().sign_in();
        assert_eq!(signed_in.as_ref().err().map(Error::code), said);
        assert!(last_page(&elsewhere).contains("Go back to your device."));
    }
}

#[test]
fn the_id_token_names_whom_userinfo_names_and_the_browser_can_sign_out() {
    // P16, M7: by both algorithms that a server of OpenID has
    for client_id in [CLIENT, ES256] {
        let user = Visit::new(server(), User::Allows);
        let visitor = user.clone();
        let browser = Browser::custom(move |url| server().arrive(&visitor.sign_in(url)?));
        let client =
            client(server(), client_id).scopes(["openid"]).browser(browser).build().unwrap();
        let set = client.sign_in().unwrap();
        let identity = set.identity().unwrap();
        assert_eq!(
            (&*identity.issuer, &*identity.audience),
            (server().issuer(), &[client_id.to_owned()][..])
        );
        let (status, claims) = server().userinfo("Bearer", set.expose_access_token());
        assert_eq!((status, claims["sub"].as_str()), (200, Some(&*identity.subject)));

        // As long as the session lasts nobody has to log in.
        let again = again(client_id);
        assert_eq!(user.first_form(&again), "consent");
        let out = client.sign_out().unwrap();
        assert_eq!((out.revoked, out.warning), (Some(true), None));
        assert_eq!(server().introspect(set.expose_access_token(), client_id)["active"], false);
        let page = user.finish(out.end_session_url.unwrap().expose());
        assert!(page.starts_with("200"), "{page}");
        assert_eq!(user.first_form(&again), "login");
    }
}

/// Another authorization request.
fn again(client_id: &str) -> String {
    server().url(&format!(
        "/auth?response_type=code&client_id={client_id}&redirect_uri=http://127.0.0.1:1/callback\
         &scope=openid&state=0123456789&code_challenge_method=S256\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    ))
}

#[test]
fn authlib_says_who_signed_in() {
    // P16
    let client = client(authlib(), CLIENT).scopes(["openid", "notes.read"]).build().unwrap();
    let set = client.sign_in().unwrap();
    let identity = set.identity().unwrap();
    assert_eq!((&*identity.subject, &*identity.issuer), ("alice", authlib().issuer()));
    assert_eq!(set.scopes(), ["openid", "notes.read"]);
    // It has no session to end.
    assert!(client.sign_out().unwrap().end_session_url.is_none());
}
