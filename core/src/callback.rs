//! The redirect (RFC 6749 §4.1.2), read strictly.
//!
//! Anyone can send a redirect: another program on the machine, a page in the browser. So everything
//! before the state is proven is noise and ends nothing, and everything after it is the server's answer
//! and final.

use crate::authorization::Pinned;
use crate::error::{Error, cleaned};
use crate::form::{Form, FormDefect};
use crate::grammar::is_vschar;
use crate::secret::Secret;
use crate::uri::RESPONSE_PARAMETERS;

/// No redirect is longer, in bytes.
const MAX_REDIRECT: usize = 8 * 1024;

/// Why a redirect is not ours. The session waits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Longer than 8 KiB.
    #[error("the redirect is longer than 8 KiB")]
    TooLong,
    /// It did not arrive at the redirect URI that was sent (RFC 8252 §8.10).
    #[error("it did not arrive at the redirect URI of this sign-in")]
    OtherUri,
    /// Broken encoding, and no proof that it is ours.
    #[error("it is malformed and carries no valid state")]
    Malformed,
    /// A duplicated parameter, and no proof that it is ours (RFC 6749 §3.1).
    #[error("a parameter stands in it twice and it carries no valid state")]
    Duplicate,
    /// The parameters stand in the fragment; the code flow answers in the query.
    #[error("its parameters stand in the fragment, not in the query")]
    InFragment,
    /// No state.
    #[error("it has no state")]
    StateMissing,
    /// The state of another session, or nobody's.
    #[error("its state is not that of this sign-in")]
    StateMismatch,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "redirect_too_long",
            Self::OtherUri => "not_the_redirect_uri",
            Self::Malformed => "redirect_unreadable",
            Self::Duplicate => "redirect_duplicate_parameter",
            Self::InFragment => "redirect_in_fragment",
            Self::StateMissing => "state_missing",
            Self::StateMismatch => "state_mismatch",
        }
    }
}

/// What a redirect says.
pub(crate) enum Verdict {
    /// The authorization code.
    Code(Secret),
    /// Not ours.
    Noise(Refusal),
    /// Ours, and the end.
    End(Error),
}

/// Judges a redirect against what was pinned when the session began.
pub(crate) fn judge(redirect: &str, pinned: &Pinned, state: &Secret) -> Verdict {
    let (query, fragment) = match locate(redirect, &pinned.redirect_uri) {
        Ok(found) => found,
        Err(refusal) => return Verdict::Noise(refusal),
    };
    let form = Form::parse(query);
    let in_fragment = fragment.is_some_and(|text| Form::parse(text).has_any(&RESPONSE_PARAMETERS));
    if let Err(refusal) = prove_state(&form, state, in_fragment) {
        return Verdict::Noise(refusal);
    }
    let verdict = match (form.defect, in_fragment) {
        (Some(defect), _) => Err(Error::RedirectMalformed { reason: defect.reason() }),
        (None, true) => {
            Err(Error::RedirectMalformed { reason: "parameters stand in its fragment too" })
        }
        (None, false) => check_issuer(&form, pinned).and_then(|()| code(&form)),
    };
    verdict.map_or_else(Verdict::End, Verdict::Code)
}

/// The query and the fragment of a redirect that arrived at the right place (P9).
fn locate<'a>(
    redirect: &'a str,
    redirect_uri: &str,
) -> Result<(&'a str, Option<&'a str>), Refusal> {
    if redirect.len() > MAX_REDIRECT {
        return Err(Refusal::TooLong);
    }
    let (before, fragment) = match redirect.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (redirect, None),
    };
    let rest = before.strip_prefix(redirect_uri).ok_or(Refusal::OtherUri)?;
    // A redirect URI with a query of its own keeps it, and the answer is added (RFC 6749 §3.1.2).
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    match rest.strip_prefix(separator) {
        Some(query) => Ok((query, fragment)),
        None if rest.is_empty() => Ok(("", fragment)),
        None => Err(Refusal::OtherUri),
    }
}

/// P6: on success and on error alike, exactly one state and the right one.
fn prove_state(form: &Form, state: &Secret, in_fragment: bool) -> Result<(), Refusal> {
    let mut states = form.all("state");
    match (states.next(), states.next()) {
        (Some(given), None) if state.matches(given) => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::Duplicate),
        (given, None) => Err(match form.defect {
            Some(FormDefect::Duplicate) => Refusal::Duplicate,
            Some(_) => Refusal::Malformed,
            None if given.is_some() => Refusal::StateMismatch,
            None if in_fragment => Refusal::InFragment,
            None => Refusal::StateMissing,
        }),
        (None, Some(_)) => Err(Refusal::StateMissing),
    }
}

/// P8, RFC 9207 §2.4: compared as strings, on success and on error, before anything else is looked at.
fn check_issuer(form: &Form, pinned: &Pinned) -> Result<(), Error> {
    match form.get("iss") {
        Some(iss) if iss == pinned.issuer => Ok(()),
        Some(_) => Err(Error::IssuerMismatch { expected: pinned.issuer.clone() }),
        None if pinned.iss_promised => {
            Err(Error::IssuerMissing { expected: pinned.issuer.clone() })
        }
        None => Ok(()),
    }
}

fn code(form: &Form) -> Result<Secret, Error> {
    match (form.get("code"), form.get("error")) {
        (Some(_), Some(_)) => {
            Err(Error::RedirectMalformed { reason: "code and error both stand in it" })
        }
        (None, None) => Err(Error::RedirectMalformed { reason: "neither code nor error is in it" }),
        // RFC 6749 Appendix A.11: VSCHAR.
        (Some(code), None) if code.is_empty() || !code.bytes().all(is_vschar) => {
            Err(Error::RedirectMalformed { reason: "its code is empty or not printable ASCII" })
        }
        (Some(code), None) => Ok(Secret::new(code.to_owned())),
        (None, Some(error)) => Err(refused(error, form.get("error_description"))),
    }
}

/// An OAuth error code, of a redirect or of the token endpoint, as an error of ours.
pub(crate) fn refused(error: &str, description: Option<&str>) -> Error {
    let description = description.filter(|text| !text.is_empty()).map(cleaned);
    match error {
        "access_denied" => Error::AccessDenied { description },
        "invalid_grant" => Error::InvalidGrant { description },
        "invalid_scope" => Error::ScopeRefused { description },
        "invalid_target" => Error::ResourceRefused { description },
        "invalid_client" | "unauthorized_client" => {
            Error::ClientRefused { error: error.to_owned(), description }
        }
        "temporarily_unavailable" | "server_error" => {
            Error::ServerUnavailable { what: error.to_owned(), description }
        }
        // OpenID Connect Core §3.1.2.6.
        "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => {
            Error::InteractionRequired { error: error.to_owned(), description }
        }
        other => Error::RequestRefused { error: cleaned(other), description },
    }
}
