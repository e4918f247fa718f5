//! The grant flows.

use crate::c::{call, present, read, sized, view, view_or_none, views};
use proofkey_c::grant::rows::*;
use proofkey_c::grant::store::*;
use proofkey_core::challenge::CodeChallenge;
use proofkey_core::grant::policy::{Policy, Profile};
use proofkey_core::grant::possession::Remember;

pub use proofkey_core::grant::policy;
pub use proofkey_core::grant::{
    FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, Rotation, StoreEvent, StoreStep,
    Terms, TokenKind,
};

/// Lends a policy to a call.
fn with_policy<R>(policy: &Policy, act: impl FnOnce(*const pk_policy) -> R) -> R {
    let (scopes, types) = (views(&policy.open_scopes), views(&policy.details_types));
    let mut given: pk_policy = sized();
    given.open_scopes = scopes.as_ptr();
    given.open_scope_count = scopes.len();
    given.details_types = types.as_ptr();
    given.details_type_count = types.len();
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
    act(&given)
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
    given.dpop_jkt = view_or_none(grant.terms.dpop_jkt.as_deref());
    given.nonce = view_or_none(grant.terms.nonce.as_deref());
    given.acr = view_or_none(grant.terms.acr.as_deref());
    given.authorization_details = view_or_none(grant.terms.authorization_details.as_deref());
    given.auth_time = grant.terms.auth_time.unwrap_or_default();
    given.has_auth_time = u32::from(grant.terms.auth_time.is_some());
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
        StoreEvent::Remembered(done) => {
            given.done = u32::from(*done);
            PK_STORE_EVENT_REMEMBERED
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
                token.dpop_jkt = view_or_none(row.dpop_jkt.as_deref());
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

/// A grant that was handed out, copied.
fn read_grant(grant: &pk_grant) -> Grant {
    let challenge = read(grant.code_challenge);
    Grant {
        grant_id: present(grant.grant_id),
        client_id: present(grant.client_id),
        subject: present(grant.subject),
        redirect_uri: present(grant.redirect_uri),
        redirect_uri_was_sent: grant.redirect_uri_was_sent != 0,
        code_challenge: challenge.map(|c| CodeChallenge::parse(&c).expect("a challenge")),
        scope: present(grant.scope),
        resource: read(grant.resource),
        refreshable: grant.refreshable != 0,
        terms: Box::new(Terms {
            dpop_jkt: read(grant.dpop_jkt),
            nonce: read(grant.nonce),
            auth_time: (grant.has_auth_time != 0).then_some(grant.auth_time),
            acr: read(grant.acr),
            authorization_details: read(grant.authorization_details),
        }),
    }
}

/// What a step points to, copied.
fn step(step: &pk_store_step) -> StoreStep {
    let grant_id = || present(step.grant_id);
    match step.kind {
        PK_STORE_STEP_PUT => {
            // SAFETY: it was handed out by the call before, and the handle was not used since.
            let grant = read_grant(unsafe { &*step.grant });
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
        PK_STORE_STEP_REMEMBER => StoreStep::Remember {
            proof: Remember { name: present(step.name), lifetime_s: step.lifetime_s },
        },
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
        dpop_jkt: read(token.dpop_jkt),
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
    use super::{Policy, call, present, sized, view, views, with_policy};
    use crate::c::{read, text};
    use crate::error::kept;
    use proofkey_c::grant::request::*;
    use proofkey_c::grant::rows::pk_client_record;

    use proofkey_c::text::pk_text;

    pub use proofkey_core::grant::request::{Decline, RequestRefusal};

    pub struct GrantRequest {
        pub(super) handle: pk_grant_request,
        redirect_uri: String,
        scopes: Vec<String>,
        resource: Option<String>,
        dpop_jkt: Option<String>,
        acr_values: Vec<String>,
        max_age: Option<u64>,
        prompt: Vec<String>,
        login_hint: Option<String>,
        ui_locales: Vec<String>,
        nonce: Option<String>,
        authorization_details: Option<String>,
    }

    fn list(text: pk_text) -> Vec<String> {
        present(text).split_ascii_whitespace().map(str::to_owned).collect()
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
            let given = view(query);
            let mut handle = pk_grant_request { id: 0 };
            let mut verdict: pk_request_verdict = sized();
            // SAFETY: everything that is pointed to lives until the end of this function.
            unsafe {
                with_policy(policy, |policy| {
                    call(|error| {
                        pk_grant_request_judge(
                            given.data,
                            given.length,
                            &record,
                            policy,
                            &mut handle,
                            error,
                        )
                    })
                })
                .expect("a policy and a text");
                call(|error| pk_grant_request_verdict(handle, &mut verdict, error))
                    .expect("a verdict");
            }
            match verdict.kind {
                PK_REQUEST_ACCEPTED => Ok(Self {
                    handle,
                    redirect_uri: present(verdict.redirect_uri),
                    scopes: list(verdict.scope),
                    resource: read(verdict.resource),
                    dpop_jkt: read(verdict.dpop_jkt),
                    acr_values: list(verdict.acr_values),
                    max_age: (verdict.has_max_age != 0).then_some(verdict.max_age),
                    prompt: list(verdict.prompt),
                    login_hint: read(verdict.login_hint),
                    ui_locales: list(verdict.ui_locales),
                    nonce: read(verdict.nonce),
                    authorization_details: read(verdict.authorization_details),
                }),
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
        pub fn dpop_jkt(&self) -> Option<&str> {
            self.dpop_jkt.as_deref()
        }
        pub fn acr_values(&self) -> &[String] {
            &self.acr_values
        }
        pub fn max_age(&self) -> Option<u64> {
            self.max_age
        }
        pub fn prompt(&self) -> &[String] {
            &self.prompt
        }
        pub fn login_hint(&self) -> Option<&str> {
            self.login_hint.as_deref()
        }
        pub fn ui_locales(&self) -> &[String] {
            &self.ui_locales
        }
        pub fn nonce(&self) -> Option<&str> {
            self.nonce.as_deref()
        }
        pub fn authorization_details(&self) -> Option<&str> {
            self.authorization_details.as_deref()
        }
        pub fn decline(&self, why: Decline, _policy: &Policy) -> String {
            let why = match why {
                Decline::Denied => PK_DECLINE_DENIED,
                Decline::LoginRequired => PK_DECLINE_LOGIN_REQUIRED,
                Decline::ConsentRequired => PK_DECLINE_CONSENT_REQUIRED,
                Decline::AccountSelectionRequired => PK_DECLINE_ACCOUNT_SELECTION_REQUIRED,
                Decline::InteractionRequired => PK_DECLINE_INTERACTION_REQUIRED,
                Decline::UnmetAuthentication => PK_DECLINE_UNMET_AUTHENTICATION,
                Decline::TemporarilyUnavailable => PK_DECLINE_TEMPORARILY_UNAVAILABLE,
                Decline::ServerError => PK_DECLINE_SERVER_ERROR,
            };
            // SAFETY: the pointers are `text`'s.
            let location = text(|b, n, l, e| unsafe {
                pk_grant_request_decline(self.handle, why, b, n, l, e)
            });
            location.expect("the request is good").expect("a location")
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
        Policy, StoreEvent, StoreStep, call, present, sized, step, taken, view, view_or_none,
        views, with_event,
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

        pub fn sign_in(&mut self, auth_time: u64, acr: Option<String>) -> Result<(), Error> {
            let acr = view_or_none(acr.as_deref());
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe { pk_issue_signed_in(self.0, auth_time, acr, error) })
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

/// What the C functions are given; the core's own types do not show the key of their nonces.
pub mod possession {
    use super::{call, sized, view, views};
    use crate::error::Error;
    use proofkey_c::error::pk_error;
    use proofkey_c::grant::possession::{pk_proof_rules, pk_request_proof};
    use proofkey_c::status::pk_status;

    pub use proofkey_core::grant::possession::RequestProof;

    pub struct ProofRules {
        pub required: bool,
        pub window_s: u64,
        pub nonces: Option<ProofNonces>,
    }

    pub struct ProofNonces {
        key: Vec<u8>,
        lifetime_s: u64,
    }

    impl ProofNonces {
        pub fn new(key: Vec<u8>, lifetime_s: u64) -> Result<Self, Error> {
            assert_eq!(key.len(), 32, "a key of 32 bytes");
            Ok(Self { key, lifetime_s })
        }
    }

    pub(super) fn present(
        rules: &ProofRules,
        request: &RequestProof<'_>,
        to: impl FnOnce(*const pk_proof_rules, *const pk_request_proof, *mut pk_error) -> pk_status,
    ) -> Result<(), Error> {
        let mut given: pk_proof_rules = sized();
        given.required = u32::from(rules.required);
        given.window_s = rules.window_s;
        if let Some(nonces) = &rules.nonces {
            given.nonce_key = nonces.key.as_ptr();
            given.nonce_lifetime_s = nonces.lifetime_s;
        }
        let fields = views(request.fields);
        let mut proof: pk_request_proof = sized();
        proof.fields = fields.as_ptr();
        proof.field_count = fields.len();
        proof.method = view(request.method);
        proof.url = view(request.url);
        proof.now = request.now;
        call(|error| to(&given, &proof, error))
    }
}

pub mod answer {
    use super::{Grant, present, read_grant};
    use crate::c::headers;
    use proofkey_c::grant::redeem::pk_token_answer;
    use proofkey_core::http::Header;
    use proofkey_core::secret::Secret;

    pub struct TokenAnswer {
        pub status: u16,
        pub headers: Vec<Header>,
        pub body: Secret,
        pub audit: Audit,
        pub issued: Option<Issuance>,
    }

    pub struct Issuance {
        pub grant: Grant,
        pub scope: String,
        pub access_token_hash: [u8; 32],
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
            issued: (!answer.grant.is_null()).then(|| Issuance {
                // SAFETY: it was handed out by the call before, and the handle was not used since.
                grant: read_grant(unsafe { &*answer.grant }),
                scope: present(answer.scope),
                access_token_hash: answer.access_token_hash,
            }),
        }
    }
}

pub mod redeem {
    use super::answer::{TokenAnswer, answer};
    use super::{
        Policy, StoreEvent, StoreStep, call, possession, sized, step, taken, view_or_none,
        with_event, with_policy,
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
            let mut redeem = pk_redeem { id: 0 };
            with_policy(policy, |policy| {
                // SAFETY: everything that is pointed to lives until the end of this function.
                call(|error| unsafe {
                    pk_redeem_new(
                        body.as_ptr().cast(),
                        body.len(),
                        content_type,
                        authorization,
                        policy,
                        &mut redeem,
                        error,
                    )
                })
            })
            .expect("a policy");
            Self(redeem)
        }

        pub fn present(
            &mut self,
            rules: &possession::ProofRules,
            request: &possession::RequestProof<'_>,
        ) -> Result<(), Error> {
            possession::present(rules, request, |rules, proof, error| {
                // SAFETY: everything that is pointed to lives until the end of this function.
                unsafe { pk_redeem_present(self.0, rules, proof, error) }
            })
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
        FoundToken, Rotation, StoreEvent, StoreStep, TokenKind, call, possession, present, read,
        read_grant, sized, step, taken, view, view_or_none, views, with_event,
    };
    use crate::c::headers;
    use crate::error::Error;
    use proofkey_c::grant::check::*;
    use proofkey_c::grant::store::pk_store_step;

    use proofkey_core::http::Header;

    pub use proofkey_core::grant::check::{Access, Authentication};

    pub struct CheckToken {
        flow: Running,
        fields: Vec<Header>,
    }

    flow!(Running, pk_check, pk_check_advance, pk_check_free);

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
            Self { flow: Running(check), fields: Vec::new() }
        }

        pub fn demand(
            &mut self,
            authentication: Authentication,
            metadata_url: Option<String>,
        ) -> Result<(), Error> {
            let acr_values = views(&authentication.acr_values);
            let mut demands: pk_check_demands = sized();
            demands.acr_values = acr_values.as_ptr();
            demands.acr_value_count = acr_values.len();
            demands.metadata_url = view_or_none(metadata_url.as_deref());
            demands.max_age_s = authentication.max_age_s.unwrap_or_default();
            demands.has_max_age = u32::from(authentication.max_age_s.is_some());
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe { pk_check_demand(self.flow.0, &demands, error) })
        }

        pub fn present(
            &mut self,
            rules: &possession::ProofRules,
            request: &possession::RequestProof<'_>,
        ) -> Result<(), Error> {
            possession::present(rules, request, |rules, proof, error| {
                // SAFETY: everything that is pointed to lives until the end of this function.
                unsafe { pk_check_present(self.flow.0, rules, proof, error) }
            })
        }

        pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
            self.flow.advance(event)
        }

        pub fn fields(&self) -> &[Header] {
            &self.fields
        }

        pub fn outcome(&mut self) -> Option<Access> {
            // SAFETY: the pointer is to a structure of `taken`; an error may be null.
            let take =
                |out| unsafe { pk_check_take_outcome(self.flow.0, out, std::ptr::null_mut()) };
            let access: pk_check_outcome = taken(take)?;
            self.fields = headers(access.headers, access.header_count);
            if access.granted == 0 {
                let www_authenticate = read(access.www_authenticate);
                return Some(Access::Refused { status: access.status, www_authenticate });
            }
            // SAFETY: it was handed out by the call before, and the handle was not used since.
            let grant = read_grant(unsafe { &*access.grant });
            assert_eq!(
                (present(access.grant_id), present(access.client_id), present(access.subject)),
                (grant.grant_id.clone(), grant.client_id.clone(), grant.subject.clone())
            );
            Some(Access::Granted(Box::new(FoundToken {
                kind: TokenKind::Access,
                expires_at: access.expires_at,
                revoked: false,
                scope: read(access.scope),
                rotation: Rotation::Newest,
                dpop_jkt: read(access.dpop_jkt),
                grant,
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
