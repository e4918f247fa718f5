//! What the user sees of a sign-in while it goes on, all of it on stderr, and how they are asked.

use super::device;
use super::prompt::{self, Prompt};
use super::spinner::Spinner;
use proofkey_client::{Browser, ClientBuilder, Interaction};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The screen of one sign-in.
pub struct Screen {
    time: Duration,
    spinner: Mutex<Option<Spinner>>,
}

/// How the user is asked.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// The program that opens the address; without one the system's browser.
    pub browser: Option<PathBuf>,
    /// No browser is opened: the address is shown.
    pub remote: bool,
    /// On another device, by a code.
    pub device: bool,
    /// Where the address goes as a picture.
    pub svg: Option<PathBuf>,
    /// Whether a script reads stdout: the device code is written there as well.
    pub json: bool,
    /// The host of the issuer, where it is known.
    pub host: Option<String>,
}

impl Way {
    fn chosen(&self) -> Browser {
        self.browser.clone().map_or(Browser::System, Browser::Program)
    }

    /// What that means here: without a browser the address is shown.
    pub fn interaction(&self) -> Interaction {
        match (self.device, self.remote || !self.chosen().is_there()) {
            (true, _) => Interaction::Device,
            (false, true) => Interaction::Remote,
            (false, false) => Interaction::Browser,
        }
    }
}

impl Screen {
    /// The user may take so long.
    pub fn new(time: Duration) -> Arc<Self> {
        Arc::new(Self { time, spinner: Mutex::default() })
    }

    /// What to look at comes first, and below it turns something.
    fn waits(&self, words: String, time: Duration) {
        let mut spinner = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        *spinner = None;
        *spinner = Some(Spinner::begin(words, time));
    }

    /// Nothing turns any more, and the terminal is as it was.
    pub fn end(&self) {
        *self.spinner.lock().unwrap_or_else(PoisonError::into_inner) = None;
        prompt::end();
    }

    fn open_yourself(&self, url: &str, error: &std::io::Error) {
        say(&format!(
            "No browser could be opened ({error}). Open this address yourself:\n\n{url}\n\n"
        ));
    }

    /// The settings of a client that asks on this screen.
    pub fn asks(self: &Arc<Self>, builder: ClientBuilder, way: Way) -> ClientBuilder {
        let (interaction, chosen) = (way.interaction(), way.chosen());
        let Way { browser, svg, json, host, .. } = way;
        let at = host.as_deref().map_or_else(String::new, |host| format!(" at {host}"));
        let prompt = Prompt { host, svg: svg.clone() };
        let (shown, waits) = (Arc::clone(self), format!("Waiting for the browser{at}"));
        let explicit = browser.is_some();
        let opens = Browser::custom(move |url| {
            match chosen.open(url) {
                Ok(()) => {}
                // Whoever names a program wants that one.
                Err(error) if explicit => return Err(error),
                Err(error) => shown.open_yourself(url, &error),
            }
            shown.waits(waits.clone(), shown.time);
            Ok(())
        });
        let shown = Arc::clone(self);
        builder
            .browse_timeout(self.time)
            .browser(opens)
            .interaction(interaction)
            .read_line(move |line| prompt.ask(line))
            .show_code(move |code| {
                device::show(code, svg.as_deref(), json);
                let time = Duration::from_secs(code.expires_in_s);
                shown.waits(format!("Waiting for the other device{at}"), time);
            })
    }
}

/// Writes to stderr.
pub fn say(text: &str) {
    // There is nowhere else to say that stderr cannot be written.
    let _ = anstream::stderr().write_all(text.as_bytes());
}
