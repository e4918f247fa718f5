//! ID tokens, and who they say has signed in.

use crate::c::{call, present, read, read_list, sized, view, view_bytes, view_or_none};
use crate::error::Error;
use crate::jose::KeySet;
use proofkey_c::error::pk_error;
use proofkey_c::id_token::{pk_id_token, pk_id_token_verify};
use proofkey_c::identity::*;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_core::id_token as core;

pub use proofkey_core::id_token::IdTokenRequest;

/// All of it, as the core has it.
pub type Identity = core::Identity;

pub enum Verified {
    Good(Box<Identity>),
    UnknownKey,
}

pub fn verify(token: &str, keys: &KeySet, asked: &IdTokenRequest<'_>) -> Result<Verified, Error> {
    let mut given: pk_id_token = sized();
    given.token = view(token);
    given.keys = view_bytes(&keys.body);
    given.issuer = view(asked.issuer);
    given.client_id = view(asked.client_id);
    given.nonce = view_or_none(asked.nonce);
    given.access_token = view_or_none(asked.access_token);
    given.max_age = asked.max_age.unwrap_or_default();
    given.has_max_age = u32::from(asked.max_age.is_some());
    given.now = asked.now;
    let (mut identity, mut error) = (pk_identity { id: 0 }, sized::<pk_error>());
    // SAFETY: everything that is pointed to lives until the end of this function.
    match unsafe { pk_id_token_verify(&given, &mut identity, &mut error) } {
        PK_OK => Ok(Verified::Good(Box::new(take(identity)))),
        PK_NOTHING => Ok(Verified::UnknownKey),
        status => Err(Error::read(status, &error)),
    }
}

/// What a handle says, and its end.
pub(crate) fn take(identity: pk_identity) -> Identity {
    let mut fields: pk_identity_fields = sized();
    // SAFETY: the pointer is to a structure of this function.
    call(|error| unsafe { pk_identity_get(identity, &mut fields, error) }).expect("it is good");
    let said = Identity {
        issuer: present(fields.issuer),
        subject: present(fields.subject),
        audience: read_list(fields.audience, fields.audience_count),
        issued_at: fields.issued_at,
        expires_at: fields.expires_at,
        auth_time: (fields.has_auth_time != 0).then_some(fields.auth_time),
        acr: read(fields.acr),
        amr: read_list(fields.amr, fields.amr_count),
        session_id: read(fields.session_id),
        name: read(fields.name),
        preferred_username: read(fields.preferred_username),
        email: read(fields.email),
        email_verified: match fields.email_verified {
            PK_EMAIL_UNKNOWN => None,
            PK_EMAIL_VERIFIED => Some(true),
            PK_EMAIL_UNVERIFIED => Some(false),
            other => panic!("unknown answer {other}"),
        },
        claims: present(fields.claims),
    };
    call(|_| pk_identity_free(identity)).expect("it is good");
    said
}
