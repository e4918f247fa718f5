//! Requests that nobody redeems, far more of them than are kept: what a server holds is bounded, on each store.
//! `tests/flood` sends as many as it is told.

mod requests;
mod subjects;

use requests::{Answers, Flood};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use subjects::Subject;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// So many clients ask at once.
const CLIENTS: usize = 64;

/// So often it is looked at what is held.
const LOOKS: usize = 20;

/// What may come beside, of memory and on the disk: pages, buffers, what an allocator keeps, how late a sweep is.
const SLACK: u64 = 32 << 20;

/// So many requests for a code: few by themselves, as many as `PROOFKEY_FLOOD` says by `tests/flood`.
fn requests() -> usize {
    std::env::var("PROOFKEY_FLOOD").map_or(2_000, |requests| requests.parse().unwrap())
}

/// With those that come between.
fn all_requests() -> usize {
    requests() / 10 * 12
}

/// So many grants are kept at most: a large flood is two hundred times as large.
fn max_grants() -> usize {
    (requests() / 200).max(100)
}

/// So many entries of each kind are pending at most; of a million requests as many as where nothing is said.
fn max_pending() -> usize {
    (requests() / 1_000).max(50)
}

/// What is held at a moment.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    requests: usize,
    grants: u64,
    pending: u64,
    /// The file, the tables or the server's memory.
    store: u64,
    /// Of this process.
    memory: u64,
}

async fn look(subject: &dyn Subject, requests: usize) -> Look {
    let (grants, pending, store) = subject.held().await;
    Look { requests, grants, pending, store, memory: resident() }
}

/// What this process holds, in bytes (proc(5), `VmRSS`).
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// CVE-2026-67437. Of twelve requests ten are allowed by their user, one is pushed and one is a device's; all are new,
/// and none is heard of again.
async fn flood(subject: Arc<dyn Subject>) {
    let all = all_requests();
    let flood = Arc::new(Flood::over(&*subject));
    let next = Arc::new(AtomicUsize::new(0));
    let (passed, mut passing) = mpsc::unbounded_channel();
    let mut asking = JoinSet::new();
    for _ in 0..CLIENTS {
        let (flood, next, passed) = (flood.clone(), next.clone(), passed.clone());
        asking.spawn(async move {
            let mut answers = Answers::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all {
                    return answers;
                }
                flood.ask(number, &mut answers).await;
                if (number + 1) % (all / LOOKS) == 0 {
                    passed.send(number + 1).unwrap();
                }
            }
        });
    }
    drop(passed);
    let mut looks = Vec::new();
    while let Some(number) = passing.recv().await {
        looks.push(look(&*subject, number).await);
    }
    let answers = asking.join_all().await.into_iter().fold(Answers::default(), Answers::with);
    looks.push(look(&*subject, all).await);
    show(&subject.name(), &looks, &answers);
    judge(&looks, &answers, subject.together());
}

/// `together`: how many may pass a bound at once.
fn judge(looks: &[Look], answers: &Answers, together: usize) {
    assert_eq!(answers.all(), all_requests(), "each request was answered as one of these");
    // A sign-in of a device is two entries; proofs there are none.
    let (max_grants, max_pending) = (max_grants() + together, 3 * (max_pending() + together));
    for look in looks {
        assert!(look.grants <= max_grants as u64, "more than {max_grants} grants: {look:?}");
        assert!(
            look.pending <= max_pending as u64,
            "more than {max_pending} are pending: {look:?}"
        );
    }
    assert!(answers.was_full(), "it was never full, which shows nothing: {answers:?}");
    // What was held when a quarter of it had come; the whole of it is no more, but for the slack.
    let (early, late) = looks.split_at(looks.len() / 4);
    let most = |looks: &[Look], what: fn(&Look) -> u64| looks.iter().map(what).max().unwrap();
    for (name, what) in [
        ("the store", (|look: &Look| look.store) as fn(&Look) -> u64),
        ("memory", |look| look.memory),
    ] {
        let (early, late) = (most(early, what), most(late, what));
        assert!(late <= 2 * early + SLACK, "{name} grows: {early} bytes, then {late}");
    }
}

#[expect(clippy::print_stdout, reason = "read by whoever runs `tests/flood`")]
fn show(name: &str, looks: &[Look], answers: &Answers) {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!("{name}: requests, grants, pending, MiB of the store, MiB of this process");
    for look in looks.iter().step_by(looks.len() / 5) {
        let Look { requests, grants, pending, store, memory } = look;
        let (store, memory) = (mib(*store), mib(*memory));
        println!("{requests:>9} {grants:>7} {pending:>5} {store:>7.1} {memory:>7.1}");
    }
    let most = |what: fn(&Look) -> u64| looks.iter().map(what).max().unwrap();
    println!(
        "at most {} grants, {} pending, {:.1} MiB of the store, {:.1} MiB of this process",
        most(|look| look.grants),
        most(|look| look.pending),
        mib(most(|look| look.store)),
        mib(most(|look| look.memory)),
    );
    println!("{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_bounded() {
    flood(Arc::new(subjects::Memory::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_bounded() {
    flood(Arc::new(subjects::Sqlite::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_bounded() {
    flood(Arc::new(subjects::Postgres::new().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_bounded() {
    flood(Arc::new(subjects::Redis::new().await)).await;
}
