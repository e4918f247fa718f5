//! The rows of a grant store, the registered client and the policy, as structures.

use crate::input::{self, Structure};
use crate::output::Kept;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::challenge::CodeChallenge;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::{Policy, Profile};
use proofkey::grant::{FoundGrant, FoundToken, Grant, Rotation, Terms, TokenKind};

/// RFC 6749 rules where the texts differ.
pub const PK_PROFILE_OAUTH20: u32 = 20;
/// OAuth 2.1 (draft 16) rules where the texts differ.
pub const PK_PROFILE_OAUTH21: u32 = 21;

/// What an authorization server chooses. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_policy {
    /// `sizeof(pk_policy)`: `pk_policy policy = PK_POLICY_INIT;`.
    pub size: usize,
    /// The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
    pub issuer: pk_text,
    /// How long a code lives, in seconds; more than 600 counts as 600.
    pub code_lifetime_s: u64,
    /// How long an access token lives, in seconds.
    pub access_token_lifetime_s: u64,
    /// How long a refresh token lives unused, in seconds. 0: none is issued and none is taken.
    pub refresh_token_lifetime_s: u64,
    /// How long the immediate predecessor of a refresh token may still be exchanged while its successor is
    /// unused, in seconds; more than 30 counts as 30. 0: never.
    pub reuse_window_s: u64,
    /// Scopes that every client may ask for, beside those of its own record: `openid`, for example.
    pub open_scopes: *const pk_text,
    /// How many.
    pub open_scope_count: usize,
    /// The types of authorization details that are granted (RFC 9396 §2).
    pub details_types: *const pk_text,
    /// How many. 0: every type is.
    pub details_type_count: usize,
    /// After so many wrong verifiers a grant is burnt.
    pub max_mismatches: u32,
    /// `PK_PROFILE_OAUTH21` or `PK_PROFILE_OAUTH20`.
    pub profile: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_policy {}

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn policy(data: *const pk_policy) -> Result<Policy, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    let (given, issuer, open_scopes, details_types) = unsafe {
        let given = input::structure("policy", data)?;
        (
            given,
            input::required("issuer", given.issuer)?,
            input::texts("open_scopes", given.open_scopes, given.open_scope_count)?,
            input::texts("details_types", given.details_types, given.details_type_count)?,
        )
    };
    let mut policy = Policy::new(issuer)?;
    policy.profile = match given.profile {
        PK_PROFILE_OAUTH20 => Profile::OAuth20,
        PK_PROFILE_OAUTH21 => Profile::OAuth21,
        _ => return Err(Fail::Misuse(Misuse::Value, "profile")),
    };
    policy.code_lifetime_s = given.code_lifetime_s;
    policy.access_token_lifetime_s = given.access_token_lifetime_s;
    policy.refresh_token_lifetime_s = given.refresh_token_lifetime_s;
    policy.reuse_window_s = given.reuse_window_s;
    policy.max_mismatches = given.max_mismatches;
    policy.open_scopes = open_scopes;
    policy.details_types = details_types;
    Ok(policy)
}

/// What a server knows of a public client. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_client_record {
    /// `sizeof(pk_client_record)`: `pk_client_record client = PK_CLIENT_RECORD_INIT;`.
    pub size: usize,
    /// Its identifier.
    pub client_id: pk_text,
    /// The redirect URIs that it registered.
    pub redirect_uris: *const pk_text,
    /// How many.
    pub redirect_uri_count: usize,
    /// The scopes that it may ask for.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
    /// Whether it may have refresh tokens, `refresh_token` being among its `grant_types` (RFC 7591 §2): 0, or
    /// anything else for yes.
    pub may_refresh: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_client_record {}

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn client(data: *const pk_client_record) -> Result<ClientRecord, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("client", data)?;
        let uris = "redirect_uris";
        Ok(ClientRecord {
            client_id: input::required("client_id", given.client_id)?,
            name: String::new(),
            redirect_uris: input::texts(uris, given.redirect_uris, given.redirect_uri_count)?,
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            may_refresh: given.may_refresh != 0,
        })
    }
}

/// What the user granted to a client: the part of a row that never changes. Nothing of it is secret.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_grant {
    /// `sizeof(pk_grant)`: `pk_grant grant = PK_GRANT_INIT;`.
    pub size: usize,
    /// The first half of the code and of every token issued from it.
    pub grant_id: pk_text,
    /// Who asked.
    pub client_id: pk_text,
    /// Who allowed it, as the server names its users.
    pub subject: pk_text,
    /// The redirect URI that the code was sent to.
    pub redirect_uri: pk_text,
    /// The code challenge (S256), 43 characters; absent only in rows that another program wrote.
    pub code_challenge: pk_text,
    /// The granted scopes, separated by single spaces; may be empty.
    pub scope: pk_text,
    /// The resource that the tokens are for (RFC 8707); may be absent.
    pub resource: pk_text,
    /// The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10), 43 characters; may be
    /// absent. A store keeps all of what follows: a grant that comes back without its key is a grant for everybody.
    pub dpop_jkt: pk_text,
    /// What the ID token must say again (OpenID Connect Core §3.1.2.1); may be absent.
    pub nonce: pk_text,
    /// How the user signed in: the authentication context class (OpenID Connect Core §2); may be absent.
    pub acr: pk_text,
    /// What else was granted: an array, as JSON text (RFC 9396 §2); may be absent.
    pub authorization_details: pk_text,
    /// With `has_auth_time`: when the user signed in, in seconds since the epoch (OpenID Connect Core §2).
    pub auth_time: u64,
    /// Whether `auth_time` is known: 0, or anything else for yes.
    pub has_auth_time: u32,
    /// Whether the authorization request named the redirect URI: 0, or anything else for yes.
    pub redirect_uri_was_sent: u32,
    /// Whether refresh tokens are issued from it: 0, or anything else for yes.
    pub refreshable: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_grant {}

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
unsafe fn grant(data: *const pk_grant) -> Result<Grant, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("grant", data)?;
        let challenge = input::optional("code_challenge", given.code_challenge)?;
        Ok(Grant {
            grant_id: input::required("grant_id", given.grant_id)?,
            client_id: input::required("client_id", given.client_id)?,
            subject: input::required("subject", given.subject)?,
            redirect_uri: input::required("redirect_uri", given.redirect_uri)?,
            redirect_uri_was_sent: given.redirect_uri_was_sent != 0,
            code_challenge: challenge.as_deref().map(CodeChallenge::parse).transpose()?,
            scope: input::required("scope", given.scope)?,
            resource: input::optional("resource", given.resource)?,
            refreshable: given.refreshable != 0,
            terms: Box::new(Terms {
                dpop_jkt: input::optional("dpop_jkt", given.dpop_jkt)?,
                nonce: input::optional("nonce", given.nonce)?,
                auth_time: (given.has_auth_time != 0).then_some(given.auth_time),
                acr: input::optional("acr", given.acr)?,
                authorization_details: input::optional(
                    "authorization_details",
                    given.authorization_details,
                )?,
            }),
        })
    }
}

/// Hands a grant out.
pub(crate) fn keep_grant(grant: &Grant, kept: &mut Kept) -> pk_grant {
    let challenge = grant.code_challenge.map(|challenge| challenge.to_text());
    pk_grant {
        size: size_of::<pk_grant>(),
        grant_id: kept.text(&grant.grant_id),
        client_id: kept.text(&grant.client_id),
        subject: kept.text(&grant.subject),
        redirect_uri: kept.text(&grant.redirect_uri),
        code_challenge: kept.optional(challenge.as_deref()),
        scope: kept.text(&grant.scope),
        resource: kept.optional(grant.resource.as_deref()),
        dpop_jkt: kept.optional(grant.terms.dpop_jkt.as_deref()),
        nonce: kept.optional(grant.terms.nonce.as_deref()),
        acr: kept.optional(grant.terms.acr.as_deref()),
        authorization_details: kept.optional(grant.terms.authorization_details.as_deref()),
        auth_time: grant.terms.auth_time.unwrap_or_default(),
        has_auth_time: u32::from(grant.terms.auth_time.is_some()),
        redirect_uri_was_sent: u32::from(grant.redirect_uri_was_sent),
        refreshable: u32::from(grant.refreshable),
    }
}

/// A grant as it was found. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_found_grant {
    /// `sizeof(pk_found_grant)`: `pk_found_grant found = PK_FOUND_GRANT_INIT;`.
    pub size: usize,
    /// The part that never changes.
    pub grant: *const pk_grant,
    /// When the code expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
    /// Whether the code was claimed: 0, or anything else for yes.
    pub used: u32,
    /// Whether the grant was revoked: 0, or anything else for yes.
    pub revoked: u32,
    /// How many wrong verifiers came for it.
    pub mismatches: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_found_grant {}

/// # Safety
/// As [`input::structure_or_null`], and all that it points to.
pub(crate) unsafe fn found_grant(data: *const pk_found_grant) -> Result<Option<FoundGrant>, Fail> {
    // SAFETY: the caller's promise.
    let Some(given) = (unsafe { input::structure_or_null("found_grant", data) })? else {
        return Ok(None);
    };
    Ok(Some(FoundGrant {
        // SAFETY: the caller's promise.
        grant: unsafe { grant(given.grant) }?,
        expires_at: given.expires_at,
        used: given.used != 0,
        revoked: given.revoked != 0,
        mismatches: given.mismatches,
    }))
}

/// An access token.
pub const PK_TOKEN_ACCESS: u32 = 1;
/// A refresh token.
pub const PK_TOKEN_REFRESH: u32 = 2;

/// A refresh token of the newest generation. An access token always is.
pub const PK_ROTATION_NEWEST: u32 = 1;
/// A refresh token of the generation before the newest: none of the newest was exchanged yet.
pub const PK_ROTATION_PREDECESSOR: u32 = 2;
/// A refresh token that is older than that.
pub const PK_ROTATION_OLDER: u32 = 3;

/// A token as it was found, with its grant. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_found_token {
    /// `sizeof(pk_found_token)`: `pk_found_token found = PK_FOUND_TOKEN_INIT;`.
    pub size: usize,
    /// The grant it was issued from.
    pub grant: *const pk_grant,
    /// When it expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
    /// `PK_ROTATION_PREDECESSOR`: when the newest generation began, in seconds since the epoch by the store's
    /// clock.
    pub rotated_at: u64,
    /// Its scope, where it is narrower than the grant's; absent: the grant's.
    pub scope: pk_text,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); absent: a bearer token.
    pub dpop_jkt: pk_text,
    /// What it is for: `PK_TOKEN_ACCESS` or `PK_TOKEN_REFRESH`.
    pub kind: u32,
    /// Where it stands among the refresh tokens of its grant: `PK_ROTATION_NEWEST` and the like.
    pub rotation: u32,
    /// Whether its grant was revoked: 0, or anything else for yes.
    pub revoked: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_found_token {}

/// # Safety
/// As [`input::structure_or_null`], and all that it points to.
pub(crate) unsafe fn found_token(data: *const pk_found_token) -> Result<Option<FoundToken>, Fail> {
    // SAFETY: the caller's promise.
    let Some(given) = (unsafe { input::structure_or_null("found_token", data) })? else {
        return Ok(None);
    };
    let kind = match given.kind {
        PK_TOKEN_ACCESS => TokenKind::Access,
        PK_TOKEN_REFRESH => TokenKind::Refresh,
        _ => return Err(Fail::Misuse(Misuse::Value, "kind")),
    };
    let rotation = match given.rotation {
        PK_ROTATION_NEWEST => Rotation::Newest,
        PK_ROTATION_PREDECESSOR => Rotation::Predecessor { rotated_at: given.rotated_at },
        PK_ROTATION_OLDER => Rotation::Older,
        _ => return Err(Fail::Misuse(Misuse::Value, "rotation")),
    };
    // SAFETY: the caller's promise.
    let (scope, dpop_jkt, grant) = unsafe {
        let dpop_jkt = input::optional("dpop_jkt", given.dpop_jkt)?;
        (input::optional("scope", given.scope)?, dpop_jkt, grant(given.grant)?)
    };
    let (expires_at, revoked) = (given.expires_at, given.revoked != 0);
    Ok(Some(FoundToken { kind, expires_at, revoked, scope, rotation, dpop_jkt, grant }))
}
