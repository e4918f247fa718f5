//! A resource that demands more than the token has (RFC 6750 §3.1, RFC 9470).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    Browser, CancelHandle, Client, ClientBuilder, Error, FetchError, Header, Interaction, StepUp,
};
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use support::bound::field;
use support::site::site;
use support::{Server, approve, json, parameter};

const BROWSER: Interaction = Interaction::Browser;

/// A resource that wants the scope `admin`, which the second token has; at `/api/greedy` no token will do.
fn server() -> Server {
    let issued = AtomicUsize::new(0);
    Server::start(move |request, stream| {
        let path = request.split(' ').nth(1).unwrap();
        let token = field(request, "authorization").unwrap_or_default();
        let answer = match path {
            "/token" => {
                let n = issued.fetch_add(1, Ordering::SeqCst) + 1;
                let scope = if n == 1 { "read" } else { "read admin" };
                json(
                    "200 OK",
                    &format!(
                        r#"{{"access_token":"canary-at-{n}","token_type":"Bearer","expires_in":3600,"scope":"{scope}"}}"#
                    ),
                )
            }
            "/api/admin" if token == "Bearer canary-at-1" => {
                demands("403 Forbidden", "insufficient_scope", "scope=\"admin\"")
            }
            "/api/greedy" => {
                let more = "acr_values=\"strong\", max_age=\"0\"";
                demands("401 Unauthorized", "insufficient_user_authentication", more)
            }
            _ => json("200 OK", "{}"),
        };
        // The client may have heard enough and left.
        let _ = stream.write_all(answer.as_bytes());
    })
}

fn demands(status: &str, error: &str, more: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nWWW-Authenticate: Bearer error=\"{error}\", {more}\r\nContent-Length: 0\r\n\r\n"
    )
}

/// A signed-in client, and what its browser was opened at since.
fn client(
    server: &Server,
    more: impl Fn(ClientBuilder) -> ClientBuilder,
) -> (Client, Arc<Mutex<Vec<String>>>) {
    let opened = Arc::new(Mutex::new(Vec::new()));
    let opens = Arc::clone(&opened);
    let browser = Browser::custom(move |url| {
        opens.lock().unwrap().push(url.to_owned());
        approve(url);
        Ok(())
    });
    let builder = support::client(server).resource(server.url("/api")).scopes(["read"]);
    let client = more(builder.browser(browser)).build().unwrap();
    client.sign_in().unwrap();
    opened.lock().unwrap().clear();
    (client, opened)
}

fn fetch(client: &Client, url: &str, interaction: Interaction) -> Result<u16, FetchError> {
    let request = client.request("GET", url).interaction(interaction);
    request.send(&mut Vec::new(), &CancelHandle::new()).map(|fetched| fetched.status)
}

/// M7: without the program's word nothing opens; with it the union is asked for, once for all who want it.
#[test]
fn what_is_demanded_is_asked_for_once_by_all_who_may() {
    let server = server();
    let (client, opened) = client(&server, |builder| builder);
    let admin = server.url("/api/admin");
    let Err(FetchError::StepUp(demand)) = fetch(&client, &admin, Interaction::Never) else {
        panic!("it was not said");
    };
    assert_eq!(demand.scopes, ["read", "admin"]);
    assert!(opened.lock().unwrap().is_empty());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(fetch(&client, &admin, BROWSER).unwrap(), 200));
        }
    });
    let opened = opened.lock().unwrap();
    assert_eq!(opened.len(), 1);
    assert_eq!(parameter(&opened[0], "scope").replace('+', " "), "read admin");
    assert_eq!(fetch(&client, &admin, Interaction::Never).unwrap(), 200, "it is kept");
}

/// M7: who names no scopes asks for those that the resource lists, as far as the ceiling goes.
#[test]
fn the_first_sign_in_stays_below_the_ceiling() {
    let (server, _issued) = site(|_| 3600);
    let opened = Arc::new(Mutex::new(Vec::new()));
    let opens = Arc::clone(&opened);
    let browser = Browser::custom(move |url| {
        opens.lock().unwrap().push(url.to_owned());
        approve(url);
        Ok(())
    });
    let builder = || {
        let browser = browser.clone();
        Client::builder().resource(server.url("/api")).client_id("agent").browser(browser)
    };
    let client = builder().scope_ceiling(["write", "read"]).build().unwrap();
    let tokens = client.sign_in().unwrap();
    assert_eq!(tokens.scopes(), ["read"]);
    assert_eq!(parameter(&opened.lock().unwrap()[0], "scope"), "read");
    let error = builder().scope_ceiling(["write"]).build().unwrap().sign_in().unwrap_err();
    assert!(matches!(error, Error::ScopeCeiling { .. }), "{error:?}");
    assert_eq!(opened.lock().unwrap().len(), 1, "nobody is asked in vain");
    let error = builder().scopes(["read"]).scope_ceiling(["write"]).build().unwrap_err();
    assert!(matches!(error, Error::InvalidConfiguration { field: "scopes", .. }), "{error:?}");
}

/// A user who says no is asked nothing by a browser; a ceiling is not passed; who demands for ever is given up on.
#[test]
fn there_are_ends() {
    let server = server();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let (refusing, opened) = client(&server, |builder| {
        let seen = Arc::clone(&seen);
        builder.confirm_step_up(move |demand: &StepUp| {
            seen.lock().unwrap().push(demand.scopes.join(" "));
            false
        })
    });
    let (admin, greedy) = (server.url("/api/admin"), server.url("/api/greedy"));
    let error = fetch(&refusing, &admin, BROWSER).unwrap_err();
    assert!(matches!(error, FetchError::Token(Error::UserCancelled)), "{error:?}");
    assert_eq!(*asked.lock().unwrap(), ["read admin"]);
    assert!(opened.lock().unwrap().is_empty());
    drop((server, refusing));

    let server = self::server();
    let (bounded, opened) = client(&server, |builder| builder.scope_ceiling(["read", "write"]));
    let error = fetch(&bounded, &server.url("/api/admin"), BROWSER).unwrap_err();
    assert!(
        matches!(&error, FetchError::Token(Error::ScopeCeiling { scope }) if scope == "admin"),
        "{error:?}"
    );
    assert!(opened.lock().unwrap().is_empty());
    let error = fetch(&bounded, &server.url("/api/greedy"), BROWSER).unwrap_err();
    assert!(matches!(error, FetchError::Token(Error::StepUpRefused { .. })), "{error:?}");
    let opened = opened.lock().unwrap();
    assert_eq!(opened.len(), 1);
    assert_eq!(parameter(&opened[0], "acr_values"), "strong");
    assert_eq!(parameter(&opened[0], "max_age"), "0");
    assert!(greedy.ends_with("/greedy"));
}

/// A program with an HTTP stack of its own sends, tells the answer, and sends again.
#[test]
fn a_program_may_send_by_itself() {
    let server = server();
    let (client, opened) = client(&server, |builder| builder);
    let admin = server.url("/api/admin");
    let mut request = client.request("GET", &admin).interaction(BROWSER);
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"admin\"";
    let cancel = CancelHandle::new();
    let fields = request.authorize(&cancel).unwrap();
    assert_eq!(fields.authorization.expose(), "Bearer canary-at-1");
    assert!(request.answered(403, &[Header::new("WWW-Authenticate", challenge)]).unwrap());
    let fields = request.authorize(&cancel).unwrap();
    assert_eq!(fields.authorization.expose(), "Bearer canary-at-2");
    assert!(!request.answered(200, &[]).unwrap());
    assert_eq!(opened.lock().unwrap().len(), 1);
    let mut elsewhere = client.request("GET", "https://elsewhere.example/").interaction(BROWSER);
    let error = elsewhere.authorize(&cancel).unwrap_err();
    assert!(matches!(error, FetchError::Token(Error::WrongResource { .. })), "{error:?}");
}

/// Method, header fields and body are the program's, and are sent again with each try; the token is ours.
#[test]
fn a_request_has_a_body_and_fields_of_its_own() {
    let server = server();
    let (client, _) = client(&server, |builder| builder);
    let request = client
        .request("POST", server.url("/api/admin"))
        .header("Content-Type", "text/plain")
        .header("accept", "text/plain")
        .header("authorization", "Basic canary")
        .body("hello")
        .interaction(BROWSER);
    let fetched = request.send(&mut Vec::new(), &CancelHandle::new()).unwrap();
    assert_eq!((fetched.status, fetched.content_type.as_deref()), (200, Some("application/json")));
    assert!(fetched.headers.iter().any(|header| header.name == "content-length"));
    let requests = server.requests();
    let posts: Vec<_> = requests.iter().filter(|r| r.starts_with("POST /api/admin ")).collect();
    assert_eq!(posts.len(), 2);
    for (n, post) in posts.iter().enumerate() {
        assert_eq!(field(post, "authorization"), Some(&*format!("Bearer canary-at-{}", n + 1)));
        assert_eq!(post.to_lowercase().matches("\r\nauthorization: ").count(), 1);
        assert_eq!(field(post, "accept"), Some("text/plain"));
        assert!(post.ends_with("\r\n\r\nhello"), "{post}");
    }
}

/// Nobody has signed in: the user is asked, where they may be, and only for what the token can be used for.
#[test]
fn a_request_may_begin_with_a_sign_in() {
    let server = server();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let client = support::client(&server)
        .resource(server.url("/api"))
        .browser(support::approving())
        .confirm_step_up(move |demand| {
            assert_eq!(*demand, StepUp::default());
            count.fetch_add(1, Ordering::SeqCst);
            true
        })
        .build()
        .unwrap();
    let url = server.url("/api");
    let error = fetch(&client, &url, Interaction::Never).unwrap_err();
    assert!(matches!(error, FetchError::Token(Error::SignInRequired { .. })), "{error:?}");
    assert_eq!(fetch(&client, &url, BROWSER).unwrap(), 200);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
