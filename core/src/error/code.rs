//! The stable code and the family of each error.

use super::{Error, Family};

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
            Self::SignInRequired { .. } => "sign_in_required",
            Self::RefreshOutcomeLost { .. } => "refresh_outcome_lost",
            Self::ClientIdNeeded { .. } => "client_id_needed",
            Self::RegistrationRefused { .. } => "registration_refused",
            Self::IssuerRefused { .. } => "issuer_refused",
            Self::IssuerChanged { .. } => "issuer_changed",
            Self::WrongResource { .. } => "wrong_resource",
            Self::NothingPending => "nothing_pending",
            Self::SessionExpired => "session_expired",
            Self::RecordUnreadable { .. } => "record_unreadable",
            Self::StoreBusy { .. } => "store_busy",
            Self::StoreFailed { .. } => "store_failed",
            Self::StoreFull { .. } => "store_full",
            Self::StoreDenied { .. } => "store_denied",
            Self::StoreInsecure { .. } => "store_insecure",
            Self::StoreNewer { .. } => "store_newer",
            Self::StoreUnreadable { .. } => "store_unreadable",
            Self::KeyringUnavailable { .. } => "keyring_unavailable",
            Self::InvalidKeySet { .. } => "invalid_key_set",
            Self::IdTokenRefused { .. } => "id_token_refused",
            Self::SigningFailed { .. } => "signing_failed",
            Self::DpopUnsupported { .. } => "dpop_unsupported",
            Self::TokenNotBound => "token_not_bound",
            Self::DeviceUnsupported { .. } => "device_unsupported",
            Self::DeviceCodeExpired => "device_code_expired",
            Self::ScopeCeiling { .. } => "scope_ceiling",
            Self::StepUpRefused { .. } => "step_up_refused",
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
            | Self::StoreBusy { .. }
            | Self::StoreFailed { .. }
            | Self::StoreFull { .. }
            | Self::PortInUse { .. }
            | Self::ListenFailed { .. }
            | Self::ServerUnavailable { .. }
            | Self::Unreachable { .. } => Family::Retry,
            Self::RedirectTimeout { .. }
            | Self::SignInRequired { .. }
            | Self::RefreshOutcomeLost { .. }
            | Self::NothingPending
            | Self::SessionExpired
            | Self::RecordUnreadable { .. }
            | Self::StoreUnreadable { .. }
            | Self::RedirectMalformed { .. }
            | Self::IssuerMismatch { .. }
            | Self::InteractionRequired { .. }
            | Self::IdTokenRefused { .. }
            | Self::SigningFailed { .. }
            | Self::DeviceCodeExpired
            | Self::InvalidGrant { .. } => Family::SignInAgain,
            Self::UserCancelled
            | Self::Cancelled
            | Self::AccessDenied { .. }
            | Self::IssuerRefused { .. } => Family::UserCancelled,
            Self::InvalidVerifier { .. }
            | Self::InvalidChallenge { .. }
            | Self::InvalidConfiguration { .. }
            | Self::ClientIdNeeded { .. }
            | Self::RegistrationRefused { .. }
            | Self::IssuerChanged { .. }
            | Self::WrongResource { .. }
            | Self::StoreDenied { .. }
            | Self::StoreInsecure { .. }
            | Self::StoreNewer { .. }
            | Self::KeyringUnavailable { .. }
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
            | Self::InvalidKeySet { .. }
            | Self::DpopUnsupported { .. }
            | Self::TokenNotBound
            | Self::DeviceUnsupported { .. }
            | Self::ScopeCeiling { .. }
            | Self::StepUpRefused { .. }
            | Self::UnsupportedTokenType
            | Self::UnexpectedEvent { .. }
            | Self::FlowEnded => Family::FixConfiguration,
        }
    }
}
