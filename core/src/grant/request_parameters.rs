//! The parameters of an authorization request, each read by its own rule.

use super::client::{ClientRecord, redirect_uri_matches};
use super::policy::Policy;
use super::request::{Refused, RequestRefusal, page};
use crate::challenge::{ChallengeMethod, CodeChallenge};
use crate::form::Form;
use crate::grammar::is_vschar;
use crate::uri;

/// The redirect URI of the request, or the only registered one (RFC 6749 §3.1.2.3).
pub(super) fn redirect_uri(
    form: &Form,
    client: &ClientRecord,
) -> Result<(String, bool), RequestRefusal> {
    let mut all = form.all("redirect_uri");
    match (all.next(), all.next(), client.redirect_uris.as_slice()) {
        (Some(_), Some(_), _) => Err(page("redirect_uri stands in the request twice")),
        (Some(sent), None, registered) => {
            if registered.iter().any(|known| redirect_uri_matches(known, sent)) {
                Ok((sent.to_owned(), true))
            } else {
                Err(page("the redirect_uri is not one that this client registered"))
            }
        }
        // One that cannot be decoded is not one that is absent.
        (None, _, [only]) if form.defect.is_none() && redirect_uri_matches(only, only) => {
            Ok((only.clone(), false))
        }
        (None, ..) => Err(page("the request has no redirect_uri")),
    }
}

/// The state to be echoed. A client that follows RFC 6749 Appendix A.5 sends printable ASCII.
pub(super) fn state(form: &Form) -> Result<Option<String>, Refused> {
    let mut all = form.all("state");
    match (all.next(), all.next()) {
        (Some(state), None) if !state.bytes().all(is_vschar) => {
            Err(("invalid_request", "the state is not printable ASCII"))
        }
        (state, None) => Ok(state.map(str::to_owned)),
        (_, Some(_)) => Err(("invalid_request", "state stands in the request twice")),
    }
}

pub(super) fn check_parameters(form: &Form) -> Result<(), Refused> {
    if form.defect.is_some() {
        return Err((
            "invalid_request",
            "a parameter is badly encoded or stands in the request twice",
        ));
    }
    match form.non_empty("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(("unsupported_response_type", "only response_type=code is served"));
        }
        None => return Err(("invalid_request", "response_type is missing")),
    }
    match form.non_empty("response_mode") {
        None | Some("query") => {}
        Some(_) => return Err(("invalid_request", "only response_mode=query is served")),
    }
    // OpenID Connect Core §6, RFC 9101.
    if form.non_empty("request").is_some() {
        return Err(("request_not_supported", "request objects are not served"));
    }
    if form.non_empty("request_uri").is_some() {
        return Err(("request_uri_not_supported", "request_uri is not served"));
    }
    Ok(())
}

/// P20, RFC 7636 §4.4.1. A method that is absent would mean plain (§4.3), which is not served.
pub(super) fn challenge(form: &Form) -> Result<CodeChallenge, Refused> {
    let challenge = form
        .non_empty("code_challenge")
        .ok_or(("invalid_request", "code challenge required (RFC 7636)"))?;
    form.get("code_challenge_method")
        .and_then(ChallengeMethod::parse)
        .ok_or(("invalid_request", "transform algorithm not supported; send S256"))?;
    CodeChallenge::parse(challenge)
        .map_err(|_| ("invalid_request", "the code challenge is not 43 characters of base64url"))
}

/// The scopes that are asked for, each once, if this client may ask for all of them.
pub(super) fn scopes(
    form: &Form,
    client: &ClientRecord,
    policy: &Policy,
) -> Result<Vec<String>, Refused> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in form.get("scope").unwrap_or_default().split(' ').filter(|s| !s.is_empty()) {
        if !client.scopes.iter().chain(&policy.open_scopes).any(|allowed| allowed == scope) {
            return Err(("invalid_scope", "this client may not ask for one of these scopes"));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

pub(super) fn resource(form: &Form) -> Result<Option<String>, Refused> {
    match form.non_empty("resource") {
        Some(resource) if uri::check_resource(resource).is_err() => {
            Err(("invalid_target", "the resource is not an absolute URI without fragment"))
        }
        resource => Ok(resource.map(str::to_owned)),
    }
}
