//! Many writes, one commit: what waits while the disk is busy shares the next wait for it.

use crate::store::StoreError;
use rusqlite::Connection;
use std::collections::VecDeque;

/// A call that waits for its turn.
pub(super) trait Job: Send {
    /// Does the work and keeps what came of it. A write of several statements is [`whole`], so what it
    /// takes back is its own alone.
    fn run(&mut self, connection: &mut Connection);
    /// Tells the caller what came of it, or why it came to nothing.
    fn answer(self: Box<Self>, lost: Option<StoreError>);
}

/// Runs them in their order, as one transaction, and answers them all.
///
/// Nobody is answered before it is on the disk, and where it gets lost, all of them are told so: those
/// that changed nothing have seen what never came to be.
pub(super) fn run(connection: &mut Connection, jobs: Vec<Box<dyn Job>>) {
    let mut waiting = VecDeque::from(jobs);
    while !waiting.is_empty() {
        // What could not be taken back must be neither seen nor written with what comes now.
        if let Err(lost) = take_back(connection) {
            return lose(waiting, &lost);
        }
        if let Err(error) = say(connection, "BEGIN IMMEDIATE") {
            return lose(waiting, &Lost::from(error));
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

/// Does what takes several statements, so that it happens as a whole or, unless it comes to `Ok(true)`, not at all.
/// What shares the transaction is not touched.
pub(super) fn whole(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    say(connection, "SAVEPOINT whole")?;
    let done = work(connection);
    let undone = match done {
        Ok(true) => Ok(()),
        _ => say(connection, "ROLLBACK TO whole"),
    };
    if let Err(error) = undone.and_then(|()| say(connection, "RELEASE whole")) {
        // SQLite has taken the transaction back by itself, or half a call would be written with the others: then
        // better nothing is.
        drop(take_back(connection));
        return done.and(Err(error.into()));
    }
    done
}

/// A statement without values. It stays compiled: it is said at every turn.
fn say(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(drop)
}

fn commit(connection: &Connection) -> Result<(), Lost> {
    if connection.is_autocommit() {
        return Err(Lost::Failed("a statement beside it made SQLite take both back".into()));
    }
    Ok(say(connection, "COMMIT")?)
}

/// Ends a transaction whose commit has failed.
fn take_back(connection: &Connection) -> Result<(), Lost> {
    if connection.is_autocommit() {
        return Ok(());
    }
    Ok(say(connection, "ROLLBACK")?)
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
