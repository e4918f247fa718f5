//! What can go wrong for a client: one enum, one stable code a variant, four families.

mod advice;
mod code;

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
    #[error("the server did not accept the code, the verifier or the refresh token (invalid_grant){}", words(.description))]
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
    /// There are no tokens, or none that can still be used, and the user was not to be asked.
    #[error("there is no usable token: {reason}")]
    SignInRequired {
        /// Why, as the end of a sentence.
        reason: &'static str,
    },
    /// `invalid_grant` for a refresh token whose last use got no whole answer: the server may have replaced
    /// it, and the answer that held the new one was lost (P14).
    #[error(
        "the refresh token is no longer accepted (invalid_grant); the answer to its last use was lost{}",
        words(.description)
    )]
    RefreshOutcomeLost {
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// No client identifier is configured, and the server offers no way to get one that may be used.
    #[error("no client identifier for the issuer {issuer:?}: none is configured, and {reason}")]
    ClientIdNeeded {
        /// The issuer.
        issuer: String,
        /// Which ways are closed, as the end of a sentence.
        reason: &'static str,
    },
    /// The server refused to register this client (RFC 7591 §3.2.2).
    #[error("the server did not register this client ({error}){}", words(.description))]
    RegistrationRefused {
        /// The server's error code, cleaned.
        error: String,
        /// `error_description`, cleaned.
        description: Option<String>,
    },
    /// The caller's list or hook does not trust the issuer that the resource names.
    #[error("the issuer's host {host:?}, which the resource names, was refused")]
    IssuerRefused {
        /// The issuer's host and port.
        host: String,
    },
    /// The resource names another issuer than the one that this client identifier was used with.
    #[error(
        "the resource names the issuer {found:?} now; the client was registered with {known:?}"
    )]
    IssuerChanged {
        /// The issuer of the last sign-in.
        known: String,
        /// The issuer that the resource names now.
        found: String,
    },
    /// A token was to be sent to another resource than its own (M8).
    #[error("{url:?} does not belong to the resource {resource:?} that the token is for")]
    WrongResource {
        /// Where the request goes: scheme, host and path, cut.
        url: String,
        /// The token's resource.
        resource: String,
    },
    /// No sign-in is waiting to be taken up again.
    #[error("no sign-in is waiting to be resumed")]
    NothingPending,
    /// A pending sign-in was kept too long.
    #[error("the sign-in that was to be resumed has expired")]
    SessionExpired,
    /// Bytes that were sealed cannot be opened.
    #[error("what was kept cannot be opened: {reason}")]
    RecordUnreadable {
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// Somebody else holds the store's lock.
    #[error("the token store was in use by another task or program for {seconds} s")]
    StoreBusy {
        /// How long was waited.
        seconds: u64,
    },
    /// The store failed in a way of its own.
    #[error("the token store failed: {detail}")]
    StoreFailed {
        /// The store's words.
        detail: String,
    },
    /// No room is left for the store.
    #[error("the token store has no room: {detail}")]
    StoreFull {
        /// The store's words.
        detail: String,
    },
    /// The program may not read or write the store.
    #[error("the token store cannot be used: {detail}")]
    StoreDenied {
        /// The store's words.
        detail: String,
    },
    /// Others may read or change the store.
    #[error("the token store is not safe: {detail}")]
    StoreInsecure {
        /// The store's words.
        detail: String,
    },
    /// A newer ProofKey wrote the store.
    #[error("the token store is of a newer version: {detail}")]
    StoreNewer {
        /// The store's words.
        detail: String,
    },
    /// What the store holds cannot be read; it was kept aside.
    #[error("what the token store holds cannot be read: {detail}")]
    StoreUnreadable {
        /// The store's words: which file, and where it was kept.
        detail: String,
    },
    /// The data key lies in the system's keyring, which does not answer.
    #[error(
        "the system's keyring, which holds the key of the token store, does not answer: {detail}"
    )]
    KeyringUnavailable {
        /// The keyring's words.
        detail: String,
    },
    /// The keys of an issuer cannot be used (RFC 7517 §5).
    #[error("the key set of the issuer {reason}")]
    InvalidKeySet {
        /// What was wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// An ID token that does not prove who signed in (OpenID Connect Core §3.1.3.7).
    #[error("the ID token {reason}")]
    IdTokenRefused {
        /// What was wrong, as the end of a sentence. Nothing of the token.
        reason: &'static str,
    },
    /// The key that proves possession could not sign (RFC 9449).
    #[error("the key of the DPoP proof could not be used: {detail}")]
    SigningFailed {
        /// The platform's words.
        detail: String,
    },
    /// Proof of possession was demanded, and the server does not offer it (RFC 9449 §5.1).
    #[error("the issuer {issuer:?} does not offer DPoP with ES256")]
    DpopUnsupported {
        /// The issuer.
        issuer: String,
    },
    /// Proof of possession was demanded, and the token is not bound to the key (RFC 9449 §5).
    #[error("the server issued a token that is not bound to the key of the DPoP proof")]
    TokenNotBound,
    /// The server has no device grant (RFC 8628 §4).
    #[error("the issuer {issuer:?} does not offer the device grant")]
    DeviceUnsupported {
        /// The issuer.
        issuer: String,
    },
    /// The user did not enter the device code in time (RFC 8628 §3.5).
    #[error("the device code has expired; nobody has entered it in time")]
    DeviceCodeExpired,
    /// The resource demands a scope that the program may not ask for by itself (RFC 6750 §3.1).
    #[error(
        "the resource demands the scope {scope:?}, which lies outside of what may be asked for"
    )]
    ScopeCeiling {
        /// The first scope outside, cleaned.
        scope: String,
    },
    /// The resource demands more and more, or what it has been given already (RFC 9470 §5).
    #[error("the resource still refuses the token: {reason}")]
    StepUpRefused {
        /// Why nothing more is tried, as the end of a sentence.
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
    cleaned_up_to(text, SHOWN)
}

/// As [`cleaned`], for the words of this machine, which may name two files: cut at 1,000 characters.
pub(crate) fn cleaned_words(text: &str) -> String {
    cleaned_up_to(text, 5 * SHOWN)
}

fn cleaned_up_to(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == most {
            out.push('…');
            break;
        }
        let directs = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        out.push(if c.is_control() || directs { ' ' } else { c });
    }
    out
}

/// A URL as it may stand in a message: without its query, which may hold secrets, and cut.
pub(crate) fn shown_url(url: &str) -> String {
    cleaned(url.split(['?', '#']).next().unwrap_or_default())
}
