//! Grants to test with, made and redeemed by the core's flows.

use crate::drive::{run_check, run_issue, run_redeem, run_revoke};
use crate::narrate::Narrator;
use crate::store::GrantStore;
use proofkey::challenge::CodeChallenge;
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::check::{Access, CheckToken};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue, IssueOutcome};
use proofkey::grant::policy::Policy;
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::GrantRequest;
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{Grant, NewGrant, NewToken, Terms, TokenKind};
use proofkey::verifier::CodeVerifier;

/// The client's redirect URI.
pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

/// The resource that tokens are asked for and checked at.
pub const RESOURCE: &str = "https://api.example/";

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// A public client with a loopback receiver.
#[must_use]
pub fn client() -> ClientRecord {
    ClientRecord {
        client_id: "agent".into(),
        name: "An agent".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into()],
        scopes: vec!["read".into(), "write".into()],
        may_refresh: true,
    }
}

/// OAuth 2.1, burnt after five mismatches, codes that live for 60 s, tokens for 3600 s.
#[must_use]
pub fn policy() -> Policy {
    Policy::new("https://as.example").unwrap()
}

/// A grant to be put, of this id and code hash; the code lives for 60 s.
#[must_use]
pub fn grant(grant_id: &str, code_hash: [u8; 32]) -> NewGrant {
    let grant = Grant {
        grant_id: grant_id.into(),
        client_id: "agent".into(),
        subject: "user-ü".into(),
        redirect_uri: REDIRECT_URI.into(),
        redirect_uri_was_sent: true,
        code_challenge: Some(CodeChallenge::from_bytes([7; 32])),
        scope: "read write".into(),
        resource: Some(RESOURCE.into()),
        refreshable: true,
        terms: terms(),
    };
    NewGrant { grant, code_hash, lifetime_s: 60 }
}

/// All that a grant can be made under.
fn terms() -> Box<Terms> {
    Box::new(Terms {
        dpop_jkt: Some("A".repeat(43)),
        nonce: Some("nonce".into()),
        auth_time: Some(1_700_000_000),
        acr: Some("urn:example:strong".into()),
        authorization_details: Some("[{\"type\":\"t\"}]".into()),
    })
}

/// An access token to be put; it lives for 3600 s.
#[must_use]
pub fn token(token_hash: [u8; 32]) -> NewToken {
    NewToken { kind: TokenKind::Access, token_hash, lifetime_s: 3600, scope: None, dpop_jkt: None }
}

/// A refresh token to be put; it lives for 7200 s.
#[must_use]
pub fn refresh_token(token_hash: [u8; 32]) -> NewToken {
    let kind = TokenKind::Refresh;
    NewToken { kind, token_hash, lifetime_s: 7200, scope: None, dpop_jkt: Some("jkt".into()) }
}

/// Asks for a code with this challenge, through the whole of `Issue`.
pub async fn start(store: &dyn GrantStore, challenge: &str) -> IssueOutcome {
    let query = format!(
        "response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback\
         &code_challenge={challenge}&code_challenge_method=S256&scope=read+write&state=s-0123456789\
         &resource=https%3A%2F%2Fapi.example%2F"
    );
    let request = GrantRequest::judge(&query, &client(), &policy()).unwrap();
    let approval = Approval { subject: "user".into(), scopes: client().scopes };
    let flow = Issue::new(request, approval, &policy()).unwrap();
    run_issue(store, flow, &Narrator::new()).await.unwrap()
}

/// A verifier and the code that was issued for its challenge.
pub async fn issued(store: &dyn GrantStore) -> (CodeVerifier, String) {
    let verifier = CodeVerifier::generate().unwrap();
    let outcome = start(store, &verifier.challenge().to_text()).await;
    assert!(outcome.issued, "the store did not take a grant");
    let code = code_in(outcome.location.expose()).expect("a location without a code");
    (verifier, code)
}

/// The code in a location.
#[must_use]
pub fn code_in(location: &str) -> Option<String> {
    let (_, query) = location.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("code=")).map(str::to_owned)
}

/// Redeems a code with this verifier, through the whole of `Redeem`.
pub async fn redeem(store: &dyn GrantStore, code: &str, verifier: Option<&str>) -> TokenAnswer {
    let mut body = format!(
        "grant_type=authorization_code&client_id=agent&code={code}\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback"
    );
    if let Some(verifier) = verifier {
        body.push_str("&code_verifier=");
        body.push_str(verifier);
    }
    let flow = Redeem::new(body.as_bytes(), FORM, None, &policy());
    run_redeem(store, flow, &Narrator::new()).await.unwrap()
}

/// What a sign-in or a refresh brought.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

/// A whole sign-in, for scopes `read` and `write`.
pub async fn signed_in(store: &dyn GrantStore) -> Tokens {
    let (verifier, code) = issued(store).await;
    tokens_in(&redeem(store, &code, Some(verifier.expose_verifier())).await)
}

/// Exchanges a refresh token, through the whole of `Redeem`. `more` is put behind the body.
pub async fn refresh(
    store: &dyn GrantStore,
    token: &str,
    more: &str,
    reuse_window_s: u64,
) -> TokenAnswer {
    let body = format!("grant_type=refresh_token&client_id=agent&refresh_token={token}{more}");
    let policy = Policy { reuse_window_s, ..policy() };
    let flow = Redeem::new(body.as_bytes(), FORM, None, &policy);
    run_redeem(store, flow, &Narrator::new()).await.unwrap()
}

/// Gives a token back as this client, through the whole of `RevokeToken`.
pub async fn give_back(store: &dyn GrantStore, token: &str, client_id: &str) -> TokenAnswer {
    let body = format!("client_id={client_id}&token={token}");
    let flow = RevokeToken::new(body.as_bytes(), FORM, None);
    run_revoke(store, flow, &Narrator::new()).await.unwrap()
}

/// Both tokens of an answer that must have them.
#[must_use]
pub fn tokens_in(answer: &TokenAnswer) -> Tokens {
    assert_eq!(answer.status, 200, "{:?}", answer.audit);
    let json: serde_json::Value = serde_json::from_str(answer.body.expose()).unwrap();
    let text = |name: &str| json[name].as_str().expect(name).to_owned();
    Tokens { access: text("access_token"), refresh: text("refresh_token") }
}

/// The access token in an answer.
#[must_use]
pub fn access_token(answer: &TokenAnswer) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(answer.body.expose()).unwrap();
    json.get("access_token")?.as_str().map(str::to_owned)
}

/// Whether a token passes at [`RESOURCE`].
pub async fn passes(store: &dyn GrantStore, token: &str) -> bool {
    let header = format!("Bearer {token}");
    let flow = CheckToken::new(Some(&header), RESOURCE, &["read".into()]);
    matches!(run_check(store, flow, &Narrator::new()).await, Ok(Access::Granted(_)))
}
