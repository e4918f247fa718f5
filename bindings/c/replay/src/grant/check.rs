//! A token, judged at a resource by the C functions.

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
    pub fn new(authorization: Option<&str>, audience: &str, required_scopes: &[String]) -> Self {
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
        let take = |out| unsafe { pk_check_take_outcome(self.flow.0, out, std::ptr::null_mut()) };
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
