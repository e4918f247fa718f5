//! Ctrl-C and its kin, as something to wait for.

use crate::error::CliError;

/// What asked the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C: SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// The terminal was closed: SIGHUP.
    HangUp,
}

impl Signal {
    /// The exit code of a program that was ended by it: 128 and the signal's number.
    pub const fn exit(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::HangUp => 129,
        }
    }
}

/// The signals, from the moment on that this is made: before, they end the program at once.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes the signals over. Needs a tokio runtime.
    pub fn install() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
            hang_up: signal(SignalKind::hangup()).map_err(failed)?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hang_up.recv() => Signal::HangUp,
        }
    }
}

/// Ctrl-C alone.
#[cfg(not(unix))]
pub struct Signals(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Signals {
    /// Takes Ctrl-C over. Needs a tokio runtime.
    pub fn install() -> Result<Self, CliError> {
        tokio::signal::windows::ctrl_c().map(Self).map_err(failed)
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Signal {
        self.0.recv().await;
        Signal::Interrupt
    }
}

fn failed(error: std::io::Error) -> CliError {
    CliError::new("signals_failed", format!("signals cannot be watched: {error}"), "")
}

/// The runtime of the commands that serve.
pub fn runtime(threads: usize) -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("proofkey")
        .enable_all()
        .build()
        .map_err(|error| {
            CliError::new(
                "threads_failed",
                format!("no thread can be started: {error}"),
                "Check the limits of processes and memory.",
            )
        })
}
