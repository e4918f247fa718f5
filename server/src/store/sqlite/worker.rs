//! The threads that own the connections: SQLite blocks, the async runtime must not.

use super::batch::{self, Job};
use crate::clock::Clock;
use crate::store::StoreError;
use rusqlite::Connection;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// What a caller waits for an answer at most, queue and statement together.
const CALL_DEADLINE: Duration = Duration::from_secs(10);

/// So many calls may wait at a thread; the next ones wait to be queued.
const QUEUE: usize = 1024;

/// So many calls share a commit at most: the first of them waits for the last.
const BATCH: usize = 256;

/// A thread that writes and one that reads. What reads sees what is on the disk alone, and waits for no
/// write.
pub(super) struct Worker {
    // Closed last: who closes a file last puts its log away.
    reader: Thread,
    writer: Thread,
    clock: Clock,
}

impl Worker {
    pub(super) fn start(
        mut writer: Connection,
        mut reader: Connection,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let writer = Thread::start("proofkey-sqlite", move |jobs| batch::run(&mut writer, jobs))?;
        let reader = Thread::start("proofkey-reads", move |jobs| {
            for mut job in jobs {
                job.run(&mut reader);
                job.answer(None);
            }
        })?;
        Ok(Self { reader, writer, clock })
    }

    /// Runs `work`, which changes nothing, on the thread that reads, as [`Self::write`] does.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.reader.call(&self.clock, work).await
    }

    /// Runs `work` on the thread that writes, within a transaction, and answers when that is on the
    /// disk. Several statements that belong together must be a savepoint: other calls may be in the same
    /// transaction.
    ///
    /// The clock is read there, when its turn has come: what waited in the queue past an expiry has
    /// expired. A caller that goes away does not stop its statement. Past the deadline it is not known
    /// whether it ran, which is an error as any other (P29).
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.call(&self.clock, work).await
    }
}

/// A thread and the calls that wait for it.
struct Thread {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    handle: Option<JoinHandle<()>>,
}

impl Thread {
    /// `run` gets the calls that came while it ran the ones before. It waits for the first alone.
    fn start(
        name: &str,
        mut run: impl FnMut(Vec<Box<dyn Job>>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (jobs, mut queue) = mpsc::channel::<Box<dyn Job>>(QUEUE);
        let handle = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                let mut waiting = Vec::with_capacity(BATCH);
                while queue.blocking_recv_many(&mut waiting, BATCH) > 0 {
                    run(std::mem::take(&mut waiting));
                }
            })
            .map_err(|error| StoreError::Database { detail: error.to_string() })?;
        Ok(Self { jobs: Some(jobs), handle: Some(handle) })
    }

    async fn call<T: Send + 'static>(
        &self,
        clock: &Clock,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Call { clock: clock.clone(), work: Some(work), result: None, reply });
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

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(handle) = self.handle.take() {
            // It ends with the calls that wait; a panic in one was answered with `Closed`.
            drop(handle.join());
        }
    }
}

/// A call, and who waits for it.
struct Call<T, Work> {
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
