//! Ctrl-C, for the commands that must not be torn off: what they exchange is run to its end and kept.

use crate::error::CliError;
use crate::signals::{Signal, Signals};
use proofkey::Error;
use proofkey_client::CancelHandle;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

/// The first signal cancels, the second ends the program at once.
pub struct Interrupts {
    /// What is cancelled.
    pub cancel: CancelHandle,
    signal: Arc<OnceLock<Signal>>,
}

impl Interrupts {
    /// Takes the signals over.
    pub fn watch() -> Result<Self, CliError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let runtime = runtime.map_err(|error| failed(&error))?;
        let mut signals = runtime.block_on(async { Signals::install() })?;
        let (cancel, signal) = (CancelHandle::new(), Arc::new(OnceLock::new()));
        let (cancels, tells) = (cancel.clone(), Arc::clone(&signal));
        let watch = move || {
            runtime.block_on(async {
                let first = signals.next().await;
                let _ = tells.set(first);
                cancels.cancel();
                let second = signals.next().await;
                super::prompt::restore();
                std::process::exit(second.exit().into());
            })
        };
        std::thread::Builder::new()
            .name("proofkey-signals".into())
            .spawn(watch)
            .map_err(|error| failed(&error))?;
        Ok(Self { cancel, signal })
    }

    /// The exit code, where it was a signal that ended it; else the error.
    pub fn ended(&self, error: Error, url: &str) -> Result<ExitCode, CliError> {
        match (self.signal.get(), &error) {
            (Some(signal), Error::Cancelled) => Ok(ExitCode::from(signal.exit())),
            _ => Err(super::failed(error, url)),
        }
    }
}

fn failed(error: &std::io::Error) -> CliError {
    let message = format!("no thread can be started: {error}");
    CliError::new("threads_failed", message, "Check the limits of processes and memory.")
}
