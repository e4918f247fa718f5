//! Stores that fail on demand: the n-th call, before or after it took effect.

use crate::pending::{Kind, PendingStore, Put};
use crate::store::{GrantStore, Seen, StoreError};
use async_trait::async_trait;
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The store does nothing.
    BeforeTheCall,
    /// The store does what was asked, and its answer is lost.
    AfterTheCall,
}

/// Which call fails, counted over all stores that share this.
#[derive(Debug, Default)]
pub struct Failing(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    /// So many calls work before it.
    before: u32,
    failed: Option<&'static str>,
}

impl Failing {
    /// Of the calls from now on the one of number `call` fails, and no other; 0 is the next.
    pub fn arm(&self, fault: Fault, call: u32) {
        *self.lock() = State { fault: Some(fault), before: call, failed: None };
    }

    /// From now on no call fails. The name of the method that did, if that call was reached.
    pub fn disarm(&self) -> Option<&'static str> {
        std::mem::take(&mut *self.lock()).failed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What is in it is never half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self, method: &'static str) -> Option<Fault> {
        let mut state = self.lock();
        let fault = state.fault?;
        if state.before > 0 {
            state.before -= 1;
            return None;
        }
        state.fault = None;
        state.failed = Some(method);
        Some(fault)
    }

    async fn through<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let fault = self.now(method);
        if fault == Some(Fault::BeforeTheCall) {
            return Err(StoreError::Database { detail: "made to fail".into() });
        }
        let result = call.await;
        if fault.is_some() { Err(StoreError::TimedOut { seconds: 0 }) } else { result }
    }
}

/// A grant store one of whose calls fails.
pub struct Faulty {
    inner: Arc<dyn GrantStore>,
    failing: Arc<Failing>,
}

impl Faulty {
    /// The call of number `failing` fails; 0 is the first.
    #[must_use]
    pub fn new(inner: Arc<dyn GrantStore>, fault: Fault, failing: u32) -> Self {
        let shared = Failing::default();
        shared.arm(fault, failing);
        Self::sharing(inner, Arc::new(shared))
    }

    /// Which call fails is said elsewhere.
    #[must_use]
    pub fn sharing(inner: Arc<dyn GrantStore>, failing: Arc<Failing>) -> Self {
        Self { inner, failing }
    }

    /// Whether the failing call was reached.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failing.lock().failed.is_some()
    }
}

#[async_trait]
impl GrantStore for Faulty {
    async fn put(&self, grant: NewGrant) -> Result<bool, StoreError> {
        self.failing.through("put", self.inner.put(grant)).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        self.failing.through("find", self.inner.find(grant_id, code_hash)).await
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let call = self.inner.claim(grant_id, code_hash, max_mismatches, tokens);
        self.failing.through("claim", call).await
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let call = self.inner.rotate(grant_id, token_hash, reuse_window_s, tokens);
        self.failing.through("rotate", call).await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        self.failing.through("count", self.inner.count(grant_id)).await
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        self.failing.through("revoke", self.inner.revoke(grant_id)).await
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        self.failing.through("find_token", self.inner.find_token(grant_id, token_hash)).await
    }
}

/// A store of what is kept for minutes, one of whose calls fails.
pub struct FaultyPending {
    inner: Arc<dyn PendingStore>,
    failing: Arc<Failing>,
}

impl FaultyPending {
    /// Which call fails is said elsewhere.
    #[must_use]
    pub fn sharing(inner: Arc<dyn PendingStore>, failing: Arc<Failing>) -> Self {
        Self { inner, failing }
    }
}

#[async_trait]
impl PendingStore for FaultyPending {
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError> {
        let call = self.inner.put(kind, name, value, lifetime_s);
        self.failing.through("pending put", call).await
    }

    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.failing.through("pending get", self.inner.get(kind, name)).await
    }

    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError> {
        self.failing.through("pending swap", self.inner.swap(kind, name, old, new)).await
    }

    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.failing.through("pending take", self.inner.take(kind, name)).await
    }
}
