//! The authorization request, judged by the C functions.

use super::client::ClientRecord;
use super::{Policy, call, present, sized, view, views, with_policy};
use crate::c::{read, text};
use crate::error::kept;
use proofkey_c::grant::request::*;
use proofkey_c::grant::rows::pk_client_record;

use proofkey_c::text::pk_text;

pub use proofkey_core::grant::request::{Decline, RequestRefusal};

pub struct GrantRequest {
    pub(super) handle: pk_grant_request,
    redirect_uri: String,
    scopes: Vec<String>,
    resource: Option<String>,
    dpop_jkt: Option<String>,
    acr_values: Vec<String>,
    max_age: Option<u64>,
    prompt: Vec<String>,
    login_hint: Option<String>,
    ui_locales: Vec<String>,
    nonce: Option<String>,
    authorization_details: Option<String>,
}

fn list(text: pk_text) -> Vec<String> {
    present(text).split_ascii_whitespace().map(str::to_owned).collect()
}

impl GrantRequest {
    pub fn client_id_of(query: &str) -> Result<String, RequestRefusal> {
        let given = view(query);
        // SAFETY: everything that is pointed to lives until the end of this function.
        let found = text(|b, n, l, e| unsafe {
            pk_grant_request_client_id(given.data, given.length, b, n, l, e)
        });
        let page = RequestRefusal::Page { error: "invalid_request", description: "no client" };
        found.expect("the query is a text").ok_or(page)
    }

    pub fn judge(
        query: &str,
        client: &ClientRecord,
        policy: &Policy,
    ) -> Result<Self, RequestRefusal> {
        let (uris, scopes) = (views(&client.redirect_uris), views(&client.scopes));
        let mut record: pk_client_record = sized();
        record.client_id = view(&client.client_id);
        record.redirect_uris = uris.as_ptr();
        record.redirect_uri_count = uris.len();
        record.scopes = scopes.as_ptr();
        record.scope_count = scopes.len();
        record.may_refresh = u32::from(client.may_refresh);
        let given = view(query);
        let mut handle = pk_grant_request { id: 0 };
        let mut verdict: pk_request_verdict = sized();
        // SAFETY: everything that is pointed to lives until the end of this function.
        unsafe {
            with_policy(policy, |policy| {
                call(|error| {
                    pk_grant_request_judge(
                        given.data,
                        given.length,
                        &record,
                        policy,
                        &mut handle,
                        error,
                    )
                })
            })
            .expect("a policy and a text");
            call(|error| pk_grant_request_verdict(handle, &mut verdict, error)).expect("a verdict");
        }
        match verdict.kind {
            PK_REQUEST_ACCEPTED => Ok(Self {
                handle,
                redirect_uri: present(verdict.redirect_uri),
                scopes: list(verdict.scope),
                resource: read(verdict.resource),
                dpop_jkt: read(verdict.dpop_jkt),
                acr_values: list(verdict.acr_values),
                max_age: (verdict.has_max_age != 0).then_some(verdict.max_age),
                prompt: list(verdict.prompt),
                login_hint: read(verdict.login_hint),
                ui_locales: list(verdict.ui_locales),
                nonce: read(verdict.nonce),
                authorization_details: read(verdict.authorization_details),
            }),
            PK_REQUEST_PAGE | PK_REQUEST_REDIRECT => {
                let error = kept(&present(verdict.error));
                let refused = if verdict.kind == PK_REQUEST_PAGE {
                    RequestRefusal::Page { error, description: kept(&present(verdict.description)) }
                } else {
                    RequestRefusal::Redirect { location: present(verdict.location), error }
                };
                pk_grant_request_free(handle);
                Err(refused)
            }
            other => panic!("unknown verdict {other}"),
        }
    }

    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }
    pub fn dpop_jkt(&self) -> Option<&str> {
        self.dpop_jkt.as_deref()
    }
    pub fn acr_values(&self) -> &[String] {
        &self.acr_values
    }
    pub fn max_age(&self) -> Option<u64> {
        self.max_age
    }
    pub fn prompt(&self) -> &[String] {
        &self.prompt
    }
    pub fn login_hint(&self) -> Option<&str> {
        self.login_hint.as_deref()
    }
    pub fn ui_locales(&self) -> &[String] {
        &self.ui_locales
    }
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }
    pub fn authorization_details(&self) -> Option<&str> {
        self.authorization_details.as_deref()
    }
    pub fn decline(&self, why: Decline, _policy: &Policy) -> String {
        let why = match why {
            Decline::Denied => PK_DECLINE_DENIED,
            Decline::LoginRequired => PK_DECLINE_LOGIN_REQUIRED,
            Decline::ConsentRequired => PK_DECLINE_CONSENT_REQUIRED,
            Decline::AccountSelectionRequired => PK_DECLINE_ACCOUNT_SELECTION_REQUIRED,
            Decline::InteractionRequired => PK_DECLINE_INTERACTION_REQUIRED,
            Decline::UnmetAuthentication => PK_DECLINE_UNMET_AUTHENTICATION,
            Decline::TemporarilyUnavailable => PK_DECLINE_TEMPORARILY_UNAVAILABLE,
            Decline::ServerError => PK_DECLINE_SERVER_ERROR,
        };
        // SAFETY: the pointers are `text`'s.
        let location =
            text(|b, n, l, e| unsafe { pk_grant_request_decline(self.handle, why, b, n, l, e) });
        location.expect("the request is good").expect("a location")
    }
    pub fn deny(&self, _policy: &Policy) -> String {
        // SAFETY: the pointers are `text`'s.
        let location = text(|b, n, l, e| unsafe { pk_grant_request_deny(self.handle, b, n, l, e) });
        location.expect("the request is good").expect("a location")
    }
}

impl Drop for GrantRequest {
    fn drop(&mut self) {
        pk_grant_request_free(self.handle);
    }
}
