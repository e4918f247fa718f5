//! A database that is gone for a while and comes back, under requests that go on: `tests/outages` says for how long.

use crate::killed::{CLIENTS, Ledger, Met, work};
use crate::server::Server;
use proofkey_server::store::GrantStore;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Who is answered nothing hears of it within the longest deadline of a store, which is 18 s, and some more where the
/// machine is busy.
const HEARD: Duration = Duration::from_secs(30);

/// For so long it is gone, and until everybody has heard of it: `PROOFKEY_OUTAGE_S`, as `tests/outages` sets it.
fn lasts() -> Duration {
    let seconds = std::env::var("PROOFKEY_OUTAGE_S").map_or(0, |seconds| seconds.parse().unwrap());
    Duration::from_secs(seconds)
}

/// What happens: a client by its number, or the database.
enum Told {
    Line(usize, String),
    Failed(usize),
    Back,
}

/// Clients sign in over two nodes while the server is `gone`, and when it is `back`. Each hears an error in time; each
/// signs in again at the same node without a restart; what was answered at any time is there.
pub async fn survive<S: GrantStore + 'static>(
    server: &mut Server,
    nodes: &[Arc<S>; 2],
    (gone, back): (&str, &str),
) {
    let (lines, mut told) = mpsc::unbounded_channel();
    let mut working = JoinSet::new();
    for number in 0..CLIENTS {
        let (node, lines) = (nodes[number % 2].clone(), lines.clone());
        working.spawn(async move {
            loop {
                work(&*node, number, |line| drop(lines.send(Told::Line(number, line)))).await;
                drop(lines.send(Told::Failed(number)));
            }
        });
    }
    let mut ledger = Ledger::default();
    each(&mut told, &mut ledger, |told| signed_in(told, true)).await;
    server.tell(gone);
    let heard = each(&mut told, &mut ledger, |told| match told {
        Told::Failed(number) => Some(*number),
        _ => None,
    });
    tokio::join!(heard, tokio::time::sleep(lasts()));
    server.tell(back);
    lines.send(Told::Back).unwrap();
    let mut is_back = false;
    each(&mut told, &mut ledger, |told| {
        is_back |= matches!(told, Told::Back);
        signed_in(told, is_back)
    })
    .await;
    working.shutdown().await;
    drop(lines);
    while let Some(told) = told.recv().await {
        note(&mut ledger, &told);
    }
    let mut met = Met::default();
    ledger.judge(&*nodes[0], &mut met).await;
    met.show(&format!("{gone}, {back}"));
}

/// Whose token was answered.
fn signed_in(told: &Told, counts: bool) -> Option<usize> {
    match told {
        Told::Line(number, line) if counts && line.starts_with("redeemed") => Some(*number),
        _ => None,
    }
}

/// Reads on until this was seen of every client.
async fn each(
    told: &mut mpsc::UnboundedReceiver<Told>,
    ledger: &mut Ledger,
    mut seen: impl FnMut(&Told) -> Option<usize>,
) {
    let mut waiting: Vec<usize> = (0..CLIENTS).collect();
    let all = async {
        while !waiting.is_empty() {
            let told = told.recv().await.unwrap();
            note(ledger, &told);
            if let Some(number) = seen(&told) {
                waiting.retain(|client| *client != number);
            }
        }
    };
    let in_time = tokio::time::timeout(HEARD, all).await.is_ok();
    assert!(in_time, "clients who heard nothing in time: {waiting:?}");
}

fn note(ledger: &mut Ledger, told: &Told) {
    if let Told::Line(_, line) = told {
        ledger.read(line);
    }
}
