//! Faults: what an authorization server may do wrong, one sin each, to see what a client does about it.
//!
//! The honest endpoints know nothing of them. A layer around the router changes the request or the answer of
//! the one endpoint that sins (`layer`); the sins stand in a table, by what they sin in.

mod answer;
mod device;
mod dpop;
mod id_token;
mod keys;
pub(crate) mod layer;
mod metadata;
mod par;
mod redirect;
mod refresh;
mod resource;
mod scene;
mod token;
mod wire;

use answer::Answer;
use scene::Scene;

/// One sin of an authorization server, or of a resource.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Fault {
    /// Its name, which never changes: `iss-wrong`.
    pub name: &'static str,
    /// What it sins in.
    pub group: Group,
    /// What the server does, as a sentence.
    pub does: &'static str,
    /// What a correct client does.
    pub right: Right,
    /// The text that rules.
    pub rule: &'static str,
    /// What a client must do to meet it.
    pub meets: Meets,
    sin: Sin,
}

/// What a fault sins in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The authorization response.
    Redirect,
    /// The server's metadata (RFC 8414).
    Metadata,
    /// The answer to a code.
    Token,
    /// The ID token (OpenID Connect Core).
    IdToken,
    /// The key set that ID tokens are checked with.
    Keys,
    /// The answer to a refresh token.
    Refresh,
    /// The device grant (RFC 8628).
    Device,
    /// Proofs of possession (RFC 9449).
    Dpop,
    /// Pushed authorization requests (RFC 9126).
    Par,
    /// The protected resource and its metadata (RFC 9728).
    Resource,
}

impl Group {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Redirect,
        Self::Metadata,
        Self::Token,
        Self::IdToken,
        Self::Keys,
        Self::Refresh,
        Self::Device,
        Self::Dpop,
        Self::Par,
        Self::Resource,
    ];

    /// Its name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redirect => "authorization response",
            Self::Metadata => "metadata",
            Self::Token => "token response",
            Self::IdToken => "ID token",
            Self::Keys => "keys",
            Self::Refresh => "refresh",
            Self::Device => "device grant",
            Self::Dpop => "proof of possession",
            Self::Par => "pushed request",
            Self::Resource => "resource",
        }
    }

    /// Whether a client's identifier can choose a fault of it. What is the same for all clients cannot be chosen
    /// by one.
    #[must_use]
    pub const fn knows_the_client(self) -> bool {
        !matches!(self, Self::Metadata | Self::Keys | Self::Resource)
    }

    const fn faults(self) -> &'static [Fault] {
        match self {
            Self::Redirect => redirect::FAULTS,
            Self::Metadata => metadata::FAULTS,
            Self::Token => token::FAULTS,
            Self::IdToken => id_token::FAULTS,
            Self::Keys => keys::FAULTS,
            Self::Refresh => refresh::FAULTS,
            Self::Device => device::FAULTS,
            Self::Dpop => dpop::FAULTS,
            Self::Par => par::FAULTS,
            Self::Resource => resource::FAULTS,
        }
    }
}

/// What a correct client does. The codes are those of ProofKey's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// It ends with the error of this code.
    Refuses(&'static str),
    /// It fails with the error of this code, keeps its tokens, and the next try succeeds.
    KeepsAfter(&'static str),
    /// It fails with the first code; the next try fails with the second.
    RefusesTwice(&'static str, &'static str),
    /// It gives the refusal of the resource to its caller: `http_` and the status.
    HandsOver(&'static str),
    /// It goes on.
    GoesOn,
}

/// What a client must do to meet a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    /// Sign in by redirect.
    SignIn,
    /// Sign in with the scope `openid`.
    OpenId,
    /// Sign in, and ask for a token again when it has expired.
    Refresh,
    /// Sign in, and ask the resource.
    Request,
    /// Sign in by a device code.
    Device,
    /// Sign in with a proof of possession.
    Dpop,
    /// Sign in with a pushed request.
    Push,
}

impl Meets {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::OpenId => "openid",
            Self::Refresh => "refresh",
            Self::Request => "request",
            Self::Device => "device",
            Self::Dpop => "dpop",
            Self::Push => "push",
        }
    }
}

/// How a fault is done.
#[derive(Debug, Clone, Copy)]
enum Sin {
    /// The endpoint answers, and its answer is changed.
    After(fn(&mut Answer, &Scene<'_>)),
    /// It does not come to the endpoint, where there is an answer.
    Instead(fn(&Scene<'_>) -> Option<Answer>),
}

/// What the identifiers of the clients begin with that choose a fault: `fault-iss-wrong`.
pub const CLIENT_PREFIX: &str = "fault-";

impl Fault {
    /// All of them, group by group.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Group::ALL.into_iter().flat_map(|group| group.faults())
    }

    /// The one of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|fault| fault.name == name)
    }

    /// The names that look most like this one, the nearest first; at most three.
    #[must_use]
    pub fn near(name: &str) -> Vec<&'static str> {
        let mut all: Vec<_> =
            Self::all().map(|fault| (distance(name, fault.name), fault.name)).collect();
        all.sort_unstable();
        let close = name.len() / 2 + 1;
        all.into_iter().filter(|(far, _)| *far <= close).map(|(_, name)| name).take(3).collect()
    }

    /// The identifier of the client that chooses it, where one can.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.group.knows_the_client().then(|| format!("{CLIENT_PREFIX}{}", self.name))
    }
}

/// How many characters must be put in, taken out or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

/// A fault of a table, in one line each.
const fn fault(
    group: Group,
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    meets: Meets,
    sin: Sin,
) -> Fault {
    Fault { name, group, does, right, rule, meets, sin }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_at_least_forty_and_each_is_told_apart() {
        let names: Vec<_> = Fault::all().map(|fault| fault.name).collect();
        assert!(names.len() >= 40, "{}", names.len());
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        let sentences: HashSet<_> = Fault::all().map(|fault| fault.does).collect();
        assert_eq!(sentences.len(), names.len());
        for fault in Fault::all() {
            let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(fault.name.bytes().all(kebab), "{}", fault.name);
            assert!(fault.does.ends_with('.') && !fault.does.contains('|'), "{}", fault.name);
            assert!(!fault.rule.is_empty(), "{}", fault.name);
            assert_eq!(Fault::find(fault.name).unwrap().name, fault.name);
        }
    }

    #[test]
    fn a_typing_mistake_finds_what_was_meant() {
        assert_eq!(Fault::near("iss-wrnog").first(), Some(&"iss-wrong"));
        assert_eq!(Fault::near("metadata-redirct").first(), Some(&"metadata-redirect"));
        assert!(Fault::near("x").is_empty());
        assert!(Fault::find("iss-wrnog").is_none());
    }

    #[test]
    fn what_is_the_same_for_all_clients_is_not_chosen_by_one() {
        let by = |name| Fault::find(name).and_then(Fault::client_id);
        assert_eq!(by("iss-wrong").as_deref(), Some("fault-iss-wrong"));
        assert_eq!(by("metadata-redirect"), None);
    }
}
