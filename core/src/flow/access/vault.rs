//! The store, as the flow sees it: sealed records under keys, read, swapped and locked by steps.

use crate::error::{Error, cleaned_words};
use crate::flow::coroutine::{Io, unexpected};
use crate::seal::DataKey;
use crate::secret::SecretBytes;
use crate::step::{Event, Step};
use std::sync::Arc;

/// How long a lock is waited for, in milliseconds: longer than the one exchange that is made under it.
const LOCK_DEADLINE_MS: u64 = 45_000;

/// A record, and the revision that it was read at.
pub(super) struct Kept<T> {
    pub(super) revision: u64,
    pub(super) value: Option<T>,
}

/// How a record is read: with the key, for its place.
pub(super) type OpenRecord<T> = fn(Option<&DataKey>, &str, &[u8]) -> Result<T, Error>;

pub(super) struct Vault {
    io: Io,
    key: Option<Arc<DataKey>>,
}

impl Vault {
    pub(super) const fn new(io: Io, key: Option<Arc<DataKey>>) -> Self {
        Self { io, key }
    }

    pub(super) fn key(&self) -> Option<&DataKey> {
        self.key.as_deref()
    }

    /// Reads what is kept.
    pub(super) async fn load<T>(&self, place: &str, open: OpenRecord<T>) -> Result<Kept<T>, Error> {
        let (revision, bytes) = self.load_bytes(place).await?;
        let value = bytes.map(|bytes| open(self.key(), place, bytes.expose())).transpose()?;
        Ok(Kept { revision, value })
    }

    /// Reads what is kept, for one who would do without and replace it: what cannot be opened is nothing.
    pub(super) async fn load_if_readable<T>(
        &self,
        place: &str,
        open: OpenRecord<T>,
    ) -> Result<Option<T>, Error> {
        let (_, bytes) = self.load_bytes(place).await?;
        Ok(bytes.and_then(|bytes| open(self.key(), place, bytes.expose()).ok()))
    }

    /// The bytes and their revision.
    pub(super) async fn load_bytes(
        &self,
        place: &str,
    ) -> Result<(u64, Option<SecretBytes>), Error> {
        match self.io.perform(Step::Load { key: place.to_owned() }).await {
            Event::Loaded { revision, value } => Ok((revision, value)),
            Event::Failed { code, detail } => Err(Error::from_store(&code, &detail)),
            Event::Cancel => Err(Error::Cancelled),
            event => Err(unexpected(&event, "Load")),
        }
    }

    /// Writes if the revision is still that one; without a value it deletes.
    pub(super) async fn swap(
        &self,
        place: &str,
        revision: u64,
        value: Option<SecretBytes>,
    ) -> Result<bool, Error> {
        self.write(place, Some(revision), value).await
    }

    /// Writes whatever stands there: the last one wins. Without a value it deletes.
    pub(super) async fn put(&self, place: &str, value: Option<SecretBytes>) -> Result<(), Error> {
        if self.write(place, None, value).await? {
            return Ok(());
        }
        let detail = "it did not write, although any revision was to be written over".to_owned();
        Err(Error::StoreFailed { detail })
    }

    async fn write(
        &self,
        place: &str,
        revision: Option<u64>,
        value: Option<SecretBytes>,
    ) -> Result<bool, Error> {
        match self.io.perform(Step::Swap { key: place.to_owned(), revision, value }).await {
            Event::Swapped { swapped } => Ok(swapped),
            Event::Failed { code, detail } => Err(Error::from_store(&code, &detail)),
            event => Err(unexpected(&event, "Swap")),
        }
    }

    /// Does `work` under the lock of this place, and gives the lock back whatever comes of it.
    pub(super) async fn locked<T>(
        &self,
        place: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let key = place.to_owned();
        match self.io.perform(Step::Lock { key, deadline_ms: LOCK_DEADLINE_MS }).await {
            Event::Locked => {}
            Event::Busy => return Err(Error::StoreBusy { seconds: LOCK_DEADLINE_MS / 1000 }),
            Event::Failed { code, detail } => return Err(Error::from_store(&code, &detail)),
            Event::Cancel => return Err(Error::Cancelled),
            event => return Err(unexpected(&event, "Lock")),
        }
        let outcome = work.await;
        // A mistake of the driver ends the flow there and then.
        if let Err(mistake @ Error::UnexpectedEvent { .. }) = outcome {
            return Err(mistake);
        }
        match self.io.perform(Step::Unlock { key: place.to_owned() }).await {
            // What could not be given back ends with the driver's loop.
            Event::Ok | Event::Failed { .. } => outcome,
            // What is there is given; nothing else is begun.
            Event::Cancel => outcome.map_err(|_| Error::Cancelled),
            event => Err(unexpected(&event, "Unlock")),
        }
    }
}

impl Error {
    /// The error of a store, by the stable code that it gave.
    #[must_use]
    pub fn from_store(code: &str, detail: &str) -> Self {
        let detail = cleaned_words(detail);
        match code {
            "store_busy" => Self::StoreBusy { seconds: LOCK_DEADLINE_MS / 1000 },
            "store_full" => Self::StoreFull { detail },
            "store_denied" => Self::StoreDenied { detail },
            "store_insecure" => Self::StoreInsecure { detail },
            "store_newer" => Self::StoreNewer { detail },
            "store_unreadable" => Self::StoreUnreadable { detail },
            "keyring_unavailable" => Self::KeyringUnavailable { detail },
            _ => Self::StoreFailed { detail },
        }
    }
}
