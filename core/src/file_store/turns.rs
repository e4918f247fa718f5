//! Turns among the threads of one process.
//!
//! The system's lock lies on an open file, and whoever waits for it asks again and again (`lock.rs`).
//! So the threads of one process wait in a queue first, and only the one at its head asks: they come
//! in the order in which they began to wait, and a process with many threads asks no more often than
//! one with a single thread.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// The queues of one process, one for each lock file.
///
/// After a fork the child has a copy of its parent's queues, in which threads wait that it does not
/// have, and their mutex may be held by one of those for ever. So the queues belong to a process by
/// its id, and another process makes its own and never touches these.
pub(super) struct Turns {
    /// 0 while they belong to nobody.
    process: AtomicU32,
    queues: Mutex<Queues>,
    /// Somebody has left a queue.
    moved: Condvar,
    /// Those of the process that was forked from this one.
    next: OnceLock<Box<Turns>>,
}

#[derive(Default)]
struct Queues {
    last: u64,
    waiting: BTreeMap<PathBuf, VecDeque<u64>>,
}

static FIRST: Turns = Turns::of(0);

/// The queues of this process.
pub(super) fn ours() -> &'static Turns {
    FIRST.owned_by(std::process::id())
}

impl Turns {
    const fn of(process: u32) -> Self {
        Self {
            process: AtomicU32::new(process),
            queues: Mutex::new(Queues { last: 0, waiting: BTreeMap::new() }),
            moved: Condvar::new(),
            next: OnceLock::new(),
        }
    }

    fn owned_by(&self, process: u32) -> &Self {
        let owner =
            match self.process.compare_exchange(0, process, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => process,
                Err(owner) => owner,
            };
        if owner == process {
            return self;
        }
        self.next.get_or_init(|| Box::new(Self::of(process))).owned_by(process)
    }

    /// No thread panics while it holds the mutex; and if one did, the queues would still be whole.
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits at the end of the queue for that file. `None`: it was not our turn before the deadline.
    pub(super) fn take(&'static self, file: &Path, deadline: Instant) -> Option<Turn> {
        let mut queues = self.lock();
        queues.last += 1;
        let ticket = queues.last;
        queues.waiting.entry(file.to_owned()).or_default().push_back(ticket);
        let turn = Turn { turns: self, file: file.to_owned(), ticket };
        while queues.waiting.get(file).and_then(VecDeque::front) != Some(&ticket) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(queues); // what drops the turn needs it
                return None;
            }
            let waited = self.moved.wait_timeout(queues, left);
            queues = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Some(turn)
    }
}

#[cfg(test)]
impl Turns {
    /// Waits until that many are in the queue, the one at its head with them.
    pub(super) fn until(&self, file: &Path, waiting: usize) {
        while self.lock().waiting.get(file).map_or(0, VecDeque::len) != waiting {
            std::thread::yield_now();
        }
    }
}

/// A place in a queue, given up when it is dropped.
pub(super) struct Turn {
    turns: &'static Turns,
    file: PathBuf,
    ticket: u64,
}

impl Turn {
    /// Whether it was this process that took it, and not one from which it was forked.
    pub(super) fn is_ours(&self) -> bool {
        self.turns.process.load(Ordering::Relaxed) == std::process::id()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_ours() {
            return;
        }
        let mut queues = self.turns.lock();
        if let Some(queue) = queues.waiting.get_mut(&self.file) {
            queue.retain(|ticket| *ticket != self.ticket);
            if queue.is_empty() {
                queues.waiting.remove(&self.file);
            }
        }
        drop(queues);
        self.turns.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    const LONG: Duration = Duration::from_secs(60);

    fn turns() -> &'static Turns {
        Box::leak(Box::new(Turns::of(std::process::id())))
    }

    #[test]
    fn turns_come_in_the_order_of_waiting() {
        let (turns, file) = (turns(), Path::new("a"));
        let held = turns.take(file, Instant::now()).unwrap();
        let (said, order) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            for n in 0..8 {
                let said = said.clone();
                scope.spawn(move || {
                    let turn = turns.take(file, Instant::now() + LONG).unwrap();
                    said.send(n).unwrap();
                    drop(turn);
                });
                turns.until(file, n + 2);
            }
            drop(held);
        });
        drop(said);
        assert_eq!(order.iter().collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
        assert!(turns.lock().waiting.is_empty());
    }

    #[test]
    fn one_that_waits_no_longer_is_passed_over() {
        let (turns, file) = (turns(), Path::new("a"));
        let held = turns.take(file, Instant::now()).unwrap();
        assert!(turns.take(file, Instant::now()).is_none());
        assert!(turns.take(Path::new("b"), Instant::now()).is_some());
        drop(held);
        assert!(turns.take(file, Instant::now()).is_some());
        assert!(turns.lock().waiting.is_empty());
    }

    #[test]
    fn a_forked_child_never_waits_for_threads_that_it_does_not_have() {
        let first: &'static Turns = Box::leak(Box::new(Turns::of(0)));
        let parent = first.owned_by(1);
        assert!(std::ptr::eq(first, parent));
        // As a fork at the worst moment finds it: one has its turn, one holds the mutex.
        let held = parent.take(Path::new("a"), Instant::now()).unwrap();
        let mutex = parent.lock();
        let child = parent.owned_by(2);
        assert!(!std::ptr::eq(parent, child));
        assert!(std::ptr::eq(child, first.owned_by(2)));
        assert!(child.take(Path::new("a"), Instant::now()).is_some());
        assert!(std::ptr::eq(first.owned_by(3), child.owned_by(3)));
        // What the child drops of its parent's does nothing, although the mutex is held.
        drop(held);
        assert_eq!(mutex.waiting.get(Path::new("a")).map(VecDeque::len), Some(1));
    }
}
