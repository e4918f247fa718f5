//! What to do about each error, in words.

use super::Error;

impl Error {
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
                "Sign in again: a code is good once, soon, and for the one who asked for it; a refresh token until it is replaced, expired or revoked."
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
            Self::SignInRequired { .. } => "Sign in with the user, then ask again.",
            Self::RefreshOutcomeLost { .. } => {
                "Sign in again: the server has replaced the refresh token, and its answer never arrived."
            }
            Self::ClientIdNeeded { .. } => {
                "Register a public client with the server by hand, and give its client_id."
            }
            Self::RegistrationRefused { .. } => {
                "Register a public client with the server by hand, and give its client_id; or correct what is registered."
            }
            Self::IssuerRefused { .. } => {
                "If this issuer may sign the user in, add its host to the list of those that are allowed."
            }
            Self::IssuerChanged { .. } => {
                "If the change is right, sign out and sign in with the identifier that the new issuer gave; or name the issuer."
            }
            Self::WrongResource { .. } => {
                "Make a client for the resource that the request goes to; a token is shown to its own alone."
            }
            Self::NothingPending => "Sign in anew.",
            Self::SessionExpired => "Sign in anew, and finish it without a long pause.",
            Self::RecordUnreadable { .. } => {
                "Check that the data key is the one that it was sealed with; else sign in again."
            }
            Self::StoreBusy { .. } => {
                "Try again; if it stays so, look for a program that hangs while it holds the store."
            }
            Self::StoreFailed { .. } => "Look at what the system says, then try again.",
            Self::StoreFull { .. } => "Make room on the disk, then try again.",
            Self::StoreDenied { .. } => {
                "Let this user read and write the store's folder, or name another folder."
            }
            Self::StoreInsecure { .. } => {
                "Let this user alone own, read and write the store's folder, or name another folder."
            }
            Self::StoreNewer { .. } => "Use the newer ProofKey, or name another folder.",
            Self::StoreUnreadable { .. } => {
                "Sign in again; what could not be read was kept aside and can be looked at or deleted."
            }
            Self::KeyringUnavailable { .. } => {
                "Unlock or start the system's keyring, or name another folder for the store."
            }
            Self::InvalidKeySet { .. } => {
                "Report it to those who run the server: its keys cannot be used."
            }
            Self::IdTokenRefused { .. } => {
                "Sign in again; if it happens again, check this machine's clock, then report it to those who run the server."
            }
            Self::SigningFailed { .. } => {
                "Sign in again: the tokens are bound to a key that cannot be used any more."
            }
            Self::DpopUnsupported { .. } => {
                "Do without DPoP, or ask those who run the server to offer it."
            }
            Self::TokenNotBound => {
                "Do without DPoP, or ask those who run the server to bind its tokens."
            }
            Self::DeviceUnsupported { .. } => {
                "Sign in with the browser, or paste the address that the browser ends at."
            }
            Self::DeviceCodeExpired => "Sign in again, and enter the code without a long pause.",
            Self::ScopeCeiling { .. } => {
                "If the program may have this scope, name it among those that it may ask for."
            }
            Self::StepUpRefused { .. } => {
                "Ask those who run the resource what the token must have; what it demands was given."
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
