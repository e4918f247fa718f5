//! Who signed in, as a verified ID token says.

use crate::call::call;
use crate::error::pk_error;
use crate::input::Structure;
use crate::output::{Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::id_token::Identity;

/// Who signed in, by a verified ID token (OpenID Connect Core §2). It never changes. The handle belongs to the caller,
/// who frees it with `pk_identity_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_identity {
    /// Not for the caller.
    pub id: u64,
}

/// The ID token does not say whether the address is the user's.
pub const PK_EMAIL_UNKNOWN: u32 = 0;
/// The issuer has seen that the address is the user's.
pub const PK_EMAIL_VERIFIED: u32 = 1;
/// The issuer has not.
pub const PK_EMAIL_UNVERIFIED: u32 = 2;

/// What a verified ID token says (OpenID Connect Core §2, §5.1). A person is told from others by `issuer` and
/// `subject` together; names and addresses change and may be given to somebody else (§5.7). All pointers belong to the
/// library and are good until the handle is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_identity_fields {
    /// `sizeof(pk_identity_fields)`, set by the caller: `pk_identity_fields fields = PK_IDENTITY_FIELDS_INIT;`.
    pub size: usize,
    /// `iss`: who says so.
    pub issuer: pk_text,
    /// `sub`: whom the issuer means; 1 to 255 ASCII characters.
    pub subject: pk_text,
    /// `aud`: the clients that it was said to, this one among them.
    pub audience: *const pk_text,
    /// How many.
    pub audience_count: usize,
    /// `acr`: how strong the authentication was, in words that issuer and client have agreed upon; may be absent.
    pub acr: pk_text,
    /// `amr`: the ways of authentication (RFC 8176).
    pub amr: *const pk_text,
    /// How many; 0 where the token names none.
    pub amr_count: usize,
    /// `sid`: the session at the issuer (OpenID Connect Front-Channel Logout §3); may be absent.
    pub session_id: pk_text,
    /// `name`: the whole name, fit to be shown; may be absent.
    pub name: pk_text,
    /// `preferred_username`: by which name the user wants to be called; may be absent. It tells nobody from others.
    pub preferred_username: pk_text,
    /// `email`: an address; may be absent.
    pub email: pk_text,
    /// All claims, these and others: the token's payload, a JSON object.
    pub claims: pk_text,
    /// `iat`: when it was said, in seconds since the epoch.
    pub issued_at: u64,
    /// `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch.
    pub expires_at: u64,
    /// With `has_auth_time`: `auth_time`, when the user authenticated, in seconds since the epoch.
    pub auth_time: u64,
    /// Whether the token says when the user authenticated: 0 or 1.
    pub has_auth_time: u32,
    /// `email_verified`: `PK_EMAIL_VERIFIED` and the like.
    pub email_verified: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_identity_fields {}

struct Read {
    fields: pk_identity_fields,
    /// What they point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Read {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Read {}

static IDENTITIES: Table<Read> = Table::new(20, "identity");

/// Takes an identity in.
pub(crate) fn insert(identity: &Identity) -> Result<pk_identity, Fail> {
    Ok(pk_identity { id: IDENTITIES.insert(keep(identity))? })
}

fn keep(identity: &Identity) -> Read {
    let mut kept = Kept::default();
    let (audience, audience_count) = kept.texts(&identity.audience);
    let (amr, amr_count) = kept.texts(&identity.amr);
    let fields = pk_identity_fields {
        size: size_of::<pk_identity_fields>(),
        issuer: kept.text(&identity.issuer),
        subject: kept.text(&identity.subject),
        audience,
        audience_count,
        acr: kept.optional(identity.acr.as_deref()),
        amr,
        amr_count,
        session_id: kept.optional(identity.session_id.as_deref()),
        name: kept.optional(identity.name.as_deref()),
        preferred_username: kept.optional(identity.preferred_username.as_deref()),
        email: kept.optional(identity.email.as_deref()),
        claims: kept.text(&identity.claims),
        issued_at: identity.issued_at,
        expires_at: identity.expires_at,
        auth_time: identity.auth_time.unwrap_or_default(),
        has_auth_time: u32::from(identity.auth_time.is_some()),
        email_verified: match identity.email_verified {
            None => PK_EMAIL_UNKNOWN,
            Some(true) => PK_EMAIL_VERIFIED,
            Some(false) => PK_EMAIL_UNVERIFIED,
        },
    };
    Read { fields, _kept: kept }
}

/// Says what the ID token says. What `*fields` points to is good until the handle is freed.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_identity_get(
    identity: pk_identity,
    fields: *mut pk_identity_fields,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("fields", fields)?;
            IDENTITIES.with(identity.id, |read| {
                out.write(read.fields);
                Ok(())
            })
        })
    }
}

/// Frees the identity and wipes what it says. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_identity_free(identity: pk_identity) -> pk_status {
    IDENTITIES.free(identity.id)
}
