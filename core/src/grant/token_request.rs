//! The token request as it arrives at the server (RFC 6749 §4.1.3, §6), read strictly.

use super::answer::{Audit, Refusal};
use super::opaque;
use super::record::Hash;
use super::refresh::RefreshRequest;
use crate::form::Form;
use crate::http::MAX_BODY;
use crate::secret::Secret;

/// A token request whose form is right.
#[derive(Debug)]
pub(super) enum TokenRequest {
    Code(CodeRequest),
    Refresh(RefreshRequest),
}

/// The request for a code's tokens. Whether it may be granted is judged against the grant.
#[derive(Debug)]
pub(super) struct CodeRequest {
    pub(super) grant_id: String,
    pub(super) code_hash: Hash,
    pub(super) client_id: String,
    pub(super) redirect_uri: Option<String>,
    pub(super) code_verifier: Option<Secret>,
    pub(super) resource: Option<String>,
}

pub(super) const fn malformed(description: &'static str) -> Refusal {
    Refusal { status: 400, error: "invalid_request", description, audit: Audit::Malformed }
}

pub(super) const fn refused(error: &'static str, description: &'static str) -> Refusal {
    Refusal { error, ..malformed(description) }
}

const fn client(status: u16, description: &'static str) -> Refusal {
    Refusal { status, error: "invalid_client", description, audit: Audit::ClientRefused }
}

/// The form that a public client posts to the token or revocation endpoint.
pub(super) fn form(
    body: &[u8],
    content_type: Option<&str>,
    authorization: Option<&str>,
) -> Result<Form, Refusal> {
    if authorization.is_some() {
        return Err(client(401, "public clients send client_id in the body and no Authorization"));
    }
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(malformed("the body must be application/x-www-form-urlencoded"));
    }
    if body.len() as u64 > MAX_BODY {
        return Err(malformed("the body is larger than 64 KiB"));
    }
    let text = core::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8"))?;
    let form = Form::parse(text);
    if form.defect.is_some() {
        return Err(malformed("a parameter is badly encoded or stands in the body twice"));
    }
    // A parameter without a value counts as absent (RFC 6749 §3.2).
    if form.non_empty("client_secret").is_some() || form.non_empty("client_assertion").is_some() {
        return Err(client(400, "this client has no secret; do not send one"));
    }
    Ok(form)
}

/// Who posts it: a public client says so in each request (RFC 6749 §3.2.1).
pub(super) fn client_id(form: &Form) -> Result<String, Refusal> {
    let client_id = form.non_empty("client_id").ok_or(malformed("client_id is missing"))?;
    Ok(client_id.to_owned())
}

impl TokenRequest {
    /// `refreshes`: whether the `refresh_token` grant is served.
    pub(super) fn read(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
        refreshes: bool,
    ) -> Result<Self, Refusal> {
        let form = form(body, content_type, authorization)?;
        match form.non_empty("grant_type") {
            Some("authorization_code") => {
                CodeRequest::read(&form, client_id(&form)?).map(Self::Code)
            }
            Some("refresh_token") if refreshes => {
                RefreshRequest::read(&form, client_id(&form)?).map(Self::Refresh)
            }
            Some(_) => Err(Refusal {
                error: "unsupported_grant_type",
                ..malformed("this grant_type is not served")
            }),
            None => Err(malformed("grant_type is missing")),
        }
    }
}

impl CodeRequest {
    fn read(form: &Form, client_id: String) -> Result<Self, Refusal> {
        let code = form.non_empty("code").ok_or(malformed("code is missing"))?;
        let (grant_id, code_hash) = opaque::read(code).ok_or(Refusal::UNKNOWN_CODE)?;
        Ok(Self {
            grant_id,
            code_hash,
            client_id,
            redirect_uri: form.non_empty("redirect_uri").map(str::to_owned),
            code_verifier: form
                .non_empty("code_verifier")
                .map(|verifier| Secret::new(verifier.to_owned())),
            resource: form.non_empty("resource").map(str::to_owned),
        })
    }
}
