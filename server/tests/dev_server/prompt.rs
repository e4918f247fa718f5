//! A request that forbids to ask the user (`prompt=none`, OpenID Connect Core §3.1.2.1, §3.1.2.6).

use crate::common::*;
use proofkey::verifier::CodeVerifier;

fn with_prompt(prompt: &str) -> String {
    let mut parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    parameters.push(("prompt", prompt.to_owned()));
    authorize(&parameters)
}

/// The user is signed in, and would have to allow it.
#[tokio::test]
async fn the_user_is_not_asked_and_the_client_is_told_why() {
    let server = asking().await;
    let answer = get(&server, &with_prompt("none")).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().starts_with(&format!("{REDIRECT_URI}?")), "{}", answer.location());
    assert_eq!(answer.sent("error").as_deref(), Some("consent_required"));
    assert_eq!(answer.sent("state").as_deref(), Some("state-0123456789"));
    assert_eq!(answer.sent("iss").as_deref(), Some(server.issuer.as_str()), "P28, RFC 9207");
    assert_eq!(answer.sent("code"), None);
    assert_eq!(answer.header("set-cookie"), None, "no form was made");
    assert!(answer.body.is_empty());
    // Any other prompt is a page for the user.
    for prompt in ["login", "consent", "select_account login", ""] {
        assert_eq!(get(&server, &with_prompt(prompt)).await.status, 200, "{prompt:?}");
    }
}

/// Where nobody has to be asked it is answered with a code.
#[tokio::test]
async fn a_server_that_asks_nobody_answers_with_a_code() {
    let server = approving().await;
    let answer = get(&server, &with_prompt("none")).await;
    assert_eq!((answer.status, answer.sent("error")), (303, None));
    assert!(answer.sent("code").is_some());
}

/// §3.1.2.1: `none` stands alone. What cannot be redirected is a page as ever.
#[tokio::test]
async fn none_beside_another_value_is_an_error() {
    for server in [asking().await, approving().await] {
        let answer = get(&server, &with_prompt("none login")).await;
        assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"));
        let elsewhere = with_prompt("none").replace("49152", "49152%2Felsewhere");
        let answer = get(&server, &elsewhere).await;
        assert_eq!((answer.status, answer.header("location")), (400, None));
    }
}
