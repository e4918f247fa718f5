//! Steps of the client's flows, as a tagged structure.

use crate::http::pk_http_request;
use crate::input::Structure;
use crate::output::Kept;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::step::{LoopbackHost, Step};

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
/// Wait for the redirect without opening anything: the one before was not ours (`refused` says why, for a log), or
/// the sign-in is taken up again. `deadline_ms` counts from the `PK_STEP_BROWSE` before, or from here where there was
/// none. The same events answer it.
pub const PK_STEP_AWAIT: u32 = 4;
/// The flow has ended well: fetch its outcome.
pub const PK_STEP_DONE: u32 = 5;
/// Let the user's list or judgement see who is about to be trusted, because `resource_host` named `issuer_host` and
/// nobody typed it; allow it where there is neither. Answered by `PK_EVENT_ALLOWED`, `PK_EVENT_REFUSED` or
/// `PK_EVENT_CANCEL`.
pub const PK_STEP_CONFIRM: u32 = 6;
/// Take the store's lock of `key`, which keeps others who ask for it away, in all processes, and is free when its
/// holder dies; wait `deadline_ms` at most. Answered by `PK_EVENT_LOCKED`, `PK_EVENT_BUSY`, `PK_EVENT_FAILED` or
/// `PK_EVENT_CANCEL`.
pub const PK_STEP_LOCK: u32 = 7;
/// Read what the store has under `key`. Answered by `PK_EVENT_LOADED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_LOAD: u32 = 8;
/// Write `value` under `key`, or delete where it is absent, if what is stored is still of `revision`; without
/// `has_revision` whatever it is. It is done also when the caller has cancelled: it may hold the only copy of a
/// token. Answered by `PK_EVENT_SWAPPED` or `PK_EVENT_FAILED`.
pub const PK_STEP_SWAP: u32 = 9;
/// Give the lock of `key` back. Answered by `PK_EVENT_OK`. A driver gives back what it holds at the end of its loop in
/// any case.
pub const PK_STEP_UNLOCK: u32 = 10;
/// Show the user `user_code`, `verification_uri` and `advice` (RFC 8628 §3.3), as a QR code
/// `verification_uri_complete` where there is one, and wait for `poll_ms`; what is shown stays until the flow ends.
/// Answered by `PK_EVENT_ELAPSED`, `PK_EVENT_DISMISSED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_SHOW_CODE: u32 = 11;
/// Wait for `millis`. Answered by `PK_EVENT_ELAPSED`, `PK_EVENT_DISMISSED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_WAIT: u32 = 12;
/// Make the key `key_id`, for `alg`, if there is none, and give its public half. It comes only where the configuration
/// has a `dpop_key`. Answered by `PK_EVENT_PUBLIC_KEY`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_KEY: u32 = 13;
/// Sign `input`, which is given whole and not hashed, with the key `key_id`. It comes only where the configuration has a
/// `dpop_key`. Answered by `PK_EVENT_SIGNED`, `PK_EVENT_FAILED` or `PK_EVENT_CANCEL`.
pub const PK_STEP_SIGN: u32 = 14;

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
    /// `PK_STEP_BROWSE`, `PK_STEP_AWAIT`, `PK_STEP_LOCK`: how long to wait in all, in milliseconds.
    pub deadline_ms: u64,
    /// `PK_STEP_AWAIT`: the stable code of why the redirect was refused; absent where there was none yet.
    pub refused: pk_text,
    /// `PK_STEP_SEND`: what is sent.
    pub request: pk_http_request,
    /// `PK_STEP_CONFIRM`: host and port of the issuer, as they stand in it.
    pub issuer_host: pk_text,
    /// `PK_STEP_CONFIRM`: host and port of the resource that named it.
    pub resource_host: pk_text,
    /// `PK_STEP_LOCK`, `PK_STEP_LOAD`, `PK_STEP_SWAP`, `PK_STEP_UNLOCK`: the store's key, `a-z 0-9 -`, at most 64.
    pub key: pk_text,
    /// `PK_STEP_SWAP`: the bytes that are written; absent: delete. They hold secrets.
    pub value: pk_text,
    /// `PK_STEP_SWAP` with `has_revision`: the revision that was loaded, 0 where there was nothing.
    pub revision: u64,
    /// `PK_STEP_SWAP`: 0: write over whatever is there; 1: only where it is of `revision`.
    pub has_revision: u32,
    /// `PK_STEP_SHOW_CODE`: what the user enters.
    pub user_code: pk_text,
    /// `PK_STEP_SHOW_CODE`: where: an https URL (http on loopback where the issuer is there).
    pub verification_uri: pk_text,
    /// `PK_STEP_SHOW_CODE`: the same with the code in it, for a QR code; may be absent. The user compares the code all
    /// the same (RFC 8628 §3.3.1).
    pub verification_uri_complete: pk_text,
    /// `PK_STEP_SHOW_CODE`: what to tell the user against phishing, in one sentence (RFC 8628 §5.4).
    pub advice: pk_text,
    /// `PK_STEP_SHOW_CODE`: how long the code is good for, in seconds.
    pub expires_in_s: u64,
    /// `PK_STEP_SHOW_CODE`: how long to wait, in milliseconds.
    pub poll_ms: u64,
    /// `PK_STEP_WAIT`: how long to wait, in milliseconds.
    pub millis: u64,
    /// `PK_STEP_KEY`, `PK_STEP_SIGN`: the name of the key: `dpop_key` of the configuration.
    pub key_id: pk_text,
    /// `PK_STEP_KEY`, `PK_STEP_SIGN`: the algorithm (RFC 7518 §3.1): always `ES256`.
    pub alg: pk_text,
    /// `PK_STEP_SIGN`: what is signed, ASCII.
    pub input: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_step {}

/// `127.0.0.1`
pub const PK_HOST_V4: u32 = 0;
/// `[::1]`
pub const PK_HOST_V6: u32 = 1;
/// `localhost`, on both families and one port; only where a server accepts nothing else (RFC 8252 §8.3).
pub const PK_HOST_LOCALHOST: u32 = 2;

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
        issuer_host: pk_text::ABSENT,
        resource_host: pk_text::ABSENT,
        key: pk_text::ABSENT,
        value: pk_text::ABSENT,
        revision: 0,
        has_revision: 0,
        user_code: pk_text::ABSENT,
        verification_uri: pk_text::ABSENT,
        verification_uri_complete: pk_text::ABSENT,
        advice: pk_text::ABSENT,
        expires_in_s: 0,
        poll_ms: 0,
        millis: 0,
        key_id: pk_text::ABSENT,
        alg: pk_text::ABSENT,
        input: pk_text::ABSENT,
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
            out.refused = kept.optional(refused.map(|why| why.code()));
        }
        Step::Confirm { issuer_host, resource_host } => {
            out.kind = PK_STEP_CONFIRM;
            out.issuer_host = kept.text(issuer_host);
            out.resource_host = kept.text(resource_host);
        }
        Step::Lock { key, deadline_ms } => {
            out.kind = PK_STEP_LOCK;
            out.key = kept.text(key);
            out.deadline_ms = *deadline_ms;
        }
        Step::Load { key } => {
            out.kind = PK_STEP_LOAD;
            out.key = kept.text(key);
        }
        Step::Swap { key, revision, value } => {
            out.kind = PK_STEP_SWAP;
            out.key = kept.text(key);
            out.has_revision = u32::from(revision.is_some());
            out.revision = revision.unwrap_or_default();
            out.value = value.as_ref().map_or(pk_text::ABSENT, |value| kept.bytes(value.expose()));
        }
        Step::Unlock { key } => {
            out.kind = PK_STEP_UNLOCK;
            out.key = kept.text(key);
        }
        Step::ShowCode { code, poll_ms } => {
            out.kind = PK_STEP_SHOW_CODE;
            out.user_code = kept.text(&code.user_code);
            out.verification_uri = kept.text(&code.verification_uri);
            out.verification_uri_complete =
                kept.optional(code.verification_uri_complete.as_deref());
            out.advice = kept.text(code.advice);
            out.expires_in_s = code.expires_in_s;
            out.poll_ms = *poll_ms;
        }
        Step::Wait { millis } => {
            out.kind = PK_STEP_WAIT;
            out.millis = *millis;
        }
        Step::Key { key_id, alg } => {
            out.kind = PK_STEP_KEY;
            out.key_id = kept.text(key_id);
            out.alg = kept.text(alg);
        }
        Step::Sign { key_id, alg, input } => {
            out.kind = PK_STEP_SIGN;
            out.key_id = kept.text(key_id);
            out.alg = kept.text(alg);
            out.input = kept.text(input);
        }
        Step::Done => {}
    }
    out
}
