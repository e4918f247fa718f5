//! The consent page and its form: what it shows, and whose form is taken.

use crate::common::*;
use proofkey::grant::client::ClientRecord;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::DevServer;

async fn page(server: &Running) -> Answer {
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    get(server, &authorize(&request(&challenge))).await
}

/// P28: the page shows client, host of the redirect and scopes; it has no script; its form may lead to
/// itself and to the redirect.
#[tokio::test]
async fn the_page_says_who_asks_for_what() {
    let server = asking().await;
    let page = page(&server).await;
    for shown in
        ["A program in development", "proofkey-dev", "127.0.0.1:49152", "read", "developer"]
    {
        assert!(page.body.contains(shown), "{shown} is not shown");
    }
    assert!(!page.body.contains("<script") && !page.body.contains("javascript:"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' http://127.0.0.1:49152"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.ends_with("HttpOnly; SameSite=Strict"), "{cookie}");
}

/// Whatever a client calls itself, asks for or sends is text on the page.
#[tokio::test]
async fn everything_on_the_page_is_escaped() {
    const NASTY: &str = "\"><img src=x onerror=alert(1)>'&";
    let client = ClientRecord {
        client_id: NASTY.into(),
        name: NASTY.into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into()],
        scopes: vec!["<scope>".into()],
        may_refresh: false,
    };
    let server = run(DevServer::builder().client(client).user_name(NASTY)).await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let mut parameters = request(&challenge);
    parameters[1].1 = NASTY.into();
    parameters[5].1 = NASTY.into();
    parameters[6].1 = "<scope>".into();
    let page = get(&server, &authorize(&parameters)).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<img") && !page.body.contains("<scope>"), "{}", page.body);
    assert!(page.body.contains("&quot;&gt;&lt;img"));
    let answer = decide(&server, &consent(&page), "allow", &[]).await;
    assert_eq!(answer.sent("state").as_deref(), Some(NASTY), "the state came back changed");
}

/// P28: a form without its cookie, with another's, or with fields of another page is refused, and not by
/// redirect.
#[tokio::test]
async fn a_form_that_is_not_ours_is_refused() {
    let server = asking().await;
    let (first, second) = (consent(&page(&server).await), consent(&page(&server).await));
    let name = first.cookie.split('=').next().unwrap().to_owned();
    let like = |change: &dyn Fn(&mut Consent)| {
        let Consent { cookie, csrf, query } = &first;
        let mut copy = Consent { cookie: cookie.clone(), csrf: csrf.clone(), query: query.clone() };
        change(&mut copy);
        copy
    };
    let forged = [
        ("no cookie", like(&|c| c.cookie = "a=b".into())),
        ("another page's cookie", like(&|c| c.cookie.clone_from(&second.cookie))),
        ("a planted cookie", like(&|c| c.cookie = format!("{name}={}", "A".repeat(43)))),
        ("cookie twice", like(&|c| c.cookie = format!("{0}; {0}", c.cookie))),
        ("an empty field", like(&|c| c.csrf = String::new())),
        ("another page's field", like(&|c| c.csrf.clone_from(&second.csrf))),
        ("the cookie's value as the field", {
            like(&|c| c.csrf = c.cookie.split('=').nth(1).unwrap().to_owned())
        }),
        ("another request", like(&|c| c.query = c.query.replace("scope=read", "scope=write"))),
    ];
    for (what, form) in &forged {
        for decision in ["allow", "deny"] {
            let answer = decide(&server, form, decision, &[]).await;
            assert_eq!(answer.status, 403, "{what}");
            assert_eq!(answer.header("location"), None, "{what}");
        }
    }
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", &server.issuer.replace("127.0.0.1", "localhost")),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "none"),
    ] {
        let answer = decide(&server, &first, "allow", &[(name, value)]).await;
        assert_eq!(answer.status, 403, "{name}: {value}");
        assert_eq!(answer.header("location"), None);
    }
    // The control: with all that is right, also with what a browser adds, it passes.
    let browser = [("Origin", server.issuer.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let answer = decide(&server, &first, "allow", &browser).await;
    assert_eq!(answer.status, 303);
    assert!(answer.sent("code").is_some());
}

/// Fields that are missing, unknown or doubled, and bodies that are no form.
#[tokio::test]
async fn a_form_that_is_none_is_refused() {
    let server = asking().await;
    let consent = consent(&page(&server).await);
    let right = form(&[("csrf", &consent.csrf), ("query", &consent.query), ("decision", "allow")]);
    let cookie = ("Cookie", consent.cookie.as_str());
    for body in [
        String::new(),
        form(&[("csrf", &consent.csrf), ("query", &consent.query)]),
        right.replace("decision=allow", "decision=perhaps"),
        format!("{right}&decision=allow"),
        format!("{right}&more=1"),
        "\0%00%".into(),
    ] {
        let answer = send(&server, "POST", "/authorize/decision", &[FORM, cookie], &body).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{body}");
    }
    let text = ("Content-Type", "text/plain");
    let answer = send(&server, "POST", "/authorize/decision", &[text, cookie], &right).await;
    assert_eq!(answer.status, 400);
}

/// Two consent pages side by side in one browser: the cookie is kept, both work.
#[tokio::test]
async fn two_pages_in_one_browser() {
    let server = asking().await;
    let first = consent(&page(&server).await);
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let target = authorize(&request(&challenge));
    let cookie = [("Cookie", first.cookie.as_str())];
    let second = consent(&send(&server, "GET", &target, &cookie, "").await);
    assert_eq!(first.cookie, second.cookie);
    assert_eq!(decide(&server, &second, "allow", &[]).await.status, 303);
    assert_eq!(decide(&server, &first, "allow", &[]).await.status, 303);
}
