//! What can go wrong for a client: one enum, one stable code a variant, four families.

/// What the caller can do about an error. There are four and there will not be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Nothing is wrong with the request: try again later.
    Retry,
    /// This sign-in cannot be completed: start a new one, with the user.
    SignInAgain,
    /// A setting of the program or of the server is wrong: trying again will not help.
    FixConfiguration,
    /// The user said no, or the caller cancelled.
    UserCancelled,
}

impl Family {
    /// The stable name: `retry`, `sign_in_again`, `fix_configuration`, `user_cancelled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::SignInAgain => "sign_in_again",
            Self::FixConfiguration => "fix_configuration",
            Self::UserCancelled => "user_cancelled",
        }
    }
}

/// An error of the client's side.
///
/// `Display` says what was wrong and what was expected, [`Error::advice`] what to do, and
/// [`Error::code`] is stable across versions and languages. No variant holds a secret. Text that a
/// server wrote is cleaned of control characters, cut, and marked as the server's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A code verifier outside the grammar of RFC 7636 §4.1.
    #[error("the code verifier {reason}; expected 43 to 128 of A-Z a-z 0-9 - . _ ~")]
    InvalidVerifier {
        /// What was wrong, as the end of a sentence. Never a part of the verifier.
        reason: &'static str,
    },
    /// A code challenge that is not the base64url text of 32 bytes (RFC 7636 §4.2).
    #[error(
        "the code challenge {reason}; expected 43 characters of base64url without padding (S256)"
    )]
    InvalidChallenge {
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// The system's random generator failed. There is no fallback.
    #[error("the operating system's random generator failed; no verifier was made")]
    RandomUnavailable,
    /// A setting that cannot be used.
    #[error("{field} {reason}")]
    InvalidConfiguration {
        /// The setting's name, as the configuration spells it.
        field: &'static str,
        /// What was wrong and what was expected, as the end of a sentence.
        reason: &'static str,
    },
    /// A fixed loopback port is in use.
    #[error("port {port} of the loopback address is in use by another program")]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// The loopback receiver could not be opened or has failed.
    #[error("the loopback receiver failed: {detail}")]
    ListenFailed {
        /// The system's words.
        detail: String,
    },
    /// This build has no loopback receiver, as those for phones.
    #[error("this build of ProofKey has no loopback receiver")]
    LoopbackUnavailable,
    /// The browser could not be opened.
    #[error("the browser could not be opened: {detail}")]
    BrowserFailed {
        /// The system's words.
        detail: String,
    },
    /// No redirect came before the deadline.
    #[error(
        "no redirect came back within {seconds} s; some servers end a refusal on a page of their own"
    )]
    RedirectTimeout {
        /// How long was waited.
        seconds: u64,
    },
    /// The user closed the browser.
    #[error("the user closed the sign-in")]
    UserCancelled,
    /// The caller cancelled.
    #[error("the sign-in was cancelled by the program")]
    Cancelled,
    /// A redirect that carries the right state and is broken all the same.
    #[error("the redirect carries the right state, but {reason}")]
    RedirectMalformed {
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// `iss` of the redirect is not the issuer that was asked (RFC 9207 §2.4): a mix-up.
    #[error("the redirect's iss is not the issuer {expected:?} that was asked")]
    IssuerMismatch {
        /// The issuer that was pinned at the beginning. What came is not shown.
        expected: String,
    },
    /// `iss` is missing although the server promises it (RFC 9207 §2.4).
    #[error("the redirect has no iss, although the issuer {expected:?} promises one")]
    IssuerMissing {
        /// The issuer that was pinned at the beginning.
        expected: String,
    },
    /// The user or the server refused: `access_denied`.
    #[error("access was denied{}", words(.description))]
    AccessDenied {
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The server wants the user at the browser: `login_required`, `consent_required` and the like.
    #[error("the server answered {error:?}{}", words(.description))]
    InteractionRequired {
        /// The server's error code, cleaned.
        error: String,
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The code, or the refresh token, was not accepted: `invalid_grant` (RFC 6749 §5.2).
    #[error("the server did not accept the code or the verifier (invalid_grant){}", words(.description))]
    InvalidGrant {
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The client was not accepted: `invalid_client`, `unauthorized_client`.
    #[error("the server did not accept the client ({error}){}", words(.description))]
    ClientRefused {
        /// The server's error code, cleaned.
        error: String,
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The scope was not accepted: `invalid_scope`.
    #[error("the server did not accept the scope (invalid_scope){}", words(.description))]
    ScopeRefused {
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The resource was not accepted: `invalid_target` (RFC 8707 §2).
    #[error("the server did not accept the resource (invalid_target){}", words(.description))]
    ResourceRefused {
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// Any other refusal: `invalid_request`, `unsupported_grant_type`, or a code of the server's own.
    #[error("the server refused the request ({error}){}", words(.description))]
    RequestRefused {
        /// The server's error code, cleaned.
        error: String,
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The server cannot answer now: `temporarily_unavailable`, `server_error`, HTTP 429 and 5xx.
    #[error("the server cannot answer now ({what}){}", words(.description))]
    ServerUnavailable {
        /// The error code, or the HTTP status as text.
        what: String,
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The server could not be reached, or its answer was lost.
    #[error("{endpoint} did not answer: {reason}{}", in_brackets(.detail))]
    Unreachable {
        /// Which endpoint, in the words of the specification.
        endpoint: &'static str,
        /// What happened.
        reason: crate::http::Lost,
        /// The system's words, cleaned.
        detail: String,
    },
    /// An HTTP redirect where none is followed (RFC 9700 §4.11).
    #[error("{endpoint} answered with the redirect {status}, which is never followed")]
    RedirectRefused {
        /// Which endpoint.
        endpoint: &'static str,
        /// The HTTP status.
        status: u16,
    },
    /// An answer that the specification does not allow.
    #[error("the answer of {endpoint} (HTTP {status}) {reason}")]
    MalformedResponse {
        /// Which endpoint.
        endpoint: &'static str,
        /// The HTTP status.
        status: u16,
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// No metadata where it should be (RFC 8414 §3, RFC 9728 §3).
    #[error("{document} was not found; asked were {tried}")]
    MetadataNotFound {
        /// Which document.
        document: &'static str,
        /// The addresses, and what each answered.
        tried: String,
    },
    /// Metadata that cannot be used.
    #[error("{document}: {member} {reason}")]
    InvalidMetadata {
        /// Which document.
        document: &'static str,
        /// The member of the document.
        member: &'static str,
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// Metadata of another issuer than the one that was asked for (RFC 8414 §3.3).
    #[error("the metadata is of the issuer \"{found}\", not of {asked:?}: {difference}")]
    MetadataIssuerMismatch {
        /// The issuer that was asked for.
        asked: String,
        /// The issuer that the document names, in ASCII and cut.
        found: String,
        /// Where they part.
        difference: String,
    },
    /// Metadata of another resource than the one that was asked for (RFC 9728 §3.3).
    #[error("the metadata is of the resource \"{found}\", not of {asked:?}: {difference}")]
    MetadataResourceMismatch {
        /// The resource that was asked for.
        asked: String,
        /// The resource that the document names, in ASCII and cut.
        found: String,
        /// Where they part.
        difference: String,
    },
    /// The configured issuer is not among those that the resource names (RFC 9728 §2).
    #[error(
        "the resource does not name the issuer {issuer:?} among its authorization servers, of which the first is \"{first}\""
    )]
    IssuerNotListed {
        /// The configured issuer.
        issuer: String,
        /// The first that the resource names, in ASCII and cut.
        first: String,
    },
    /// The metadata does not promise PKCE with S256 (RFC 8414 §2).
    #[error(
        "the issuer {issuer:?} does not promise S256: code_challenge_methods_supported {reason}"
    )]
    PkceUnsupported {
        /// The issuer.
        issuer: String,
        /// Whether the member is absent or a list without S256, as the end of a sentence.
        reason: &'static str,
    },
    /// A token of a type that was not asked for.
    #[error("the server issued a token of another type than Bearer")]
    UnsupportedTokenType,
    /// The driver answered a step with an event that does not answer it.
    #[error("the event {event} does not answer the step {step}")]
    UnexpectedEvent {
        /// The event's name.
        event: &'static str,
        /// The step's name.
        step: &'static str,
    },
    /// The flow has ended; it takes no further events.
    #[error("this flow has ended")]
    FlowEnded,
}

impl Error {
    /// The stable code. It never changes its meaning and is never used again for another.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidVerifier { .. } => "invalid_verifier",
            Self::InvalidChallenge { .. } => "invalid_challenge",
            Self::RandomUnavailable => "random_unavailable",
            Self::InvalidConfiguration { .. } => "invalid_configuration",
            Self::PortInUse { .. } => "port_in_use",
            Self::ListenFailed { .. } => "listen_failed",
            Self::LoopbackUnavailable => "loopback_unavailable",
            Self::BrowserFailed { .. } => "browser_failed",
            Self::RedirectTimeout { .. } => "redirect_timeout",
            Self::UserCancelled => "user_cancelled",
            Self::Cancelled => "cancelled",
            Self::RedirectMalformed { .. } => "redirect_malformed",
            Self::IssuerMismatch { .. } => "issuer_mismatch",
            Self::IssuerMissing { .. } => "issuer_missing",
            Self::AccessDenied { .. } => "access_denied",
            Self::InteractionRequired { .. } => "interaction_required",
            Self::InvalidGrant { .. } => "invalid_grant",
            Self::ClientRefused { .. } => "client_refused",
            Self::ScopeRefused { .. } => "scope_refused",
            Self::ResourceRefused { .. } => "resource_refused",
            Self::RequestRefused { .. } => "request_refused",
            Self::ServerUnavailable { .. } => "server_unavailable",
            Self::Unreachable { .. } => "unreachable",
            Self::RedirectRefused { .. } => "redirect_refused",
            Self::MalformedResponse { .. } => "malformed_response",
            Self::MetadataNotFound { .. } => "metadata_not_found",
            Self::InvalidMetadata { .. } => "invalid_metadata",
            Self::MetadataIssuerMismatch { .. } => "metadata_issuer_mismatch",
            Self::MetadataResourceMismatch { .. } => "metadata_resource_mismatch",
            Self::IssuerNotListed { .. } => "issuer_not_listed",
            Self::PkceUnsupported { .. } => "pkce_unsupported",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::UnexpectedEvent { .. } => "unexpected_event",
            Self::FlowEnded => "flow_ended",
        }
    }

    /// What the caller can do about it.
    #[must_use]
    pub const fn family(&self) -> Family {
        match self {
            Self::RandomUnavailable
            | Self::PortInUse { .. }
            | Self::ListenFailed { .. }
            | Self::ServerUnavailable { .. }
            | Self::Unreachable { .. } => Family::Retry,
            Self::RedirectTimeout { .. }
            | Self::RedirectMalformed { .. }
            | Self::IssuerMismatch { .. }
            | Self::InteractionRequired { .. }
            | Self::InvalidGrant { .. } => Family::SignInAgain,
            Self::UserCancelled | Self::Cancelled | Self::AccessDenied { .. } => {
                Family::UserCancelled
            }
            Self::InvalidVerifier { .. }
            | Self::InvalidChallenge { .. }
            | Self::InvalidConfiguration { .. }
            | Self::LoopbackUnavailable
            | Self::BrowserFailed { .. }
            | Self::IssuerMissing { .. }
            | Self::ClientRefused { .. }
            | Self::ScopeRefused { .. }
            | Self::ResourceRefused { .. }
            | Self::RequestRefused { .. }
            | Self::RedirectRefused { .. }
            | Self::MalformedResponse { .. }
            | Self::MetadataNotFound { .. }
            | Self::InvalidMetadata { .. }
            | Self::MetadataIssuerMismatch { .. }
            | Self::MetadataResourceMismatch { .. }
            | Self::IssuerNotListed { .. }
            | Self::PkceUnsupported { .. }
            | Self::UnsupportedTokenType
            | Self::UnexpectedEvent { .. }
            | Self::FlowEnded => Family::FixConfiguration,
        }
    }

    /// What to do, in one sentence for the person who runs the program.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::InvalidVerifier { .. } => {
                "Let ProofKey make the verifier; do not edit, encode or shorten it."
            }
            Self::InvalidChallenge { .. } => {
                "Send the code challenge that belongs to the verifier, as S256, without padding."
            }
            Self::RandomUnavailable => {
                "Check that the program may call the system's generator (sandbox, seccomp), then try again."
            }
            Self::InvalidConfiguration { .. } => "Correct this setting and start again.",
            Self::PortInUse { .. } => {
                "Stop the other program, or leave the port to the system's choice."
            }
            Self::ListenFailed { .. } => {
                "Check that the program may listen on the loopback address, then try again."
            }
            Self::LoopbackUnavailable => {
                "Give a redirect URI that the platform watches: a claimed https link or a private-use scheme."
            }
            Self::BrowserFailed { .. } => {
                "Install or name a browser program, or open the address yourself."
            }
            Self::RedirectTimeout { .. } => {
                "Look at the browser: if it shows an error of the server, mend that; else sign in again."
            }
            Self::UserCancelled => "Sign in again when you are ready.",
            Self::Cancelled => "Nothing to do: the program asked for it.",
            Self::RedirectMalformed { .. } => {
                "Sign in again; if it happens again, report it to those who run the server."
            }
            Self::IssuerMismatch { .. } => {
                "Do not go on: another server may have answered. Check the issuer, then sign in again."
            }
            Self::IssuerMissing { .. } => {
                "Report it to those who run the server, or correct the setting that says iss is promised."
            }
            Self::AccessDenied { .. } => "Sign in again and allow the access, if you meant to.",
            Self::InteractionRequired { .. } => "Sign in again with the browser.",
            Self::InvalidGrant { .. } => {
                "Sign in again: a code can be redeemed once, soon, and by the one who asked for it."
            }
            Self::ClientRefused { .. } => {
                "Check the client_id, and that it is registered as a public client for the code grant."
            }
            Self::ScopeRefused { .. } => "Ask only for scopes that this client may have.",
            Self::ResourceRefused { .. } => {
                "Check that the server issues tokens for this resource."
            }
            Self::RequestRefused { .. } => {
                "Check client_id, redirect URI and endpoints against the server's registration."
            }
            Self::ServerUnavailable { .. } => "Try again in a minute.",
            Self::Unreachable { .. } => "Check the network, proxy and address, then try again.",
            Self::RedirectRefused { .. } => "Use the endpoint's final address.",
            Self::MalformedResponse { .. } => {
                "Check that the endpoint is the right one; report it to those who run the server."
            }
            Self::MetadataNotFound { .. } => {
                "Check the address, and that the server publishes metadata (RFC 8414, RFC 9728)."
            }
            Self::InvalidMetadata { .. } => {
                "Report it to those who run the server: this member of its metadata must be mended."
            }
            Self::MetadataIssuerMismatch { .. } => {
                "If the issuer in the metadata is the one you mean, use it letter for letter; else do not go on."
            }
            Self::MetadataResourceMismatch { .. } => {
                "If the resource in the metadata is the one you mean, use it letter for letter; else do not go on."
            }
            Self::IssuerNotListed { .. } => {
                "Use an issuer that the resource names, or leave the issuer out."
            }
            Self::PkceUnsupported { .. } => {
                "Ask those who run the server to list S256; if you know that it checks S256, name this issuer as an exception."
            }
            Self::UnsupportedTokenType => {
                "Register the client for Bearer tokens; other types cannot be used here."
            }
            Self::UnexpectedEvent { .. } | Self::FlowEnded => {
                "This is a mistake in the driver: start a new flow, and report it."
            }
        }
    }
}

/// The server's words as the end of a message, marked as such.
fn words(description: &Option<String>) -> String {
    match description {
        Some(text) => format!("; the server says: {text:?}"),
        None => String::new(),
    }
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// At most this many characters of a text that came from outside are shown.
const SHOWN: usize = 200;

/// A text from outside, fit to be shown: control characters and direction marks become a space (a
/// terminal or a log must not obey them), and it is cut at 200 characters.
pub(crate) fn cleaned(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == SHOWN {
            out.push('…');
            break;
        }
        let directs = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        out.push(if c.is_control() || directs { ' ' } else { c });
    }
    out
}
