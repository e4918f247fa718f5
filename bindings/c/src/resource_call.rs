//! One request to a resource, with all of its tries.

use crate::input::{self, Structure};
use crate::status::Fail;
use crate::text::pk_text;
use proofkey::resource_call::StepUp;

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
    /// With `has_max_age`: how old the user's authentication may be, in seconds (RFC 9470 §4).
    pub max_age: u64,
    /// Whether a `max_age` is demanded: 0 or 1.
    pub has_max_age: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_step_up {}

/// # Safety
/// As [`input::structure_or_null`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn read_or_null(data: *const pk_step_up) -> Result<Option<StepUp>, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let Some(given) = input::structure_or_null("step_up", data)? else {
            return Ok(None);
        };
        Ok(Some(StepUp {
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            acr_values: input::texts("acr_values", given.acr_values, given.acr_value_count)?,
            max_age: (given.has_max_age != 0).then_some(given.max_age),
        }))
    }
}
