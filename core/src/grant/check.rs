//! `CheckToken`: a resource server's question, whether this request may pass (RFC 6750).

pub use super::challenges::with_metadata;
use super::challenges::{Scheme, challenge, invalid_token};
use super::opaque;
use super::possession::{
    NotProven, Presented, ProofRules, Proven, RequestProof, Unseen, nonce_field,
};
use super::record::{FoundToken, Hash, Terms, TokenKind};
use super::step::{StoreEvent, StoreStep};
use crate::error::Error;
use crate::http::Header;
use crate::secret::Secret;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// The request may pass, as this subject and client.
    Granted(Box<FoundToken>),
    /// It may not.
    Refused {
        /// The HTTP status: 400, 401 or 403; 503 where the store failed.
        status: u16,
        /// The value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
        www_authenticate: Option<String>,
    },
}

/// How recently and how a user must have signed in (RFC 9470 §3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authentication {
    /// The classes of which one will do, the preferred one first; none here: any will.
    pub acr_values: Vec<String>,
    /// How long ago it may have been, in seconds; none: any time.
    pub max_age_s: Option<u64>,
}

/// The flow: looks the token up, then checks expiry, revocation, audience, key, scope and sign-in.
#[derive(Debug)]
pub struct CheckToken {
    audience: String,
    required_scopes: Vec<String>,
    metadata_url: Option<String>,
    thumbprint: Option<String>,
    bound_only: bool,
    /// Whether the resource itself judges the key (RFC 9449 §6.2).
    introspected: bool,
    authentication: Authentication,
    scheme: Scheme,
    /// The token, for the hash of it in a proof.
    token: Option<Secret>,
    /// The proof that the flow judges first, if it was told of one.
    proof: Option<Box<Presented>>,
    nonce: Option<String>,
    /// The proof that the store has not been asked about yet.
    unseen: Option<Box<Unseen>>,
    fields: Vec<Header>,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready(Result<(String, Hash), Access>),
    Finding,
    /// What is said where the proof is new, and where it is not.
    Remembering(Box<(Access, NotProven)>),
    Done(Option<Access>),
    Ended,
}

impl CheckToken {
    /// Makes the flow. `authorization` is the header as it came, `audience` the resource's own URI. A
    /// token that was asked for without a resource (RFC 8707) is for every resource of its server.
    #[must_use]
    pub fn new(authorization: Option<&str>, audience: &str, required_scopes: &[String]) -> Self {
        let (scheme, token, read) = read(authorization);
        Self {
            audience: audience.to_owned(),
            required_scopes: required_scopes.to_vec(),
            metadata_url: None,
            thumbprint: None,
            bound_only: false,
            introspected: false,
            authentication: Authentication::default(),
            scheme,
            token: token.map(|token| Secret::new(token.to_owned())),
            proof: None,
            nonce: None,
            unseen: None,
            fields: Vec::new(),
            state: State::Ready(read),
        }
    }

    /// Has the flow judge the proof of the request before all else (RFC 9449 §7.1), if its token came as one that is
    /// bound to a key: a proof beside a bearer token proves nothing that anybody asked for. Before the request may pass
    /// it asks the store to remember the proof ([`StoreStep::Remember`]). Where the rules require proofs, no bearer token
    /// passes.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] where the flow has begun.
    pub fn present(&mut self, rules: &ProofRules, request: &RequestProof<'_>) -> Result<(), Error> {
        let State::Ready(_) = self.state else {
            let (field, reason) = ("proof", "comes before the first event");
            return Err(Error::InvalidConfiguration { field, reason });
        };
        if rules.required {
            self.require_bound();
        }
        if let (Scheme::Dpop, Some(token)) = (self.scheme, &self.token) {
            self.proof = Some(Box::new(rules.presented(request, Some(token.expose()))));
        }
        Ok(())
    }

    /// Makes the flow that answers a resource which asks about a token that somebody has sent to it (RFC 7662). What
    /// scope and which key it needs the resource judges itself, by what it is told of it. Ask who it is before: the
    /// answer is for the resource alone that `audience` names.
    #[must_use]
    pub fn introspecting(token: &str, audience: &str) -> Self {
        let read = opaque::read(token).ok_or_else(|| invalid_token(Scheme::Bearer));
        Self {
            audience: audience.to_owned(),
            required_scopes: Vec::new(),
            metadata_url: None,
            thumbprint: None,
            bound_only: false,
            introspected: true,
            authentication: Authentication::default(),
            scheme: Scheme::Bearer,
            token: None,
            proof: None,
            nonce: None,
            unseen: None,
            fields: Vec::new(),
            state: State::Ready(read),
        }
    }

    /// The request came with a good proof of the key that has this thumbprint, made for this token, which was judged
    /// and remembered before (RFC 9449 §7.1, [`ProofRules::judge`]).
    #[must_use]
    pub fn proven(mut self, thumbprint: Option<String>) -> Self {
        self.thumbprint = thumbprint;
        self
    }

    /// What the request has proven for this token was judged before ([`ProofRules::judge`]), and the proof is not
    /// remembered yet: as with [`Self::present`] the flow asks the store to. `replayed` is what is said where it was
    /// used before ([`ProofRules::replayed`]).
    #[must_use]
    pub fn judged_by(mut self, proven: Proven, replayed: NotProven) -> Self {
        self.take(proven, replayed);
        self
    }

    /// No bearer token passes (RFC 9728 §2, `dpop_bound_access_tokens_required`).
    #[must_use]
    pub fn bound_only(mut self, bound_only: bool) -> Self {
        self.bound_only = false;
        if bound_only {
            self.require_bound();
        }
        self
    }

    fn require_bound(&mut self) {
        self.bound_only = true;
        if let (State::Ready(Err(_)), Scheme::Bearer) = (&self.state, self.scheme) {
            self.state = State::Ready(Err(challenge(Scheme::Dpop, 401, "")));
        }
    }

    /// Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status 401 also which
    /// scopes are needed (RFC 6750 §3): a client without a token learns what to ask for.
    #[must_use]
    pub fn metadata_url(mut self, url: Option<String>) -> Self {
        self.metadata_url = url;
        self
    }

    /// The user must have signed in like this (RFC 9470).
    #[must_use]
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// As [`Self::authentication`] and [`Self::metadata_url`], for a flow that is kept where it is.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] where the flow has begun.
    pub fn demand(
        &mut self,
        authentication: Authentication,
        metadata_url: Option<String>,
    ) -> Result<(), Error> {
        let State::Ready(_) = self.state else {
            let (field, reason) = ("demands", "come before the first event");
            return Err(Error::InvalidConfiguration { field, reason });
        };
        (self.authentication, self.metadata_url) = (authentication, metadata_url);
        Ok(())
    }

    /// Takes what the store has done and says what it does next.
    ///
    /// # Errors
    /// [`Error::UnexpectedEvent`] and [`Error::FlowEnded`] for a driver's mistake; each ends the flow.
    pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
        // An event too many must not lose an outcome that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match (core::mem::replace(&mut self.state, State::Ended), event) {
            (State::Done(_) | State::Ended, _) => Err(Error::FlowEnded),
            (State::Ready(read), StoreEvent::Start) => Ok(self.begin(read)),
            (State::Finding | State::Remembering(_), StoreEvent::Failed) => {
                Ok(self.done(Access::Refused { status: 503, www_authenticate: None }))
            }
            (State::Finding, StoreEvent::FoundToken { token, now }) => {
                let access = self.judge(token, now);
                Ok(self.once(access))
            }
            (State::Remembering(said), StoreEvent::Remembered(true)) => Ok(self.done(said.0)),
            (State::Remembering(said), StoreEvent::Remembered(false)) => {
                Ok(self.not_proven(said.1))
            }
            (State::Ready(_), event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" })
            }
            (State::Remembering(_), event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "Remember" })
            }
            (State::Finding, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "FindToken" })
            }
        }
    }

    /// The answer, once, after [`StoreStep::Done`].
    pub fn outcome(&mut self) -> Option<Access> {
        match &mut self.state {
            State::Done(access) => access.take(),
            _ => None,
        }
    }

    /// The header fields that the answer needs, after [`StoreStep::Done`]: `WWW-Authenticate` where the request is
    /// refused, and `DPoP-Nonce` where there is a nonce to be used from now on (RFC 9449 §9), also where it may pass.
    #[must_use]
    pub fn fields(&self) -> &[Header] {
        &self.fields
    }

    /// RFC 9449 §4.3: what is wrong with the proof is said before anything is looked up.
    fn begin(&mut self, read: Result<(String, Hash), Access>) -> StoreStep {
        self.token = None;
        if let Some(presented) = self.proof.take() {
            let Presented { judged, replayed } = *presented;
            match judged {
                Err(refused) => return self.not_proven(refused),
                Ok(proven) => self.take(proven, replayed),
            }
        }
        match read {
            Err(refused) => self.done(refused),
            Ok((grant_id, token_hash)) => {
                self.state = State::Finding;
                StoreStep::FindToken { grant_id, token_hash }
            }
        }
    }

    fn take(&mut self, Proven { thumbprint, nonce, remember }: Proven, replayed: NotProven) {
        self.thumbprint = thumbprint;
        match remember {
            Some(proof) => {
                self.nonce = nonce;
                self.unseen = Some(Box::new(Unseen { proof, replayed }));
            }
            // The refusal of a request without a proof gives a nonce for one.
            None => self.nonce = replayed.nonce,
        }
    }

    /// RFC 9449 §11.1: what may pass passes once its proof is known to be new. What may not is not worth a row: a
    /// stranger makes as many proofs as he likes.
    fn once(&mut self, access: Access) -> StoreStep {
        match (access, self.unseen.take()) {
            (Access::Granted(token), Some(unseen)) => {
                let Unseen { proof, replayed } = *unseen;
                self.state = State::Remembering(Box::new((Access::Granted(token), replayed)));
                StoreStep::Remember { proof }
            }
            (access, _) => self.done(access),
        }
    }

    /// RFC 9449 §7.1, §9.
    fn not_proven(&mut self, refused: NotProven) -> StoreStep {
        let (error, description) = (refused.error(), refused.description());
        let parameters = format!("error=\"{error}\", error_description=\"{description}\"");
        self.nonce = refused.nonce;
        self.done(challenge(Scheme::Dpop, 401, &parameters))
    }

    fn judge(&self, token: Option<FoundToken>, now: u64) -> Access {
        let Some(token) = token else {
            return invalid_token(self.scheme);
        };
        let elsewhere = token.grant.resource.as_ref().is_some_and(|r| *r != self.audience);
        // A refresh token is for the token endpoint alone (RFC 6749 §1.5).
        let refresh = token.kind != TokenKind::Access;
        if refresh || token.revoked || now >= token.expires_at || elsewhere {
            return invalid_token(self.scheme);
        }
        if let Some(refused) = self.judge_key(token.dpop_jkt.as_deref()) {
            return refused;
        }
        let granted = |scope: &String| token.scope().split(' ').any(|known| known == scope);
        if !self.required_scopes.iter().all(granted) {
            let scope = self.required_scopes.join(" ");
            let parameters = format!("error=\"insufficient_scope\", scope=\"{scope}\"");
            return challenge(self.scheme, 403, &parameters);
        }
        if !self.authentication.accepts(&token.grant.terms, now) {
            return challenge(self.scheme, 401, &self.authentication.parameters());
        }
        Access::Granted(Box::new(token))
    }

    /// RFC 9449 §7.1, §7.2: a token that is bound to a key is no bearer token, and one that is not cannot be proven.
    fn judge_key(&self, bound: Option<&str>) -> Option<Access> {
        let wrong = |description: &str| {
            let parameters =
                format!("error=\"invalid_token\", error_description=\"{description}\"");
            Some(challenge(Scheme::Dpop, 401, &parameters))
        };
        if self.introspected {
            return None;
        }
        match (self.scheme, bound, self.thumbprint.as_deref()) {
            (Scheme::Bearer, None, _) if self.bound_only => {
                wrong("the token is bound to no key, and must be")
            }
            (Scheme::Bearer, None, _) => None,
            (Scheme::Bearer, Some(_), _) => {
                wrong("the token is bound to a key: it is no bearer token")
            }
            (Scheme::Dpop, None, _) => wrong("the token is bound to no key: it is a bearer token"),
            (Scheme::Dpop, Some(_), None) => Some(challenge(
                Scheme::Dpop,
                401,
                "error=\"invalid_dpop_proof\", error_description=\"the request has no proof of the key\"",
            )),
            (Scheme::Dpop, Some(bound), Some(proven)) if bound == proven => None,
            (Scheme::Dpop, Some(_), Some(_)) => wrong("the token is bound to another key"),
        }
    }

    fn done(&mut self, mut access: Access) -> StoreStep {
        if let Access::Refused { status, www_authenticate: Some(value) } = &mut access {
            if let Some(url) = &self.metadata_url {
                *value = with_metadata(value, *status, &self.required_scopes, url);
            }
            self.fields.push(Header::new("WWW-Authenticate", value.clone()));
        }
        self.fields.extend(nonce_field(self.nonce.take()));
        self.state = State::Done(Some(access));
        StoreStep::Done
    }
}

impl Authentication {
    fn accepts(&self, terms: &Terms, now: u64) -> bool {
        let class = self.acr_values.is_empty()
            || terms.acr.as_ref().is_some_and(|acr| self.acr_values.contains(acr));
        let recent = self.max_age_s.is_none_or(|max_age| {
            terms.auth_time.is_some_and(|at| now.saturating_sub(at) <= max_age)
        });
        class && recent
    }

    /// The parameters of the challenge that demands it (RFC 9470 §3).
    #[must_use]
    pub fn parameters(&self) -> String {
        let mut parameters = String::from(
            "error=\"insufficient_user_authentication\", \
             error_description=\"another or a newer sign-in is needed\"",
        );
        if !self.acr_values.is_empty() {
            parameters.push_str(&format!(", acr_values=\"{}\"", self.acr_values.join(" ")));
        }
        if let Some(max_age) = self.max_age_s {
            parameters.push_str(&format!(", max_age=\"{max_age}\""));
        }
        parameters
    }
}

/// RFC 6750 §2.1, RFC 9449 §7.1: `Bearer` or `DPoP`, and a token of ours.
#[allow(clippy::type_complexity, reason = "three answers of one reading")]
fn read(authorization: Option<&str>) -> (Scheme, Option<&str>, Result<(String, Hash), Access>) {
    // RFC 6750 §3.1: no error code where no token was sent.
    let none = (Scheme::Bearer, None, Err(challenge(Scheme::Bearer, 401, "")));
    let Some(header) = authorization else {
        return none;
    };
    let (name, token) = header.split_once(' ').unwrap_or((header, ""));
    let scheme = if name.eq_ignore_ascii_case("Bearer") {
        Scheme::Bearer
    } else if name.eq_ignore_ascii_case("DPoP") {
        Scheme::Dpop
    } else {
        return none;
    };
    if token.is_empty() {
        return (scheme, None, Err(challenge(scheme, 400, "error=\"invalid_request\"")));
    }
    (scheme, Some(token), opaque::read(token).ok_or_else(|| invalid_token(scheme)))
}
