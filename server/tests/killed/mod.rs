//! SIGKILL at random points of issue, redeem and revoke, for each store: what a program does over it until it or its
//! server is killed, and what must hold afterwards.
#![allow(dead_code, reason = "each store uses a part of it")]

pub mod child;
mod judge;
mod work;

pub use judge::{Ledger, Met};
pub use work::work;

/// So many sign-ins go on at once.
pub const CLIENTS: usize = 8;

/// How often: `PROOFKEY_KILLS`, as `tests/kill-stores` sets it, or so often that it takes seconds.
pub fn kills(otherwise: usize) -> usize {
    std::env::var("PROOFKEY_KILLS").map_or(otherwise, |kills| kills.parse().unwrap())
}

/// A number from the system's generator.
pub fn rand_below(end: usize) -> usize {
    use rand::TryRng as _;
    let mut bytes = [0; 8];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).unwrap();
    usize::try_from(u64::from_le_bytes(bytes) % end as u64).unwrap()
}

/// What a database's tables must say after a kill, in SQL that SQLite and PostgreSQL understand, where `key` joins tokens
/// to their grant. Each gives no row.
pub fn never(key: &str) -> [(&'static str, String); 3] {
    [
        (
            "two winners of one code",
            format!("SELECT {key} FROM tokens GROUP BY {key}, kind HAVING count(*) > 1"),
        ),
        (
            "a used code without both of its tokens, or tokens without a used code",
            format!(
                "SELECT g.{key} FROM grants g WHERE (SELECT count(*) FROM tokens t WHERE t.{key} = g.{key})
                    <> CASE WHEN g.used THEN 2 ELSE 0 END"
            ),
        ),
        (
            "a wrong count of the grants",
            "SELECT 'counted' WHERE (SELECT sum(grants) FROM tally) <> (SELECT count(*) FROM grants)"
                .to_owned(),
        ),
    ]
}
