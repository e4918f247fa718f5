//! SIGKILL at random points of issue, redeem and revoke, with `appendfsync always`.

use super::private::Private;
use proofkey::verifier::CodeVerifier;
use proofkey_server::store::RedisStore;
use proofkey_server::testing::fixture::{access_token, code_in, passes, redeem, start};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const CLIENTS: usize = 8;

/// So many calls come before the last point of a round.
const CALLS: usize = 200;

/// How often: `PROOFKEY_KILLS`, or so often that it takes seconds.
fn kills() -> usize {
    std::env::var("PROOFKEY_KILLS").map_or(10, |kills| kills.parse().unwrap())
}

/// How far a code had come when the server was killed.
#[derive(Debug)]
enum Reached {
    /// It was answered.
    Issued,
    /// A redemption was sent and not answered.
    Redeeming,
    /// Its token was answered.
    Redeemed(String),
    /// A replay was sent and not answered.
    Replaying(String),
    /// That it is revoked was answered.
    Revoked(String),
}

struct Code {
    verifier: CodeVerifier,
    code: String,
    reached: Reached,
}

impl Code {
    async fn redeem(&self, store: &RedisStore) -> (u16, Option<String>, &'static str) {
        let answer = redeem(store, &self.code, Some(self.verifier.expose_verifier())).await;
        (answer.status, access_token(&answer), answer.audit.name())
    }
}

/// Issues, redeems and replays until the store fails. Each call is told before it is sent.
async fn work(
    store: Arc<RedisStore>,
    number: usize,
    calls: mpsc::UnboundedSender<()>,
) -> Vec<Code> {
    let mut codes = Vec::new();
    let call = || {
        let _ = calls.send(());
    };
    for n in 0.. {
        let verifier = CodeVerifier::generate().unwrap();
        call();
        let outcome = start(&*store, &verifier.challenge().to_text()).await;
        let Some(code) = code_in(outcome.location.expose()) else { break };
        codes.push(Code { verifier, code, reached: Reached::Issued });
        let code = codes.last_mut().unwrap();
        let way = (n + number) % 3;
        if way == 0 {
            continue;
        }
        code.reached = Reached::Redeeming;
        call();
        let (status, token, _) = code.redeem(&store).await;
        if status == 500 {
            break;
        }
        let token = token.expect("no token at the first redemption");
        code.reached = Reached::Redeemed(token.clone());
        if way == 1 {
            continue;
        }
        code.reached = Reached::Replaying(token.clone());
        call();
        match code.redeem(&store).await {
            (400, None, "replay_revoked") => code.reached = Reached::Revoked(token),
            (500, None, _) => break,
            other => panic!("{other:?}"),
        }
    }
    codes
}

/// What was answered is there, nobody wins twice, no code comes back.
async fn judge(store: &RedisStore, code: &Code) {
    match &code.reached {
        Reached::Issued => assert_eq!(code.redeem(store).await.0, 200, "an answered code is lost"),
        Reached::Redeeming => {
            // It was done or it was not; whoever was told nothing may ask once.
            let (status, _, audit) = code.redeem(store).await;
            assert!(status == 200 || audit == "replay_revoked", "{status} {audit}");
        }
        Reached::Redeemed(token) => {
            assert!(passes(store, token).await, "an answered token is lost");
            let (status, _, audit) = code.redeem(store).await;
            assert_eq!((status, audit), (400, "replay_revoked"), "a second winner");
            assert!(!passes(store, token).await);
        }
        Reached::Replaying(token) => {
            let (status, _, audit) = code.redeem(store).await;
            assert!(status == 400 && audit != "unknown_code", "{status} {audit}");
            assert!(!passes(store, token).await);
        }
        Reached::Revoked(token) => {
            assert!(!passes(store, token).await, "an answered revocation is lost");
            assert_eq!(code.redeem(store).await.0, 400);
        }
    }
    let (status, token, _) = code.redeem(store).await;
    assert_eq!((status, token), (400, None), "a code that came back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_server_keeps_what_it_has_answered() {
    let mut server = Private::lasting();
    let nodes = [Arc::new(server.store().await), Arc::new(server.store().await)];
    let mut seen = [0; 5];
    for kill in 0..kills() {
        let (calls, mut called) = mpsc::unbounded_channel();
        let mut working = JoinSet::new();
        for number in 0..CLIENTS {
            working.spawn(work(nodes[number % 2].clone(), number, calls.clone()));
        }
        let at = rand_below(CALLS);
        for _ in 0..at {
            called.recv().await.unwrap();
        }
        server.0.tell("kill");
        drop(calls);
        let codes: Vec<Code> = working.join_all().await.into_iter().flatten().collect();
        server.0.tell("start");
        for code in &codes {
            judge(&nodes[kill % 2], code).await;
            seen[match code.reached {
                Reached::Issued => 0,
                Reached::Redeeming => 1,
                Reached::Redeemed(_) => 2,
                Reached::Replaying(_) => 3,
                Reached::Revoked(_) => 4,
            }] += 1;
        }
    }
    #[expect(clippy::print_stdout, reason = "the long run's result is written down")]
    {
        println!("issued, redeeming, redeemed, replaying, revoked: {seen:?}");
    }
    assert!(seen.iter().all(|seen| *seen > 0), "not every point was met: {seen:?}");
}

/// A number from the system's generator.
fn rand_below(end: usize) -> usize {
    use rand::TryRng as _;
    let mut bytes = [0; 8];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).unwrap();
    usize::try_from(u64::from_le_bytes(bytes) % end as u64).unwrap()
}
