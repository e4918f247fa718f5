//! How much a store on a disk keeps at most.

use super::MAX_TOKENS;
use crate::pending::Kind;

#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) max_grants: u64,
    pub(super) max_tokens: u64,
    /// Of each kind; what the kind says where there is none.
    pub(super) max_pending: Option<usize>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { max_grants: 1_000_000, max_tokens: MAX_TOKENS, max_pending: None }
    }
}

impl Bounds {
    /// So many entries of this kind may be pending.
    pub(super) fn pending(&self, kind: Kind) -> u64 {
        self.max_pending.unwrap_or(kind.capacity()) as u64
    }
}

/// The choices of every store's options, which have a field `bounds`.
macro_rules! bounded {
    () => {
        /// At most so many grants are kept; when they are reached and none has expired,
        /// [`GrantStore::put`](crate::store::GrantStore::put) answers `false`. A million if this is not called.
        #[must_use]
        pub const fn max_grants(mut self, max_grants: u64) -> Self {
            self.bounds.max_grants = max_grants;
            self
        }

        /// So many tokens are kept of one grant, those that were exchanged among them, because one that
        /// comes back must be known. When they are reached,
        /// [`GrantStore::rotate`](crate::store::GrantStore::rotate) answers `false`. 25,000 if this is not called.
        #[must_use]
        pub const fn max_tokens(mut self, max_tokens: u64) -> Self {
            self.bounds.max_tokens = max_tokens;
            self
        }

        /// So many entries of each [`Kind`](crate::pending::Kind) are kept at once;
        /// [`Kind::capacity`](crate::pending::Kind::capacity) if this is not called.
        #[must_use]
        pub const fn max_pending(mut self, max_pending: usize) -> Self {
            self.bounds.max_pending = Some(max_pending);
            self
        }
    };
}

pub(super) use bounded;
