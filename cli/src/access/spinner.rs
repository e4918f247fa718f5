//! Something that moves while the user is elsewhere, and says for how long it will wait.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME: Duration = Duration::from_millis(120);
/// Back to the beginning of the line, and nothing left on it.
const CLEAR: &str = "\r\u{1b}[K";

/// Turns until it is dropped; where nobody looks it is one line.
pub struct Spinner {
    stop: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Spinner {
    /// Begins: `words`, and how much is left of `time`.
    pub fn begin(words: String, time: Duration) -> Self {
        let stderr = std::io::stderr();
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if !stderr.is_terminal() || dumb {
            let _ = writeln!(anstream::stderr(), "{words}, for {} s at most.", time.as_secs());
            return Self { stop: None };
        }
        let (stop, stopped) = channel::<()>();
        let end = Instant::now() + time;
        let turn = move || {
            for frame in FRAMES.iter().cycle() {
                let left = end.saturating_duration_since(Instant::now()).as_secs();
                let line = format!("{CLEAR}{frame} {words}  {}:{:02}", left / 60, left % 60);
                let mut stderr = std::io::stderr().lock();
                let _ = stderr.write_all(line.as_bytes()).and_then(|()| stderr.flush());
                drop(stderr);
                if stopped.recv_timeout(FRAME) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            let mut stderr = std::io::stderr().lock();
            let _ = stderr.write_all(CLEAR.as_bytes()).and_then(|()| stderr.flush());
        };
        // Without a thread nothing turns, which is no loss.
        let thread = std::thread::Builder::new().name("proofkey-spinner".into()).spawn(turn);
        Self { stop: thread.ok().map(|thread| (stop, thread)) }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.stop.take() {
            drop(stop);
            // The line is clear before anything else is written.
            let _ = thread.join();
        }
    }
}
