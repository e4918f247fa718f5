//! What the demonstration shows: each scene with its facts, before it is put into words.

use super::bound;
use serde_json::{Value, json};

/// Who acts in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The authorization server.
    Server,
    /// The program that signs in.
    Agent,
    /// The user's browser.
    Browser,
    /// Who reads along.
    Thief,
}

impl Actor {
    /// The name that is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Agent => "agent",
            Self::Browser => "browser",
            Self::Thief => "thief",
        }
    }
}

/// An answer of the server, word for word. Tokens in it are shortened before it comes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// A grant's row, as it was read from the database's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The challenge.
    pub code_challenge: String,
    /// SHA-256 of the code, hexadecimal.
    pub code_hash: String,
    /// Whether the code has been redeemed.
    pub used: bool,
    /// Whether the grant was revoked.
    pub revoked: bool,
    /// How many wrong verifiers came.
    pub mismatches: u32,
    /// In how many seconds the code expires, at the moment of reading.
    pub expires_in: i64,
    /// SHA-256 of each token, hexadecimal.
    pub token_hashes: Vec<String>,
}

/// What a thief tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trick {
    /// The code and nothing else.
    NoVerifier,
    /// The code and a guess.
    GuessedVerifier,
    /// The code and the challenge, which he saw, as if it were the verifier.
    ChallengeAsVerifier,
    /// The code once more, after it was redeemed.
    Replay,
}

impl Trick {
    /// The stable name of the scene.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoVerifier => "theft_without_verifier",
            Self::GuessedVerifier => "theft_with_guessed_verifier",
            Self::ChallengeAsVerifier => "theft_with_challenge_as_verifier",
            Self::Replay => "theft_by_replay",
        }
    }

    /// What he sends as the verifier, in words.
    pub const fn verifier(self) -> &'static str {
        match self {
            Self::NoVerifier => "(none)",
            Self::GuessedVerifier | Self::Replay => "(a guess: 43 random characters)",
            Self::ChallengeAsVerifier => "(the challenge)",
        }
    }
}

/// One scene. Everything in it was read from a real answer or from the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// The server is there; its metadata was fetched.
    ServerReady {
        issuer: String,
        methods: Vec<String>,
        iss_promised: bool,
        kept_in: Option<String>,
    },
    /// The agent has made its pair and listens.
    AgentPrepares { challenge: String, redirect_uri: String },
    /// The browser has asked the authorization endpoint.
    BrowserAsks {
        endpoint: String,
        parameters: Vec<(String, String)>,
        status: u16,
        location: String,
    },
    /// What the database holds now.
    DatabaseHolds(Row),
    /// The redirect has arrived at the agent and passed its checks.
    RedirectArrives { redirect_uri: String, code: String, iss: String, page_status: u16 },
    /// The thief has tried something, and was refused.
    Theft { trick: Trick, code: String, answer: Answer, row: Row, limit: u32 },
    /// The agent has redeemed the code.
    AgentRedeems { code: String, answer: Answer, scopes: Vec<String>, row: Row },
    /// The database's files were searched for secrets.
    DatabaseSearched { files: usize, bytes: u64 },
    /// The agent has used its token.
    TokenWorks { url: String, token: String, answer: Answer },
    /// A scene of the story of bound tokens.
    Bound(bound::Scene),
}

impl Scene {
    /// The stable name, for scripts.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ServerReady { .. } => "server_ready",
            Self::AgentPrepares { .. } => "agent_prepares",
            Self::BrowserAsks { .. } => "browser_asks",
            Self::DatabaseHolds(_) => "database_holds",
            Self::RedirectArrives { .. } => "redirect_arrives",
            Self::Theft { trick, .. } => trick.name(),
            Self::AgentRedeems { .. } => "agent_redeems",
            Self::DatabaseSearched { .. } => "database_searched",
            Self::TokenWorks { .. } => "token_works",
            Self::Bound(scene) => scene.name(),
        }
    }

    /// Who acts.
    pub const fn actor(&self) -> Actor {
        match self {
            Self::ServerReady { .. } | Self::DatabaseHolds(_) | Self::DatabaseSearched { .. } => {
                Actor::Server
            }
            Self::AgentPrepares { .. }
            | Self::RedirectArrives { .. }
            | Self::AgentRedeems { .. }
            | Self::TokenWorks { .. } => Actor::Agent,
            Self::BrowserAsks { .. } => Actor::Browser,
            Self::Theft { .. } => Actor::Thief,
            Self::Bound(scene) => scene.actor(),
        }
    }

    /// The facts as JSON.
    pub fn facts(&self) -> Value {
        match self {
            Self::ServerReady { issuer, methods, iss_promised, kept_in } => json!({
                "issuer": issuer,
                "code_challenge_methods_supported": methods,
                "iss_promised": iss_promised,
                "store": "sqlite",
                "database_kept_in": kept_in,
            }),
            Self::AgentPrepares { challenge, redirect_uri } => json!({
                "code_verifier": "(43 characters, kept here)",
                "code_challenge": challenge,
                "code_challenge_method": "S256",
                "redirect_uri": redirect_uri,
            }),
            Self::BrowserAsks { endpoint, parameters, status, location } => json!({
                "authorization_endpoint": endpoint,
                "parameters": parameters.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
                "status": status,
                "location": location,
            }),
            Self::DatabaseHolds(row) => json!({ "row": row.facts() }),
            Self::RedirectArrives { redirect_uri, code, iss, page_status } => json!({
                "redirect_uri": redirect_uri,
                "code": code,
                "state_is_ours": true,
                "iss": iss,
                "page_status": page_status,
            }),
            Self::Theft { trick, code, answer, row, limit } => json!({
                "code": code,
                "code_verifier": trick.verifier(),
                "answer": answer.facts(),
                "row": row.facts(),
                "burnt_at_mismatches": limit,
            }),
            Self::AgentRedeems { code, answer, scopes, row } => json!({
                "code": code,
                "code_verifier": "(43 characters, sent to the token endpoint alone)",
                "answer": answer.facts(),
                "scopes": scopes,
                "row": row.facts(),
            }),
            Self::DatabaseSearched { files, bytes } => json!({
                "files": files,
                "bytes": bytes,
                "found": { "code": false, "code_verifier": false, "access_token": false },
            }),
            Self::TokenWorks { url, token, answer } => json!({
                "url": url,
                "access_token": token,
                "answer": answer.facts(),
            }),
            Self::Bound(scene) => scene.facts(),
        }
    }
}

impl Answer {
    pub(super) fn facts(&self) -> Value {
        // The server's answers are JSON here; should one not be, its text is shown as it is.
        let body = serde_json::from_str(&self.body).unwrap_or_else(|_| json!(self.body));
        json!({ "status": self.status, "body": body })
    }
}

impl Row {
    fn facts(&self) -> Value {
        json!({
            "code_challenge": self.code_challenge,
            "code_hash": self.code_hash,
            "used": self.used,
            "revoked": self.revoked,
            "mismatches": self.mismatches,
            "expires_in": self.expires_in,
            "token_hashes": self.token_hashes,
        })
    }
}

/// How the demonstration ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the story was that of bound tokens.
    pub bound: bool,
    /// How many thefts were refused.
    pub refused: usize,
    /// How long it took, in milliseconds.
    pub millis: u128,
    /// What went otherwise than it had to, if anything did.
    pub deviation: Option<Deviation>,
}

/// Something that went otherwise than it had to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The scene, by its stable name.
    pub scene: &'static str,
    /// What had to come.
    pub expected: String,
    /// What came.
    pub found: String,
}

/// The first six characters of something that may not be shown whole.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(6) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_characters_are_shown() {
        assert_eq!(short("abcdefgh"), "abcdef…");
        assert_eq!(short("äöüßéèê"), "äöüßéè…");
        assert_eq!(short("abc"), "abc");
    }
}
