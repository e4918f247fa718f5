//! A lock that the operating system keeps, so that it is free when its holder dies.
//!
//! It is `flock` on Unix and `LockFileEx` on Windows, by `std`, on a file of its own that stays empty.
//!
//! - **The file is not deleted.** If it were, one process could hold the lock on the deleted file and
//!   another on the new one of the same name. Should somebody else delete it, whoever takes the lock
//!   afterwards notices and takes that of the new file.
//! - **Fork.** A child shares its parent's open files, and with them the lock; nothing else can be had
//!   where a lock is to end with its process. So a child that drops its copy of the guard must not
//!   unlock, for it is the parent's; it only closes the file. The parent unlocks in so many words,
//!   because closing its file would leave the lock with a child that still has it open. What remains:
//!   if the parent is killed, the lock lasts until such a child has ended as well. A child that
//!   starts another program keeps nothing: the file is closed on exec.

use super::error::StoreError;
use super::files;
use super::turns::{self, Turn};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// Held from [`FileStore::lock`](super::FileStore::lock) until it is dropped or the process ends.
///
/// It may be dropped by another thread than the one that took it.
#[must_use = "the lock is free again as soon as this is dropped"]
pub struct Lock {
    file: File,
    /// After the file, so that the next thread's turn comes when the lock is free.
    turn: Turn,
}

impl core::fmt::Debug for Lock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Lock")
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.turn.is_ours() {
            let _ = self.file.unlock(); // closing it, next, frees it as well
        }
    }
}

/// The first pause between two tries, and the longest. A refresh takes some hundred milliseconds, a
/// write some few: both are short beside what one waits for, and asking costs a few microseconds.
const PAUSE: Duration = Duration::from_millis(1);
pub(super) const PAUSE_MAX: Duration = Duration::from_millis(16);
/// Far more than anybody waits, and little enough to be added to any clock.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes the lock of that file, which is made if it is not there. `None`: it was not free in time.
///
/// The system can wait for a lock, but neither for a limited time nor so that it can be called off:
/// a thread that waited there would be lost when its holder hangs. So it is asked again and again.
pub(super) fn take(file: &Path, wait: Duration) -> Result<Option<Lock>, StoreError> {
    let deadline = Instant::now() + wait.min(LONGEST);
    let Some(mut turn) = turns::ours().take(file, deadline) else {
        return Ok(None);
    };
    std::thread::sleep(turn.due().min(deadline).saturating_duration_since(Instant::now()));
    let mut pause = PAUSE;
    let mut open = files::open_lock(file)?;
    loop {
        match open.try_lock() {
            Ok(()) if files::is_still_at(&open, file)? => {
                turn.holds();
                return Ok(Some(Lock { file: open, turn }));
            }
            // Somebody has deleted or replaced the file: others lock the new one.
            Ok(()) => open = files::open_lock(file)?,
            Err(TryLockError::WouldBlock) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Ok(None);
                }
                std::thread::sleep(pause.min(left));
                pause = (pause * 2).min(PAUSE_MAX);
            }
            Err(TryLockError::Error(e)) => return Err(StoreError::io("lock", file, &e)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_process_that_goes_on_taking_it_pauses_now_and_then() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        let end = Instant::now() + Duration::from_secs(10);
        // Nobody else wants it: nothing but the gap makes it wait for so long.
        let mut longest = Duration::ZERO;
        while longest < turns::GAP && Instant::now() < end {
            let began = Instant::now();
            let lock = take(&file, LONGEST).unwrap().unwrap();
            longest = longest.max(began.elapsed() + Duration::from_millis(1));
            drop(lock);
        }
        assert!(longest >= turns::GAP, "{longest:?}");
        // Who does not want to wait does not.
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(200) {
            assert!(take(&file, Duration::ZERO).unwrap().is_some());
        }
    }
}
