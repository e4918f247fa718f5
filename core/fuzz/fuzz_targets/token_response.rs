//! An answer of the token endpoint of any bytes: tokens fit for a header, or an error that shows none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::http::{Header, HttpResponse};
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};

const REDIRECT_URI: &str = "https://app.example/callback";

fuzz_target!(|answer: (u16, &str, &[u8])| {
    let (status, media_type, body) = answer;
    let session = PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: vec!["read".into()],
        resource: None,
        extra_parameters: vec![],
    })
    .expect("a good session");
    let url = session.authorization_url();
    let (_, state) = url.split_once("state=").expect("a state");
    let state = state.split('&').next().expect("a state");
    let redirect = format!("{REDIRECT_URI}?code=the-code-of-this-test&state={state}");
    let Completion::Accepted(request) = session.complete(&redirect) else {
        panic!("the session's own redirect");
    };
    // Half of all runs get past the head.
    let (status, media_type) =
        if status % 2 == 0 { (200, "application/json") } else { (status, media_type) };
    let headers = vec![Header::new("Content-Type", media_type)];
    match request.into_tokens(&HttpResponse::new(status, headers, body.to_vec()), 1_800_000_000) {
        Ok(tokens) => {
            assert_eq!(status, 200);
            let token = tokens.expose_access_token();
            assert!(!token.is_empty() && token.bytes().all(|b| (0x20..=0x7e).contains(&b)));
            let _ = tokens.is_fresh(u64::MAX);
        }
        Err(error) => {
            let shown = error.to_string();
            assert!(!shown.contains("the-code-of-this-test"));
            assert!(!shown.chars().any(char::is_control));
        }
    }
});
