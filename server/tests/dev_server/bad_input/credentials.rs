//! Header fields that say who asks: `Authorization` and `DPoP`, broken in each way.

use super::*;

const INVALID: Said = Said::Json(400, "invalid_request");
const CLIENT: Said = Said::Json(401, "invalid_client");
const PROOF: Said = Said::Json(400, "invalid_dpop_proof");

/// The endpoints where a public client says who it is in the body, with a right one, and what is answered.
const ENDPOINTS: [(&str, &str, Said); 4] = [
    (
        "/token",
        "grant_type=refresh_token&client_id=proofkey-dev&refresh_token=a",
        Said::Json(400, "invalid_grant"),
    ),
    ("/revoke", "client_id=proofkey-dev&token=a", Said::Status(200)),
    ("/device_authorization", "client_id=proofkey-dev", Said::Status(200)),
    ("/par", "", Said::Status(201)),
];

fn post(path: &'static str, body: &str) -> Call {
    let right = match path {
        "/par" => {
            let parameters = request(&challenge());
            let pairs: Vec<_> =
                parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
            form(&pairs)
        }
        _ => body.to_owned(),
    };
    Call::new("POST", path).body(right).header(FORM.0, FORM.1)
}

/// RFC 7617 §2, each way to get it wrong, and other schemes. Here each is wrong: a public client has no password.
const AUTHORIZATIONS: [&str; 16] = [
    "Basic cHJvb2ZrZXktZGV2OnNlY3JldA==",
    "basic cHJvb2ZrZXktZGV2Og==",
    "Basic cHJvb2ZrZXktZGV2",
    "Basic Og==",
    "Basic !!!!",
    "Basic cHJvb2ZrZXktZGV2OnNlY3JldA",
    "Basic /////w==",
    "Basic JTo=",
    "Basic JXp6OiUwMA==",
    "Basic  cHJvb2ZrZXktZGV2Og==",
    "Basic ",
    "Basic",
    "",
    "Bearer a",
    "DPoP a",
    "Digest username=\"a\", realm=\"b\"",
];

/// RFC 6749 §5.2: who tried to authenticate hears `invalid_client` with 401 and a challenge, also where the body does
/// not say who it is; who did it in two ways, `invalid_request`.
#[tokio::test]
async fn a_public_client_does_not_authenticate() {
    let (server, _) = serving().await;
    for (path, body, honest) in ENDPOINTS {
        honest.is(&post(path, body).send(&server, path).await, path);
        for authorization in AUTHORIZATIONS {
            let what = format!("{path}: Authorization: {authorization}");
            let answer =
                post(path, body).header("Authorization", authorization).send(&server, &what).await;
            CLIENT.is(&answer, &what);
            Said::Challenge(401, "Basic realm=").is(&answer, &what);
            let nobody = Call::new("POST", path).header(FORM.0, FORM.1);
            let answer = nobody.header("Authorization", authorization).send(&server, &what).await;
            CLIENT.is(&answer, &what);
            let twice = post(path, body).header("Authorization", authorization);
            let twice = twice.header("authorization", AUTHORIZATIONS[0]);
            INVALID.is(&twice.send(&server, &what).await, &what);
        }
        for raw in [&b"Basic \xff\xfe"[..], b"\xc3\xbc", b"Basic a\tb\x80"] {
            let what = format!("{path}: Authorization: {raw:?}");
            let answer = post(path, body).header("Authorization", raw).send(&server, &what).await;
            INVALID.is(&answer, &what);
        }
        for (more, said) in [
            ("&client_secret=evil", Said::Json(400, "invalid_client")),
            ("&client_assertion=a.b.c", Said::Json(400, "invalid_client")),
            ("&client_secret=", honest),
        ] {
            let what = format!("{path}: {more}");
            let mut call = post(path, body);
            call.body.extend_from_slice(more.as_bytes());
            said.is(&call.send(&server, &what).await, &what);
        }
    }
    still_serves(&server).await;
}

/// RFC 6750 §3.1 at the resource, at the introspection endpoint (RFC 7662 §2.3) and where a registration ends (RFC 7592
/// §2.3): without a token nothing is said to be wrong with one; two are `invalid_request`.
#[tokio::test]
async fn a_token_stands_in_one_field_and_is_one() {
    let (server, _) = serving().await;
    let calls = [
        Call::new("GET", "/api"),
        Call::new("POST", "/api"),
        Call::new("GET", "/api/admin"),
        Call::new("GET", "/api/fresh"),
        Call::new("GET", "/api/greedy"),
        Call::new("DELETE", "/register/registered-x"),
        Call::new("POST", "/introspect").header(FORM.0, FORM.1).body("token=a"),
    ];
    for call in calls {
        let at = String::from_utf8_lossy(&call.target).into_owned();
        let resource = at.starts_with("/api");
        let none = call.send(&server, &at).await;
        Said::Challenge(401, "Bearer").is(&none, &at);
        assert!(
            !none.header("www-authenticate").unwrap().contains("error="),
            "{at}: RFC 6750 §3.1"
        );
        for authorization in AUTHORIZATIONS.into_iter().chain([
            "Bearer",
            "Bearer ",
            "bearer a.b",
            "Bearer a b",
            "Bearer a,b",
            "Bearer  a",
            "Bearer \"a\"",
            "BearerX a",
            "DPoP",
            "DPoP ",
            "DPoP a.b",
            "Bearer a, Basic b",
        ]) {
            let what = format!("{at}: Authorization: {authorization}");
            let answer =
                call.clone().header("Authorization", authorization).send(&server, &what).await;
            let scheme = authorization.split(' ').next().unwrap();
            match answer.status {
                // There is the scheme, and no token.
                400 => assert!(resource && !authorization.trim().contains(' '), "{what}"),
                401 => {}
                other => panic!("{what}: {other}"),
            }
            let challenge = answer.header("www-authenticate").unwrap_or_default();
            let bound = scheme.eq_ignore_ascii_case("dpop") && resource;
            assert!(
                challenge.starts_with(if bound { "DPoP" } else { "Bearer" }),
                "{what}: {challenge}"
            );
        }
        let long = format!("Bearer {}", "a".repeat(20 * 1024));
        let answer = call.clone().header("Authorization", long).send(&server, &at).await;
        assert!(matches!(answer.status, 401 | 431), "{at}: {}", answer.status);
        let twice =
            call.clone().header("Authorization", "Bearer a").header("Authorization", "Bearer a");
        let answer = twice.send(&server, &at).await;
        if at == "/introspect" {
            INVALID.is(&answer, &at);
        } else {
            Said::Challenge(400, "Bearer error=\"invalid_request\"").is(&answer, &at);
        }
        let raw =
            call.clone().header("Authorization", &b"Bearer \xff"[..]).send(&server, &at).await;
        Said::Status(400).is(&raw, &at);
    }
    // RFC 6750 §2.3, RFC 9700 §4.3.2: nowhere else is a token looked for.
    for call in [
        Call::new("GET", "/api?access_token=a"),
        Call::new("POST", "/api").header(FORM.0, FORM.1).body("access_token=a"),
    ] {
        Said::Challenge(401, "Bearer").is(&call.send(&server, "elsewhere").await, "elsewhere");
    }
    still_serves(&server).await;
}

/// RFC 9449 §4.3, §5: one field, one JWT. Where no proof is asked for, the field is nobody's.
#[tokio::test]
async fn a_proof_stands_in_one_field_and_is_one() {
    let (server, _) = serving().await;
    let key = crate::proof::Key::new(1);
    let broken = [
        Vec::new(),
        b"a".to_vec(),
        b"a.b.c".to_vec(),
        b"..".to_vec(),
        b"eyJ9.eyJ9.eyJ9".to_vec(),
        b"e30.e30.".to_vec(),
        // alg none.
        b"eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6Im5vbmUifQ.e30.".to_vec(),
        b"a, b".to_vec(),
        b"\xff.\xff.\xff".to_vec(),
        vec![b'a'; 6 * 1024],
        [b"e30.".to_vec(), vec![b'.'; 3000]].concat(),
    ];
    for (path, body, honest) in ENDPOINTS {
        let judged = matches!(path, "/token" | "/par");
        for proof in &broken {
            let what = format!("{path}: DPoP: {:.40?}", String::from_utf8_lossy(proof));
            let answer =
                post(path, body).header("DPoP", proof.as_slice()).send(&server, &what).await;
            if judged { PROOF } else { honest }.is(&answer, &what);
        }
        let url = format!("{}{path}", server.issuer);
        let proof = || key.proof("POST", &url, serde_json::json!({}));
        let two = post(path, body).header("DPoP", proof()).header("dpop", proof());
        let said = if judged { PROOF } else { honest };
        said.is(&two.send(&server, "two proofs").await, "two proofs");
        honest.is(&post(path, body).header("DPoP", proof()).send(&server, "one").await, "one");
    }
    for proof in &broken {
        let call = Call::new("GET", "/api").header("Authorization", "DPoP a.b");
        let answer = call.header("DPoP", proof.as_slice()).send(&server, "at the resource").await;
        Said::Challenge(401, "DPoP error=\"invalid_dpop_proof\"").is(&answer, "at the resource");
    }
    still_serves(&server).await;
}
