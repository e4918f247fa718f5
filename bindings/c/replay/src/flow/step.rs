//! Events and steps of the client's flows.

use crate::c::{self, call, present, read_bytes, request, sized, view, view_bytes, with_response};
use crate::error::{Error, kept, refusal};
use proofkey_c::error::pk_error;
use proofkey_c::event::*;
use proofkey_c::http::pk_http_response;
use proofkey_c::status::pk_status;
use proofkey_c::step::*;
use proofkey_core::secret::SecretBytes;
use proofkey_core::step::{DeviceCode, Event, Listen, LoopbackHost, Lost, Step};

/// Gives a flow an event; `advance` is the function of C.
pub(super) fn give(
    event: &Event,
    advance: impl FnOnce(*const pk_event, *mut pk_step, *mut pk_error) -> pk_status,
) -> Result<Step, Error> {
    let with = |response| {
        let given = lent(event, response);
        let mut step: pk_step = sized();
        call(|error| advance(&given, &mut step, error))?;
        Ok(read(&step))
    };
    match event {
        Event::Response(response) => with_response(response, with),
        _ => with(std::ptr::null()),
    }
}

fn lent(event: &Event, response: *const pk_http_response) -> pk_event {
    let mut given: pk_event = sized();
    given.response = response;
    given.kind = match event {
        Event::Start => PK_EVENT_START,
        Event::Listening { port } => {
            given.port = *port;
            PK_EVENT_LISTENING
        }
        Event::Response(_) => PK_EVENT_RESPONSE,
        Event::Unreachable { reason, detail } => {
            given.lost = match reason {
                Lost::NotConnected => PK_LOST_NOT_CONNECTED,
                Lost::Lost => PK_LOST_LOST,
                Lost::TimedOut => PK_LOST_TIMED_OUT,
                Lost::TooLarge => PK_LOST_TOO_LARGE,
            };
            given.detail = view(detail);
            PK_EVENT_UNREACHABLE
        }
        Event::Redirect { uri } => {
            given.redirect = view(uri);
            PK_EVENT_REDIRECT
        }
        Event::Elapsed => PK_EVENT_ELAPSED,
        Event::Dismissed => PK_EVENT_DISMISSED,
        Event::Failed { code, detail } => {
            (given.code, given.detail) = (view(code), view(detail));
            PK_EVENT_FAILED
        }
        Event::Cancel => PK_EVENT_CANCEL,
        Event::Allowed => PK_EVENT_ALLOWED,
        Event::Refused => PK_EVENT_REFUSED,
        Event::Locked => PK_EVENT_LOCKED,
        Event::Busy => PK_EVENT_BUSY,
        Event::Loaded { revision, value } => {
            given.revision = *revision;
            if let Some(value) = value {
                given.value = view_bytes(value.expose());
            }
            PK_EVENT_LOADED
        }
        Event::Swapped { swapped } => {
            given.swapped = u32::from(*swapped);
            PK_EVENT_SWAPPED
        }
        Event::Ok => PK_EVENT_OK,
        Event::PublicKey { sec1 } => {
            given.sec1 = view_bytes(sec1);
            PK_EVENT_PUBLIC_KEY
        }
        Event::Signed { signature } => {
            given.signature = view_bytes(signature);
            PK_EVENT_SIGNED
        }
    };
    given
}

pub(super) const fn host(host: LoopbackHost) -> u32 {
    match host {
        LoopbackHost::V4 => PK_HOST_V4,
        LoopbackHost::V6 => PK_HOST_V6,
        LoopbackHost::Localhost => PK_HOST_LOCALHOST,
    }
}

fn read(step: &pk_step) -> Step {
    match step.kind {
        PK_STEP_LISTEN => Step::Listen(Listen {
            host: match step.host {
                PK_HOST_V4 => LoopbackHost::V4,
                PK_HOST_V6 => LoopbackHost::V6,
                PK_HOST_LOCALHOST => LoopbackHost::Localhost,
                other => panic!("unknown host {other}"),
            },
            port: step.port,
            path: present(step.path),
        }),
        PK_STEP_SEND => Step::Send { request: request(&step.request), finish: step.finish != 0 },
        PK_STEP_BROWSE => Step::Browse {
            url: present(step.url),
            redirect_uri: present(step.redirect_uri),
            deadline_ms: step.deadline_ms,
        },
        PK_STEP_AWAIT => Step::Await {
            deadline_ms: step.deadline_ms,
            refused: c::read(step.refused).map(|code| refusal(&code)),
        },
        PK_STEP_CONFIRM => Step::Confirm {
            issuer_host: present(step.issuer_host),
            resource_host: present(step.resource_host),
        },
        PK_STEP_LOCK => Step::Lock { key: present(step.key), deadline_ms: step.deadline_ms },
        PK_STEP_LOAD => Step::Load { key: present(step.key) },
        PK_STEP_SWAP => Step::Swap {
            key: present(step.key),
            revision: (step.has_revision != 0).then_some(step.revision),
            value: read_bytes(step.value).map(SecretBytes::new),
        },
        PK_STEP_UNLOCK => Step::Unlock { key: present(step.key) },
        PK_STEP_SHOW_CODE => Step::ShowCode {
            code: DeviceCode {
                user_code: present(step.user_code),
                verification_uri: present(step.verification_uri),
                verification_uri_complete: c::read(step.verification_uri_complete),
                expires_in_s: step.expires_in_s,
                advice: kept(&present(step.advice)),
            },
            poll_ms: step.poll_ms,
        },
        PK_STEP_WAIT => Step::Wait { millis: step.millis },
        PK_STEP_KEY => Step::Key { key_id: present(step.key_id), alg: kept(&present(step.alg)) },
        PK_STEP_SIGN => Step::Sign {
            key_id: present(step.key_id),
            alg: kept(&present(step.alg)),
            input: present(step.input),
        },
        PK_STEP_DONE => Step::Done,
        other => panic!("unknown step {other}"),
    }
}
