//! The scripts: one a step. Redis runs nothing else while one runs, and all that it writes or nothing of it is
//! in its append-only file.

use redis::{Script, ScriptInvocation};
use std::sync::LazyLock;

/// A script of a grant, behind what all of them have.
macro_rules! of_grant {
    ($file:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                include_str!("scripts/grant.lua"),
                include_str!(concat!("scripts/", $file, ".lua"))
            ))
        })
    };
}

pub(super) static PUT: LazyLock<Script> = of_grant!("put");
pub(super) static FIND: LazyLock<Script> = of_grant!("find");
pub(super) static CLAIM: LazyLock<Script> = of_grant!("claim");
pub(super) static ROTATE: LazyLock<Script> = of_grant!("rotate");
pub(super) static COUNT: LazyLock<Script> = of_grant!("count");
pub(super) static REVOKE: LazyLock<Script> = of_grant!("revoke");
pub(super) static FIND_TOKEN: LazyLock<Script> = of_grant!("find_token");
pub(super) static FORGET: LazyLock<Script> = of_grant!("forget");
pub(super) static RESERVE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/reserve.lua")));
pub(super) static SETTLE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/settle.lua")));
pub(super) static TALLY: LazyLock<Script> =
    LazyLock::new(|| Script::new("return redis.call('ZCARD', KEYS[1])"));

/// The call of a script of this grant. What stands in braces alone says in which slot of a cluster a key lies:
/// one grant's keys lie in one.
pub(super) fn of_grant(script: &'static Script, grant_id: &str) -> ScriptInvocation<'static> {
    let mut call = script.prepare_invoke();
    for part in ["grant", "tokens", "expiries"] {
        call.key(format!("{{{grant_id}}}:{part}"));
    }
    call
}
