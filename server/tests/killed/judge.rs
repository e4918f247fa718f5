//! What must hold after a kill: what was answered is there, nobody wins twice, no code comes back.

use proofkey_server::store::GrantStore;
use proofkey_server::testing::fixture::{access_token, passes, redeem};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A code of this age may have expired: it lives for a minute.
const MAY_BE_OVER: Duration = Duration::from_secs(50);

/// How far a code had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It was answered.
    Issued,
    /// A redemption was sent and not answered.
    Redeeming,
    /// Its token was answered.
    Redeemed,
    /// A replay was sent and not answered.
    Replaying,
    /// That it is revoked was answered.
    Revoked,
}

#[derive(Debug)]
struct Code {
    verifier: String,
    token: Option<String>,
    reached: Reached,
    told: Instant,
}

/// What was told of each code until the kill.
#[derive(Debug, Default)]
pub struct Ledger {
    codes: BTreeMap<String, Code>,
    unanswered: usize,
}

impl Ledger {
    /// Reads one line of [`work`](super::work).
    pub fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let (reached, code) = match words[..] {
            ["issuing"] => {
                self.unanswered += 1;
                return;
            }
            ["issued", code, verifier] => {
                self.unanswered -= 1;
                let (verifier, reached) = (verifier.to_owned(), Reached::Issued);
                let told = Code { verifier, token: None, reached, told: Instant::now() };
                assert!(self.codes.insert(code.to_owned(), told).is_none(), "a code twice");
                return;
            }
            ["redeemed", code, token] => {
                self.codes.get_mut(code).unwrap().token = Some(token.to_owned());
                (Reached::Redeemed, code)
            }
            ["redeeming", code] => (Reached::Redeeming, code),
            ["replaying", code] => (Reached::Replaying, code),
            ["revoked", code] => (Reached::Revoked, code),
            _ => panic!("told: {line}"),
        };
        self.codes.get_mut(code).unwrap().reached = reached;
    }

    /// Asks about each code.
    pub async fn judge(&self, store: &dyn GrantStore, met: &mut Met) {
        met.unanswered += self.unanswered;
        for (code, told) in &self.codes {
            // Where the machine was slow nothing is to be learnt of an unused one.
            let unused = matches!(told.reached, Reached::Issued | Reached::Redeeming);
            if unused && told.told.elapsed() > MAY_BE_OVER {
                met.over += 1;
                continue;
            }
            met.reached[told.reached as usize] += 1;
            told.judge(code, store).await;
        }
    }
}

impl Code {
    async fn judge(&self, code: &str, store: &dyn GrantStore) {
        let ask = || async {
            let answer = redeem(store, code, Some(&self.verifier)).await;
            (answer.status, answer.audit.name(), access_token(&answer).is_some())
        };
        let token = self.token.as_deref().unwrap_or_default();
        match self.reached {
            Reached::Issued => assert_eq!(ask().await.0, 200, "an answered code is lost"),
            Reached::Redeeming => {
                // It was done or it was not; whoever was told nothing may ask once.
                let told = ask().await;
                assert!(told.0 == 200 || told.1 == "replay_revoked", "{told:?}");
            }
            Reached::Redeemed => {
                assert!(passes(store, token).await, "an answered token is lost");
                assert_eq!(ask().await, (400, "replay_revoked", false), "a second winner");
                assert!(!passes(store, token).await);
            }
            Reached::Replaying => {
                let told = ask().await;
                assert!(told.0 == 400 && told.1 != "unknown_code", "{told:?}");
                assert!(!passes(store, token).await);
            }
            Reached::Revoked => {
                assert!(!passes(store, token).await, "an answered revocation is lost");
                assert_eq!(ask().await.0, 400);
            }
        }
        let (status, _, token) = ask().await;
        assert_eq!((status, token), (400, false), "a code that came back");
    }
}

/// How many codes had come how far at their kills.
#[derive(Debug, Default)]
pub struct Met {
    pub kills: usize,
    unanswered: usize,
    over: usize,
    reached: [usize; 5],
}

impl Met {
    /// Whether there are more kills to come: so many, and more until each point was met.
    pub fn next(&mut self, kills: usize) -> Option<usize> {
        let every = self.unanswered > 0 && self.reached.iter().all(|met| *met > 0);
        if self.kills >= kills && every {
            return None;
        }
        assert!(self.kills < 10 * kills, "not every point is met: {self:?}");
        self.kills += 1;
        Some(self.kills)
    }

    /// Prints it behind what it is of, for the long run's result is written down.
    #[expect(clippy::print_stdout, reason = "read by whoever runs `tests/kill-stores`")]
    pub fn show(&self, of: &str) {
        let [issued, redeeming, redeemed, replaying, revoked] = self.reached;
        println!(
            "{of}: {} codes not answered, {issued} issued, {redeeming} redeeming, {redeemed} redeemed, \
             {replaying} replaying, {revoked} revoked, {} too old to be asked about",
            self.unanswered, self.over
        );
    }
}
