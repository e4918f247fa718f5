//! A code, issued by the C functions.

use super::request::GrantRequest;
use super::{
    Policy, StoreEvent, StoreStep, call, present, sized, step, taken, view, view_or_none, views,
    with_event,
};
use crate::error::Error;
use proofkey_c::grant::issue::*;
use proofkey_c::grant::store::pk_store_step;
use proofkey_core::secret::Secret;

pub use proofkey_core::grant::issue::{Approval, IssueOutcome};

flow!(Issue, pk_issue, pk_issue_advance, pk_issue_free);

impl Issue {
    pub fn new(request: GrantRequest, approval: Approval, _policy: &Policy) -> Result<Self, Error> {
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
