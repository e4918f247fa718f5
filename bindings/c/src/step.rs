//! Steps and events of the client's flows, as tagged structures.

use crate::http::{self, pk_http_request, pk_http_response};
use crate::input::{self, Structure};
use crate::output::Kept;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::step::{Event, LoopbackHost, Lost, Step};

/// Bind the loopback receiver at `host`, `port`, `path`; see `pk_receiver_bind`. Answered by
/// `PK_EVENT_LISTENING`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_LISTEN: u32 = 1;
/// Make the HTTP exchange `request`, at most once. Answered by `PK_EVENT_RESPONSE`,
/// `PK_EVENT_UNREACHABLE` or `PK_EVENT_CANCEL`. With `finish` it is run to its end once begun, also when the
/// caller cancels meanwhile, and what came is the event.
pub const PK_STEP_SEND: u32 = 2;
/// Open the user's browser at `url` (as one argument of a program, never through a shell) and wait for the
/// redirect to `redirect_uri`, for `deadline_ms`. Answered by `PK_EVENT_REDIRECT`, `PK_EVENT_ELAPSED`,
/// `PK_EVENT_DISMISSED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_BROWSE: u32 = 3;
/// The redirect was not ours (`refused` says why, for a log): wait on, under the deadline of the
/// `PK_STEP_BROWSE` before. The same events answer it.
pub const PK_STEP_AWAIT: u32 = 4;
/// The flow has ended well: fetch its outcome.
pub const PK_STEP_DONE: u32 = 5;

/// What the driver does next. Members that do not belong to `kind` are zero. All pointers belong to the
/// library and are good until the next call with the same handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_step {
    /// `sizeof(pk_step)`, set by the caller: `pk_step step = PK_STEP_INIT;`.
    pub size: usize,
    /// Which step: `PK_STEP_LISTEN` and the like. End the flow with `PK_EVENT_CANCEL` if you do not know it.
    pub kind: u32,
    /// `PK_STEP_LISTEN`: `PK_HOST_V4`, `PK_HOST_V6` or `PK_HOST_LOCALHOST`.
    pub host: u32,
    /// `PK_STEP_LISTEN`: the port; 0 leaves the choice to the system.
    pub port: u16,
    /// `PK_STEP_SEND`: whether the exchange is run to its end once begun; 0 or 1.
    pub finish: u32,
    /// `PK_STEP_LISTEN`: the path, with its leading slash.
    pub path: pk_text,
    /// `PK_STEP_BROWSE`: the authorization request.
    pub url: pk_text,
    /// `PK_STEP_BROWSE`: where the redirect will arrive.
    pub redirect_uri: pk_text,
    /// `PK_STEP_BROWSE`, `PK_STEP_AWAIT`: how long to wait in all, in milliseconds.
    pub deadline_ms: u64,
    /// `PK_STEP_AWAIT`: the stable code of why the redirect was refused.
    pub refused: pk_text,
    /// `PK_STEP_SEND`: what is sent.
    pub request: pk_http_request,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_step {}

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

/// Nothing was sent: the name, the connection or TLS failed.
pub const PK_LOST_NOT_CONNECTED: u32 = 1;
/// It may have arrived; the connection ended before the answer did.
pub const PK_LOST_LOST: u32 = 2;
/// It may have arrived; the answer did not come in time.
pub const PK_LOST_TIMED_OUT: u32 = 3;
/// The answer was larger than `max_body`.
pub const PK_LOST_TOO_LARGE: u32 = 4;

/// `127.0.0.1`
pub const PK_HOST_V4: u32 = 0;
/// `[::1]`
pub const PK_HOST_V6: u32 = 1;
/// `localhost`, on both families and one port; only where a server accepts nothing else (RFC 8252 §8.3).
pub const PK_HOST_LOCALHOST: u32 = 2;

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
    /// `PK_EVENT_FAILED`: a stable code where there is one, such as the `code` of the receiver's `pk_error`;
    /// may be absent.
    pub code: pk_text,
    /// `PK_EVENT_FAILED`, `PK_EVENT_UNREACHABLE`: the platform's words, for the message; may be absent.
    pub detail: pk_text,
    /// `PK_EVENT_RESPONSE`: the answer.
    pub response: *const pk_http_response,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_event {}

pub(crate) fn host(value: u32) -> Result<LoopbackHost, Fail> {
    match value {
        PK_HOST_V4 => Ok(LoopbackHost::V4),
        PK_HOST_V6 => Ok(LoopbackHost::V6),
        PK_HOST_LOCALHOST => Ok(LoopbackHost::Localhost),
        _ => Err(Fail::Misuse(Misuse::Value, "host")),
    }
}

const fn host_number(host: LoopbackHost) -> u32 {
    match host {
        LoopbackHost::V4 => PK_HOST_V4,
        LoopbackHost::V6 => PK_HOST_V6,
        LoopbackHost::Localhost => PK_HOST_LOCALHOST,
    }
}

/// Reads an event.
///
/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn event(data: *const pk_event) -> Result<Event, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("event", data)?;
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

/// Writes a step; `kept` holds what it points to.
pub(crate) fn keep(step: &Step, kept: &mut Kept) -> pk_step {
    let mut out = pk_step {
        size: size_of::<pk_step>(),
        kind: PK_STEP_DONE,
        host: 0,
        port: 0,
        finish: 0,
        path: pk_text::ABSENT,
        url: pk_text::ABSENT,
        redirect_uri: pk_text::ABSENT,
        deadline_ms: 0,
        refused: pk_text::ABSENT,
        request: pk_http_request::ABSENT,
    };
    match step {
        Step::Listen(listen) => {
            out.kind = PK_STEP_LISTEN;
            out.host = host_number(listen.host);
            out.port = listen.port;
            out.path = kept.text(&listen.path);
        }
        Step::Send { request, finish } => {
            out.kind = PK_STEP_SEND;
            out.finish = u32::from(*finish);
            out.request = pk_http_request::keep(request, kept);
        }
        Step::Browse { url, redirect_uri, deadline_ms } => {
            out.kind = PK_STEP_BROWSE;
            out.url = kept.text(url);
            out.redirect_uri = kept.text(redirect_uri);
            out.deadline_ms = *deadline_ms;
        }
        Step::Await { deadline_ms, refused } => {
            out.kind = PK_STEP_AWAIT;
            out.deadline_ms = *deadline_ms;
            out.refused = kept.text(refused.code());
        }
        Step::Done => {}
    }
    out
}
