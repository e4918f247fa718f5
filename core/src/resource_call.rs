//! One request to a resource, with all of its tries: what each answer means for the token that it was sent
//! with (RFC 6750 §3.1, RFC 9470, RFC 9449 §9), and when enough was tried.
//!
//! A resource can demand more scopes or a better authentication as often as it likes. What it demands is
//! bounded here twice: by a ceiling of scopes that the program sets, and by a budget of tries, so that a
//! resource that demands for ever is given up on.

use crate::authorization::check_scopes;
use crate::error::{Error, cleaned};
use crate::www_authenticate::{Challenges, Demand};

/// The error of a token that lacks a scope (RFC 6750 §3.1).
pub(crate) const INSUFFICIENT_SCOPE: &str = "insufficient_scope";

/// So often the user is asked to sign in for one request.
const MAX_SIGN_INS: usize = 2;

/// What the next sign-in must ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepUp {
    /// The scopes: those of the last sign-in, and what is demanded now. None where nobody named any; the
    /// sign-in chooses then as it did before.
    pub scopes: Vec<String>,
    /// The authentication context class references that will do, the preferred ones first (RFC 9470 §4): the
    /// parameter `acr_values`, with a space between them. None where none are demanded.
    pub acr_values: Vec<String>,
    /// How old the user's authentication may be, in seconds (RFC 9470 §4): the parameter `max_age`.
    pub max_age: Option<u64>,
    /// Where the resource's metadata is, if the answer says so (RFC 9728 §5.1).
    pub resource_metadata: Option<String>,
    /// The `WWW-Authenticate` fields of the answer, for
    /// [`AccessConfig::www_authenticate`](crate::flow::access::AccessConfig::www_authenticate).
    pub www_authenticate: Vec<String>,
}

/// What to do about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// It is the program's: it says nothing of the token, or nothing that a better token would change.
    Accept,
    /// The same request once more, with a proof that holds the nonce that came with the answer (RFC 9449 §9).
    Retry,
    /// The token is not taken: refresh it
    /// ([`AccessConfig::rejected`](crate::flow::access::AccessConfig::rejected)) and send the request again.
    Refresh,
    /// Sign in again with what is demanded, and send the request again.
    SignIn(StepUp),
    /// Nothing more is tried: [`Error::ScopeCeiling`] or [`Error::StepUpRefused`].
    GiveUp(Error),
}

/// One request of the program. It remembers what was tried: one repetition for a nonce with each token, one
/// refresh, two sign-ins.
#[derive(Debug, Clone)]
pub struct ResourceCall {
    ceiling: Option<Vec<String>>,
    nonce_heard: bool,
    refreshed: bool,
    signed_in: bool,
    /// What was demanded before each sign-in. The last authentication that was demanded goes along with
    /// every later sign-in, which would lose it otherwise.
    met: Vec<Met>,
    acr_values: Vec<String>,
    max_age: Option<u64>,
}

/// A demand that a sign-in was to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Met {
    /// A token that is taken.
    Token,
    Scopes(Vec<String>),
    Authentication(Option<Vec<String>>, Option<u64>),
}

impl ResourceCall {
    /// A request that was not sent yet. The scopes of `ceiling` may be asked for without the caller's word
    /// when the resource demands them; without a ceiling, whatever it demands.
    #[must_use]
    pub const fn new(ceiling: Option<Vec<String>>) -> Self {
        Self {
            ceiling,
            nonce_heard: false,
            refreshed: false,
            signed_in: false,
            met: Vec::new(),
            acr_values: Vec::new(),
            max_age: None,
        }
    }

    /// Judges an answer by its status and the values of its `WWW-Authenticate` fields, in their order.
    /// `requested_scopes` were asked for at the last sign-in, `granted_scopes` are those of the token that the
    /// request was sent with.
    #[must_use]
    pub fn answered(
        &mut self,
        status: u16,
        www_authenticate: &[String],
        requested_scopes: &[String],
        granted_scopes: &[String],
    ) -> Reaction {
        if !matches!(status, 401 | 403) {
            return Reaction::Accept;
        }
        let challenges = Challenges::parse(www_authenticate.iter().map(String::as_str));
        let demands: Vec<Demand> = challenges.demands().collect();
        let says = |code| demands.iter().find(|demand| demand.error.as_deref() == Some(code));
        if says("use_dpop_nonce").is_some() {
            return self.nonce();
        }
        let answer = Answer { demands: &demands, fields: www_authenticate, requested_scopes };
        if let Some(demand) = says("insufficient_user_authentication") {
            return self.authentication(demand, answer);
        }
        // RFC 6750 §3.1 wants 403 for it; where it comes with 401 it means the same.
        if let Some(demand) = says(INSUFFICIENT_SCOPE) {
            return self.scopes(demand, answer, granted_scopes);
        }
        // A request that is malformed, or a proof of possession, is not mended by another token.
        if status == 403 || says("invalid_request").or(says("invalid_dpop_proof")).is_some() {
            return Reaction::Accept;
        }
        // Whoever names other schemes alone takes no token at all.
        if demands.is_empty() && !challenges.list.is_empty() {
            return Reaction::Accept;
        }
        self.token(answer)
    }

    fn nonce(&mut self) -> Reaction {
        if core::mem::replace(&mut self.nonce_heard, true) {
            return give_up("it wants another nonce each time");
        }
        Reaction::Retry
    }

    /// `invalid_token`, a code that nobody knows, or none.
    fn token(&mut self, answer: Answer<'_>) -> Reaction {
        if !core::mem::replace(&mut self.refreshed, true) {
            self.nonce_heard = false;
            return Reaction::Refresh;
        }
        // What does not even say that it wants a token is not worth the user's time.
        if answer.demands.is_empty() {
            return Reaction::Accept;
        }
        if core::mem::replace(&mut self.signed_in, true) {
            return give_up("it does not take a token that was issued a moment ago");
        }
        self.sign_in(Met::Token, &self.named_beside(answer), answer)
    }

    fn scopes(&mut self, demand: &Demand, answer: Answer<'_>, granted: &[String]) -> Reaction {
        let demanded = demand.scopes.clone().unwrap_or_default();
        if demanded.is_empty() {
            return give_up("it demands more scope and does not say which");
        }
        if demanded.iter().all(|scope| granted.contains(scope)) {
            return give_up("the token has the scope that is demanded");
        }
        let known =
            |scope: &String| granted.contains(scope) || answer.requested_scopes.contains(scope);
        if let Some(above) = demanded.iter().find(|scope| !known(scope) && !self.may_ask(scope)) {
            return Reaction::GiveUp(Error::ScopeCeiling { scope: cleaned(above) });
        }
        self.sign_in(Met::Scopes(demanded.clone()), &demanded, answer)
    }

    /// RFC 9470 §3.
    fn authentication(&mut self, demand: &Demand, answer: Answer<'_>) -> Reaction {
        let demanded = self.named_beside(answer);
        let met = Met::Authentication(demand.acr_values.clone(), demand.max_age);
        if let Some(acr_values) = &demand.acr_values {
            self.acr_values.clone_from(acr_values);
        }
        self.max_age = demand.max_age.or(self.max_age);
        self.sign_in(met, &demanded, answer)
    }

    fn sign_in(&mut self, met: Met, demanded: &[String], answer: Answer<'_>) -> Reaction {
        if self.met.contains(&met) {
            return give_up("it demands again what the user has just signed in for");
        }
        if self.met.len() == MAX_SIGN_INS {
            return give_up("it demands something else after each sign-in");
        }
        let mut scopes = answer.requested_scopes.to_vec();
        for scope in demanded {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        if check_scopes(&scopes).is_err() {
            return give_up("it demands more scopes than can be asked for");
        }
        self.met.push(met);
        self.nonce_heard = false;
        Reaction::SignIn(StepUp {
            scopes,
            acr_values: self.acr_values.clone(),
            max_age: self.max_age,
            resource_metadata: answer.demands.iter().find_map(|one| one.resource_metadata.clone()),
            www_authenticate: answer.fields.to_vec(),
        })
    }

    /// The scopes of an answer whose error is another than that of the scope. They are a list of what the
    /// resource knows, as often as not: what lies above the ceiling is left out, and is demanded by name if it
    /// is really needed.
    fn named_beside(&self, answer: Answer<'_>) -> Vec<String> {
        let named = answer.demands.iter().filter_map(|demand| demand.scopes.as_ref()).flatten();
        named.filter(|scope| self.may_ask(scope)).cloned().collect()
    }

    fn may_ask(&self, scope: &String) -> bool {
        self.ceiling.as_ref().is_none_or(|ceiling| ceiling.contains(scope))
    }
}

/// An answer that is being judged.
#[derive(Clone, Copy)]
struct Answer<'a> {
    demands: &'a [Demand],
    fields: &'a [String],
    requested_scopes: &'a [String],
}

const fn give_up(reason: &'static str) -> Reaction {
    Reaction::GiveUp(Error::StepUpRefused { reason })
}
