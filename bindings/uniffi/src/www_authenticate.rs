//! `WWW-Authenticate` (RFC 9110 §11.6.1), parsed.

use crate::error::Outcome;
use crate::guard::call;
use proofkey::www_authenticate as core;

/// One parameter of a challenge.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ChallengeParameter {
    /// The name, in lower case.
    pub name: String,
    /// The value, without quotes and escapes.
    pub value: String,
}

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Challenge {
    /// The scheme, in lower case (RFC 9110 §11.1).
    pub scheme: String,
    /// The data of schemes such as Negotiate, instead of parameters.
    pub token68: Option<String>,
    /// The parameters, in their order.
    pub parameters: Vec<ChallengeParameter>,
}

impl From<core::Challenge> for Challenge {
    fn from(challenge: core::Challenge) -> Self {
        let core::Challenge { scheme, token68, parameters } = challenge;
        let parameters = parameters.into_iter();
        let parameters =
            parameters.map(|(name, value)| ChallengeParameter { name, value }).collect();
        Self { scheme, token68, parameters }
    }
}

/// What a resource asks for in its Bearer or DPoP challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9470 §3).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Demand {
    /// `bearer` or `dpop`.
    pub scheme: String,
    /// Where the resource's metadata is.
    pub resource_metadata: Option<String>,
    /// The scopes; none where the challenge has no `scope` or one outside the grammar of RFC 6749 §3.3.
    pub scopes: Option<Vec<String>>,
    /// The error code.
    pub error: Option<String>,
    /// The authentication context class references that will do, the preferred ones first.
    pub acr_values: Option<Vec<String>>,
    /// How old the user's authentication may be, in seconds.
    pub max_age: Option<u64>,
}

impl From<core::Demand> for Demand {
    fn from(demand: core::Demand) -> Self {
        let core::Demand { scheme, resource_metadata, scopes, error, acr_values, max_age } = demand;
        Self { scheme, resource_metadata, scopes, error, acr_values, max_age }
    }
}

/// The challenges of an answer, what was left out, and what is asked for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Challenges {
    /// The good ones, in their order.
    pub list: Vec<Challenge>,
    /// Why others were left out, in their order: `syntax`, `duplicate_parameter`, `too_large`.
    pub defects: Vec<String>,
    /// The first Bearer or DPoP challenge that names `resource_metadata`, else the first of them.
    pub demand: Option<Demand>,
}

/// Parses the values of all `WWW-Authenticate` fields of an answer. Total: a challenge with a defect is left
/// out, and its defect is kept.
#[uniffi::export]
pub fn parse_challenges(fields: Vec<String>) -> Outcome<Challenges> {
    call("parse_challenges", || {
        let parsed = core::Challenges::parse(fields.iter().map(String::as_str));
        Ok(Challenges {
            demand: parsed.demand().map(Demand::from),
            defects: parsed.defects.into_iter().map(|defect| defect.code().to_owned()).collect(),
            list: parsed.list.into_iter().map(Challenge::from).collect(),
        })
    })
}
