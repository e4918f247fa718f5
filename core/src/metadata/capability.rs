//! What an authorization server's metadata means for ProofKey: the capability report.

use super::provider::Provider;

/// What is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// PKCE with S256 (RFC 7636).
    S256,
    /// `iss` in every answer to an authorization request (RFC 9207).
    Iss,
    /// Pushed authorization requests (RFC 9126).
    Par,
    /// Proof of possession (RFC 9449).
    Dpop,
    /// The device grant (RFC 8628).
    Device,
    /// Dynamic client registration (RFC 7591).
    Registration,
    /// Client ID metadata documents.
    ClientDocuments,
    /// Token revocation (RFC 7009).
    Revocation,
}

impl Feature {
    /// All features, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::S256,
        Self::Iss,
        Self::Par,
        Self::Dpop,
        Self::Device,
        Self::Registration,
        Self::ClientDocuments,
        Self::Revocation,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S256 => "s256",
            Self::Iss => "iss",
            Self::Par => "par",
            Self::Dpop => "dpop",
            Self::Device => "device",
            Self::Registration => "registration",
            Self::ClientDocuments => "client_documents",
            Self::Revocation => "revocation",
        }
    }
}

/// What the metadata says of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Support {
    /// It may be used.
    Supported,
    /// It must be used, or will be insisted on.
    Required,
    /// The metadata does not offer it.
    Absent,
    /// The metadata speaks of it and rules it out.
    Forbidden,
}

impl Support {
    /// The stable name: `supported`, `required`, `absent`, `forbidden`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Required => "required",
            Self::Absent => "absent",
            Self::Forbidden => "forbidden",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// What it is about.
    pub feature: Feature,
    /// What the metadata says of it.
    pub support: Support,
    /// Why, with the text that rules.
    pub why: &'static str,
}

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Provider {
    /// The capability report: one line a feature, in the order of [`Feature::ALL`].
    #[must_use]
    pub fn report(&self) -> Vec<Capability> {
        Feature::ALL.into_iter().map(|feature| self.capability(feature)).collect()
    }

    /// What the metadata says of one feature.
    #[must_use]
    pub fn capability(&self, feature: Feature) -> Capability {
        use Support::{Absent, Forbidden, Required, Supported};
        let offered = |there: bool, yes, no| if there { (Supported, yes) } else { (Absent, no) };
        let (support, why) = match feature {
            // A provider without S256 is only read where the configuration allows it by name.
            Feature::S256 => offered(
                self.offers_s256(),
                "S256 is among code_challenge_methods_supported (RFC 8414 §2)",
                "S256 is not promised (RFC 8414 §2); the configuration allows this issuer by name",
            ),
            Feature::Iss if self.iss_promised => (
                Required,
                "authorization_response_iss_parameter_supported: an answer without iss is refused (RFC 9207 §2.4)",
            ),
            Feature::Iss => {
                (Absent, "authorization_response_iss_parameter_supported is not set (RFC 9207 §3)")
            }
            Feature::Par if self.require_pushed_authorization_requests => {
                (Required, "require_pushed_authorization_requests is set (RFC 9126 §5)")
            }
            Feature::Par => offered(
                self.pushed_authorization_request_endpoint.is_some(),
                "there is a pushed_authorization_request_endpoint (RFC 9126 §5)",
                "there is no pushed_authorization_request_endpoint (RFC 9126 §5)",
            ),
            Feature::Dpop => offered(
                contains(self.dpop_signing_algs.as_deref(), "ES256"),
                "ES256 is among dpop_signing_alg_values_supported (RFC 9449 §5.1)",
                "ES256 is not among dpop_signing_alg_values_supported (RFC 9449 §5.1)",
            ),
            Feature::Device if self.device_authorization_endpoint.is_none() => {
                (Absent, "there is no device_authorization_endpoint (RFC 8628 §4)")
            }
            Feature::Device => match &self.grant_types {
                Some(grants) if !contains(Some(grants), DEVICE_GRANT) => (
                    Forbidden,
                    "grant_types_supported does not name the device grant (RFC 8628 §4, RFC 8414 §2)",
                ),
                _ => (Supported, "there is a device_authorization_endpoint (RFC 8628 §4)"),
            },
            Feature::Registration => offered(
                self.registration_endpoint.is_some(),
                "there is a registration_endpoint (RFC 7591 §3)",
                "there is no registration_endpoint (RFC 7591 §3)",
            ),
            Feature::ClientDocuments => offered(
                self.client_id_metadata_document_supported,
                "client_id_metadata_document_supported is set (Client ID Metadata Document)",
                "client_id_metadata_document_supported is not set (Client ID Metadata Document)",
            ),
            Feature::Revocation => offered(
                self.revocation_endpoint.is_some(),
                "there is a revocation_endpoint (RFC 7009 §2)",
                "there is no revocation_endpoint (RFC 7009 §2)",
            ),
        };
        Capability { feature, support, why }
    }
}

/// Whether a list is there and names it, byte for byte.
pub(crate) fn contains(list: Option<&[String]>, name: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|entry| entry == name))
}
