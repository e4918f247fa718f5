//! Access to a resource: from an address to a token that is kept and stays fresh.

// In the order in which the header shows them.
pub mod config;
pub mod outcome;

use crate::call::call;
use crate::client::Flows;
use crate::data_key;
use crate::dpop_nonces;
use crate::error::{pk_error, warning};
use crate::event::pk_event;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::{Fail, Misuse, pk_status};
use crate::step::pk_step;
use config::{pk_access_config, pk_access_run};
use core::ffi::c_char;
use outcome::pk_access_outcome;
use proofkey::flow::access::{Access, Goal};
use proofkey::secret::Secret;

/// An access that runs: it finds the servers, gets the client an identifier, signs the user in, keeps what came of it
/// in the caller's store, and refreshes it. The handle belongs to the caller, who frees it with `pk_access_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_access {
    /// Not for the caller.
    pub id: u64,
}

/// A token, without the user: the one that is kept, refreshed where it must be. Else `PK_ERROR` with
/// `sign_in_required` or another code of the family `sign_in_again`.
pub const PK_GOAL_TOKEN: u32 = 1;
/// A token; where it cannot be had without the user, by a sign-in.
pub const PK_GOAL_TOKEN_OR_SIGN_IN: u32 = 2;
/// A sign-in, whatever is kept.
pub const PK_GOAL_SIGN_IN: u32 = 3;
/// The end of a sign-in that an earlier run of the program began.
pub const PK_GOAL_RESUME: u32 = 4;
/// The end of what is kept: revoked at the server where that can be (RFC 7009), and forgotten.
pub const PK_GOAL_SIGN_OUT: u32 = 5;

static ACCESSES: Flows<Held> = Flows::new(15, "access");

/// An access, and what of its outcome is a secret.
struct Held {
    flow: Access,
    end_session_url: Option<Secret>,
}

fn goal(value: u32) -> Result<Goal, Fail> {
    match value {
        PK_GOAL_TOKEN => Ok(Goal::Token),
        PK_GOAL_TOKEN_OR_SIGN_IN => Ok(Goal::TokenOrSignIn),
        PK_GOAL_SIGN_IN => Ok(Goal::SignIn),
        PK_GOAL_RESUME => Ok(Goal::Resume),
        PK_GOAL_SIGN_OUT => Ok(Goal::SignOut),
        _ => Err(Fail::Misuse(Misuse::Value, "goal")),
    }
}

/// Checks a configuration as `pk_access_new` does, so that what is wrong is said before the user waits.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status of
/// misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_access_check(
    config: *const pk_access_config,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            config::read(config)?.check()?;
            Ok(())
        })
    }
}

/// Makes an access. `goal` is `PK_GOAL_TOKEN` and the like; `run`, which may be null, is what is only so this once.
/// Nothing happens until it is advanced with `PK_EVENT_START`. `*access` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; `PK_NOTHING`
/// where `known` has no authorization server; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_access_new(
    config: *const pk_access_config,
    goal: u32,
    run: *const pk_access_run,
    access: *mut pk_access,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("access", access)?;
            let goal = self::goal(goal)?;
            let mut config = config::read(config)?;
            let (key, nonces) = match input::structure_or_null("run", run)? {
                Some(run) => {
                    config::read_run(&run, &mut config)?;
                    let sealed = run.data_key.id != 0;
                    let key = sealed.then(|| data_key::find(run.data_key)).transpose()?;
                    (key, dpop_nonces::find_or_none(run.nonces)?)
                }
                None => Default::default(),
            };
            let flow = Access::with_nonces(config, goal, key, nonces)?;
            out.write(pk_access { id: ACCESSES.insert(Held { flow, end_session_url: None })? });
            Ok(())
        })
    }
}

/// Says what has happened and gets what to do next. Begin with `PK_EVENT_START`, do what `*step` says, say what
/// came of it, until `PK_STEP_DONE`. `now` is in seconds since the epoch.
///
/// A lock that `PK_STEP_LOCK` has got belongs to the driver's loop: it is given back with `PK_STEP_UNLOCK`, and where
/// the loop ends without one, then. After `PK_EVENT_CANCEL` the flow may still ask for `PK_STEP_SEND` with `finish`,
/// `PK_STEP_SWAP` and `PK_STEP_UNLOCK`: it saves what a server has given out already.
///
/// What `*step` points to is wiped at the next `pk_access_advance` or `pk_access_take_outcome` with this handle, and
/// when it is freed.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
/// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_access_advance(
    access: pk_access,
    event: *const pk_event,
    now: u64,
    step: *mut pk_step,
    error: *mut pk_error,
) -> pk_status {
    let give = |held: &mut Held, event| held.flow.advance(event, now);
    // SAFETY: the caller's promise.
    unsafe { ACCESSES.advance(access.id, event, step, error, give) }
}

/// Takes out what came of it, once, after `PK_STEP_DONE`. The handles in `*outcome` are the caller's to free.
///
/// `*warning`, which may be null, becomes what went wrong without ending the flow: why a refresh failed while the old
/// token is still good, why tokens could not be stored, why the server did not revoke. Where nothing did, its `status`
/// is `PK_OK` and its texts are empty.
///
/// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_access_take_outcome(
    access: pk_access,
    outcome: *mut pk_access_outcome,
    warning: *mut pk_error,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("outcome", outcome)?;
            let warned =
                (!warning.is_null()).then(|| Out::structure("warning", warning)).transpose()?;
            let take = |held: &mut Held| {
                let mut came = held.flow.outcome()?;
                held.end_session_url = came.end_session_url.take();
                Some(came)
            };
            let mut came = ACCESSES.outcome(access.id, take)?;
            let said = self::warning(came.warning.take());
            out.write(outcome::keep(came)?);
            if let Some(warned) = warned {
                warned.write(said);
            }
            Ok(())
        })
    }
}

/// Writes where the user's browser ends the session that it may still have with the server (OpenID Connect
/// RP-Initiated Logout §2): after `PK_GOAL_SIGN_OUT`, once the outcome was taken. Opening it is the program's part, and
/// its choice. It holds the ID token, so it belongs into the browser and into no log; the caller wipes the buffer when
/// it is done.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`; `PK_NOTHING` where there is none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_access_end_session_url(
    access: pk_access,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            ACCESSES.with(access.id, |held| {
                let missing = Fail::Nothing("there is no session in the browser to be ended");
                let url = held.end_session_url.as_ref().ok_or(missing)?;
                Buffer::new("buffer", buffer, capacity, length).write(url.expose())
            })
        })
    }
}

/// Frees the access, wherever it is, and wipes its secrets; what it gave out lives on. Safe while another thread uses
/// the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_access_free(access: pk_access) -> pk_status {
    ACCESSES.free(access.id)
}
