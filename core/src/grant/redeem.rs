//! `Redeem`: the token request, judged against the grant; only then are there tokens.
//!
//! A code's one path to tokens is `Find → Claim`, a refresh token's `FindToken → Rotate`, and each step can say
//! no. Claim and rotation are the store's one conditional statement, so of many requests at once exactly one
//! goes on, and it writes the tokens with it (P24, P27).

use super::answer::{Audit, Refusal, TokenAnswer, tokens};
use super::policy::{Policy, Profile};
use super::possession::{
    NotProven, Presented, ProofRules, Proven, RequestProof, Unseen, nonce_field,
};
use super::record::{FoundGrant, FoundToken};
use super::refresh::{self, RefreshRequest};
use super::step::{StoreEvent, StoreStep};
use super::token_request::{CodeRequest, TokenRequest};
use super::tokens::{Issued, mint};
use crate::error::Error;
use crate::form::Form;
use crate::http::MAX_BODY;
use crate::verifier::verify;

/// The flow. Its outcome is the whole answer of the token endpoint; `Err` is for mistakes of the driver
/// and a failing generator only.
#[derive(Debug)]
pub struct Redeem {
    policy: Policy,
    /// The proof that the flow judges first, if it was told of one.
    proof: Option<Box<Presented>>,
    dpop_jkt: Option<String>,
    /// The nonce that the answer gives.
    nonce: Option<String>,
    /// The proof that the store has not been asked about yet.
    unseen: Option<Box<Unseen>>,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready(Result<TokenRequest, Refusal>),
    Finding(CodeRequest),
    Counting,
    Claiming {
        grant_id: String,
        issued: Issued,
    },
    FindingToken(RefreshRequest),
    Rotating {
        grant_id: String,
        issued: Issued,
    },
    Revoking(Refusal),
    /// What comes next where the proof is new, and what is said where it is not.
    Remembering(Box<(State, StoreStep, NotProven)>),
    Done(Option<TokenAnswer>),
    Ended,
}

impl State {
    const fn step(&self) -> &'static str {
        match self {
            Self::Ready(_) => "(none yet)",
            Self::Finding(_) => "Find",
            Self::Counting => "Count",
            Self::Claiming { .. } => "Claim",
            Self::FindingToken(_) => "FindToken",
            Self::Rotating { .. } => "Rotate",
            Self::Revoking(_) => "Revoke",
            Self::Remembering(_) => "Remember",
            Self::Done(_) => "Done",
            Self::Ended => "(ended)",
        }
    }
}

/// What a token request says of itself, unjudged: for what a server does before the flow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// The grant type that is asked for.
    pub grant_type: Option<String>,
    /// The client that asks.
    pub client_id: Option<String>,
}

/// Reads what a token or revocation request says of itself. What cannot be read is absent: the flow will
/// say what is wrong with it.
#[must_use]
pub fn named(body: &[u8]) -> Named {
    match core::str::from_utf8(body) {
        Ok(text) if body.len() as u64 <= MAX_BODY => {
            let form = Form::parse(text);
            let text = |name| form.non_empty(name).map(str::to_owned);
            Named { grant_type: text("grant_type"), client_id: text("client_id") }
        }
        _ => Named::default(),
    }
}

/// What a grant says to a token request.
enum Verdict {
    /// All is right and the code is unused: claim it.
    Claim,
    /// All is right and the code was used before (P24).
    Revoke,
    /// The verifier is wrong (P23).
    Count,
    /// Anything else that is wrong; nothing changes.
    Refuse(Refusal),
}

impl Redeem {
    /// Makes the flow from a token request: body, `Content-Type` and `Authorization` as they came.
    /// Nothing happens until [`StoreEvent::Start`].
    #[must_use]
    pub fn new(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Self {
        let refreshes = policy.refresh_token_lifetime_s > 0;
        let request = TokenRequest::read(body, content_type, authorization, refreshes);
        let (policy, state) = (policy.clone(), State::Ready(request));
        Self { policy, proof: None, dpop_jkt: None, nonce: None, unseen: None, state }
    }

    /// Has the flow judge the proof of the request before all else (RFC 9449 §5). Before it changes anything for the
    /// request it asks the store to remember the proof ([`StoreStep::Remember`]); the tokens are bound to its key, and
    /// the answer gives the nonce for the next one. A code or a refresh token that is bound to a key is redeemed with
    /// that key alone.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] where the flow has begun.
    pub fn present(&mut self, rules: &ProofRules, request: &RequestProof<'_>) -> Result<(), Error> {
        let State::Ready(_) = self.state else {
            let (field, reason) = ("proof", "comes before the first event");
            return Err(Error::InvalidConfiguration { field, reason });
        };
        let mut presented = rules.presented(request, None);
        if rules.required && request.fields.is_empty() {
            presented.judged = Err(rules.missing(request.now));
        }
        self.proof = Some(Box::new(presented));
        Ok(())
    }

    /// The request came with a good proof of the key that has this thumbprint, which was judged and remembered
    /// before ([`ProofRules::judge`]): the tokens are bound to it, as with [`Self::present`].
    #[must_use]
    pub fn proven(mut self, thumbprint: Option<String>) -> Self {
        self.dpop_jkt = thumbprint;
        self
    }

    /// What the request has proven was judged before ([`ProofRules::judge`]), and the proof is not remembered yet: as
    /// with [`Self::present`] the flow asks the store to. `replayed` is what is said where it was used before
    /// ([`ProofRules::replayed`]).
    #[must_use]
    pub fn judged_by(mut self, proven: Proven, replayed: NotProven) -> Self {
        self.take(proven, replayed);
        self
    }

    /// Takes what the store has done and says what it does next.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`], and [`Error::UnexpectedEvent`] and [`Error::FlowEnded`] for a driver's
    /// mistake. Each ends the flow, and nothing is issued.
    pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
        // An event too many must not lose an outcome that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match (core::mem::replace(&mut self.state, State::Ended), event) {
            (State::Done(_) | State::Ended, _) => Err(Error::FlowEnded),
            (State::Ready(request), StoreEvent::Start) => Ok(self.begin(request)),
            (State::Remembering(next), StoreEvent::Remembered(true)) => {
                let (state, step, _) = *next;
                self.state = state;
                Ok(step)
            }
            (State::Remembering(next), StoreEvent::Remembered(false)) => {
                Ok(self.not_proven(next.2))
            }
            (State::Ready(_), event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" })
            }
            // P29: whatever the store could not do, nothing is issued.
            (_, StoreEvent::Failed) => Ok(self.refuse(Refusal::STORE_FAILED)),
            (State::Finding(_), StoreEvent::Found { grant: None, .. }) => {
                Ok(self.refuse(Refusal::UNKNOWN_CODE))
            }
            (State::Finding(request), StoreEvent::Found { grant: Some(found), now }) => {
                self.judged(&request, found, now)
            }
            (State::Counting, StoreEvent::Ok) => Ok(self.refuse(Refusal::MISMATCH)),
            (State::Revoking(refusal), StoreEvent::Ok) => Ok(self.refuse(refusal)),
            (State::Claiming { issued, .. }, StoreEvent::Claimed(true)) => {
                Ok(self.done(tokens(issued, Audit::Issued)))
            }
            // Another request with the same right verifier was first: that is a replay too.
            (State::Claiming { grant_id, .. }, StoreEvent::Claimed(false)) => {
                Ok(self.revoke(grant_id, Refusal::REPLAY_REVOKED))
            }
            (State::FindingToken(_), StoreEvent::FoundToken { token: None, .. }) => {
                Ok(self.refuse(refresh::UNKNOWN))
            }
            (State::FindingToken(request), StoreEvent::FoundToken { token: Some(found), now }) => {
                self.refresh(&request, found, now)
            }
            (State::Rotating { issued, .. }, StoreEvent::Rotated(true)) => {
                Ok(self.done(tokens(issued, Audit::Refreshed)))
            }
            // Another request with the same token was first: it was used twice (CVE-2026-1035).
            (State::Rotating { grant_id, .. }, StoreEvent::Rotated(false)) => {
                Ok(self.revoke(grant_id, refresh::REUSE_REVOKED))
            }
            (state, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: state.step() })
            }
        }
    }

    /// The answer of the token endpoint, once, after [`StoreStep::Done`].
    pub fn outcome(&mut self) -> Option<TokenAnswer> {
        match &mut self.state {
            State::Done(answer) => answer.take(),
            _ => None,
        }
    }

    /// RFC 9449 §4.3: what is wrong with the proof is said before anything is looked up.
    fn begin(&mut self, request: Result<TokenRequest, Refusal>) -> StoreStep {
        if let Some(presented) = self.proof.take() {
            let Presented { judged, replayed } = *presented;
            match judged {
                Err(refused) => return self.not_proven(refused),
                Ok(proven) => self.take(proven, replayed),
            }
        }
        self.find(request)
    }

    fn take(&mut self, proven: Proven, replayed: NotProven) {
        let Proven { thumbprint, nonce, remember } = proven;
        (self.dpop_jkt, self.nonce) = (thumbprint, nonce);
        self.unseen = remember.map(|proof| Box::new(Unseen { proof, replayed }));
    }

    /// RFC 9449 §11.1: what is to be written is written once the proof is known to be new. Not earlier: a stranger makes
    /// as many proofs as he likes, and must not fill the store with them.
    fn once(&mut self, state: State, step: StoreStep) -> StoreStep {
        match self.unseen.take() {
            None => {
                self.state = state;
                step
            }
            Some(unseen) => {
                let Unseen { proof, replayed } = *unseen;
                self.state = State::Remembering(Box::new((state, step, replayed)));
                StoreStep::Remember { proof }
            }
        }
    }

    fn find(&mut self, request: Result<TokenRequest, Refusal>) -> StoreStep {
        match request {
            Err(refusal) => self.refuse(refusal),
            Ok(TokenRequest::Refresh(request)) => {
                let (grant_id, token_hash) = (request.grant_id.clone(), request.token_hash);
                self.state = State::FindingToken(request);
                StoreStep::FindToken { grant_id, token_hash }
            }
            Ok(TokenRequest::Code(request)) => {
                let (grant_id, code_hash) = (request.grant_id.clone(), request.code_hash);
                self.state = State::Finding(request);
                StoreStep::Find { grant_id, code_hash }
            }
        }
    }

    fn judged(
        &mut self,
        request: &CodeRequest,
        found: FoundGrant,
        now: u64,
    ) -> Result<StoreStep, Error> {
        let grant_id = request.grant_id.clone();
        match judge(request, &found, now, self.dpop_jkt.as_deref(), &self.policy) {
            Verdict::Refuse(refusal) => Ok(self.refuse(refusal)),
            Verdict::Count => {
                self.state = State::Counting;
                Ok(StoreStep::Count { grant_id })
            }
            Verdict::Revoke => Ok(self.revoke(grant_id, Refusal::REPLAY_REVOKED)),
            Verdict::Claim => {
                // Made before the claim: a generator that fails must not use the code up.
                let (tokens, issued) =
                    mint(found.grant, None, self.dpop_jkt.as_deref(), &self.policy)?;
                let state = State::Claiming { grant_id: grant_id.clone(), issued };
                let max_mismatches = self.policy.max_mismatches;
                let code_hash = request.code_hash;
                let step = StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens };
                Ok(self.once(state, step))
            }
        }
    }

    fn refresh(
        &mut self,
        request: &RefreshRequest,
        found: FoundToken,
        now: u64,
    ) -> Result<StoreStep, Error> {
        let (grant_id, token_hash) = (request.grant_id.clone(), request.token_hash);
        let reuse_window_s = self.policy.reuse_window_s();
        match request.judge(&found, now, self.dpop_jkt.as_deref(), reuse_window_s) {
            refresh::Verdict::Refuse(refusal) => Ok(self.refuse(refusal)),
            refresh::Verdict::Revoke => Ok(self.revoke(grant_id, refresh::REUSE_REVOKED)),
            refresh::Verdict::Rotate(narrower) => {
                let (tokens, issued) =
                    mint(found.grant, narrower, self.dpop_jkt.as_deref(), &self.policy)?;
                let state = State::Rotating { grant_id: grant_id.clone(), issued };
                let step = StoreStep::Rotate { grant_id, token_hash, reuse_window_s, tokens };
                Ok(self.once(state, step))
            }
        }
    }

    fn revoke(&mut self, grant_id: String, refusal: Refusal) -> StoreStep {
        self.once(State::Revoking(refusal), StoreStep::Revoke { grant_id })
    }

    fn refuse(&mut self, refusal: Refusal) -> StoreStep {
        self.done(refusal.answer())
    }

    fn not_proven(&mut self, refused: NotProven) -> StoreStep {
        self.nonce = refused.nonce;
        self.refuse(refused.refusal)
    }

    fn done(&mut self, mut answer: TokenAnswer) -> StoreStep {
        answer.headers.extend(nonce_field(self.nonce.take()));
        self.state = State::Done(Some(answer));
        StoreStep::Done
    }
}

/// The judgment: one path to [`Verdict::Claim`] (P22 to P25).
fn judge(
    request: &CodeRequest,
    found: &FoundGrant,
    now: u64,
    dpop_jkt: Option<&str>,
    policy: &Policy,
) -> Verdict {
    let grant = &found.grant;
    if found.revoked {
        return Verdict::Refuse(Refusal::REVOKED);
    }
    // A used code with anything wrong changes nothing; only its answer names the use.
    let refuse =
        |refusal| Verdict::Refuse(if found.used { Refusal::REPLAY_REFUSED } else { refusal });
    if request.client_id != grant.client_id {
        return refuse(Refusal::WRONG_CLIENT);
    }
    let redirect_uri_is_right = match &request.redirect_uri {
        Some(sent) => *sent == grant.redirect_uri,
        // RFC 6749 §4.1.3; OAuth 2.1 leaves it to the challenge.
        None => !grant.redirect_uri_was_sent || policy.profile == Profile::OAuth21,
    };
    if !redirect_uri_is_right {
        return refuse(Refusal::WRONG_REDIRECT_URI);
    }
    // RFC 9449 §10: whoever stole the code has not got the key.
    match (&grant.terms.dpop_jkt, dpop_jkt) {
        (Some(_), None) => return refuse(Refusal::PROOF_MISSING),
        (Some(pinned), Some(proven)) if pinned != proven => return refuse(Refusal::WRONG_KEY),
        _ => {}
    }
    let verifier_is_right = match (&request.code_verifier, &grant.code_challenge) {
        (None, _) => return refuse(Refusal::VERIFIER_MISSING),
        (Some(_), None) => return refuse(Refusal::VERIFIER_UNEXPECTED),
        // A verifier outside the grammar cannot be the right one: it counts as wrong.
        (Some(verifier), Some(challenge)) => verify(verifier.expose(), challenge) == Ok(true),
    };
    let expired = now >= found.expires_at;
    let burnt = found.mismatches >= policy.max_mismatches;
    match (verifier_is_right, found.used) {
        (true, true) => Verdict::Revoke,
        (false, true) => Verdict::Refuse(Refusal::REPLAY_REFUSED),
        (_, false) if expired => Verdict::Refuse(Refusal::EXPIRED),
        (_, false) if burnt => Verdict::Refuse(Refusal::BURNT),
        (false, false) => Verdict::Count,
        (true, false) if request.resource.is_some() && request.resource != grant.resource => {
            Verdict::Refuse(Refusal::WRONG_RESOURCE)
        }
        (true, false) => Verdict::Claim,
    }
}
