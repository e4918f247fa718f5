//! What a server keeps for minutes, beside its grants.

use super::link::Effect;
use super::{RedisStore, lifetime};
use crate::pending::{Kind, PendingStore, Put};
use crate::store::StoreError;
use async_trait::async_trait;
use redis::{Script, ScriptInvocation};
use std::sync::LazyLock;

macro_rules! pending {
    ($file:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                include_str!("scripts/pending.lua"),
                include_str!(concat!("scripts/pending_", $file, ".lua"))
            ))
        })
    };
}

static PUT: LazyLock<Script> = pending!("put");
static GET: LazyLock<Script> = pending!("get");
static SWAP: LazyLock<Script> = pending!("swap");
static TAKE: LazyLock<Script> = pending!("take");

impl RedisStore {
    /// The entries of one kind lie in one slot of a cluster, values and ends.
    fn call(
        &self,
        script: &'static Script,
        kind: Kind,
        name: &str,
    ) -> Result<ScriptInvocation<'static>, StoreError> {
        let mut call = script.prepare_invoke();
        for part in ["values", "ends"] {
            call.key(format!("{{proofkey:{}}}:{part}", kind.as_str()));
        }
        call.arg(self.now()?).arg(name);
        Ok(call)
    }
}

#[async_trait]
impl PendingStore for RedisStore {
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError> {
        let mut call = self.call(&PUT, kind, name)?;
        call.arg(value).arg(lifetime(lifetime_s)).arg(self.bounds.pending(kind));
        match self.link.run::<u64>(&call, Effect::Writes).await? {
            1 => Ok(Put::Kept),
            2 => Ok(Put::Known),
            _ => Ok(Put::Full),
        }
    }

    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.link.run(&self.call(&GET, kind, name)?, Effect::Reads).await
    }

    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError> {
        let mut call = self.call(&SWAP, kind, name)?;
        call.arg(old).arg(new);
        self.did(&call).await
    }

    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.link.run(&self.call(&TAKE, kind, name)?, Effect::Writes).await
    }
}
