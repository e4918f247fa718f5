//! Runs a piece of the test in a forked child and reads what it has to say.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd};

/// A forked child whose words are still to be read.
pub struct Child {
    pid: libc::pid_t,
    words: File,
}

/// Forks; the child runs `say`, writes what it returns into a pipe, and ends at once.
pub fn fork(say: impl FnOnce() -> String) -> Child {
    let mut ends = [0; 2];
    // SAFETY: `ends` is room for the two descriptors that pipe writes.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0, "pipe");
    // SAFETY: both descriptors were just made and belong to nobody else.
    let (read, write) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
    // SAFETY: the child calls only the closure and `_exit`. The test's other threads do not exist in
    // it; the closure takes no lock that they could have held, apart from the allocator's, which the C
    // library takes and frees around a fork itself.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork");
    if pid == 0 {
        drop(read);
        let said = std::panic::catch_unwind(std::panic::AssertUnwindSafe(say));
        let ok = said.is_ok_and(|words| File::from(write).write_all(words.as_bytes()).is_ok());
        // SAFETY: ends this process without running the parent's exit handlers.
        unsafe { libc::_exit(i32::from(!ok)) };
    }
    drop(write);
    Child { pid, words: File::from(read) }
}

impl Child {
    /// Waits for the child's end and gives its words.
    pub fn words(mut self) -> String {
        let mut words = String::new();
        self.words.read_to_string(&mut words).expect("the child's words are text");
        let mut status = 0;
        // SAFETY: `pid` is our child, waited for once, and `status` is room for its status.
        assert_eq!(unsafe { libc::waitpid(self.pid, &raw mut status, 0) }, self.pid, "waitpid");
        assert_eq!(status, 0, "the child failed");
        words
    }
}
