//! Turns among the threads of one process.
//!
//! The system's lock lies on an open file, and whoever waits for it asks again and again (`lock.rs`).
//! So the threads of one process wait in a queue first, and only the one at its head asks: they come
//! in the order in which they began to wait, and a process with many threads asks no more often than
//! one with a single thread.
//!
//! Other processes ask from time to time only, and a process whose threads hand the lock to one another
//! would never let them find it free. So after a while it leaves them a gap in which all have asked.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a process goes on taking a lock without a gap, and how long that gap is: longer than the
/// others pause between two tries.
const RUN: Duration = Duration::from_millis(100);
pub(super) const GAP: Duration = Duration::from_millis(24);

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
    files: BTreeMap<PathBuf, Queue>,
}

/// Who waits for one file. It stays when nobody does, for what it knows of the last one.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<u64>,
    run: Option<Run>,
}

/// Holders of one process that came so close after each other that no other had a chance.
struct Run {
    began: Instant,
    /// When the last one left.
    left: Instant,
}

impl Queue {
    /// When the one at the head may ask.
    fn due(&self, now: Instant) -> Instant {
        match &self.run {
            Some(run) if now.duration_since(run.began) > RUN => now.max(run.left + GAP),
            _ => now,
        }
    }

    /// The one at the head has held it until now.
    fn held(&mut self, from: Instant, until: Instant) {
        let goes_on = self.run.take().filter(|run| from < run.left + GAP);
        let began = goes_on.map_or(from, |run| run.began);
        self.run = Some(Run { began, left: until });
    }
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
            queues: Mutex::new(Queues { last: 0, files: BTreeMap::new() }),
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
        queues.files.entry(file.to_owned()).or_default().waiting.push_back(ticket);
        let turn = Turn { turns: self, file: file.to_owned(), ticket, held_from: None };
        while queues.files.get(file).and_then(|queue| queue.waiting.front()) != Some(&ticket) {
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
        let end = Instant::now() + Duration::from_secs(60);
        while self.waiting(file) != waiting {
            assert!(Instant::now() < end, "they never came to be {waiting}");
            std::thread::yield_now();
        }
    }

    fn waiting(&self, file: &Path) -> usize {
        self.lock().files.get(file).map_or(0, |queue| queue.waiting.len())
    }
}

/// A place in a queue, given up when it is dropped.
pub(super) struct Turn {
    turns: &'static Turns,
    file: PathBuf,
    ticket: u64,
    held_from: Option<Instant>,
}

impl Turn {
    /// Whether it was this process that took it, and not one from which it was forked.
    pub(super) fn is_ours(&self) -> bool {
        self.turns.process.load(Ordering::Relaxed) == std::process::id()
    }

    /// When it may ask the system for the lock.
    pub(super) fn due(&self) -> Instant {
        let now = Instant::now();
        self.turns.lock().files.get(&self.file).map_or(now, |queue| queue.due(now))
    }

    /// It has the lock from now on.
    pub(super) fn holds(&mut self) {
        self.held_from = Some(Instant::now());
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_ours() {
            return;
        }
        let mut queues = self.turns.lock();
        if let Some(queue) = queues.files.get_mut(&self.file) {
            queue.waiting.retain(|ticket| *ticket != self.ticket);
            if let Some(from) = self.held_from {
                queue.held(from, Instant::now());
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
        assert_eq!(turns.waiting(file), 0);
    }

    #[test]
    fn one_that_waits_no_longer_is_passed_over() {
        let (turns, file) = (turns(), Path::new("a"));
        let held = turns.take(file, Instant::now()).unwrap();
        assert!(turns.take(file, Instant::now()).is_none());
        assert!(turns.take(Path::new("b"), Instant::now()).is_some());
        drop(held);
        assert!(turns.take(file, Instant::now()).is_some());
        assert_eq!(turns.waiting(file), 0);
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
        assert_eq!(mutex.files.get(Path::new("a")).map(|queue| queue.waiting.len()), Some(1));
    }

    #[test]
    fn after_a_long_run_others_get_a_gap() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(queue.due(at(0)), at(0));
        // Each comes right after the one before it.
        for n in 0..10 {
            assert_eq!(queue.due(at(n * 10)), at(n * 10));
            queue.held(at(n * 10), at(n * 10 + 10));
        }
        let (now, gap) = (at(101), at(100) + GAP);
        assert_eq!(queue.due(now), gap);
        // After the gap a new run begins, and so it does when nobody came for so long.
        assert_eq!(queue.due(gap), gap);
        queue.held(gap, at(200));
        assert_eq!(queue.due(at(201)), at(201));
        queue.held(at(900), at(950));
        assert_eq!(queue.due(at(951)), at(951));
        assert!(GAP > super::super::lock::PAUSE_MAX);
    }
}
