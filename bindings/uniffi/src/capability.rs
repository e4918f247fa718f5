//! What an authorization server's metadata means for ProofKey: the capability report.

use crate::error::Outcome;
use crate::guard::call;
use crate::provider::Provider;
use proofkey::metadata::capability as core;

/// What is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

impl From<core::Feature> for Feature {
    fn from(feature: core::Feature) -> Self {
        match feature {
            core::Feature::S256 => Self::S256,
            core::Feature::Iss => Self::Iss,
            core::Feature::Par => Self::Par,
            core::Feature::Dpop => Self::Dpop,
            core::Feature::Device => Self::Device,
            core::Feature::Registration => Self::Registration,
            core::Feature::ClientDocuments => Self::ClientDocuments,
            core::Feature::Revocation => Self::Revocation,
        }
    }
}

/// What the metadata says of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

impl From<core::Support> for Support {
    fn from(support: core::Support) -> Self {
        match support {
            core::Support::Supported => Self::Supported,
            core::Support::Required => Self::Required,
            core::Support::Absent => Self::Absent,
            core::Support::Forbidden => Self::Forbidden,
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Capability {
    /// What it is about.
    pub feature: Feature,
    /// The feature's stable name, the same in every language: `client_documents`.
    pub name: String,
    /// What the metadata says of it.
    pub support: Support,
    /// Why, with the text that rules.
    pub why: String,
}

/// The capability report: one line a feature, always in the same order.
#[uniffi::export]
pub fn provider_report(provider: Provider) -> Outcome<Vec<Capability>> {
    call("provider_report", || {
        let report = proofkey::metadata::Provider::from(provider).report();
        let line = |core::Capability { feature, support, why }| Capability {
            feature: Feature::from(feature),
            name: feature.as_str().to_owned(),
            support: Support::from(support),
            why: why.to_owned(),
        };
        Ok(report.into_iter().map(line).collect())
    })
}
