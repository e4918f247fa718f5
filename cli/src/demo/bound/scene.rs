//! What is shown of bound tokens: each scene with its facts.

use crate::demo::scene::{Actor, Answer};
use serde_json::{Value, json};

/// What a thief tries who has both tokens, and a request word for word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trick {
    /// The access token as if it were bound to nothing.
    AsBearer,
    /// The access token, and no proof.
    WithoutProof,
    /// The whole request once more: token and proof as the agent sent them.
    ReplayedProof,
    /// The access token with a proof of a key of his own.
    AnotherKey,
    /// The refresh token with a proof of a key of his own.
    RefreshWithAnotherKey,
}

impl Trick {
    /// All, in the order of the story.
    pub const ALL: [Self; 5] = [
        Self::AsBearer,
        Self::WithoutProof,
        Self::ReplayedProof,
        Self::AnotherKey,
        Self::RefreshWithAnotherKey,
    ];

    /// The stable name of the scene.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsBearer => "theft_as_bearer",
            Self::WithoutProof => "theft_without_proof",
            Self::ReplayedProof => "theft_by_replayed_proof",
            Self::AnotherKey => "theft_with_another_key",
            Self::RefreshWithAnotherKey => "theft_of_refresh_with_another_key",
        }
    }

    /// What he does, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AsBearer => "has the access token, and uses it as a bearer token",
            Self::WithoutProof => "says that it is bound, and has no proof",
            Self::ReplayedProof => "sends the agent's own request once more, proof and all",
            Self::AnotherKey => "makes a proof for it, with a key of his own",
            Self::RefreshWithAnotherKey => "tries the refresh token, with a key of his own",
        }
    }

    /// The proof that he sends.
    pub const fn proof(self) -> &'static str {
        match self {
            Self::AsBearer | Self::WithoutProof => "(none)",
            Self::ReplayedProof => "(the agent's, which the server has seen)",
            Self::AnotherKey | Self::RefreshWithAnotherKey => "(right in all but the key)",
        }
    }
}

/// One scene. Everything in it was read from a real answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// The agent has made a key, and the browser has carried its thumbprint to the server.
    AgentMakesKey { thumbprint: String, endpoint: String, status: u16 },
    /// The agent has its tokens.
    AgentSignsIn { token_type: &'static str, scopes: Vec<String>, token: String },
    /// The agent has used its token with a proof.
    TokenWorks { url: String, token: String, proof: String, thumbprint: String, answer: Answer },
    /// The thief has tried something, and was refused.
    Theft { trick: Trick, token: String, answer: Answer },
    /// The agent has refreshed with its key, and used what came.
    AgentRefreshes { token: String, answer: Answer },
}

impl Scene {
    /// The stable name, for scripts.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AgentMakesKey { .. } => "agent_makes_key",
            Self::AgentSignsIn { .. } => "agent_signs_in",
            Self::TokenWorks { .. } => "bound_token_works",
            Self::Theft { trick, .. } => trick.name(),
            Self::AgentRefreshes { .. } => "agent_refreshes",
        }
    }

    /// Who acts.
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Theft { .. } => Actor::Thief,
            _ => Actor::Agent,
        }
    }

    /// The facts as JSON.
    pub fn facts(&self) -> Value {
        match self {
            Self::AgentMakesKey { thumbprint, endpoint, status } => json!({
                "private_key": "(P-256, kept here)",
                "dpop_jkt": thumbprint,
                "authorization_endpoint": endpoint,
                "status": status,
            }),
            Self::AgentSignsIn { token_type, scopes, token } => json!({
                "token_type": token_type,
                "scopes": scopes,
                "access_token": token,
            }),
            Self::TokenWorks { url, token, proof, thumbprint, answer } => json!({
                "url": url,
                "access_token": token,
                "proof": proof,
                "bound_to": thumbprint,
                "answer": answer.facts(),
            }),
            Self::Theft { trick, token, answer } => json!({
                "token": token,
                "proof": trick.proof(),
                "answer": answer.facts(),
            }),
            Self::AgentRefreshes { token, answer } => json!({
                "access_token": token,
                "answer": answer.facts(),
            }),
        }
    }
}
