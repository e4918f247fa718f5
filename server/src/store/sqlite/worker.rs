//! The thread that owns the connection: SQLite blocks, the async runtime must not.

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

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    clock: Clock,
}

impl Worker {
    pub(super) fn start(mut connection: Connection, clock: Clock) -> Result<Self, StoreError> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new()
            .name("proofkey-sqlite".into())
            .spawn(move || {
                while let Some(job) = queue.blocking_recv() {
                    job(&mut connection);
                }
            })
            .map_err(|error| StoreError::Database { detail: error.to_string() })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), clock })
    }

    /// Runs `work` on the thread. The clock is read there, when its turn has come: what waited in
    /// the queue past an expiry has expired.
    ///
    /// A caller that goes away does not stop its statement. Past the deadline it is not known
    /// whether it ran, which is an error as any other (P29).
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, u64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let clock = self.clock.clone();
        let job: Job = Box::new(move |connection| {
            let result = clock.now().and_then(|now| work(connection, now));
            // Nobody waits any more: there is nobody to tell.
            drop(reply.send(result));
        });
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
            // It ends with the statement that runs; a panic in it was answered with `Closed`.
            drop(thread.join());
        }
    }
}
