//! The wait for the redirect: at the receiver, at a prompt, or at both.

use crate::ask::{Ask, PastePrompt};
use crate::cancel::{CancelHandle, Wakes};
use crate::driver::failed;
use proofkey::loopback::{Canceller, LoopbackReceiver, Received};
use proofkey::step::{Event, Listen};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What one flow listens and waits with; all of it ends with this.
pub(crate) struct Waiting<'a> {
    ask: &'a Ask,
    cancel: &'a CancelHandle,
    end: Option<Instant>,
    listens: Option<Listens<'a>>,
    prompts: Option<Prompts<'a>>,
}

/// The receiver, where the flow has asked for one.
struct Listens<'a> {
    port: u16,
    canceller: Canceller,
    _wakes: Wakes<'a>,
    by: By,
}

enum By {
    /// This thread waits at it.
    Us(LoopbackReceiver),
    /// A thread waits at it and tells the prompt.
    Thread(Option<JoinHandle<()>>),
}

impl Drop for Listens<'_> {
    fn drop(&mut self) {
        if let By::Thread(thread) = &mut self.by {
            self.canceller.cancel();
            // The port is closed when the flow has ended.
            let _ = thread.take().map(JoinHandle::join);
        }
    }
}

/// A line is waited for.
struct Prompts<'a> {
    sends: Sender<Came>,
    comes: Receiver<Came>,
    _wakes: Wakes<'a>,
    /// Whether somebody is reading a line now.
    reading: bool,
}

enum Came {
    /// Somebody has answered the prompt.
    Line(Event),
    /// The receiver has something.
    Received(Event),
    Cancelled,
}

impl<'a> Waiting<'a> {
    pub(crate) const fn new(ask: &'a Ask, cancel: &'a CancelHandle) -> Self {
        Self { ask, cancel, end: None, listens: None, prompts: None }
    }

    /// The deadline is counted from the first wait on.
    pub(crate) fn begin(&mut self, deadline_ms: u64) {
        if self.end.is_none() {
            self.end = Instant::now().checked_add(Duration::from_millis(deadline_ms));
        }
    }

    pub(crate) fn listen(&mut self, listen: &Listen) -> Event {
        // A receiver of before may hold the very port that is asked for.
        self.listens = None;
        match LoopbackReceiver::bind(listen) {
            Ok(receiver) => {
                let port = receiver.port();
                let (canceller, ours) = (receiver.canceller(), receiver.canceller());
                let _wakes = self.cancel.wakes(move || canceller.cancel());
                let by = By::Us(receiver);
                self.listens = Some(Listens { port, canceller: ours, _wakes, by });
                Event::Listening { port }
            }
            Err(error) => failed(&error),
        }
    }

    /// Waits. `url` is the address that was opened just now, `refused` says why what came before was no
    /// answer.
    pub(crate) fn redirect(&mut self, url: Option<String>, refused: Option<String>) -> Event {
        if self.ask.read_line().is_some() {
            return self.prompt(url, refused);
        }
        match &self.listens {
            Some(Listens { by: By::Us(receiver), .. }) => wait(receiver, left(self.end)),
            // A redirect URI that the platform watches: this driver has no such platform.
            _ => broken("only a loopback redirect can be received here"),
        }
    }

    fn prompt(&mut self, url: Option<String>, refused: Option<String>) -> Event {
        if let Err(error) = self.prepare() {
            return broken(&error.to_string());
        }
        let port = self.listens.as_ref().map(|listens| listens.port);
        let (Some(prompts), Some(read)) = (&mut self.prompts, self.ask.read_line()) else {
            return broken("there is no prompt");
        };
        if !prompts.reading {
            // Reading cannot be called off, so a thread does it, which stays behind when the wait ends
            // before the line has come; what it reads then goes nowhere.
            let (read, sends) = (Arc::clone(read), prompts.sends.clone());
            let prompt = PastePrompt { url, refused, port };
            let reader = move || {
                let event = match read(&prompt) {
                    Ok(Some(line)) => Event::Redirect { uri: line.expose().trim().to_owned() },
                    Ok(None) => Event::Dismissed,
                    Err(error) => broken(&error.to_string()),
                };
                let _ = sends.send(Came::Line(event));
            };
            if let Err(error) = spawn("proofkey-paste", reader) {
                return broken(&error.to_string());
            }
            prompts.reading = true;
        }
        loop {
            return match prompts.comes.recv_timeout(left(self.end)) {
                // Nobody can paste anything, and the redirect may still come by itself.
                Ok(Came::Line(Event::Dismissed)) if port.is_some() => continue,
                Ok(Came::Line(event)) => {
                    prompts.reading = false;
                    event
                }
                Ok(Came::Received(event)) => event,
                Ok(Came::Cancelled) => Event::Cancel,
                Err(RecvTimeoutError::Timeout) => Event::Elapsed,
                Err(RecvTimeoutError::Disconnected) => broken("the prompt broke off"),
            };
        }
    }

    /// One channel for all that may come; a receiver tells of it in a thread of its own.
    fn prepare(&mut self) -> std::io::Result<()> {
        let prompts = self.prompts.get_or_insert_with(|| {
            let (sends, comes) = channel();
            let wake = sends.clone();
            let _wakes = self.cancel.wakes(move || drop(wake.send(Came::Cancelled)));
            Prompts { sends, comes, _wakes, reading: false }
        });
        let Some(listens) = &mut self.listens else { return Ok(()) };
        if let By::Us(receiver) = std::mem::replace(&mut listens.by, By::Thread(None)) {
            let sends = prompts.sends.clone();
            let listener = move || {
                loop {
                    let event = wait(&receiver, Duration::MAX);
                    let more = matches!(event, Event::Redirect { .. });
                    if sends.send(Came::Received(event)).is_err() || !more {
                        return;
                    }
                }
            };
            listens.by = By::Thread(Some(spawn("proofkey-receiver", listener)?));
        }
        Ok(())
    }
}

fn left(end: Option<Instant>) -> Duration {
    end.map_or(Duration::ZERO, |end| end.saturating_duration_since(Instant::now()))
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(run)
}

fn wait(receiver: &LoopbackReceiver, left: Duration) -> Event {
    match receiver.wait(left) {
        Ok(Received::Redirect(uri)) => Event::Redirect { uri },
        Ok(Received::Elapsed) => Event::Elapsed,
        Ok(Received::Cancelled) => Event::Cancel,
        Err(error) => failed(&error),
    }
}

fn broken(detail: &str) -> Event {
    Event::Failed { code: String::new(), detail: detail.to_owned() }
}
