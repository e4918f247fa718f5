#![allow(clippy::unwrap_used)]
use crate::clock::Clock;
use crate::store::StoreError;
use crate::store::sqlite::batch::whole;
use crate::store::sqlite::worker::Worker;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::mpsc;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A worker over a table of numbers, and one whose rows must be paired when a transaction ends.
struct Scene {
    folder: TempDir,
    worker: Worker,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("file")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
                 CREATE TABLE numbers (number INTEGER PRIMARY KEY);
                 CREATE TABLE pairs (number REFERENCES numbers DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
        let reader = Connection::open(folder.path().join("file")).unwrap();
        Self { worker: Worker::start(connection, reader, Clock::system()).unwrap(), folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    /// What other programs see.
    fn on_disk(&self) -> Vec<i64> {
        numbers(&Connection::open(self.path()).unwrap()).unwrap()
    }

    /// A write that runs until the sender says so, or goes.
    async fn held(&self) -> (impl Future<Output = ()>, mpsc::Sender<()>) {
        let (release, until) = mpsc::channel::<()>();
        let (begun, begins) = oneshot::channel();
        let mut held = Box::pin(self.worker.write(move |_, _| {
            begun.send(()).unwrap();
            until.recv().ok();
            Ok(())
        }));
        // Only when it runs is what comes next sure to be of one batch.
        tokio::select! {
            _ = &mut held => unreachable!("it is held"),
            begun = begins => begun.unwrap(),
        }
        (async move { held.await.unwrap() }, release)
    }
}

fn numbers(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare("SELECT number FROM numbers ORDER BY number")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn insert(number: i64) -> impl FnOnce(&mut Connection, u64) -> Result<(), StoreError> {
    move |connection, _| {
        connection.execute("INSERT INTO numbers VALUES (?1)", [number])?;
        Ok(())
    }
}

#[tokio::test]
async fn they_are_one_transaction_and_none_is_answered_before_its_end() {
    let scene = Scene::new();
    let (held, release) = scene.held().await;
    let path = scene.path();
    let ((), first, seen, ()) = tokio::join!(
        held,
        scene.worker.write(insert(1)),
        scene.worker.write(move |connection, _| {
            connection.execute("INSERT INTO numbers VALUES (2)", [])?;
            Ok((numbers(connection)?, numbers(&Connection::open(path)?)?))
        }),
        async { drop(release) },
    );
    first.unwrap();
    assert_eq!(seen.unwrap(), (vec![1, 2], vec![]));
    assert_eq!(scene.on_disk(), [1, 2]);
}

#[tokio::test]
async fn an_error_takes_back_what_its_own_call_wrote() {
    let scene = Scene::new();
    let (held, release) = scene.held().await;
    let ((), before, failed, after, ()) = tokio::join!(
        held,
        scene.worker.write(insert(1)),
        scene.worker.write(|connection, _| {
            whole(connection, |together| {
                together.execute("INSERT INTO numbers VALUES (2)", [])?;
                together.execute("INSERT INTO numbers VALUES (1)", [])?;
                Ok(true)
            })
        }),
        scene.worker.write(insert(3)),
        async { drop(release) },
    );
    before.unwrap();
    assert!(failed.unwrap_err().to_string().contains("UNIQUE"));
    after.unwrap();
    assert_eq!(scene.on_disk(), [1, 3]);
}

#[tokio::test]
async fn a_commit_that_fails_fails_them_all() {
    let scene = Scene::new();
    let (held, release) = scene.held().await;
    let ((), written, unpaired, seen, ()) = tokio::join!(
        held,
        scene.worker.write(insert(1)),
        scene
            .worker
            .write(|connection, _| { Ok(connection.execute("INSERT INTO pairs VALUES (9)", [])?) }),
        // It has seen what never came to be.
        scene.worker.write(|connection, _| numbers(connection)),
        async { drop(release) },
    );
    for error in [written.unwrap_err(), unpaired.unwrap_err(), seen.unwrap_err()] {
        assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
    }
    assert_eq!(scene.on_disk(), [0_i64; 0]);
    scene.worker.write(insert(2)).await.unwrap();
    assert_eq!(scene.on_disk(), [2]);
}

#[tokio::test]
async fn where_sqlite_takes_all_back_those_before_are_told_and_those_behind_go_on() {
    let scene = Scene::new();
    let (held, release) = scene.held().await;
    let ((), before, takes_back, behind, ()) = tokio::join!(
        held,
        scene.worker.write(insert(1)),
        scene.worker.write(|connection, _| Ok(connection.execute_batch("ROLLBACK")?)),
        scene.worker.write(insert(3)),
        async { drop(release) },
    );
    assert!(matches!(before, Err(StoreError::Database { .. })), "{before:?}");
    assert!(matches!(takes_back, Err(StoreError::Database { .. })), "{takes_back:?}");
    behind.unwrap();
    assert_eq!(scene.on_disk(), [3]);
}

#[tokio::test]
async fn what_is_not_kept_is_taken_back() {
    let scene = Scene::new();
    let nothing = scene.worker.write(|connection, _| {
        whole(connection, |together| {
            together.execute("INSERT INTO numbers VALUES (1)", [])?;
            Ok(false)
        })
    });
    assert!(!nothing.await.unwrap());
    assert_eq!(scene.on_disk(), [0_i64; 0]);
}

/// Neither what this program writes and has not ended, nor what another does.
#[tokio::test]
async fn reads_wait_for_no_write_and_see_none_that_has_not_ended() {
    let scene = Scene::new();
    let (held, release) = scene.held().await;
    let read = async {
        let seen = scene.worker.read(|connection, _| numbers(connection)).await;
        drop(release);
        seen
    };
    let ((), seen) = tokio::join!(held, read);
    assert_eq!(seen.unwrap(), [0_i64; 0]);
    scene.worker.write(insert(1)).await.unwrap();
    scene.worker.write(|c, _| Ok(c.busy_timeout(std::time::Duration::ZERO)?)).await.unwrap();
    let other = Connection::open(scene.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (written, read) = tokio::join!(
        scene.worker.write(insert(2)),
        scene.worker.read(|connection, _| numbers(connection)),
    );
    assert!(matches!(written, Err(StoreError::Busy)), "{written:?}");
    assert_eq!(read.unwrap(), [1]);
    other.execute_batch("ROLLBACK").unwrap();
    scene.worker.write(insert(2)).await.unwrap();
    assert_eq!(scene.on_disk(), [1, 2]);
}
