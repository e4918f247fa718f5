//! The corpus of redirect URIs (P26), at the authorization endpoint, where requests are pushed, and where clients
//! register.

use super::*;
use serde_json::json;

/// What is none of the development client's, and whether it could be registered by another (RFC 8252 §7).
const CORPUS: [(&str, bool); 87] = [
    // Another host.
    ("https://evil.example/callback", true),
    ("http://evil.example/callback", false),
    ("http://127.0.0.1.evil.example/callback", false),
    ("http://evil.example:49152/callback", false),
    ("http://127.0.0.2:49152/callback", false),
    ("http://0.0.0.0:49152/callback", false),
    ("http://169.254.169.254/callback", false),
    ("http://localhost.:49152/callback", false),
    ("http://localhost.evil.example/callback", false),
    ("http://127.0.0.1.nip.io/callback", false),
    ("http:///callback", false),
    ("http://:49152/callback", false),
    // Loopback, written in another way.
    ("http://localhost:49152/callback", true),
    ("http://LOCALHOST:49152/callback", false),
    ("http://127.1:49152/callback", false),
    ("http://127.0.1:49152/callback", false),
    ("http://2130706433:49152/callback", false),
    ("http://0x7f.0.0.1:49152/callback", false),
    ("http://0x7f000001:49152/callback", false),
    ("http://0177.0.0.1:49152/callback", false),
    ("http://127.0.0.1.:49152/callback", false),
    ("http://127.0.0.01:49152/callback", false),
    ("http://127.000.000.001:49152/callback", false),
    ("http://[0:0:0:0:0:0:0:1]:49152/callback", false),
    ("http://[0000::1]:49152/callback", false),
    ("http://[::0001]:49152/callback", false),
    ("http://[::ffff:127.0.0.1]:49152/callback", false),
    ("http://[::ffff:7f00:1]:49152/callback", false),
    ("http://[::127.0.0.1]:49152/callback", false),
    ("http://[::1%25lo]:49152/callback", false),
    ("http://[::1%lo]:49152/callback", false),
    ("http://[::]:49152/callback", false),
    ("http://::1:49152/callback", false),
    ("http://[v1.a]:49152/callback", false),
    ("http://[::1]evil.example/callback", false),
    ("http://[::1]:49152@evil.example/callback", false),
    // A user before the host.
    ("http://evil@127.0.0.1:49152/callback", false),
    ("http://127.0.0.1:80@evil.example/callback", false),
    ("http://127.0.0.1:80%40evil.example/callback", false),
    ("http://127.0.0.1%40evil.example/callback", false),
    ("http://@127.0.0.1:49152/callback", false),
    ("http://:@127.0.0.1:49152/callback", false),
    ("http://a:b@127.0.0.1:49152/callback", false),
    // A port that is none.
    ("http://127.0.0.1:0/callback", false),
    ("http://127.0.0.1:00080/callback", false),
    ("http://127.0.0.1:65536/callback", false),
    ("http://127.0.0.1:-1/callback", false),
    ("http://127.0.0.1:+80/callback", false),
    ("http://127.0.0.1:80:80/callback", false),
    ("http://127.0.0.1:evil/callback", false),
    ("http://127.0.0.1:\u{664}\u{669}/callback", false),
    ("http://127.0.0.1:/callback", false),
    // Another path, query, or a fragment.
    ("http://127.0.0.1:49152/", true),
    ("http://127.0.0.1:49152", false),
    ("http://127.0.0.1:49152/callback/", true),
    ("http://127.0.0.1:49152/Callback", true),
    ("http://127.0.0.1:49152/callback/evil", true),
    ("http://127.0.0.1:49152//callback", true),
    ("http://127.0.0.1:49152/callback;evil", true),
    ("http://127.0.0.1:49152/callback%2f", true),
    ("http://127.0.0.1:49152/%63allback", true),
    ("http://127.0.0.1:49152/callback?evil=1", true),
    ("http://127.0.0.1:49152/callback?", true),
    ("http://127.0.0.1:49152/callback?code=evil", false),
    ("http://127.0.0.1:49152/callback#", false),
    ("http://127.0.0.1:49152/callback#evil", false),
    ("http://127.0.0.1:49152/a/../callback", true),
    ("http://127.0.0.1:49152/./callback", true),
    ("http://127.0.0.1:49152/%2e%2e/callback", true),
    // Another scheme, or none.
    ("https://127.0.0.1:49152/callback", true),
    ("HTTP://127.0.0.1:49152/callback", false),
    ("hTTp://127.0.0.1:49152/callback", false),
    ("//127.0.0.1:49152/callback", false),
    ("/callback", false),
    ("callback", false),
    ("javascript:evil()//127.0.0.1/callback", false),
    ("data:text/html,evil", false),
    ("file:///callback", false),
    ("vbscript:evil", false),
    ("urn:ietf:wg:oauth:2.0:oob", false),
    // What URL parsers mend, each in its way.
    ("http:\\\\127.0.0.1:49152\\callback", false),
    ("http:/127.0.0.1:49152/callback", false),
    ("http://127.0.0.1:49152\\@evil.example/callback", false),
    (" http://127.0.0.1:49152/callback", false),
    ("http://127.0.0.1:49152/callback\r\nevil: 1", false),
    ("http://127.0.0.1:49152/call\tback", false),
    ("http://\u{ff11}27.0.0.1:49152/callback", false),
];

/// IDN: what looks the same is another (Unicode UTS #39); and what is longer than any.
fn more() -> Vec<(String, bool)> {
    let long = |n| format!("http://127.0.0.1:49152/{}", "a".repeat(n));
    vec![
        ("https://b\u{fc}cher.example/callback".into(), false),
        ("https://xn--bcher-kva.example/callback".into(), true),
        ("https://evil.example\u{3002}com/callback".into(), false),
        ("http://\u{217c}ocalhost:49152/callback".into(), false),
        ("http://127.0.0.1:49152/callback\u{202e}".into(), false),
        (long(1000), true),
        (long(3000), false),
        (String::new(), false),
    ]
}

fn with(uri: &str) -> Vec<(&'static str, String)> {
    let mut parameters = request(&challenge());
    parameters[2].1 = uri.into();
    parameters
}

/// A page at the one, `invalid_request` at the other (RFC 6749 §4.1.2.1, RFC 9126 §2.3), and no redirect.
#[tokio::test]
async fn no_other_uri_is_redirected_to() {
    let (server, _) = serving().await;
    let corpus = CORPUS
        .iter()
        .map(|(uri, _)| (*uri).to_owned())
        .chain(more().into_iter().map(|(uri, _)| uri));
    for uri in corpus {
        let parameters = with(&uri);
        let pairs: Vec<_> =
            parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let target = format!("/authorize?{}", form(&pairs));
        Said::Page(400, "invalid_request")
            .is(&Call::new("GET", target).send(&server, &uri).await, &uri);
        let pushed = Call::new("POST", "/par").body(form(&pairs)).header(FORM.0, FORM.1);
        Said::Json(400, "invalid_request").is(&pushed.send(&server, &uri).await, &uri);
        // As it is, where nothing encodes it (RFC 6749 Appendix B).
        let plain = uri.bytes().all(|b| b.is_ascii_graphic() && !b"#&%+".contains(&b));
        if plain {
            let target =
                authorize(&with("")).replace("redirect_uri=", &format!("redirect_uri={uri}"));
            Said::Page(400, "invalid_request")
                .is(&Call::new("GET", target).send(&server, &uri).await, &uri);
        }
    }
    // The control.
    for uri in [
        REDIRECT_URI,
        "http://127.0.0.1/callback",
        "http://[::1]:7/callback",
        "http://[::1]/callback",
    ] {
        let answer = Call::new("GET", authorize(&with(uri))).send(&server, uri).await;
        assert!(answer.location().starts_with(&format!("{uri}?code=")), "{uri}");
    }
    still_serves(&server).await;
}

/// RFC 7591 §3.2.2: what could not be redirected to is not registered; what could be, is redirected to as it stands.
#[tokio::test]
async fn no_uri_is_registered_that_could_not_be_redirected_to() {
    let (server, _) = serving().await;
    let corpus = CORPUS.iter().map(|(uri, may)| ((*uri).to_owned(), *may)).chain(more());
    for (uri, may_be_registered) in corpus {
        for uris in [json!([uri]), json!(["https://app.example/callback", uri])] {
            let body = json!({ "redirect_uris": uris }).to_string();
            let call = Call::new("POST", "/register")
                .body(body)
                .header("Content-Type", "application/json");
            let answer = call.send(&server, &uri).await;
            if !may_be_registered {
                Said::Json(400, "invalid_redirect_uri").is(&answer, &uri);
                continue;
            }
            Said::Status(201).is(&answer, &uri);
            let mut parameters = with(&uri);
            parameters[1].1 = answer.member("client_id");
            parameters[6].1 = String::new();
            let answer = get(&server, &authorize(&parameters)).await;
            let begins = if uri.ends_with('?') {
                format!("{uri}code=")
            } else if uri.contains('?') {
                format!("{uri}&code=")
            } else {
                format!("{uri}?code=")
            };
            assert!(answer.location().starts_with(&begins), "{uri}: {}", answer.location());
        }
    }
    still_serves(&server).await;
}
