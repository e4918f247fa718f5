//! Programs over the file that are killed, and the next one over what they leave.

use crate::killed::{Met, child, kills, never, rand_below};
use proofkey_server::store::SqliteStore;
use rusqlite::Connection;
use std::sync::Arc;

/// P24, P29: killed at random points, the making of the file among them. The next program opens what is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_keeps_what_it_has_answered() {
    child::run_if_child(async |path| Ok(Arc::new(SqliteStore::open(path)?) as Arc<_>)).await;
    let test = "killed_program::a_killed_program_keeps_what_it_has_answered";
    let (kills, mut met) = (kills(20), Met::default());
    let mut folder = tempfile::tempdir().unwrap();
    while met.next(kills).is_some() {
        if rand_below(8) == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        let path = folder.path().join("grants.db");
        let ledger = child::kill_one(test, path.to_str().unwrap());
        let store = SqliteStore::open(&path).unwrap();
        ledger.judge(&store, &mut met).await;
        drop(store);
        let connection = Connection::open(&path).unwrap();
        let whole: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        for (what, sql) in never("entry") {
            assert!(!connection.prepare(&sql).unwrap().exists([]).unwrap(), "{what}");
        }
    }
    met.show(&format!("{} kills", met.kills));
}
