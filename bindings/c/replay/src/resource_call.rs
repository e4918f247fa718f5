//! What a resource demands.

use crate::c::{sized, views};
use proofkey_c::resource_call::pk_step_up;
use proofkey_c::text::pk_text;

pub use proofkey_core::resource_call::StepUp;

/// A demand in C, lent to a call.
pub(crate) struct LentStepUp {
    scopes: Vec<pk_text>,
    acr_values: Vec<pk_text>,
    max_age: Option<u64>,
}

impl LentStepUp {
    /// It points into `step_up`.
    pub(crate) fn new(step_up: &StepUp) -> Self {
        let (scopes, acr_values) = (views(&step_up.scopes), views(&step_up.acr_values));
        Self { scopes, acr_values, max_age: step_up.max_age }
    }

    pub(crate) fn lend(&self) -> pk_step_up {
        let mut given: pk_step_up = sized();
        given.scopes = self.scopes.as_ptr();
        given.scope_count = self.scopes.len();
        given.acr_values = self.acr_values.as_ptr();
        given.acr_value_count = self.acr_values.len();
        given.max_age = self.max_age.unwrap_or_default();
        given.has_max_age = u32::from(self.max_age.is_some());
        given
    }
}
