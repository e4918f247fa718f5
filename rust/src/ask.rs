//! How the user is asked: the browser of this machine, or an address to be opened elsewhere.

use crate::browser::Browser;
use crate::cancel::CancelHandle;
use proofkey::secret::Secret;
use proofkey::step::Event;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Whether, and how, the user may be asked for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Interaction {
    /// Not at all: who has not signed in gets [`Error::SignInRequired`](crate::Error::SignInRequired).
    #[default]
    Never,
    /// In the browser where there is one; else, at a terminal, by an address that the user opens elsewhere
    /// and a redirect that they paste.
    Auto,
    /// In the browser.
    Browser,
    /// By an address that the user opens elsewhere, and the redirect that they paste. Nothing listens.
    Paste,
}

/// What a user who has to open an address elsewhere is shown.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PastePrompt {
    /// The address to open; none where it was shown before.
    pub url: Option<String>,
    /// Why what was pasted before was refused, as the end of a sentence; none the first time.
    pub refused: Option<String>,
}

impl PastePrompt {
    /// What must be said whenever an address is to be pasted: whoever gets it from a user in some other way
    /// finishes a sign-in that was theirs, or hands over an attacker's.
    pub const WARNING: &'static str = "Paste it here and nowhere else. Nobody who asks you for this address, \
        or who sends you one to paste, means well.";
}

/// Shows the prompt and reads one line. `None`: there is no more to be read, the user wants no more.
pub type ReadLine = Arc<dyn Fn(&PastePrompt) -> io::Result<Option<Secret>> + Send + Sync>;

/// What came of asking for a line.
pub(crate) enum Answer {
    Line(String),
    Nothing,
    Elapsed,
    Cancelled,
    Failed(String),
}

/// The way that was chosen for one flow.
pub(crate) enum Ask {
    Browser(Browser),
    Paste(ReadLine),
}

impl Ask {
    pub(crate) fn new(interaction: Interaction, browser: &Browser, read: &ReadLine) -> Self {
        let terminal = || io::stdin().is_terminal() && io::stderr().is_terminal();
        match interaction {
            Interaction::Paste => Self::Paste(Arc::clone(read)),
            Interaction::Auto if !browser.is_there() && terminal() => Self::Paste(Arc::clone(read)),
            _ => Self::Browser(browser.clone()),
        }
    }

    pub(crate) const fn pastes(&self) -> bool {
        matches!(self, Self::Paste(_))
    }

    /// Opens the address. `Start` stands for: go on and wait.
    pub(crate) fn show(&self, url: &str) -> Event {
        let opened = match self {
            Self::Browser(browser) => browser.open(url),
            // It is shown with the prompt, once it is known to be one that a browser may open.
            Self::Paste(_) => Browser::check(url),
        };
        match opened {
            Ok(()) => Event::Start,
            Err(error) => Event::Failed { code: String::new(), detail: error.to_string() },
        }
    }

    /// Asks for a line. Reading cannot be called off, so a thread does it, which stays behind when the wait
    /// ends before the line has come; what it reads then goes nowhere.
    pub(crate) fn paste(
        &self,
        url: Option<&str>,
        refused: Option<String>,
        left: Duration,
        cancel: &CancelHandle,
    ) -> Answer {
        let Self::Paste(read) = self else {
            // A redirect URI that the platform watches: this driver has no such platform.
            return Answer::Failed("only a loopback redirect can be received here".to_owned());
        };
        let (sends, comes) = sync_channel(2);
        let wake = sends.clone();
        let _wakes = cancel.wakes(move || drop(wake.try_send(Answer::Cancelled)));
        let read = Arc::clone(read);
        let prompt = PastePrompt { url: url.map(str::to_owned), refused };
        let reader = move || {
            let answer = match read(&prompt) {
                Ok(Some(line)) => Answer::Line(line.expose().trim().to_owned()),
                Ok(None) => Answer::Nothing,
                Err(error) => Answer::Failed(error.to_string()),
            };
            let _ = sends.send(answer);
        };
        if let Err(error) = std::thread::Builder::new().name("proofkey-paste".into()).spawn(reader)
        {
            return Answer::Failed(error.to_string());
        }
        match comes.recv_timeout(left) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => Answer::Elapsed,
            Err(RecvTimeoutError::Disconnected) => {
                Answer::Failed("the prompt broke off".to_owned())
            }
        }
    }
}

/// The prompt of a program that brings none of its own: on stderr, and a line from stdin.
pub(crate) fn at_terminal(prompt: &PastePrompt) -> io::Result<Option<Secret>> {
    let mut out = io::stderr().lock();
    if let Some(url) = &prompt.url {
        writeln!(out, "Open this address in a browser:\n\n  {url}\n")?;
        writeln!(out, "The browser ends at an address that it cannot open; copy that address.")?;
    }
    if let Some(refused) = &prompt.refused {
        writeln!(out, "That is not the address: {refused}.")?;
    }
    writeln!(out, "{}", PastePrompt::WARNING)?;
    write!(out, "Address: ")?;
    out.flush()?;
    let mut line = String::with_capacity(16 * 1024);
    let read = io::stdin().lock().read_line(&mut line);
    let line = Secret::new(line);
    Ok(if read? == 0 { None } else { Some(line) })
}
