//! The canary search over the server's half.

use super::search::{Printed, holds};
use super::{REDIRECT_URI, parameter};
use proofkey::challenge::CodeChallenge;
use proofkey::grant::check::CheckToken;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::policy::Policy;
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::{GrantRequest, RequestRefusal};
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{
    FoundGrant, FoundToken, Grant, NewGrant, Rotation, StoreEvent, StoreStep, TokenKind,
};
use proofkey::verifier::CodeVerifier;

const GRANT_ID: &str = "AAECAwQFBgcICQoLDA0ODw";
const SECRET_HALF: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
const STATE: &str = "state.M4xC1vB6nL9kS2dFgH7jA0qW";

fn query() -> String {
    format!(
        "response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback\
         &scope=read&state={STATE}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
         &code_challenge_method=S256"
    )
}

fn client() -> ClientRecord {
    ClientRecord {
        client_id: "agent".into(),
        name: "The agent".into(),
        redirect_uris: vec![REDIRECT_URI.into()],
        scopes: vec!["read".into()],
        may_refresh: true,
    }
}

/// The server's half: the code that is issued, whatever can be printed around it. The first half of a
/// code is the row's key and no secret; the second half is.
#[test]
fn an_issue_prints_neither_code_nor_state() {
    let mut printed = Printed::default();
    let policy = Policy::new("https://as.example").unwrap();
    let request = GrantRequest::judge(&query(), &client(), &policy).unwrap();
    printed.debug("GrantRequest", &request);
    let approval = Approval { subject: "user-1".into(), scopes: vec!["read".into()] };
    let mut flow = Issue::new(request, approval, &policy).unwrap();
    printed.debug("Issue, ready", &flow);
    let step = flow.advance(StoreEvent::Start).unwrap();
    printed.debug("StoreStep::Put", &step);
    printed.debug("Issue, putting", &flow);
    flow.advance(StoreEvent::Stored(true)).unwrap();
    printed.debug("Issue, done", &flow);
    let outcome = flow.outcome().unwrap();
    printed.debug("IssueOutcome", &outcome);
    let code = parameter(outcome.location.expose(), "code");
    assert!(holds(outcome.location.expose(), STATE));
    let StoreStep::Put { grant: NewGrant { grant, .. } } = step else { panic!("a row") };
    let secret_half = code.strip_prefix(&format!("{}.", grant.grant_id)).unwrap();
    assert_eq!(secret_half.len(), 43);
    let refused = GrantRequest::judge(&query().replace("S256", "plain"), &client(), &policy);
    let Err(refusal @ RequestRefusal::Redirect { .. }) = refused else { panic!("a refusal") };
    printed.debug("RequestRefusal::Redirect", &refusal);
    printed.hold_none(&[("code", secret_half), ("state", STATE)]);
}

fn grant(challenge: CodeChallenge) -> Grant {
    Grant {
        grant_id: GRANT_ID.into(),
        client_id: "agent".into(),
        subject: "user-1".into(),
        redirect_uri: REDIRECT_URI.into(),
        redirect_uri_was_sent: true,
        code_challenge: Some(challenge),
        scope: "read".into(),
        resource: None,
        refreshable: true,
        terms: Box::default(),
    }
}

/// A redemption, with the right verifier and with a wrong one.
#[test]
fn a_redemption_prints_neither_code_nor_verifier_nor_token() {
    let policy = Policy::new("https://as.example").unwrap();
    let verifier = CodeVerifier::generate().unwrap();
    let wrong = CodeVerifier::generate().unwrap();
    for sent in [&verifier, &wrong] {
        let mut printed = Printed::default();
        let sent = sent.expose_verifier();
        let body = format!(
            "grant_type=authorization_code&client_id=agent&code={GRANT_ID}.{SECRET_HALF}\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback&code_verifier={sent}"
        );
        let form = Some("application/x-www-form-urlencoded");
        let mut flow = Redeem::new(body.as_bytes(), form, None, &policy);
        printed.debug("Redeem, ready", &flow);
        printed.debug("StoreStep::Find", &flow.advance(StoreEvent::Start).unwrap());
        printed.debug("Redeem, finding", &flow);
        let found = StoreEvent::Found {
            grant: Some(FoundGrant {
                grant: grant(verifier.challenge()),
                expires_at: 60,
                used: false,
                revoked: false,
                mismatches: 0,
            }),
            now: 0,
        };
        printed.debug("StoreEvent::Found", &found);
        let step = flow.advance(found).unwrap();
        printed.debug("StoreStep, judged", &step);
        printed.debug("Redeem, judged", &flow);
        let answered =
            if step.name() == "Claim" { StoreEvent::Claimed(true) } else { StoreEvent::Ok };
        flow.advance(answered).unwrap();
        printed.debug("Redeem, done", &flow);
        let answer = flow.outcome().unwrap();
        printed.debug("TokenAnswer", &answer);
        assert_eq!(answer.status == 200, sent == verifier.expose_verifier());
        let body: serde_json::Value = serde_json::from_str(answer.body.expose()).unwrap();
        let token = body["access_token"].as_str().map(|token| token.split_once('.').unwrap().1);
        printed.hold_none(&[
            ("verifier", sent),
            ("code", SECRET_HALF),
            ("access token", token.unwrap_or(SECRET_HALF)),
        ]);
        if token.is_none() {
            // A refusal's body goes to whoever asked: nothing of what was sent comes back in it.
            assert!(!holds(answer.body.expose(), sent));
            assert!(!holds(answer.body.expose(), SECRET_HALF));
        }
    }
}

/// A refresh and a revocation: neither the token that is sent nor those that are issued.
#[test]
fn a_refresh_prints_no_token() {
    let policy = Policy::new("https://as.example").unwrap();
    let challenge = CodeVerifier::generate().unwrap().challenge();
    let found = |rotation| StoreEvent::FoundToken {
        token: Some(FoundToken {
            kind: TokenKind::Refresh,
            expires_at: 60,
            revoked: false,
            scope: None,
            rotation,
            dpop_jkt: None,
            grant: grant(challenge),
        }),
        now: 0,
    };
    let form = Some("application/x-www-form-urlencoded");
    let body =
        format!("grant_type=refresh_token&client_id=agent&refresh_token={GRANT_ID}.{SECRET_HALF}");
    for rotation in [Rotation::Newest, Rotation::Older] {
        let mut printed = Printed::default();
        let mut flow = Redeem::new(body.as_bytes(), form, None, &policy);
        printed.debug("Redeem, ready", &flow);
        printed.debug("StoreStep::FindToken", &flow.advance(StoreEvent::Start).unwrap());
        printed.debug("Redeem, finding", &flow);
        let step = flow.advance(found(rotation)).unwrap();
        printed.debug("StoreStep, judged", &step);
        printed.debug("Redeem, judged", &flow);
        let rotates = step.name() == "Rotate";
        assert_eq!(rotates, rotation == Rotation::Newest);
        flow.advance(if rotates { StoreEvent::Rotated(true) } else { StoreEvent::Ok }).unwrap();
        printed.debug("Redeem, done", &flow);
        let answer = flow.outcome().unwrap();
        printed.debug("TokenAnswer", &answer);
        let body: serde_json::Value = serde_json::from_str(answer.body.expose()).unwrap();
        let half = |name: &str| body[name].as_str().map(|token| token.split_once('.').unwrap().1);
        printed.hold_none(&[
            ("refresh token", SECRET_HALF),
            ("new access token", half("access_token").unwrap_or(SECRET_HALF)),
            ("new refresh token", half("refresh_token").unwrap_or(SECRET_HALF)),
        ]);
        assert!(!holds(answer.body.expose(), SECRET_HALF));
    }
    let mut printed = Printed::default();
    let body = format!("client_id=agent&token={GRANT_ID}.{SECRET_HALF}");
    let mut flow = RevokeToken::new(body.as_bytes(), form, None);
    printed.debug("RevokeToken, ready", &flow);
    flow.advance(StoreEvent::Start).unwrap();
    printed.debug("RevokeToken, finding", &flow);
    flow.advance(found(Rotation::Newest)).unwrap();
    printed.debug("RevokeToken, revoking", &flow);
    printed.hold_none(&[("token", SECRET_HALF)]);
}

/// A token check, granted and refused.
#[test]
fn a_token_check_does_not_print_the_token() {
    let mut printed = Printed::default();
    let challenge = CodeVerifier::generate().unwrap().challenge();
    for token in [Some(grant(challenge)), None] {
        let header = format!("Bearer {GRANT_ID}.{SECRET_HALF}");
        let mut flow = CheckToken::new(Some(&header), "https://api.example/", &[]);
        printed.debug("CheckToken, ready", &flow);
        printed.debug("StoreStep::FindToken", &flow.advance(StoreEvent::Start).unwrap());
        printed.debug("CheckToken, finding", &flow);
        let token = token.map(|grant| FoundToken {
            kind: TokenKind::Access,
            expires_at: 60,
            revoked: false,
            scope: None,
            rotation: Rotation::Newest,
            dpop_jkt: None,
            grant,
        });
        flow.advance(StoreEvent::FoundToken { token, now: 0 }).unwrap();
        printed.debug("CheckToken, done", &flow);
        printed.debug("Access", &flow.outcome().unwrap());
    }
    printed.hold_none(&[("token", SECRET_HALF)]);
}
