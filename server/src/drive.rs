//! The driver of the grant flows: one loop between a flow and a store.

use crate::narrate::{Narrator, short};
use crate::possession::Possession;
use crate::store::{GrantStore, StoreError};
use proofkey::Error;
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::check::{Access, CheckToken};
use proofkey::grant::device::DeviceIssue;
use proofkey::grant::issue::{Issue, IssueOutcome};
use proofkey::grant::redeem::Redeem;
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{Rotation, StoreEvent, StoreStep};

/// Stores a new grant and gives the redirect that carries its code (RFC 6749 §4.1.2).
///
/// A store that fails or is full makes an outcome with `issued: false`, whose redirect carries an
/// error and no code (P29).
///
/// # Errors
/// [`Error::RandomUnavailable`], upon which nothing is issued; [`Error::FlowEnded`] and
/// [`Error::UnexpectedEvent`] for a flow that was used before.
pub async fn run_issue(
    store: &dyn GrantStore,
    mut flow: Issue,
    narrator: &Narrator,
) -> Result<IssueOutcome, Error> {
    drive(store, None, narrator, |event| flow.advance(event)).await?;
    flow.outcome().ok_or(Error::FlowEnded)
}

/// Redeems a code or a refresh token and gives the token endpoint's whole answer (RFC 6749 §4.1.4, §5.2, §6).
///
/// # Errors
/// [`Error::RandomUnavailable`], upon which nothing is issued; [`Error::FlowEnded`] and
/// [`Error::UnexpectedEvent`] for a flow that was used before.
pub async fn run_redeem(
    store: &dyn GrantStore,
    mut flow: Redeem,
    narrator: &Narrator,
) -> Result<TokenAnswer, Error> {
    drive(store, None, narrator, |event| flow.advance(event)).await?;
    flow.outcome().ok_or(Error::FlowEnded)
}

/// As [`run_redeem`], for a flow that was told of a proof: that is remembered here before anything is written. `None`,
/// and nothing written, where it cannot be remembered.
///
/// # Errors
/// Those of [`run_redeem`].
pub async fn run_redeem_proven(
    store: &dyn GrantStore,
    seen: &Possession,
    mut flow: Redeem,
    narrator: &Narrator,
) -> Result<Option<TokenAnswer>, Error> {
    if !drive(store, Some(seen), narrator, |event| flow.advance(event)).await? {
        return Ok(None);
    }
    flow.outcome().map(Some).ok_or(Error::FlowEnded)
}

/// Makes the tokens of a device whose user has allowed it, and gives the token endpoint's whole answer (RFC 8628
/// §3.5).
///
/// # Errors
/// [`Error::RandomUnavailable`], upon which nothing is issued; [`Error::FlowEnded`] and
/// [`Error::UnexpectedEvent`] for a flow that was used before.
pub async fn run_device(
    store: &dyn GrantStore,
    mut flow: DeviceIssue,
    narrator: &Narrator,
) -> Result<TokenAnswer, Error> {
    drive(store, None, narrator, |event| flow.advance(event)).await?;
    flow.outcome().ok_or(Error::FlowEnded)
}

/// Takes a token back and gives the revocation endpoint's whole answer (RFC 7009 §2.2).
///
/// # Errors
/// [`Error::FlowEnded`] and [`Error::UnexpectedEvent`] for a flow that was used before.
pub async fn run_revoke(
    store: &dyn GrantStore,
    mut flow: RevokeToken,
    narrator: &Narrator,
) -> Result<TokenAnswer, Error> {
    drive(store, None, narrator, |event| flow.advance(event)).await?;
    flow.outcome().ok_or(Error::FlowEnded)
}

/// Judges the token that came with a request to a resource (RFC 6750 §3).
///
/// # Errors
/// [`Error::FlowEnded`] and [`Error::UnexpectedEvent`] for a flow that was used before.
pub async fn run_check(
    store: &dyn GrantStore,
    mut flow: CheckToken,
    narrator: &Narrator,
) -> Result<Access, Error> {
    drive(store, None, narrator, |event| flow.advance(event)).await?;
    flow.outcome().ok_or(Error::FlowEnded)
}

/// As [`run_check`], for a flow that was told of a proof: that is remembered here before the request may pass. `None`
/// where it cannot be remembered.
///
/// # Errors
/// Those of [`run_check`].
pub async fn run_check_proven(
    store: &dyn GrantStore,
    seen: &Possession,
    mut flow: CheckToken,
    narrator: &Narrator,
) -> Result<Option<Access>, Error> {
    if !drive(store, Some(seen), narrator, |event| flow.advance(event)).await? {
        return Ok(None);
    }
    flow.outcome().map(Some).ok_or(Error::FlowEnded)
}

/// Runs a flow to its end, or until a proof cannot be remembered: then it is not done.
async fn drive(
    store: &dyn GrantStore,
    seen: Option<&Possession>,
    narrator: &Narrator,
    mut advance: impl FnMut(StoreEvent) -> Result<StoreStep, Error>,
) -> Result<bool, Error> {
    let mut event = StoreEvent::Start;
    loop {
        event = match (advance(event)?, seen) {
            (StoreStep::Done, _) => return Ok(true),
            (StoreStep::Remember { proof }, Some(seen)) => match seen.is_new(&proof).await {
                Ok(new) => StoreEvent::Remembered(new),
                Err(_) => return Ok(false),
            },
            (step, _) => perform(store, step, narrator).await,
        };
    }
}

/// Makes the store's call that a step names. A store's error becomes [`StoreEvent::Failed`]: the flow
/// fails closed, and the log says why.
async fn perform(store: &dyn GrantStore, step: StoreStep, narrator: &Narrator) -> StoreEvent {
    let name = step.name();
    let done = match step {
        StoreStep::Put { grant } => {
            let challenge = grant.grant.code_challenge.map(|challenge| challenge.to_text());
            let grant_id = short(&grant.grant.grant_id);
            store.put(grant).await.map(|stored| {
                narrator.say(name, || match (stored, challenge) {
                    (true, Some(challenge)) => format!(
                        "grant {grant_id} stored with the challenge {} and the hash of its code; \
                         the code itself is not kept",
                        short(&challenge)
                    ),
                    (true, None) => format!("grant {grant_id} stored without a challenge"),
                    (false, _) => "no grant stored: the store is full".into(),
                });
                StoreEvent::Stored(stored)
            })
        }
        StoreStep::Find { grant_id, code_hash } => {
            store.find(&grant_id, &code_hash).await.map(|seen| {
                narrator.say(name, || match &seen.row {
                    None => "no grant has a code with this hash".into(),
                    Some(found) => format!(
                        "grant {} found by the hash of its code: {}, {}{}, {}",
                        short(&grant_id),
                        if found.used { "used before" } else { "unused" },
                        if found.expires_at > seen.now { "not expired" } else { "expired" },
                        if found.revoked { ", revoked" } else { "" },
                        match found.mismatches {
                            0 => "no wrong verifier so far".to_owned(),
                            n => format!("wrong verifiers so far: {n}"),
                        }
                    ),
                });
                StoreEvent::Found { grant: seen.row, now: seen.now }
            })
        }
        StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens } => {
            store.claim(&grant_id, &code_hash, max_mismatches, tokens).await.map(|claimed| {
                narrator.say(name, || {
                    let how = if claimed {
                        "claimed by this request alone: its code is used now, and the hashes of new \
                         tokens stored with it"
                    } else {
                        "not claimed: another request was first, or its time is over"
                    };
                    format!("grant {} {how}", short(&grant_id))
                });
                StoreEvent::Claimed(claimed)
            })
        }
        StoreStep::Count { grant_id } => store.count(&grant_id).await.map(|()| {
            narrator.say(name, || {
                format!("the hash of the verifier is not the challenge of grant {}: counted", short(&grant_id))
            });
            StoreEvent::Ok
        }),
        StoreStep::Revoke { grant_id } => store.revoke(&grant_id).await.map(|()| {
            narrator.say(name, || {
                format!("grant {} revoked, with every token issued from it", short(&grant_id))
            });
            StoreEvent::Ok
        }),
        StoreStep::FindToken { grant_id, token_hash } => {
            store.find_token(&grant_id, &token_hash).await.map(|seen| {
                narrator.say(name, || match &seen.row {
                    None => "no token has this hash".into(),
                    Some(found) => format!(
                        "{} token of grant {} found by its hash: {}{}{}",
                        found.kind.as_str(),
                        short(&grant_id),
                        match found.rotation {
                            Rotation::Newest => "",
                            Rotation::Predecessor { .. } | Rotation::Older => "exchanged before, ",
                        },
                        if found.expires_at > seen.now { "not expired" } else { "expired" },
                        if found.revoked { ", revoked" } else { "" },
                    ),
                });
                StoreEvent::FoundToken { token: seen.row, now: seen.now }
            })
        }
        StoreStep::Rotate { grant_id, token_hash, reuse_window_s, tokens } => {
            store.rotate(&grant_id, &token_hash, reuse_window_s, tokens).await.map(|rotated| {
                narrator.say(name, || {
                    let how = if rotated {
                        "rotated: the refresh token is used now, and the hashes of new tokens stored"
                    } else {
                        "not rotated: another request was first, or its time is over"
                    };
                    format!("grant {} {how}", short(&grant_id))
                });
                StoreEvent::Rotated(rotated)
            })
        }
        // `drive` ends there, and whoever tells a flow of a proof says where proofs are kept. A flow that gets this
        // answer ends without a token.
        StoreStep::Remember { .. } | StoreStep::Done => Ok(StoreEvent::Failed),
    };
    done.unwrap_or_else(|error| failed(name, &error, narrator))
}

fn failed(step: &'static str, error: &StoreError, narrator: &Narrator) -> StoreEvent {
    tracing::error!(target: crate::narrate::TARGET, step, %error, "the grant store failed");
    narrator.say(step, || "the grant store failed: nothing will be issued".into());
    StoreEvent::Failed
}
