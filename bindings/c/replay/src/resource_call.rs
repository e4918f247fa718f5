//! What a resource demands.

use crate::c::{call, read, read_list, sized, view, view_or_none, views};
use crate::error::Error;
use proofkey_c::error::pk_error;
use proofkey_c::resource_call::*;
use proofkey_c::status::PK_OK;
use proofkey_c::text::pk_text;

pub use proofkey_core::resource_call::StepUp;

pub enum Reaction {
    Accept,
    Retry,
    Refresh,
    SignIn(StepUp),
    GiveUp(Error),
}

pub struct ResourceCall(pk_resource_call);

impl ResourceCall {
    pub fn new(ceiling: Option<Vec<String>>) -> Self {
        let given = ceiling.as_deref().map(views);
        // A list that is empty points somewhere all the same.
        let place = given.as_ref().map_or(std::ptr::null(), |list| list.as_ptr());
        let count = given.as_ref().map_or(0, Vec::len);
        let mut made = pk_resource_call { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_resource_call_new(place, count, &mut made, error) })
            .expect("one can be made");
        Self(made)
    }

    pub fn answered(
        &mut self,
        status: u16,
        www_authenticate: &[String],
        requested_scopes: &[String],
        granted_scopes: &[String],
    ) -> Reaction {
        let (requested, granted) = (requested_scopes.join(" "), granted_scopes.join(" "));
        let fields = views(www_authenticate);
        let mut answer: pk_resource_answer = sized();
        answer.requested_scope = view(&requested);
        answer.granted_scope = view(&granted);
        answer.www_authenticate = fields.as_ptr();
        answer.www_authenticate_count = fields.len();
        answer.status = status;
        let (mut reaction, mut error) = (sized::<pk_reaction>(), sized::<pk_error>());
        // SAFETY: everything that is pointed to lives until the end of this function.
        match unsafe { pk_resource_call_answered(self.0, &answer, &mut reaction, &mut error) } {
            PK_OK => {}
            status => return Reaction::GiveUp(Error::read(status, &error)),
        }
        match reaction.kind {
            PK_REACTION_ACCEPT => Reaction::Accept,
            PK_REACTION_RETRY => Reaction::Retry,
            PK_REACTION_REFRESH => Reaction::Refresh,
            PK_REACTION_SIGN_IN => Reaction::SignIn(taken(&reaction.step_up)),
            other => panic!("unknown reaction {other}"),
        }
    }
}

impl Drop for ResourceCall {
    fn drop(&mut self) {
        pk_resource_call_free(self.0);
    }
}

fn taken(step_up: &pk_step_up) -> StepUp {
    StepUp {
        scopes: read_list(step_up.scopes, step_up.scope_count),
        acr_values: read_list(step_up.acr_values, step_up.acr_value_count),
        max_age: (step_up.has_max_age != 0).then_some(step_up.max_age),
        resource_metadata: read(step_up.resource_metadata),
        www_authenticate: read_list(step_up.www_authenticate, step_up.www_authenticate_count),
    }
}

/// A demand in C, lent to a call.
pub(crate) struct LentStepUp<'a> {
    demand: &'a StepUp,
    scopes: Vec<pk_text>,
    acr_values: Vec<pk_text>,
    fields: Vec<pk_text>,
}

impl<'a> LentStepUp<'a> {
    pub(crate) fn new(demand: &'a StepUp) -> Self {
        Self {
            scopes: views(&demand.scopes),
            acr_values: views(&demand.acr_values),
            fields: views(&demand.www_authenticate),
            demand,
        }
    }

    pub(crate) fn lend(&self) -> pk_step_up {
        let mut given: pk_step_up = sized();
        given.scopes = self.scopes.as_ptr();
        given.scope_count = self.scopes.len();
        given.acr_values = self.acr_values.as_ptr();
        given.acr_value_count = self.acr_values.len();
        given.resource_metadata = view_or_none(self.demand.resource_metadata.as_deref());
        given.www_authenticate = self.fields.as_ptr();
        given.www_authenticate_count = self.fields.len();
        given.max_age = self.demand.max_age.unwrap_or_default();
        given.has_max_age = u32::from(self.demand.max_age.is_some());
        given
    }
}
