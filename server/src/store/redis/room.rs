//! How many grants there are, so that they can be bounded.
//!
//! A grant and the list of all lie in different slots, so no script sees both. A place in the list is taken
//! before a grant is written, and given back after it is gone: the list may count too many, never too few.
//! When a grant is kept until, the grant alone knows; the list learns it when the time that it knows is over.

use super::link::{Effect, Link};
use super::scripts::{FORGET, RESERVE, SETTLE, TALLY, of_grant};
use crate::store::StoreError;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// Every grant's id, with the time that it was last known to be kept until.
const LIST: &str = "proofkey:grants";

/// So often at most a full list is looked through for one grant, 32 grants each.
const ROUNDS: usize = 4;

pub(super) struct Room {
    link: Arc<Link>,
    max_grants: u64,
    /// One at a time brings the list up to date.
    settling: Mutex<()>,
}

impl Room {
    pub(super) fn new(link: Arc<Link>, max_grants: u64) -> Self {
        Self { link, max_grants, settling: Mutex::default() }
    }

    /// Takes a place. `false` if there is none, or the grant has one.
    pub(super) async fn reserve(
        &self,
        now: &str,
        grant_id: &str,
        lifetime_s: u64,
    ) -> Result<bool, StoreError> {
        for _ in 0..ROUNDS {
            let mut script = RESERVE.prepare_invoke();
            script.key(LIST).arg(now).arg(grant_id).arg(lifetime_s).arg(self.max_grants);
            let answer: Vec<String> = self.link.run(&script, Effect::Writes).await?;
            let (word, over) =
                answer.split_first().ok_or(StoreError::Corrupt { column: "list" })?;
            match word.as_str() {
                "reserved" => {
                    if let (false, Ok(_turn)) = (over.is_empty(), self.settling.try_lock()) {
                        self.settle(now, over).await?;
                    }
                    return Ok(true);
                }
                "full" if !over.is_empty() => match self.settling.try_lock() {
                    Ok(_turn) => self.settle(now, over).await?,
                    // Somebody does it already, mostly for the same grants: many who come to a full list
                    // must not all ask about each of them.
                    Err(_) => drop(self.settling.lock().await),
                },
                _ => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Forgets those of these grants that are over, and notes of the others until when they are kept.
    async fn settle(&self, now: &str, over: &[String]) -> Result<(), StoreError> {
        let mut asking = JoinSet::new();
        for grant_id in over {
            let (link, grant_id, now) = (self.link.clone(), grant_id.clone(), now.to_owned());
            asking.spawn(async move {
                let mut script = of_grant(&FORGET, &grant_id);
                script.arg(now);
                let keep_until = link.run::<String>(&script, Effect::Writes).await?;
                Ok::<_, StoreError>((grant_id, keep_until))
            });
        }
        let mut script = SETTLE.prepare_invoke();
        script.key(LIST);
        while let Some(asked) = asking.join_next().await {
            let (grant_id, keep_until) = asked.map_err(|_| StoreError::Closed)??;
            script.arg(grant_id).arg(keep_until);
        }
        self.link.run::<u64>(&script, Effect::Writes).await.map(drop)
    }

    pub(super) async fn len(&self) -> Result<u64, StoreError> {
        let mut script = TALLY.prepare_invoke();
        script.key(LIST);
        self.link.run(&script, Effect::Reads).await
    }
}
