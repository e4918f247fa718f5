//! Says how fast a grant store alone is.
//!
//! ```text
//! stores STORE GRANTS TASKS SECONDS
//! ```
//!
//! STORE as with `proofkey serve --store`. It is filled until it has been given GRANTS grants; then TASKS
//! callers at once put grants for SECONDS, and then claim the codes of those, with two tokens each.
//! It writes one line of JSON.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program says its figures")]

use proofkey::challenge::CodeChallenge;
use proofkey::grant::{Grant, NewGrant, NewToken, Terms, TokenKind};
use proofkey_server::store::{
    GrantStore, MemoryStore, PostgresOptions, RedisOptions, SqliteOptions,
};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// So many callers fill a store at once.
const FILLING: usize = 256;

/// Grants live for as long as a run takes.
const LIFETIME_S: u64 = 86_400;

async fn open(store: &str) -> Result<Arc<dyn GrantStore>, Failed> {
    let max = 100_000_000;
    let opened: Arc<dyn GrantStore> = match store.split_once(':') {
        Some(("sqlite", path)) => Arc::new(SqliteOptions::default().max_grants(max).open(path)?),
        Some(("postgres", _)) => Arc::new(PostgresOptions::new(store)?.connect().await?),
        Some(("redis", _)) => Arc::new(RedisOptions::new(store)?.connect().await?),
        _ if store == "memory" => Arc::new(MemoryStore::new(10_000_000)),
        _ => return Err(format!("{store} names no store").into()),
    };
    Ok(opened)
}

/// Ids of grants are of 128 random bits: neighbours in time are none in the table.
fn id(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (number >> 7);
    format!("{mixed:016x}{number:06x}")
}

fn hash(number: u64, of: u8) -> [u8; 32] {
    let mut hash = [of; 32];
    hash[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    hash
}

fn grant(number: u64) -> NewGrant {
    let grant = Grant {
        grant_id: id(number),
        client_id: "load-client".into(),
        subject: "developer".into(),
        redirect_uri: "https://client.example/callback".into(),
        redirect_uri_was_sent: true,
        code_challenge: Some(CodeChallenge::from_bytes(hash(number, 3))),
        scope: "notes.read".into(),
        resource: None,
        refreshable: true,
        terms: Box::new(Terms::default()),
    };
    NewGrant { grant, code_hash: hash(number, 0), lifetime_s: LIFETIME_S }
}

fn tokens(number: u64) -> Vec<NewToken> {
    let token = |kind, of| NewToken {
        kind,
        token_hash: hash(number, of),
        lifetime_s: LIFETIME_S,
        scope: None,
        dpop_jkt: None,
    };
    vec![token(TokenKind::Access, 1), token(TokenKind::Refresh, 2)]
}

/// Puts or claims the numbers from `next` on, below `end`, until the time is over; how many a second.
async fn go_on(
    store: &Arc<dyn GrantStore>,
    claims: bool,
    tasks: usize,
    (next, end): (&Arc<AtomicU64>, u64),
    lasts: Duration,
) -> Result<f64, Failed> {
    let (begun, first) = (Instant::now(), next.load(Ordering::Relaxed));
    let each = |store: Arc<dyn GrantStore>, next: Arc<AtomicU64>| async move {
        let mut did = 0_u64;
        while begun.elapsed() < lasts {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end {
                break;
            }
            let done = if claims {
                store.claim(&id(number), &hash(number, 0), 5, tokens(number)).await?
            } else {
                store.put(grant(number)).await?
            };
            if !done {
                return Err(Failed::from(format!("the store did not take grant {number}")));
            }
            did += 1;
        }
        Ok(did)
    };
    let running: Vec<_> =
        (0..tasks).map(|_| tokio::spawn(each(store.clone(), next.clone()))).collect();
    let mut did = 0;
    for task in running {
        did += task.await??;
    }
    next.store(first + did, Ordering::Relaxed);
    Ok(did as f64 / begun.elapsed().as_secs_f64())
}

async fn run(arguments: &[String]) -> Result<String, Failed> {
    let [store, grants, tasks, seconds] = arguments else {
        return Err("wrong usage: see the top of this program".into());
    };
    let store = open(store).await?;
    let (grants, tasks): (u64, usize) = (grants.parse()?, tasks.parse()?);
    let lasts = Duration::from_secs_f64(seconds.parse()?);
    let next = Arc::new(AtomicU64::new(0));
    go_on(&store, false, FILLING, (&next, grants), Duration::MAX).await?;
    let put = go_on(&store, false, tasks, (&next, u64::MAX), lasts).await?;
    let claims = Arc::new(AtomicU64::new(grants));
    let end = next.load(Ordering::Relaxed);
    let claim = go_on(&store, true, tasks, (&claims, end), lasts).await?;
    Ok(serde_json::json!({ "grants": grants, "put": put, "claim": claim }).to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("stores: {error}");
            ExitCode::FAILURE
        }
    }
}
