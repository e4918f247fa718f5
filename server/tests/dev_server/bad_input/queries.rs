//! The queries of the pages: the authorization request (RFC 6749 §4.1.1), the end of a session, a device's code.

use super::*;

const PAGE: Said = Said::Page(400, "invalid_request");
const SENT: Said = Said::Sent("invalid_request");

/// Name, right value, and what is answered where it is empty, of 6 KiB, unreadable, or there twice. As soon as client
/// and redirect URI are known to belong together the client is told (RFC 6749 §4.1.2.1); before, nobody is (P26).
fn parameters() -> Vec<(&'static str, String, [Said; 4])> {
    let parameter = |name, value: &str, said| (name, value.to_owned(), said);
    let hint = [Said::Code, SENT, SENT, SENT];
    let unknown = Said::Page(400, "invalid_client");
    vec![
        parameter(
            "response_type",
            "code",
            [SENT, Said::Sent("unsupported_response_type"), SENT, SENT],
        ),
        parameter("client_id", "proofkey-dev", [PAGE, unknown, PAGE, PAGE]),
        parameter("redirect_uri", REDIRECT_URI, [PAGE; 4]),
        // RFC 7636 §4.4.1.
        parameter("code_challenge", &challenge(), [SENT; 4]),
        parameter("code_challenge_method", "S256", [SENT; 4]),
        parameter("state", "state-0123456789", [Said::Code, Said::Code, SENT, SENT]),
        parameter("scope", "read", [Said::Code, Said::Sent("invalid_scope"), SENT, SENT]),
        // RFC 8707 §2.
        parameter(
            "resource",
            "https://api.example",
            [Said::Code, Said::Sent("invalid_target"), SENT, SENT],
        ),
        parameter("response_mode", "query", [Said::Code, SENT, SENT, SENT]),
        // OpenID Connect Core §3.1.2.1.
        parameter("nonce", "nonce-0123456789", hint),
        parameter("max_age", "300", [Said::Code, SENT, SENT, SENT]),
        parameter("login_hint", "ada", hint),
        parameter("ui_locales", "de en", hint),
        parameter("acr_values", "urn:proofkey:basic", hint),
    ]
}

fn query(parameters: &[(&'static str, String, [Said; 4])], name: &str, value: &str) -> String {
    let pairs = parameters.iter().map(|(known, right, _)| {
        if *known == name {
            return format!("{known}={value}");
        }
        form(&[(known, right)])
    });
    format!("/authorize?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// RFC 6749 §3.1, §4.1.2.1.
#[tokio::test]
async fn each_parameter_of_an_authorization_request() {
    let (server, _) = serving().await;
    let all = parameters();
    let honest = query(&all, "", "");
    Said::Code.is(&Call::new("GET", honest.as_str()).send(&server, "honest").await, "honest");
    for (name, _, [empty, long, unreadable, twice]) in &all {
        let mut cases = vec![
            (query(&all, name, ""), *empty),
            (query(&all, name, &"a".repeat(6 * 1024)), *long),
        ];
        for value in ["%", "%4", "%zz", "%00", "%ff", "%c0%af", "%ed%a0%80", "%u0041"] {
            cases.push((query(&all, name, value), *unreadable));
        }
        let encoded = format!("%{:02X}{}", name.as_bytes()[0], &name[1..]);
        for more in [format!("{name}="), format!("{name}=evil"), format!("{encoded}=evil")] {
            cases.push((format!("{honest}&{more}"), *twice));
        }
        for (target, said) in cases {
            let what = format!("{name}: {:.200}", &target[target.len().saturating_sub(200)..]);
            let answer = Call::new("GET", target).send(&server, &what).await;
            said.is(&answer, &what);
        }
        // A target is ASCII (RFC 9112 §3.2): hyper, or whoever reads the query, refuses.
        for raw in [&b"\xff"[..], b"\0", b"\xc3", b"\x7f"] {
            let (before, after) = honest.split_once(&format!("{name}=")).unwrap();
            let target = [before.as_bytes(), name.as_bytes(), b"=", raw, after.as_bytes()].concat();
            let what = format!("{name}={raw:?}");
            let answer = Call::new("GET", target).send(&server, &what).await;
            assert!(!answer.header("location").unwrap_or_default().contains("code="), "{what}");
        }
    }
    for (more, said) in [
        // Not known: passed over (RFC 6749 §3.1).
        ("&unknown=1&=evil&&&x", Said::Code),
        // RFC 9101, OpenID Connect Core §6.
        ("&request=a.b.c", Said::Sent("request_not_supported")),
        ("&claims=%7B%7D&display=page&id_token_hint=x", Said::Code),
        // RFC 9126 §4: nobody has pushed it.
        ("&request_uri=urn:evil", PAGE),
        ("&request_uri=urn:a&request_uri=urn:b", SENT),
        ("&request_uri=", Said::Code),
        ("#fragment", Said::Code),
        ("&scope2=a;redirect_uri=https://evil.example", Said::Code),
    ] {
        let answer = Call::new("GET", format!("{honest}{more}")).send(&server, more).await;
        said.is(&answer, more);
    }
    let many: String = (0..65).map(|n| format!("&p{n}=")).collect();
    SENT.is(&Call::new("GET", format!("{honest}{many}")).send(&server, "many").await, "many");
    let client_alone = "/authorize?client_id=proofkey-dev";
    for target in
        ["/authorize", "/authorize?", "/authorize?&&=&", client_alone, "/authorize?client_id"]
    {
        PAGE.is(&Call::new("GET", target).send(&server, target).await, target);
    }
    still_serves(&server).await;
}

/// RP-Initiated Logout §2, §4, by both methods: an error is a page, and no redirect.
#[tokio::test]
async fn each_parameter_of_a_sign_out() {
    let (server, _) = serving().await;
    let uri = "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%2Fsigned-out";
    let back = Said::Status(303);
    for (query, said) in [
        (format!("client_id=proofkey-dev&{uri}&state=a"), back),
        (format!("client_id=proofkey-dev&{uri}&state=%0D%0ASet-Cookie:+a"), back),
        (format!("client_id=proofkey-dev&{uri}&unknown=1&=x&&"), back),
        ("".into(), Said::Status(200)),
        ("client_id=&state=&id_token_hint=&post_logout_redirect_uri=".into(), Said::Status(200)),
        (uri.into(), PAGE),
        (format!("client_id=evil&{uri}"), PAGE),
        (format!("client_id=proofkey-dev&client_id=proofkey-dev&{uri}"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&{uri}"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&state=a&state=a"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&state=%"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&state=%00"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&state=%ff"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&id_token_hint=a.b.c"), PAGE),
        (format!("client_id=proofkey-dev&{uri}&id_token_hint={}", "a".repeat(6 * 1024)), PAGE),
        (format!("client_id=proofkey-dev&{uri}evil"), PAGE),
        (format!("client_id=proofkey-dev&post_logout_redirect_uri={}", "a".repeat(6 * 1024)), PAGE),
        (format!("client_id=proofkey-dev&{uri}&ui_locales={}", "a".repeat(9 * 1024)), PAGE),
    ] {
        let what = format!("{query:.120}");
        let post = Call::new("POST", "/end_session").body(query.as_str()).header(FORM.0, FORM.1);
        said.is(&post.send(&server, &what).await, &what);
        let answer = Call::new("GET", format!("/end_session?{query}")).send(&server, &what).await;
        if query.len() < 8 * 1024 {
            said.is(&answer, &what);
        } else {
            Said::Status(414).is(&answer, &what);
        }
    }
    for content_type in ["text/plain", "application/json", ""] {
        let call =
            Call::new("POST", "/end_session").body("state=a").header("Content-Type", content_type);
        PAGE.is(&call.send(&server, content_type).await, content_type);
    }
    let raw = Call::new("POST", "/end_session").body(&b"state=\xff"[..]).header(FORM.0, FORM.1);
    PAGE.is(&raw.send(&server, "raw").await, "raw");
    still_serves(&server).await;
}

/// RFC 8628 §3.3: a page that asks for the code, whatever the address says.
#[tokio::test]
async fn each_way_to_write_a_code_of_a_device() {
    let server = run(everything()).await;
    for (query, status) in [
        ("", 200),
        ("?", 200),
        ("?user_code=", 200),
        ("?code=BCDF-GHJK", 200),
        ("?user_code=BCDF-GHJK", 404),
        ("?user_code=%3Cscript%3Eevil", 404),
        ("?user_code=%C3%BC", 404),
        ("?user_code=a&user_code=b", 400),
        ("?user_code=%00", 400),
        ("?user_code=%ff", 400),
        ("?user_code=%", 400),
    ] {
        let answer = Call::new("GET", format!("/device{query}")).send(&server, query).await;
        Said::Status(status).is(&answer, query);
        assert!(
            answer.body.contains("name=\"user_code\"") && !answer.body.contains("evil"),
            "{query}"
        );
    }
    let long = format!("/device?user_code={}", "B".repeat(6 * 1024));
    Said::Status(404).is(&Call::new("GET", long).send(&server, "long").await, "long");
    still_serves(&server).await;
}
