//! `pk_error` as an error of Rust.

use proofkey_c::error::pk_error;
use proofkey_c::status::{PK_ERROR, PK_NOT_OURS, pk_status};
use proofkey_core::callback::Refusal;
use std::collections::BTreeSet;
use std::ffi::{CStr, c_char};
use std::sync::Mutex;

#[derive(Debug)]
pub enum Error {
    InvalidConfiguration { field: &'static str, message: String },
    InvalidMetadata { member: &'static str, message: String },
    ScopeCeiling { scope: String },
    FlowEnded,
    Other { status: pk_status, code: &'static str, message: String },
}

impl Error {
    pub fn read(status: pk_status, error: &pk_error) -> Self {
        assert_eq!(error.status, status);
        let (code, message) = (text(&error.code), text(&error.message).to_owned());
        match code {
            "invalid_configuration" => {
                Self::InvalidConfiguration { field: text(&error.field), message }
            }
            "invalid_metadata" => Self::InvalidMetadata { member: text(&error.field), message },
            "scope_ceiling" => Self::ScopeCeiling { scope: text(&error.field).to_owned() },
            "flow_ended" => Self::FlowEnded,
            code => {
                // A misuse of the C functions is a mistake here, never a verdict.
                assert!(matches!(status, PK_ERROR | PK_NOT_OURS), "{status} {code}: {message}");
                Self::Other { status, code, message }
            }
        }
    }

    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidConfiguration { .. } => "invalid_configuration",
            Self::InvalidMetadata { .. } => "invalid_metadata",
            Self::ScopeCeiling { .. } => "scope_ceiling",
            Self::FlowEnded => "flow_ended",
            Self::Other { code, .. } => code,
        }
    }

    /// The refusal of a redirect that is noise.
    pub fn not_ours(&self) -> Option<Refusal> {
        match self {
            Self::Other { status: PK_NOT_OURS, code, .. } => Some(refusal(code)),
            _ => None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InvalidConfiguration { message, .. }
            | Self::InvalidMetadata { message, .. }
            | Self::Other { message, .. } => f.write_str(message),
            Self::ScopeCeiling { scope } => write!(f, "the scope {scope} is above the ceiling"),
            Self::FlowEnded => f.write_str("this flow has ended"),
        }
    }
}

pub fn refusal(code: &str) -> Refusal {
    use Refusal::{
        Duplicate, InFragment, Malformed, OtherUri, StateMismatch, StateMissing, TooLong,
    };
    let all = [TooLong, OtherUri, Malformed, Duplicate, InFragment, StateMissing, StateMismatch];
    all.into_iter().find(|refusal| refusal.code() == code).expect("a known refusal")
}

/// A text that is kept for ever, once: of codes and messages there is a handful.
pub fn kept(text: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut all = KEPT.lock().expect("nothing panics with it");
    if let Some(known) = all.get(text) {
        return known;
    }
    let text: &'static str = Box::leak(text.into());
    all.insert(text);
    text
}

fn text(text: &[c_char]) -> &'static str {
    let bytes: Vec<u8> = text.iter().map(|c| c.cast_unsigned()).collect();
    let text = CStr::from_bytes_until_nul(&bytes).expect("a NUL ends it");
    kept(text.to_str().expect("UTF-8"))
}
