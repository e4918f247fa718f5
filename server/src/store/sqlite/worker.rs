//! The thread that owns the connection: SQLite blocks, the async runtime must not.

use super::batch::{self, Job};
use crate::clock::Clock;
use crate::store::StoreError;
use rusqlite::Connection;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// What a caller waits for an answer at most, queue and statement together.
const CALL_DEADLINE: Duration = Duration::from_secs(10);

/// So many calls may wait; the next ones wait to be queued.
const QUEUE: usize = 1024;

/// So many calls share a commit at most: the first of them waits for the last.
const BATCH: usize = 256;

pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    clock: Clock,
}

impl Worker {
    pub(super) fn start(mut connection: Connection, clock: Clock) -> Result<Self, StoreError> {
        let (jobs, mut queue) = mpsc::channel::<Box<dyn Job>>(QUEUE);
        let thread = std::thread::Builder::new()
            .name("proofkey-sqlite".into())
            .spawn(move || {
                let mut waiting = Vec::with_capacity(BATCH);
                // It waits for the first call alone. What came while the last commit was on its way
                // to the disk goes together.
                while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
                    batch::run(&mut connection, std::mem::take(&mut waiting));
                }
            })
            .map_err(|error| StoreError::Database { detail: error.to_string() })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), clock })
    }

    /// Runs `work`, which changes nothing, on the thread, as [`Self::write`] does.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call(false, work).await
    }

    /// Runs `work` on the thread, within a transaction, and answers when that is on the disk. Several
    /// statements that belong together must be a savepoint: other calls may be in the same transaction.
    ///
    /// The clock is read there, when its turn has come: what waited in the queue past an expiry has
    /// expired. A caller that goes away does not stop its statement. Past the deadline it is not known
    /// whether it ran, which is an error as any other (P29).
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call(true, work).await
    }

    async fn call<T: Send + 'static>(
        &self,
        writes: bool,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let (clock, work) = (self.clock.clone(), Some(work));
        let job = Box::new(Call { writes, clock, work, result: None, reply });
        let exchange = async {
            let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
            jobs.send(job).await.map_err(|_| StoreError::Closed)?;
            answer.await.map_err(|_| StoreError::Closed)?
        };
        tokio::time::timeout(CALL_DEADLINE, exchange)
            .await
            .map_err(|_| StoreError::TimedOut { seconds: CALL_DEADLINE.as_secs() })?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // It ends with the calls that wait; a panic in one was answered with `Closed`.
            drop(thread.join());
        }
    }
}

/// A call, and who waits for it.
struct Call<T, Work> {
    writes: bool,
    clock: Clock,
    work: Option<Work>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, Work> Job for Call<T, Work>
where
    T: Send,
    Work: FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send,
{
    fn writes(&self) -> bool {
        self.writes
    }

    fn run(&mut self, connection: &mut Connection) {
        if let Some(work) = self.work.take() {
            self.result = Some(self.clock.now().and_then(|now| work(connection, now)));
        }
    }

    fn answer(self: Box<Self>, lost: Option<StoreError>) {
        let answer = match (self.result, lost) {
            (Some(Err(error)), _) | (_, Some(error)) => Err(error),
            (Some(result), None) => result,
            (None, None) => Err(StoreError::Closed),
        };
        // Nobody waits any more: there is nobody to tell.
        drop(self.reply.send(answer));
    }
}
