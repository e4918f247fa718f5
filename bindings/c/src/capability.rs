//! The capability report: what an authorization server's metadata means.

use crate::input::Structure;
use crate::output::Kept;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::metadata::{Capability, Feature, Support};

/// PKCE with S256 (RFC 7636).
pub const PK_FEATURE_S256: u32 = 1;
/// `iss` in every answer to an authorization request (RFC 9207).
pub const PK_FEATURE_ISS: u32 = 2;
/// Pushed authorization requests (RFC 9126).
pub const PK_FEATURE_PAR: u32 = 3;
/// Proof of possession (RFC 9449).
pub const PK_FEATURE_DPOP: u32 = 4;
/// The device grant (RFC 8628).
pub const PK_FEATURE_DEVICE: u32 = 5;
/// Dynamic client registration (RFC 7591).
pub const PK_FEATURE_REGISTRATION: u32 = 6;
/// Client ID metadata documents.
pub const PK_FEATURE_CLIENT_DOCUMENTS: u32 = 7;
/// Token revocation (RFC 7009).
pub const PK_FEATURE_REVOCATION: u32 = 8;

/// It may be used.
pub const PK_SUPPORT_SUPPORTED: u32 = 1;
/// It must be used, or will be insisted on.
pub const PK_SUPPORT_REQUIRED: u32 = 2;
/// The metadata does not offer it.
pub const PK_SUPPORT_ABSENT: u32 = 3;
/// The metadata speaks of it and rules it out.
pub const PK_SUPPORT_FORBIDDEN: u32 = 4;

/// What an authorization server's metadata says of a feature. All pointers belong to the library and are good
/// until the handle is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_capability {
    /// `sizeof(pk_capability)`, set by the caller: `pk_capability capability = PK_CAPABILITY_INIT;`.
    pub size: usize,
    /// What it is about: `PK_FEATURE_S256` and the like.
    pub feature: u32,
    /// What is said of it: `PK_SUPPORT_SUPPORTED` and the like.
    pub support: u32,
    /// The feature's stable name: `s256`, `client_documents`.
    pub feature_name: pk_text,
    /// The support's stable name: `supported`, `required`, `absent`, `forbidden`.
    pub support_name: pk_text,
    /// Why, with the text that rules.
    pub why: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_capability {}

const fn feature_number(feature: Feature) -> u32 {
    match feature {
        Feature::S256 => PK_FEATURE_S256,
        Feature::Iss => PK_FEATURE_ISS,
        Feature::Par => PK_FEATURE_PAR,
        Feature::Dpop => PK_FEATURE_DPOP,
        Feature::Device => PK_FEATURE_DEVICE,
        Feature::Registration => PK_FEATURE_REGISTRATION,
        Feature::ClientDocuments => PK_FEATURE_CLIENT_DOCUMENTS,
        Feature::Revocation => PK_FEATURE_REVOCATION,
    }
}

const fn support_number(support: Support) -> u32 {
    match support {
        Support::Supported => PK_SUPPORT_SUPPORTED,
        Support::Required => PK_SUPPORT_REQUIRED,
        Support::Absent => PK_SUPPORT_ABSENT,
        Support::Forbidden => PK_SUPPORT_FORBIDDEN,
    }
}

/// Whether a number is a feature's.
pub(crate) fn check(feature: u32) -> Result<(), Fail> {
    let known = Feature::ALL.into_iter().any(|one| feature_number(one) == feature);
    if known { Ok(()) } else { Err(Fail::Misuse(Misuse::Value, "feature")) }
}

/// The report in C; `kept` holds what it points to.
pub(crate) fn keep(report: &[Capability], kept: &mut Kept) -> Vec<pk_capability> {
    let line = |line: &Capability| pk_capability {
        size: size_of::<pk_capability>(),
        feature: feature_number(line.feature),
        support: support_number(line.support),
        feature_name: kept.text(line.feature.as_str()),
        support_name: kept.text(line.support.as_str()),
        why: kept.text(line.why),
    };
    report.iter().map(line).collect()
}
