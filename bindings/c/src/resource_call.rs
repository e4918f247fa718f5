//! One request to a resource, with all of its tries: what each answer means for the token.

use crate::access::config::ceiling;
use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use crate::tokens::{TOKENS, pk_tokens};
use core::mem::size_of;
use core::ptr::null;
use proofkey::resource_call::{Reaction, ResourceCall, StepUp};
use std::sync::Mutex;

/// One request of the program to a resource. It remembers what was tried: one repetition for a nonce with each token,
/// one refresh, two sign-ins; a resource that demands for ever is given up on. The handle belongs to the caller, who
/// frees it with `pk_resource_call_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_resource_call {
    /// Not for the caller.
    pub id: u64,
}

/// What the next sign-in must ask for (RFC 6750 §3.1, RFC 9470). Where it comes out all pointers belong to the library
/// and are good until the next call with the same handle; where it goes in everything in it belongs to the caller and
/// is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_step_up {
    /// `sizeof(pk_step_up)`: `pk_step_up step_up = PK_STEP_UP_INIT;`.
    pub size: usize,
    /// The scopes: those of the last sign-in, and what is demanded now. None where nobody named any; the sign-in
    /// chooses then as it did before.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
    /// The authentication context class references that will do, the preferred ones first (RFC 9470 §4).
    pub acr_values: *const pk_text,
    /// How many; 0 where none are demanded.
    pub acr_value_count: usize,
    /// Where the resource's metadata is, if the answer says so (RFC 9728 §5.1); may be absent.
    pub resource_metadata: pk_text,
    /// The `WWW-Authenticate` fields of the answer, for `www_authenticate` of the `pk_access_run`.
    pub www_authenticate: *const pk_text,
    /// How many.
    pub www_authenticate_count: usize,
    /// With `has_max_age`: how old the user's authentication may be, in seconds (RFC 9470 §4).
    pub max_age: u64,
    /// Whether a `max_age` is demanded: 0 or 1.
    pub has_max_age: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_step_up {}

/// An answer of the resource. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_resource_answer {
    /// `sizeof(pk_resource_answer)`: `pk_resource_answer answer = PK_RESOURCE_ANSWER_INIT;`.
    pub size: usize,
    /// The tokens that the request was sent with; they say what was requested and granted. May be none (an `id` of 0):
    /// then `requested_scope` and `granted_scope` say it.
    pub tokens: pk_tokens,
    /// Without `tokens`: the scopes that the last sign-in asked for, with a space between them; may be absent.
    pub requested_scope: pk_text,
    /// Without `tokens`: the scopes of the token, with a space between them; may be absent.
    pub granted_scope: pk_text,
    /// The values of the `WWW-Authenticate` fields of the answer, in their order.
    pub www_authenticate: *const pk_text,
    /// How many.
    pub www_authenticate_count: usize,
    /// The HTTP status.
    pub status: u16,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only, handles being numbers.
unsafe impl Structure for pk_resource_answer {}

/// The answer is the program's: it says nothing of the token, or nothing that a better token would change.
pub const PK_REACTION_ACCEPT: u32 = 1;
/// Send the same request once more, with header fields that were made anew: the nonce of the answer goes along
/// (RFC 9449 §9).
pub const PK_REACTION_RETRY: u32 = 2;
/// The token is not taken: refresh it (`rejected` of a `pk_access_run`) and send the request again.
pub const PK_REACTION_REFRESH: u32 = 3;
/// Sign in again with what is demanded (`PK_GOAL_SIGN_IN`, `step_up` of a `pk_access_run`) and send the request again.
pub const PK_REACTION_SIGN_IN: u32 = 4;

/// What to do about an answer. All pointers belong to the library and are good until the next call with the same
/// handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_reaction {
    /// `sizeof(pk_reaction)`, set by the caller: `pk_reaction reaction = PK_REACTION_INIT;`.
    pub size: usize,
    /// `PK_REACTION_ACCEPT` and the like.
    pub kind: u32,
    /// `PK_REACTION_SIGN_IN`: what is demanded.
    pub step_up: pk_step_up,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_reaction {}

struct Tried {
    call: ResourceCall,
    /// What the last reaction points to.
    kept: Kept,
}

static CALLS: Table<Mutex<Tried>> = Table::new(23, "resource_call");

const NOTHING: pk_step_up = pk_step_up {
    size: size_of::<pk_step_up>(),
    scopes: null(),
    scope_count: 0,
    acr_values: null(),
    acr_value_count: 0,
    resource_metadata: pk_text::ABSENT,
    www_authenticate: null(),
    www_authenticate_count: 0,
    max_age: 0,
    has_max_age: 0,
};

/// # Safety
/// As [`input::structure_or_null`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn read_or_null(data: *const pk_step_up) -> Result<Option<StepUp>, Fail> {
    const FIELDS: &str = "www_authenticate";
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let Some(given) = input::structure_or_null("step_up", data)? else {
            return Ok(None);
        };
        let fields = given.www_authenticate_count;
        Ok(Some(StepUp {
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            acr_values: input::texts("acr_values", given.acr_values, given.acr_value_count)?,
            max_age: (given.has_max_age != 0).then_some(given.max_age),
            resource_metadata: input::optional("resource_metadata", given.resource_metadata)?,
            www_authenticate: input::fields(FIELDS, given.www_authenticate, fields)?,
        }))
    }
}

fn keep(step_up: &StepUp, kept: &mut Kept) -> pk_step_up {
    let (scopes, scope_count) = kept.texts(&step_up.scopes);
    let (acr_values, acr_value_count) = kept.texts(&step_up.acr_values);
    let (www_authenticate, www_authenticate_count) = kept.texts(&step_up.www_authenticate);
    pk_step_up {
        scopes,
        scope_count,
        acr_values,
        acr_value_count,
        resource_metadata: kept.optional(step_up.resource_metadata.as_deref()),
        www_authenticate,
        www_authenticate_count,
        max_age: step_up.max_age.unwrap_or_default(),
        has_max_age: u32::from(step_up.max_age.is_some()),
        ..NOTHING
    }
}

/// Makes a request that was not sent yet. The scopes of `scope_ceiling` may be asked for without the user's word when
/// the resource demands them, and no others; null is no ceiling: whatever it demands. It is that of the configuration. `*resource_call` is the caller's
/// to free.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_resource_call_new(
    scope_ceiling: *const pk_text,
    scope_ceiling_count: usize,
    resource_call: *mut pk_resource_call,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("resource_call", resource_call)?;
            let ceiling = ceiling(scope_ceiling, scope_ceiling_count)?;
            let tried = Tried { call: ResourceCall::new(ceiling), kept: Kept::default() };
            out.write(pk_resource_call { id: CALLS.insert(Mutex::new(tried))? });
            Ok(())
        })
    }
}

/// Says what an answer means. `pk_dpop_nonces_heard` comes first. What `*reaction` points to is good until the next call
/// with this handle.
///
/// Returns `PK_OK`; `PK_ERROR` with `scope_ceiling`, whose `field` is the scope above it, or with `step_up_refused`:
/// nothing more is tried; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_resource_call_answered(
    resource_call: pk_resource_call,
    answer: *const pk_resource_answer,
    reaction: *mut pk_reaction,
    error: *mut pk_error,
) -> pk_status {
    const FIELDS: &str = "www_authenticate";
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        call(error, || {
            let out = Out::structure("reaction", reaction)?;
            CALLS.locked(resource_call.id, |tried| {
                let given = input::structure("answer", answer)?;
                let count = given.www_authenticate_count;
                let fields = input::fields(FIELDS, given.www_authenticate, count)?;
                let (requested, granted) = scopes(&given)?;
                tried.kept = Kept::default();
                let said = tried.call.answered(given.status, &fields, &requested, &granted);
                let size = size_of::<pk_reaction>();
                out.write(match said {
                    Reaction::Accept => {
                        pk_reaction { size, kind: PK_REACTION_ACCEPT, step_up: NOTHING }
                    }
                    Reaction::Retry => {
                        pk_reaction { size, kind: PK_REACTION_RETRY, step_up: NOTHING }
                    }
                    Reaction::Refresh => {
                        pk_reaction { size, kind: PK_REACTION_REFRESH, step_up: NOTHING }
                    }
                    Reaction::SignIn(step_up) => {
                        let step_up = keep(&step_up, &mut tried.kept);
                        pk_reaction { size, kind: PK_REACTION_SIGN_IN, step_up }
                    }
                    Reaction::GiveUp(error) => return Err(error.into()),
                });
                Ok(())
            })
        })
    }
}

/// What was requested, and what is granted.
///
/// # Safety
/// Everything that `given` points to is as [`input::bytes`] wants it.
unsafe fn scopes(given: &pk_resource_answer) -> Result<(Vec<String>, Vec<String>), Fail> {
    if given.tokens.id != 0 {
        let said = |set: &proofkey::token::TokenSet| {
            Ok((set.requested_scopes().to_vec(), set.scopes().to_vec()))
        };
        return TOKENS.with(given.tokens.id, said);
    }
    let list = |text: Option<String>| {
        text.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect()
    };
    // SAFETY: the caller's promise.
    unsafe {
        let requested = input::optional("requested_scope", given.requested_scope)?;
        let granted = input::optional("granted_scope", given.granted_scope)?;
        Ok((list(requested), list(granted)))
    }
}

/// Frees the request. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_resource_call_free(resource_call: pk_resource_call) -> pk_status {
    CALLS.free(resource_call.id)
}
