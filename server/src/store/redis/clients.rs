//! Clients that registered themselves, beside the grants.

use super::link::Effect;
use super::row::{Columns, now, number, text};
use super::{RedisStore, lifetime};
use crate::client::{ClientStore, FoundClient, NewClient, Registered, Room, row};
use crate::store::{Seen, StoreError};
use async_trait::async_trait;
use proofkey::grant::Hash;
use redis::{Script, ScriptInvocation};
use std::sync::LazyLock;

macro_rules! client {
    ($file:literal) => {
        LazyLock::new(|| {
            Script::new(concat!(
                include_str!("scripts/clients.lua"),
                include_str!(concat!("scripts/client_", $file, ".lua"))
            ))
        })
    };
}

static REGISTER: LazyLock<Script> = client!("register");
static REGISTERED: LazyLock<Script> = client!("registered");
static KEEP: LazyLock<Script> = client!("keep");
static UNREGISTER: LazyLock<Script> = client!("unregister");

impl RedisStore {
    /// All clients lie in one slot of a cluster, for they are counted together.
    fn of_clients(
        &self,
        script: &'static Script,
        client_id: &str,
    ) -> Result<ScriptInvocation<'static>, StoreError> {
        let mut call = script.prepare_invoke();
        for part in ["rows", "ends", "unused"] {
            call.key(format!("{{proofkey:clients}}:{part}"));
        }
        call.arg(self.now()?).arg(client_id);
        Ok(call)
    }
}

#[async_trait]
impl ClientStore for RedisStore {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        let mut value = new.token_hash.to_vec();
        value.extend(row::text(&new.client).into_bytes());
        let mut call = self.of_clients(&REGISTER, &new.client.client_id)?;
        call.arg(value).arg(lifetime(new.lifetime_s)).arg(room.at_most).arg(room.spared_s);
        match self.link.run::<u64>(&call, Effect::Writes).await? {
            1 => Ok(Registered::Kept),
            2 => Ok(Registered::Known),
            _ => Ok(Registered::Full),
        }
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        let call = self.of_clients(&REGISTERED, client_id)?;
        let columns: Columns = self.link.run(&call, Effect::Reads).await?;
        let now = now(&columns)?;
        if columns.len() == 1 {
            return Ok(Seen { row: None, now });
        }
        let found = FoundClient {
            client: row::read(client_id, text(&columns, 1, "clients.metadata")?)?,
            used: text(&columns, 2, "clients.used")? != "0",
            keep_until: number(&columns, 3, "clients.keep_until")?,
        };
        Ok(Seen { row: Some(found), now })
    }

    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        let mut call = self.of_clients(&KEEP, client_id)?;
        call.arg(lifetime(lifetime_s));
        self.did(&call).await
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        let mut call = self.of_clients(&UNREGISTER, client_id)?;
        call.arg(&token_hash[..]);
        self.did(&call).await
    }
}
