//! A store of one row, as each language's runner has it: every write is conditional, as the steps say.

use super::support::transcript::server::{challenge, sha256};
use super::support::{number, optional, string, truth};
use proofkey::grant::{FoundGrant, Grant, StoreEvent, StoreStep};
use serde_json::Value;

/// The row, if there is one, and the calls that were made.
pub struct Row {
    found: Option<(FoundGrant, [u8; 32])>,
    now: u64,
    pub calls: Vec<&'static str>,
}

impl Row {
    pub fn of(data: &Value, now: u64) -> Self {
        let found = (!data.is_null()).then(|| {
            let grant = Grant {
                grant_id: string(data, "grant_id").into(),
                client_id: string(data, "client_id").into(),
                subject: "user-1".into(),
                redirect_uri: string(data, "redirect_uri").into(),
                redirect_uri_was_sent: truth(data, "redirect_uri_was_sent"),
                code_challenge: challenge(&data["code_challenge"]),
                scope: string(data, "scope").into(),
                resource: optional(data, "resource"),
                refreshable: false,
                terms: Box::default(),
            };
            let found = FoundGrant {
                grant,
                expires_at: number(data, "expires_at"),
                used: truth(data, "used"),
                revoked: truth(data, "revoked"),
                mismatches: u32::try_from(number(data, "mismatches")).expect("a count"),
            };
            (found, sha256(string(data, "code")))
        });
        Self { found, now, calls: Vec::new() }
    }

    /// Does what the step says; `None` after `Done`.
    pub fn answer(&mut self, step: &StoreStep) -> Option<StoreEvent> {
        if matches!(step, StoreStep::Done) {
            return None;
        }
        self.calls.push(step.name());
        let now = self.now;
        Some(match step {
            StoreStep::Find { grant_id, code_hash } => {
                let row = self.row(grant_id).filter(|(_, hash)| hash == code_hash);
                StoreEvent::Found { grant: row.map(|(found, _)| found.clone()), now }
            }
            StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens } => {
                assert_eq!(tokens.len(), 1);
                let row = self.row(grant_id).filter(|(found, hash)| {
                    hash == code_hash
                        && !found.used
                        && !found.revoked
                        && found.mismatches < *max_mismatches
                        && found.expires_at > now
                });
                StoreEvent::Claimed(row.map(|(found, _)| found.used = true).is_some())
            }
            StoreStep::Count { grant_id } => {
                if let Some((found, _)) = self.row(grant_id) {
                    found.mismatches += 1;
                }
                StoreEvent::Ok
            }
            StoreStep::Revoke { grant_id } => {
                if let Some((found, _)) = self.row(grant_id) {
                    found.revoked = true;
                }
                StoreEvent::Ok
            }
            other => panic!("a redemption does not ask for {}", other.name()),
        })
    }

    fn row(&mut self, grant_id: &str) -> Option<&mut (FoundGrant, [u8; 32])> {
        self.found.as_mut().filter(|(found, _)| found.grant.grant_id == grant_id)
    }
}
