//! The store for many nodes in Redis or Valkey: one script a step, the server's clock.

mod address;
mod clients;
mod link;
mod pending;
mod room;
mod row;
mod scripts;
mod vet;

use super::bounds::{Bounds, bounded};
use super::{GrantStore, Seen, StoreError};
use crate::clock::Clock;
use address::Address;
use async_trait::async_trait;
use link::{Effect, Link};
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use redis::ScriptInvocation;
use room::Room;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Lifetimes are cut to some seventy million years: Lua counts exactly up to 2^53.
const FOREVER_S: u64 = 1 << 51;

/// How a [`RedisStore`] is connected.
#[derive(Clone)]
pub struct RedisOptions {
    address: Address,
    bounds: Bounds,
    min_replicas: u32,
    deadline: Duration,
    clock: Option<Clock>,
}

impl RedisOptions {
    bounded!();

    /// For the server at `url`: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, `rediss://…` with TLS, or
    /// `redis+unix:///PATH[?db=…&user=…&pass=…]` of a socket; `valkey` for `redis` is the same.
    ///
    /// With TLS the server's certificate and name are checked by the system's roots of trust. If the program has
    /// chosen no provider of cryptography for rustls, `ring` becomes that of the whole process.
    ///
    /// # Errors
    /// [`StoreError::Address`], which repeats nothing of the URL.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            address: Address::parse(url)?,
            bounds: Bounds::default(),
            min_replicas: 0,
            deadline: Duration::from_secs(10),
            clock: None,
        })
    }

    /// The address without user and password, for messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.address.shown
    }

    /// The password, where the URL holds none: what stands in an argument is seen by every user of a machine.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.address.add_password(password);
        self
    }

    /// A write counts as done only when so many replicas have it as well (`WAIT`); if fewer say so within
    /// a quarter of the deadline, it is [`StoreError::NotReplicated`]. 0 if this is not called: then what was
    /// answered can be lost when a replica takes over. Calls wait for one another's replication.
    #[must_use]
    pub const fn min_replicas(mut self, min_replicas: u32) -> Self {
        self.min_replicas = min_replicas;
        self
    }

    /// What a call may take, the connection included where there is none; 10 s if this is not called.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Another clock than the server's, for tests. Redis forgets by its own in any case.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Connects, and looks whether the server can keep grants.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Denied`], [`StoreError::Unfit`] if the server is a replica,
    /// evicts keys, or is a part of a cluster, [`StoreError::NewerSchema`], [`StoreError::Database`].
    pub async fn connect(self) -> Result<RedisStore, StoreError> {
        let Self { address, bounds, min_replicas, deadline, clock } = self;
        let link = Arc::new(Link::new(address, deadline, min_replicas)?);
        link.begin().await?;
        let room = Room::new(link.clone(), bounds.max_grants);
        Ok(RedisStore { room, link, bounds, clock })
    }
}

impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("store", &self.address.shown)
            .field("bounds", &self.bounds)
            .field("min_replicas", &self.min_replicas)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// Grants in Redis or Valkey, what a server keeps for minutes ([`PendingStore`](crate::pending::PendingStore)), and
/// clients that registered themselves ([`ClientStore`](crate::client::ClientStore)).
///
/// One connection serves all calls. When it breaks the calls under way fail, and the next one connects anew.
/// Redis forgets a grant by itself a minute after nothing of it is valid any more.
///
/// What was answered is as safe as the server's settings make it: `appendfsync always` keeps it through a
/// power cut, [`RedisOptions::min_replicas`] through a failover.
///
/// Calls need a tokio runtime with its timer enabled.
pub struct RedisStore {
    link: Arc<Link>,
    room: Room,
    bounds: Bounds,
    clock: Option<Clock>,
}

impl RedisStore {
    /// Connects to the server at `url`, as [`RedisOptions`] does without further options.
    ///
    /// # Errors
    /// Those of [`RedisOptions::new`] and [`RedisOptions::connect`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        RedisOptions::new(url)?.connect().await
    }

    /// How many grants there are, expired ones that were not swept yet among them.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn len(&self) -> Result<u64, StoreError> {
        self.room.len().await
    }

    /// Whether there is no grant.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len().await? == 0)
    }

    /// What a script is told of the time: nothing, for the server has its own, but in a test.
    fn now(&self) -> Result<String, StoreError> {
        match &self.clock {
            None => Ok(String::new()),
            Some(clock) => clock.now().map(|now| now.to_string()),
        }
    }

    /// A script whose answer is whether it did what it says.
    async fn did(&self, script: &ScriptInvocation<'_>) -> Result<bool, StoreError> {
        self.link.run::<u64>(script, Effect::Writes).await.map(|done| done == 1)
    }
}

fn lifetime(seconds: u64) -> u64 {
    seconds.min(FOREVER_S)
}

fn add_tokens(script: &mut ScriptInvocation<'_>, tokens: &[NewToken]) {
    for token in tokens {
        script.arg(&token.token_hash[..]).arg(lifetime(token.lifetime_s)).arg(row::of_token(token));
    }
}

#[async_trait]
impl GrantStore for RedisStore {
    async fn put(&self, new: NewGrant) -> Result<bool, StoreError> {
        let (now, grant_id) = (self.now()?, &new.grant.grant_id);
        let lifetime_s = lifetime(new.lifetime_s);
        if !self.room.reserve(&now, grant_id, lifetime_s).await? {
            return Ok(false);
        }
        let mut script = scripts::of_grant(&scripts::PUT, grant_id);
        script.arg(now).arg(&new.code_hash[..]).arg(lifetime_s).arg(row::of_grant(&new.grant));
        self.did(&script).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        let mut script = scripts::of_grant(&scripts::FIND, grant_id);
        script.arg(self.now()?).arg(&code_hash[..]);
        let columns = self.link.run(&script, Effect::Reads).await?;
        Ok(Seen { row: row::found_grant(grant_id, &columns)?, now: row::now(&columns)? })
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let mut script = scripts::of_grant(&scripts::CLAIM, grant_id);
        script.arg(self.now()?).arg(&code_hash[..]).arg(max_mismatches);
        add_tokens(&mut script, &tokens);
        self.did(&script).await
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let mut script = scripts::of_grant(&scripts::ROTATE, grant_id);
        script
            .arg(self.now()?)
            .arg(&token_hash[..])
            .arg(reuse_window_s)
            .arg(self.bounds.max_tokens);
        add_tokens(&mut script, &tokens);
        self.did(&script).await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        let mut script = scripts::of_grant(&scripts::COUNT, grant_id);
        self.did(script.arg(self.now()?)).await.map(drop)
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        let mut script = scripts::of_grant(&scripts::REVOKE, grant_id);
        self.did(script.arg(self.now()?)).await.map(drop)
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        let mut script = scripts::of_grant(&scripts::FIND_TOKEN, grant_id);
        script.arg(self.now()?).arg(&token_hash[..]);
        let columns = self.link.run(&script, Effect::Reads).await?;
        Ok(Seen { row: row::found_token(grant_id, &columns)?, now: row::now(&columns)? })
    }
}
