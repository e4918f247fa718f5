//! A store that fails on demand: the n-th call, before or after it took effect.

use crate::store::{GrantStore, Seen, StoreError};
use async_trait::async_trait;
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The store does nothing.
    BeforeTheCall,
    /// The store does what was asked, and its answer is lost.
    AfterTheCall,
}

/// A store whose n-th call fails.
pub struct Faulty {
    inner: Arc<dyn GrantStore>,
    fault: Fault,
    failing: u32,
    calls: AtomicU32,
}

impl Faulty {
    /// The call of number `failing` fails; 0 is the first.
    #[must_use]
    pub fn new(inner: Arc<dyn GrantStore>, fault: Fault, failing: u32) -> Self {
        Self { inner, fault, failing, calls: AtomicU32::new(0) }
    }

    /// Whether the failing call was reached.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.calls.load(Ordering::SeqCst) > self.failing
    }

    async fn through<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let fails = self.calls.fetch_add(1, Ordering::SeqCst) == self.failing;
        if fails && self.fault == Fault::BeforeTheCall {
            return Err(StoreError::Database { detail: "made to fail".into() });
        }
        let result = call.await;
        if fails { Err(StoreError::TimedOut { seconds: 0 }) } else { result }
    }
}

#[async_trait]
impl GrantStore for Faulty {
    async fn put(&self, grant: NewGrant) -> Result<bool, StoreError> {
        self.through(self.inner.put(grant)).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        self.through(self.inner.find(grant_id, code_hash)).await
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        self.through(self.inner.claim(grant_id, code_hash, max_mismatches, tokens)).await
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        self.through(self.inner.rotate(grant_id, token_hash, reuse_window_s, tokens)).await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        self.through(self.inner.count(grant_id)).await
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        self.through(self.inner.revoke(grant_id)).await
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        self.through(self.inner.find_token(grant_id, token_hash)).await
    }
}
