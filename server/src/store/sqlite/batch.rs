//! Many calls, one commit: what waits while the disk is busy shares the next wait for it.

use crate::store::StoreError;
use rusqlite::Connection;
use std::collections::VecDeque;

/// A call that waits for its turn.
pub(super) trait Job: Send {
    /// Whether it may write. One that does not runs without a lock where nothing else writes.
    fn writes(&self) -> bool;
    /// Does the work and keeps what came of it. A write of several statements is a savepoint, so what it
    /// takes back is its own alone.
    fn run(&mut self, connection: &mut Connection);
    /// Tells the caller what came of it, or why it came to nothing.
    fn answer(self: Box<Self>, lost: Option<StoreError>);
}

/// Runs them in their order, and answers them all.
///
/// Is there a write among them, they are one transaction. Nobody is answered before it is on the disk,
/// and where it gets lost, all of them are told so: those that only read have seen what never came to
/// be.
pub(super) fn run(connection: &mut Connection, jobs: Vec<Box<dyn Job>>) {
    let mut waiting = VecDeque::from(jobs);
    while !waiting.is_empty() {
        // What could not be taken back must be neither seen nor written with what comes now.
        if let Err(lost) = take_back(connection) {
            return lose(waiting, &lost);
        }
        if !waiting.iter().any(|job| job.writes()) {
            return alone(connection, waiting);
        }
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            let (writes, reads) = waiting.into_iter().partition(|job| job.writes());
            lose(writes, &Lost::from(error));
            return alone(connection, reads);
        }
        let mut done = Vec::with_capacity(waiting.len());
        // Some errors, a full disk for one, make SQLite take the whole transaction back. Who stands behind
        // that one in the queue gets another.
        while !connection.is_autocommit()
            && let Some(mut job) = waiting.pop_front()
        {
            job.run(connection);
            done.push(job);
        }
        match commit(connection) {
            Ok(()) => done.into_iter().for_each(|job| job.answer(None)),
            Err(lost) => {
                // Tried again before the next call, and until then the lock would be held.
                drop(take_back(connection));
                lose(done, &lost);
            }
        }
    }
}

/// Runs what only reads: each statement sees what is on the disk.
fn alone(connection: &mut Connection, jobs: VecDeque<Box<dyn Job>>) {
    for mut job in jobs {
        job.run(connection);
        job.answer(None);
    }
}

fn commit(connection: &Connection) -> Result<(), Lost> {
    if connection.is_autocommit() {
        return Err(Lost::Failed("a statement beside it made SQLite take both back".into()));
    }
    Ok(connection.execute_batch("COMMIT")?)
}

/// Ends a transaction whose commit has failed.
fn take_back(connection: &Connection) -> Result<(), Lost> {
    if connection.is_autocommit() {
        return Ok(());
    }
    Ok(connection.execute_batch("ROLLBACK")?)
}

fn lose(jobs: impl IntoIterator<Item = Box<dyn Job>>, lost: &Lost) {
    jobs.into_iter().for_each(|job| job.answer(Some(lost.error())));
}

/// Why a transaction came to nothing, to be said to each of its callers.
enum Lost {
    Busy,
    Failed(String),
}

impl Lost {
    fn error(&self) -> StoreError {
        match self {
            Self::Busy => StoreError::Busy,
            Self::Failed(detail) => StoreError::Database { detail: detail.clone() },
        }
    }
}

impl From<rusqlite::Error> for Lost {
    fn from(error: rusqlite::Error) -> Self {
        match StoreError::from(error) {
            StoreError::Busy => Self::Busy,
            StoreError::Database { detail } => Self::Failed(detail),
            other => Self::Failed(other.to_string()),
        }
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
