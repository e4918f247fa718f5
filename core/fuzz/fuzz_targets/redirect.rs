//! A redirect of any bytes: without the session's state it ends nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};

const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

fn session() -> PkceSession {
    PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: true,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: vec![],
        resource: None,
        extra_parameters: vec![],
    })
    .expect("a good session")
}

fuzz_target!(|redirect: &str| {
    let session = session();
    // The state is random: only what names it can be ours.
    let url = session.authorization_url();
    let (_, state) = url.split_once("state=").expect("a state");
    let state = state.split('&').next().expect("a state");
    let redirect = redirect.replace("{state}", state);
    let ours = redirect.contains(state);
    match session.complete(&redirect) {
        Completion::NotOurs(..) => {}
        Completion::Accepted(request) => {
            assert!(ours);
            assert!(redirect.starts_with(REDIRECT_URI));
            // iss is promised: without it nothing is accepted.
            assert!(redirect.contains("iss="));
            let _ = request.http_request();
        }
        Completion::Ended(error) => {
            // A percent-encoded state is ours too.
            assert!(ours || redirect.contains('%'));
            let _ = error.to_string();
        }
    }
});
