//! Events of the client's flows, as a tagged structure.

use crate::http::{self, pk_http_response};
use crate::input::{self, Structure};
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use proofkey::secret::SecretBytes;
use proofkey::step::{Event, Lost};

/// The first event of every flow.
pub const PK_EVENT_START: u32 = 1;
/// The receiver listens on `port`.
pub const PK_EVENT_LISTENING: u32 = 2;
/// The server's whole answer: `response`.
pub const PK_EVENT_RESPONSE: u32 = 3;
/// No whole answer came: `lost`, `detail`.
pub const PK_EVENT_UNREACHABLE: u32 = 4;
/// A redirect arrived: the whole URI, undecoded, in `redirect`.
pub const PK_EVENT_REDIRECT: u32 = 5;
/// The wait is over.
pub const PK_EVENT_ELAPSED: u32 = 6;
/// The user closed the browser.
pub const PK_EVENT_DISMISSED: u32 = 7;
/// The platform could not do what the step asked: `code`, `detail`.
pub const PK_EVENT_FAILED: u32 = 8;
/// The caller cancelled.
pub const PK_EVENT_CANCEL: u32 = 9;
/// The issuer is trusted.
pub const PK_EVENT_ALLOWED: u32 = 10;
/// The issuer is not trusted.
pub const PK_EVENT_REFUSED: u32 = 11;
/// The lock is held.
pub const PK_EVENT_LOCKED: u32 = 12;
/// Somebody else held the lock until the deadline.
pub const PK_EVENT_BUSY: u32 = 13;
/// What the store has: `revision`, `value`.
pub const PK_EVENT_LOADED: u32 = 14;
/// Whether it was written: `swapped`.
pub const PK_EVENT_SWAPPED: u32 = 15;
/// It is done.
pub const PK_EVENT_OK: u32 = 16;
/// The public half of a key: `sec1`.
pub const PK_EVENT_PUBLIC_KEY: u32 = 17;
/// What was signed: `signature`.
pub const PK_EVENT_SIGNED: u32 = 18;

/// Nothing was sent: the name, the connection or TLS failed.
pub const PK_LOST_NOT_CONNECTED: u32 = 1;
/// It may have arrived; the connection ended before the answer did.
pub const PK_LOST_LOST: u32 = 2;
/// It may have arrived; the answer did not come in time.
pub const PK_LOST_TIMED_OUT: u32 = 3;
/// The answer was larger than `max_body`.
pub const PK_LOST_TOO_LARGE: u32 = 4;

/// What has happened. Members that do not belong to `kind` are not looked at. Everything in it belongs to
/// the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_event {
    /// `sizeof(pk_event)`: `pk_event event = PK_EVENT_INIT;`.
    pub size: usize,
    /// Which event: `PK_EVENT_START` and the like.
    pub kind: u32,
    /// `PK_EVENT_UNREACHABLE`: how far the request went, `PK_LOST_LOST` and the like.
    pub lost: u32,
    /// `PK_EVENT_LISTENING`: the port, never 0.
    pub port: u16,
    /// `PK_EVENT_REDIRECT`: the whole URI. It may hold a code.
    pub redirect: pk_text,
    /// `PK_EVENT_FAILED`: a stable code where there is one, such as the `code` in the `pk_error` of the receiver or
    /// of the file store; may be absent.
    pub code: pk_text,
    /// `PK_EVENT_FAILED`, `PK_EVENT_UNREACHABLE`: the platform's words, for the message; may be absent.
    pub detail: pk_text,
    /// `PK_EVENT_RESPONSE`: the answer.
    pub response: *const pk_http_response,
    /// `PK_EVENT_LOADED`: the bytes as they were written; absent where there is nothing.
    pub value: pk_text,
    /// `PK_EVENT_LOADED`: the revision; 0 where there is nothing. Two different values never have the same.
    pub revision: u64,
    /// `PK_EVENT_SWAPPED`: whether it was written: 0, where the revision was another by then, or anything else for
    /// yes.
    pub swapped: u32,
    /// `PK_EVENT_PUBLIC_KEY`: the point on P-256 (SEC 1 §2.3.3), compressed or not.
    pub sec1: pk_text,
    /// `PK_EVENT_SIGNED`: the ECDSA signature: 64 bytes (RFC 7518 §3.4), or DER as platforms give it (RFC 3279
    /// §2.2.3).
    pub signature: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_event {}

/// Reads an event.
///
/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn read(data: *const pk_event) -> Result<Event, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("event", data)?;
        let bytes = |name, text: pk_text| input::bytes(name, text.data, text.length);
        let detail = || input::optional("detail", given.detail).map(Option::unwrap_or_default);
        Ok(match given.kind {
            PK_EVENT_START => Event::Start,
            PK_EVENT_LISTENING => Event::Listening { port: given.port },
            PK_EVENT_RESPONSE => Event::Response(http::response("response", given.response)?),
            PK_EVENT_UNREACHABLE => {
                Event::Unreachable { reason: lost(given.lost)?, detail: detail()? }
            }
            PK_EVENT_REDIRECT => {
                Event::Redirect { uri: input::required("redirect", given.redirect)? }
            }
            PK_EVENT_ELAPSED => Event::Elapsed,
            PK_EVENT_DISMISSED => Event::Dismissed,
            PK_EVENT_FAILED => Event::Failed {
                code: input::optional("code", given.code)?.unwrap_or_default(),
                detail: detail()?,
            },
            PK_EVENT_CANCEL => Event::Cancel,
            PK_EVENT_ALLOWED => Event::Allowed,
            PK_EVENT_REFUSED => Event::Refused,
            PK_EVENT_LOCKED => Event::Locked,
            PK_EVENT_BUSY => Event::Busy,
            PK_EVENT_LOADED => Event::Loaded {
                revision: given.revision,
                value: input::optional_bytes("value", given.value)?.map(SecretBytes::new),
            },
            PK_EVENT_SWAPPED => Event::Swapped { swapped: given.swapped != 0 },
            PK_EVENT_OK => Event::Ok,
            PK_EVENT_PUBLIC_KEY => Event::PublicKey { sec1: bytes("sec1", given.sec1)? },
            PK_EVENT_SIGNED => Event::Signed { signature: bytes("signature", given.signature)? },
            _ => return Err(Fail::Misuse(Misuse::Value, "kind")),
        })
    }
}

fn lost(value: u32) -> Result<Lost, Fail> {
    match value {
        PK_LOST_NOT_CONNECTED => Ok(Lost::NotConnected),
        PK_LOST_LOST => Ok(Lost::Lost),
        PK_LOST_TIMED_OUT => Ok(Lost::TimedOut),
        PK_LOST_TOO_LARGE => Ok(Lost::TooLarge),
        _ => Err(Fail::Misuse(Misuse::Value, "lost")),
    }
}
