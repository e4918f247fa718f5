//! Opening the file: its permissions, its settings, its schema.

use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// `PKEY`: says in the file's header whose it is.
const APPLICATION_ID: i64 = 0x504b_4559;

/// What brings the schema from each version to the next; the first makes it.
const MIGRATIONS: [&str; 6] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
];

/// The newest schema that this program knows.
const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// How long a statement waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// So many statements stay compiled: more than there are.
const STATEMENTS: usize = 64;

/// Between two tries to open a file that another process is just making.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

pub(super) fn connection(path: &Path) -> Result<Connection, StoreError> {
    make_private(path)?;
    let mut connection = bare(path)?;
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match prepare(&mut connection, path) {
            // SQLite does not always wait by itself here: where two servers start on one new file,
            // waiting for the other's switch to WAL could be a deadlock, and it says so at once.
            Err(StoreError::Busy) if Instant::now() < deadline => std::thread::sleep(BUSY_PAUSE),
            // Its log and its index lie beside it.
            Err(StoreError::Database { detail }) => {
                let detail = format!("{detail}; this user must be able to write to its folder");
                return Err(StoreError::Open { path: path.to_owned(), detail });
            }
            Err(error) => return Err(error),
            Ok(()) => return Ok(connection),
        }
    }
}

/// Another connection to a file that [`connection`] has made ready, for what only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = bare(path)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn bare(path: &Path) -> Result<Connection, StoreError> {
    // No URI names, no shared cache, no creation: the file is there, with its mode.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| StoreError::Open { path: path.to_owned(), detail: error.to_string() })?;
    // SQLite opens for reading what it may not write to.
    if connection.is_readonly("main")? {
        let detail = "this user may only read it: give it the right to write".into();
        return Err(StoreError::Open { path: path.to_owned(), detail });
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    // In one transaction, so that all it reads is of one moment.
    let transaction = connection.transaction()?;
    check_owner(&transaction, path)?;
    transaction.commit()?;
    configure(connection)?;
    migrate(connection, path)
}

/// Makes the file with mode 0600 before SQLite sees it; its log and index files take that mode over.
/// A file that is there already must not be open to others.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| StoreError::Open {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let metadata = std::fs::metadata(path).map_err(failed)?;
            if !metadata.is_file() {
                return Err(StoreError::NotAGrantStore { store: path.display().to_string() });
            }
            #[cfg(unix)]
            {
                let mode =
                    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
                if mode & 0o077 != 0 {
                    return Err(StoreError::OpenToOthers { path: path.to_owned(), mode });
                }
            }
            Ok(())
        }
        Err(error) => Err(failed(error)),
    }
}

/// Refuses another program's database and a newer schema before anything is written.
fn check_owner(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let not_ours = || StoreError::NotAGrantStore { store: path.display().to_string() };
    let read = |name: &str| -> Result<i64, StoreError> {
        connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|error| {
            match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase) => not_ours(),
                _ => error.into(),
            }
        })
    };
    let (owner, version) = (read("application_id")?, read("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (owner, version, tables) {
        (0, 0, 0) => Ok(0),
        (APPLICATION_ID, found, _) if found > SCHEMA_VERSION => Err(StoreError::NewerSchema {
            store: path.display().to_string(),
            found,
            known: SCHEMA_VERSION,
        }),
        (APPLICATION_ID, found, _) if found >= 1 => Ok(found),
        _ => Err(not_ours()),
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Brings the schema up to date, in one transaction: of two processes that open a new file at once
/// the second finds it done.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = check_owner(&transaction, path)?;
    if version < SCHEMA_VERSION {
        for migration in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or_default()) {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()?;
    Ok(())
}
