//! Where `proofkey serve` keeps its grants.

use std::fmt;
use std::path::PathBuf;

/// What `--store` may be, for an error.
const EXPECTED: &str =
    "expected `memory`, `sqlite:` and a path, or `postgres://` or `redis://` and the rest of a URL";

/// Where grants are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// In memory, gone at the end.
    Memory,
    /// In a SQLite file.
    Sqlite(PathBuf),
    /// In a PostgreSQL database.
    Postgres(Address),
    /// In Redis or Valkey.
    Redis(Address),
}

/// The address of a database. It may hold a password: it is neither printed nor judged before it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

pub(super) fn store(text: &str) -> Result<Store, String> {
    match text.split_once(':') {
        None | Some((_, "")) if text.trim_end_matches(':') == "memory" => Ok(Store::Memory),
        // In the manner of a URL it could be a file of this folder, or one of the root's.
        Some(("sqlite", path)) if path.starts_with("//") && !path.starts_with("///") => {
            Err("expected a path right after `sqlite:`, such as sqlite:grants.db or sqlite:/srv/grants.db".into())
        }
        Some(("sqlite", path)) if !path.is_empty() => Ok(Store::Sqlite(path.into())),
        Some(("postgres" | "postgresql", _)) => Ok(Store::Postgres(Address(text.into()))),
        Some(("redis" | "rediss" | "redis+unix" | "valkey" | "valkeys" | "valkey+unix", _)) => {
            Ok(Store::Redis(Address(text.into())))
        }
        _ => Err(EXPECTED.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_memory_or_sqlite_with_a_path_or_an_address() {
        for text in ["memory", "memory:"] {
            assert_eq!(store(text), Ok(Store::Memory));
        }
        assert_eq!(store("sqlite:a/b.sqlite"), Ok(Store::Sqlite("a/b.sqlite".into())));
        assert_eq!(store("sqlite:C:\\a"), Ok(Store::Sqlite("C:\\a".into())));
        assert_eq!(store("sqlite:///a"), Ok(Store::Sqlite("///a".into())));
        for text in ["postgres://u:p@h/d", "postgresql://h/d", "postgres:"] {
            assert_eq!(store(text), Ok(Store::Postgres(Address(text.into()))));
        }
        for text in ["redis://:p@h/1", "rediss://h", "redis+unix:///s", "valkey://h", "redis:"] {
            assert_eq!(store(text), Ok(Store::Redis(Address(text.into()))));
        }
        for wrong in [
            "",
            ":",
            "sqlite",
            "sqlite:",
            "sqlite://a",
            "sqlite://",
            "memory::",
            "memory:x",
            "mysql://u:p@h/d",
            "Memory",
        ] {
            assert!(store(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_not_printed() {
        let printed = format!("{:?}", store("postgres://u:secret@h/d"));
        assert!(!printed.contains("secret"), "{printed}");
    }
}
