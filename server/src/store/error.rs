//! What can go wrong with a store.

use std::path::PathBuf;

/// A store failed, or it is not known whether it did what was asked.
///
/// No variant holds a code, a token, a verifier or a hash of one. Each message is one line: what was
/// wrong, what was expected, what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refused a statement.
    #[error("the grant store failed: {detail}")]
    Database {
        /// The database's own words.
        detail: String,
    },
    /// Another process held the database's file for as long as was waited.
    #[error("the grant store is busy: another process holds its file; try again")]
    Busy,
    /// The database's file cannot be opened or made.
    #[error(
        "the grant store {} cannot be opened: {detail}; name a file in a folder that is there and may be written",
        path.display()
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// The file may be read or written by others.
    #[error(
        "the grant store {} is open to other users (mode {mode:04o}); expected 0600: run chmod 600",
        path.display()
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The database holds something else.
    #[error("{store} is not a grant store of ProofKey; name one, or a place where nothing is yet")]
    NotAGrantStore {
        /// The path of the file, or the address of the database, without user and password.
        store: String,
    },
    /// A newer program made the database.
    #[error(
        "the grant store {store} has schema version {found}, this program knows up to {known}: update the program, or \
         name another store"
    )]
    NewerSchema {
        /// The path of the file, or the address of the database, without user and password.
        store: String,
        /// The version in the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// An address of a database that cannot be used.
    #[error("the address of the grant store cannot be used: {detail}")]
    Address {
        /// What is wrong with it, and what was expected. Nothing of the address, which may hold a password.
        detail: String,
    },
    /// The database's server cannot be reached.
    #[error(
        "the grant store {store} cannot be reached: {detail}; check that it runs, and its address"
    )]
    Unreachable {
        /// The address of the database, without user and password.
        store: String,
        /// Why.
        detail: String,
    },
    /// The database's server lets this program not in, or not do its work.
    #[error("the grant store {store} refuses: {detail}; check user, password and rights")]
    Denied {
        /// The address of the database, without user and password.
        store: String,
        /// The server's own words.
        detail: String,
    },
    /// The server would lose what was answered, or is not the one to ask.
    #[error("the server {store} cannot keep grants: {unfit}")]
    Unfit {
        /// The address of the database, without user and password.
        store: String,
        /// What is wrong, and what to do.
        unfit: String,
    },
    /// A write was done, but too few replicas have it: it may be lost.
    #[error("{acknowledged} replicas of the grant store have the write; expected {wanted}")]
    NotReplicated {
        /// How many said so.
        acknowledged: u32,
        /// How many must.
        wanted: u32,
    },
    /// A row holds something that was never written by this program.
    #[error("the grant store holds a row whose {column} cannot be understood")]
    Corrupt {
        /// The column.
        column: &'static str,
    },
    /// The answer did not come in time. It is not known whether the write happened.
    #[error("the grant store did not answer within {seconds} s; check that it runs")]
    TimedOut {
        /// How long was waited, in seconds.
        seconds: u64,
    },
    /// The store has been closed, or its thread has ended.
    #[error("the grant store is closed")]
    Closed,
    /// The system's clock stands before 1970.
    #[error("the system's clock stands before 1970: set it")]
    Clock,
}

#[cfg(feature = "sqlite")]
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        if matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked)) {
            return Self::Busy;
        }
        // SQLite's messages name tables and columns, never bound values.
        Self::Database { detail: error.to_string() }
    }
}
