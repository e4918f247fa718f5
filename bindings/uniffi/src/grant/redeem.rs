//! `Redeem`: the token request, judged against the grant; only then are there tokens.

use super::possession::RequestProof;
use super::request::Policy;
use super::rows::Grant;
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use crate::http::{Header, headers_out};
use proofkey::grant::{answer, redeem as core};
use proofkey::secret::Secret;
use std::sync::Arc;

/// The answer of the token or the revocation endpoint, as a server sends it (RFC 6749 §5, RFC 7009 §2.2).
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TokenAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields, `Cache-Control: no-store` among them.
    pub headers: Vec<Header>,
    /// The JSON body; it may hold a token and is not shown. Empty after a revocation.
    pub body: Vec<u8>,
    /// What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`,
    /// `replay_revoked` …).
    pub audit: String,
    /// What tokens were issued from, where some were: for an ID token beside them.
    pub issued: Option<Issuance>,
}

/// What an answer's tokens were issued from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Issuance {
    /// The grant.
    pub grant: Grant,
    /// The scope of the access token, separated by single spaces.
    pub scope: String,
    /// SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token calls `at_hash`
    /// (OpenID Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
    pub access_token_hash: Vec<u8>,
    /// Whether they are the first ones of the grant, for a code: then an ID token says the request's nonce again, and
    /// after a refresh it does not (OpenID Connect Core §12.2).
    pub first: bool,
}

shows!(TokenAnswer, |it| format!("TokenAnswer({}, {}, …)", it.status, it.audit));

impl From<answer::TokenAnswer> for TokenAnswer {
    fn from(answer: answer::TokenAnswer) -> Self {
        let first = answer.audit == answer::Audit::Issued;
        let issued = answer.issued.map(|issued| Issuance {
            grant: issued.grant.into(),
            scope: issued.scope,
            access_token_hash: issued.access_token_hash.to_vec(),
            first,
        });
        Self {
            status: answer.status,
            headers: headers_out(answer.headers),
            body: answer.body.expose().as_bytes().to_vec(),
            audit: answer.audit.name().to_owned(),
            issued,
        }
    }
}

/// Puts an ID token beside the tokens of an answer (OpenID Connect Core §3.1.3.3), signed by the server itself, and
/// gives its new body. A refusal is left as it is; `invalid_configuration` where the text is no JWS.
#[uniffi::export]
pub fn body_with_id_token(answer: TokenAnswer, id_token: String) -> Outcome<Vec<u8>> {
    call("body_with_id_token", || {
        if answer.issued.is_none() {
            return Ok(answer.body);
        }
        let body = answer::with_id_token(&Secret::new(text(answer.body)?), &id_token)?;
        Ok(body.expose().as_bytes().to_vec())
    })
}

fn text(body: Vec<u8>) -> Outcome<String> {
    Ok(String::from_utf8(body).map_err(|_| proofkey::Error::InvalidConfiguration {
        field: "answer",
        reason: "has another body than it came with",
    })?)
}

/// The flow. Its outcome is the whole answer of the token endpoint; errors are for mistakes of the driver
/// and a failing generator only.
#[derive(uniffi::Object)]
pub struct Redeem(Guarded<core::Redeem>);

#[uniffi::export]
impl Redeem {
    /// Makes the flow from a token request: body, `Content-Type` and `Authorization` as they came.
    /// Nothing happens until `Start`. With `proof` the flow judges the request's proof of possession before all else
    /// (RFC 9449 §5) and has the store remember it; without one it knows of none. `invalid_configuration` for a
    /// policy or rules that cannot be used.
    #[uniffi::constructor(default(proof = None))]
    pub fn new(
        body: Vec<u8>,
        content_type: Option<String>,
        authorization: Option<String>,
        policy: Policy,
        proof: Option<RequestProof>,
    ) -> Outcome<Arc<Self>> {
        call("Redeem.new", || {
            let policy = policy.into_core()?;
            let mut flow = core::Redeem::new(
                &body,
                content_type.as_deref(),
                authorization.as_deref(),
                &policy,
            );
            if let Some(proof) = proof {
                proof.present(|rules, request| flow.present(rules, request))?;
            }
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what the store has done and says what it does next. Every error ends the flow, and nothing is
    /// issued.
    pub fn advance(&self, event: StoreEvent) -> Outcome<StoreStep> {
        self.0.with("Redeem.advance", |flow| Ok(flow.advance(event.into_core()?)?.into()))
    }

    /// The answer of the token endpoint, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<TokenAnswer>> {
        self.0.with("Redeem.outcome", |flow| Ok(flow.outcome().map(TokenAnswer::from)))
    }
}
