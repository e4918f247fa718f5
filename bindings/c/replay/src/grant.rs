//! The grant flows.

use crate::c::{call, present, read, sized, view, view_or_none, views};
use proofkey_c::grant::rows::*;
use proofkey_c::grant::store::*;
use proofkey_core::challenge::CodeChallenge;
use proofkey_core::grant::policy::{Policy, Profile};

pub use proofkey_core::grant::policy;
pub use proofkey_core::grant::{
    FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, Rotation, StoreEvent, StoreStep,
    TokenKind,
};

fn lent_policy(policy: &Policy) -> pk_policy {
    let mut given: pk_policy = sized();
    given.issuer = view(&policy.issuer);
    given.code_lifetime_s = policy.code_lifetime_s;
    given.access_token_lifetime_s = policy.access_token_lifetime_s;
    given.refresh_token_lifetime_s = policy.refresh_token_lifetime_s;
    given.reuse_window_s = policy.reuse_window_s;
    given.max_mismatches = policy.max_mismatches;
    given.profile = match policy.profile {
        Profile::OAuth20 => PK_PROFILE_OAUTH20,
        Profile::OAuth21 => PK_PROFILE_OAUTH21,
    };
    given
}

fn lent_grant(grant: &Grant, challenge: Option<&str>) -> pk_grant {
    let mut given: pk_grant = sized();
    given.grant_id = view(&grant.grant_id);
    given.client_id = view(&grant.client_id);
    given.subject = view(&grant.subject);
    given.redirect_uri = view(&grant.redirect_uri);
    given.redirect_uri_was_sent = u32::from(grant.redirect_uri_was_sent);
    given.code_challenge = view_or_none(challenge);
    given.scope = view(&grant.scope);
    given.resource = view_or_none(grant.resource.as_deref());
    given.refreshable = u32::from(grant.refreshable);
    given
}

/// Lends an event to a call.
fn with_event<R>(event: &StoreEvent, act: impl FnOnce(*const pk_store_event) -> R) -> R {
    let mut given: pk_store_event = sized();
    let mut found: pk_found_grant = sized();
    let mut token: pk_found_token = sized();
    let grant = match event {
        StoreEvent::Found { grant: Some(found), .. } => Some(&found.grant),
        StoreEvent::FoundToken { token: Some(token), .. } => Some(&token.grant),
        _ => None,
    };
    let challenge = grant.and_then(|grant| grant.code_challenge).map(|c| c.to_text());
    let lent = grant.map(|grant| lent_grant(grant, challenge.as_deref()));
    let lent = lent.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    given.kind = match event {
        StoreEvent::Start => PK_STORE_EVENT_START,
        StoreEvent::Stored(done) => {
            given.done = u32::from(*done);
            PK_STORE_EVENT_STORED
        }
        StoreEvent::Claimed(done) => {
            given.done = u32::from(*done);
            PK_STORE_EVENT_CLAIMED
        }
        StoreEvent::Rotated(done) => {
            given.done = u32::from(*done);
            PK_STORE_EVENT_ROTATED
        }
        StoreEvent::Found { grant, now } => {
            given.now = *now;
            if let Some(row) = grant {
                found.grant = lent;
                found.expires_at = row.expires_at;
                found.used = u32::from(row.used);
                found.revoked = u32::from(row.revoked);
                found.mismatches = row.mismatches;
                given.found_grant = &found;
            }
            PK_STORE_EVENT_FOUND
        }
        StoreEvent::FoundToken { token: row, now } => {
            given.now = *now;
            if let Some(row) = row {
                token.grant = lent;
                token.kind = match row.kind {
                    TokenKind::Access => PK_TOKEN_ACCESS,
                    TokenKind::Refresh => PK_TOKEN_REFRESH,
                };
                token.rotation = match row.rotation {
                    Rotation::Newest => PK_ROTATION_NEWEST,
                    Rotation::Predecessor { rotated_at } => {
                        token.rotated_at = rotated_at;
                        PK_ROTATION_PREDECESSOR
                    }
                    Rotation::Older => PK_ROTATION_OLDER,
                };
                token.scope = view_or_none(row.scope.as_deref());
                token.expires_at = row.expires_at;
                token.revoked = u32::from(row.revoked);
                given.found_token = &token;
            }
            PK_STORE_EVENT_FOUND_TOKEN
        }
        StoreEvent::Ok => PK_STORE_EVENT_OK,
        StoreEvent::Failed => PK_STORE_EVENT_FAILED,
    };
    act(&given)
}

/// What a step points to, copied.
fn step(step: &pk_store_step) -> StoreStep {
    let grant_id = || present(step.grant_id);
    match step.kind {
        PK_STORE_STEP_PUT => {
            // SAFETY: it was handed out by the call before, and the handle was not used since.
            let grant = unsafe { &*step.grant };
            let challenge = read(grant.code_challenge);
            let grant = Grant {
                grant_id: present(grant.grant_id),
                client_id: present(grant.client_id),
                subject: present(grant.subject),
                redirect_uri: present(grant.redirect_uri),
                redirect_uri_was_sent: grant.redirect_uri_was_sent != 0,
                code_challenge: challenge.map(|c| CodeChallenge::parse(&c).expect("a challenge")),
                scope: present(grant.scope),
                resource: read(grant.resource),
                refreshable: grant.refreshable != 0,
                terms: Box::default(),
            };
            assert_eq!(grant.grant_id, grant_id());
            StoreStep::Put {
                grant: NewGrant { grant, code_hash: step.hash, lifetime_s: step.lifetime_s },
            }
        }
        PK_STORE_STEP_FIND => StoreStep::Find { grant_id: grant_id(), code_hash: step.hash },
        PK_STORE_STEP_CLAIM => StoreStep::Claim {
            grant_id: grant_id(),
            code_hash: step.hash,
            max_mismatches: step.max_mismatches,
            tokens: tokens(step),
        },
        PK_STORE_STEP_ROTATE => StoreStep::Rotate {
            grant_id: grant_id(),
            token_hash: step.hash,
            reuse_window_s: step.reuse_window_s,
            tokens: tokens(step),
        },
        PK_STORE_STEP_COUNT => StoreStep::Count { grant_id: grant_id() },
        PK_STORE_STEP_REVOKE => StoreStep::Revoke { grant_id: grant_id() },
        PK_STORE_STEP_FIND_TOKEN => {
            StoreStep::FindToken { grant_id: grant_id(), token_hash: step.hash }
        }
        PK_STORE_STEP_DONE => StoreStep::Done,
        other => panic!("unknown step {other}"),
    }
}

/// The tokens of a step, copied.
fn tokens(step: &pk_store_step) -> Vec<NewToken> {
    // SAFETY: they were handed out by the call before, and the handle was not used since.
    let tokens = unsafe { std::slice::from_raw_parts(step.tokens, step.token_count) };
    let token = |token: &pk_new_token| NewToken {
        kind: match token.kind {
            PK_TOKEN_ACCESS => TokenKind::Access,
            PK_TOKEN_REFRESH => TokenKind::Refresh,
            other => panic!("unknown kind {other}"),
        },
        token_hash: token.hash,
        lifetime_s: token.lifetime_s,
        scope: read(token.scope),
        dpop_jkt: None,
    };
    tokens.iter().map(token).collect()
}

/// `advance` and `Drop` of a flow.
macro_rules! flow {
    ($type:ident, $handle:ident, $advance:ident, $free:ident) => {
        pub struct $type($handle);

        impl $type {
            pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
                let mut next: pk_store_step = sized();
                with_event(&event, |given| {
                    // SAFETY: everything that is pointed to lives until the end of the call.
                    call(|error| unsafe { $advance(self.0, given, &mut next, error) })
                })?;
                Ok(step(&next))
            }
        }

        impl Drop for $type {
            fn drop(&mut self) {
                $free(self.0);
            }
        }
    };
}

/// Takes an outcome out; `None` for `PK_NOTHING`.
fn taken<T>(function: impl FnOnce(*mut T) -> i32) -> Option<T> {
    let mut outcome: T = sized();
    match function(&mut outcome) {
        proofkey_c::status::PK_OK => Some(outcome),
        proofkey_c::status::PK_NOTHING => None,
        status => panic!("{status}"),
    }
}

pub mod client {
    use super::{call, view};
    pub use proofkey_core::grant::client::ClientRecord;

    pub fn redirect_uri_matches(registered: &str, sent: &str) -> bool {
        let (left, right, mut matches) = (view(registered), view(sent), false);
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe {
            proofkey_c::grant::request::pk_redirect_uri_matches(
                left.data,
                left.length,
                right.data,
                right.length,
                &mut matches,
                error,
            )
        })
        .expect("both are texts");
        matches
    }
}

pub mod request {
    use super::client::ClientRecord;
    use super::{Policy, call, lent_policy, present, sized, view, views};
    use crate::c::{read, text};
    use crate::error::kept;
    use proofkey_c::grant::request::*;
    use proofkey_c::grant::rows::pk_client_record;

    pub use proofkey_core::grant::request::RequestRefusal;

    pub struct GrantRequest {
        pub(super) handle: pk_grant_request,
        redirect_uri: String,
        scopes: Vec<String>,
        resource: Option<String>,
    }

    impl GrantRequest {
        pub fn client_id_of(query: &str) -> Result<String, RequestRefusal> {
            let given = view(query);
            // SAFETY: everything that is pointed to lives until the end of this function.
            let found = text(|b, n, l, e| unsafe {
                pk_grant_request_client_id(given.data, given.length, b, n, l, e)
            });
            let page = RequestRefusal::Page { error: "invalid_request", description: "no client" };
            found.expect("the query is a text").ok_or(page)
        }

        pub fn judge(
            query: &str,
            client: &ClientRecord,
            policy: &Policy,
        ) -> Result<Self, RequestRefusal> {
            let (uris, scopes) = (views(&client.redirect_uris), views(&client.scopes));
            let mut record: pk_client_record = sized();
            record.client_id = view(&client.client_id);
            record.redirect_uris = uris.as_ptr();
            record.redirect_uri_count = uris.len();
            record.scopes = scopes.as_ptr();
            record.scope_count = scopes.len();
            record.may_refresh = u32::from(client.may_refresh);
            let (given, policy) = (view(query), lent_policy(policy));
            let mut handle = pk_grant_request { id: 0 };
            let mut verdict: pk_request_verdict = sized();
            // SAFETY: everything that is pointed to lives until the end of this function.
            unsafe {
                call(|error| {
                    pk_grant_request_judge(
                        given.data,
                        given.length,
                        &record,
                        &policy,
                        &mut handle,
                        error,
                    )
                })
                .expect("a policy and a text");
                call(|error| pk_grant_request_verdict(handle, &mut verdict, error))
                    .expect("a verdict");
            }
            match verdict.kind {
                PK_REQUEST_ACCEPTED => {
                    let scope = present(verdict.scope);
                    Ok(Self {
                        handle,
                        redirect_uri: present(verdict.redirect_uri),
                        scopes: scope.split_ascii_whitespace().map(str::to_owned).collect(),
                        resource: read(verdict.resource),
                    })
                }
                PK_REQUEST_PAGE | PK_REQUEST_REDIRECT => {
                    let error = kept(&present(verdict.error));
                    let refused = if verdict.kind == PK_REQUEST_PAGE {
                        RequestRefusal::Page {
                            error,
                            description: kept(&present(verdict.description)),
                        }
                    } else {
                        RequestRefusal::Redirect { location: present(verdict.location), error }
                    };
                    pk_grant_request_free(handle);
                    Err(refused)
                }
                other => panic!("unknown verdict {other}"),
            }
        }

        pub fn redirect_uri(&self) -> &str {
            &self.redirect_uri
        }
        pub fn scopes(&self) -> &[String] {
            &self.scopes
        }
        pub fn resource(&self) -> Option<&str> {
            self.resource.as_deref()
        }
        pub fn deny(&self, _policy: &Policy) -> String {
            // SAFETY: the pointers are `text`'s.
            let location =
                text(|b, n, l, e| unsafe { pk_grant_request_deny(self.handle, b, n, l, e) });
            location.expect("the request is good").expect("a location")
        }
    }

    impl Drop for GrantRequest {
        fn drop(&mut self) {
            pk_grant_request_free(self.handle);
        }
    }
}

pub mod issue {
    use super::request::GrantRequest;
    use super::{
        Policy, StoreEvent, StoreStep, call, present, sized, step, taken, view, views, with_event,
    };
    use crate::error::Error;
    use proofkey_c::grant::issue::*;
    use proofkey_c::grant::store::pk_store_step;
    use proofkey_core::secret::Secret;

    pub use proofkey_core::grant::issue::{Approval, IssueOutcome};

    flow!(Issue, pk_issue, pk_issue_advance, pk_issue_free);

    impl Issue {
        pub fn new(
            request: GrantRequest,
            approval: Approval,
            _policy: &Policy,
        ) -> Result<Self, Error> {
            let (subject, scopes) = (view(&approval.subject), views(&approval.scopes));
            let mut issue = pk_issue { id: 0 };
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe {
                pk_issue_new(
                    request.handle,
                    subject.data,
                    subject.length,
                    scopes.as_ptr(),
                    scopes.len(),
                    &mut issue,
                    error,
                )
            })?;
            Ok(Self(issue))
        }

        pub fn outcome(&mut self) -> Option<IssueOutcome> {
            // SAFETY: the pointer is to a structure of `taken`; an error may be null.
            let take = |out| unsafe { pk_issue_take_outcome(self.0, out, std::ptr::null_mut()) };
            let outcome: pk_issue_outcome = taken(take)?;
            Some(IssueOutcome {
                location: Secret::new(present(outcome.location)),
                grant_id: present(outcome.grant_id),
                issued: outcome.issued != 0,
            })
        }
    }
}

pub mod answer {
    use super::present;
    use crate::c::headers;
    use proofkey_c::grant::redeem::pk_token_answer;
    use proofkey_core::http::Header;
    use proofkey_core::secret::Secret;

    pub struct TokenAnswer {
        pub status: u16,
        pub headers: Vec<Header>,
        pub body: Secret,
        pub audit: Audit,
    }

    pub struct Audit(String);

    impl Audit {
        pub fn name(&self) -> &str {
            &self.0
        }
    }

    pub(super) fn answer(answer: &pk_token_answer) -> TokenAnswer {
        TokenAnswer {
            status: answer.status,
            headers: headers(answer.headers, answer.header_count),
            body: Secret::new(present(answer.body)),
            audit: Audit(present(answer.audit)),
        }
    }
}

pub mod redeem {
    use super::answer::{TokenAnswer, answer};
    use super::{
        Policy, StoreEvent, StoreStep, call, lent_policy, sized, step, taken, view_or_none,
        with_event,
    };
    use crate::error::Error;
    use proofkey_c::grant::redeem::*;
    use proofkey_c::grant::store::pk_store_step;

    flow!(Redeem, pk_redeem, pk_redeem_advance, pk_redeem_free);

    impl Redeem {
        pub fn new(
            body: &[u8],
            content_type: Option<&str>,
            authorization: Option<&str>,
            policy: &Policy,
        ) -> Self {
            let (content_type, authorization) =
                (view_or_none(content_type), view_or_none(authorization));
            let policy = lent_policy(policy);
            let mut redeem = pk_redeem { id: 0 };
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe {
                pk_redeem_new(
                    body.as_ptr().cast(),
                    body.len(),
                    content_type,
                    authorization,
                    &policy,
                    &mut redeem,
                    error,
                )
            })
            .expect("a policy");
            Self(redeem)
        }

        pub fn outcome(&mut self) -> Option<TokenAnswer> {
            // SAFETY: the pointer is to a structure of `taken`; an error may be null.
            let take = |out| unsafe { pk_redeem_take_answer(self.0, out, std::ptr::null_mut()) };
            taken(take).as_ref().map(answer)
        }
    }
}

pub mod revoke {
    use super::answer::{TokenAnswer, answer};
    use super::{StoreEvent, StoreStep, call, sized, step, taken, view_or_none, with_event};
    use crate::error::Error;
    use proofkey_c::grant::revoke::*;
    use proofkey_c::grant::store::pk_store_step;

    flow!(RevokeToken, pk_revoke, pk_revoke_advance, pk_revoke_free);

    impl RevokeToken {
        pub fn new(body: &[u8], content_type: Option<&str>, authorization: Option<&str>) -> Self {
            let (content_type, authorization) =
                (view_or_none(content_type), view_or_none(authorization));
            let mut revoke = pk_revoke { id: 0 };
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe {
                pk_revoke_new(
                    body.as_ptr().cast(),
                    body.len(),
                    content_type,
                    authorization,
                    &mut revoke,
                    error,
                )
            })
            .expect("texts");
            Self(revoke)
        }

        pub fn outcome(&mut self) -> Option<TokenAnswer> {
            // SAFETY: the pointer is to a structure of `taken`; an error may be null.
            let take = |out| unsafe { pk_revoke_take_answer(self.0, out, std::ptr::null_mut()) };
            taken(take).as_ref().map(answer)
        }
    }
}

pub mod check {
    use super::{
        FoundToken, Grant, Rotation, StoreEvent, StoreStep, TokenKind, call, present, read, sized,
        step, taken, view, view_or_none, views, with_event,
    };
    use crate::error::Error;
    use proofkey_c::grant::check::*;
    use proofkey_c::grant::store::pk_store_step;

    pub use proofkey_core::grant::check::Access;

    flow!(CheckToken, pk_check, pk_check_advance, pk_check_free);

    impl CheckToken {
        pub fn new(
            authorization: Option<&str>,
            audience: &str,
            required_scopes: &[String],
        ) -> Self {
            let (audience, scopes) = (view(audience), views(required_scopes));
            let mut check = pk_check { id: 0 };
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe {
                pk_check_new(
                    view_or_none(authorization),
                    audience.data,
                    audience.length,
                    scopes.as_ptr(),
                    scopes.len(),
                    &mut check,
                    error,
                )
            })
            .expect("texts");
            Self(check)
        }

        pub fn outcome(&mut self) -> Option<Access> {
            // SAFETY: the pointer is to a structure of `taken`; an error may be null.
            let take = |out| unsafe { pk_check_take_outcome(self.0, out, std::ptr::null_mut()) };
            let access: pk_check_outcome = taken(take)?;
            if access.granted == 0 {
                let www_authenticate = read(access.www_authenticate);
                return Some(Access::Refused { status: access.status, www_authenticate });
            }
            // What C does not hand out stays empty.
            Some(Access::Granted(Box::new(FoundToken {
                kind: TokenKind::Access,
                expires_at: access.expires_at,
                revoked: false,
                scope: None,
                rotation: Rotation::Newest,
                dpop_jkt: None,
                grant: Grant {
                    grant_id: present(access.grant_id),
                    client_id: present(access.client_id),
                    subject: present(access.subject),
                    redirect_uri: String::new(),
                    redirect_uri_was_sent: false,
                    code_challenge: None,
                    scope: present(access.scope),
                    resource: None,
                    refreshable: false,
                    terms: Box::default(),
                },
            })))
        }
    }
}

pub mod dpop {
    use crate::c::{call, present, read, sized, view, view_or_none};
    use proofkey_c::dpop_proof::*;

    pub use proofkey_core::grant::dpop::{CheckedProof, ProofRequest};

    /// Its stable name.
    pub struct ProofDefect(String);

    impl ProofDefect {
        pub fn code(&self) -> &str {
            &self.0
        }
    }

    pub fn check_proof(field: &str, asked: &ProofRequest<'_>) -> Result<CheckedProof, ProofDefect> {
        let mut given: pk_dpop_request = sized();
        given.proof = view(field);
        given.method = view(asked.method);
        given.url = view(asked.url);
        given.access_token = view_or_none(asked.access_token);
        given.nonce = view_or_none(asked.nonce);
        given.now = asked.now;
        given.window_s = asked.window_s;
        let (mut proof, mut fields) = (pk_dpop_proof { id: 0 }, sized::<pk_dpop_proof_fields>());
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_dpop_proof_check(&given, &mut proof, error) }).expect("checked");
        // SAFETY: the pointer is to a structure of this function.
        call(|error| unsafe { pk_dpop_proof_get(proof, &mut fields, error) }).expect("it is good");
        let checked = match read(fields.defect) {
            Some(defect) => {
                assert!(fields.thumbprint.data.is_null() && fields.jti.data.is_null());
                Err(ProofDefect(defect))
            }
            None => Ok(CheckedProof {
                thumbprint: present(fields.thumbprint),
                jti: present(fields.jti),
                issued_at: fields.issued_at,
                nonce: read(fields.nonce),
            }),
        };
        call(|_| pk_dpop_proof_free(proof)).expect("it is good");
        checked
    }
}
