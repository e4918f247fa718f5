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

pub mod answer;
pub mod check;
pub mod client;
pub mod dpop;
pub mod issue;
pub mod possession;
pub mod redeem;
pub mod request;
pub mod revoke;
