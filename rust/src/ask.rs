//! How the user is asked: the browser of this machine, or an address to be opened elsewhere.

use crate::browser::Browser;
use proofkey::device::DeviceCode;
use proofkey::secret::Secret;
use proofkey::step::Event;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;

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
    /// By an address that the user opens wherever they like: on this machine, behind a tunnel to it, or
    /// elsewhere. The redirect is received here, or pasted, whichever comes first.
    Remote,
    /// On another device: a code is shown here, and entered where there is a browser (RFC 8628). It is never
    /// chosen by itself: whoever is talked into entering somebody else's code signs that somebody in.
    Device,
}

/// What a user who has to open an address elsewhere is shown.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PastePrompt {
    /// The address to open; none where it was shown before.
    pub url: Option<String>,
    /// Why what was pasted before was refused, as the end of a sentence; none the first time.
    pub refused: Option<String>,
    /// The port of this machine that the redirect goes to, where something listens at it.
    pub port: Option<u16>,
}

impl PastePrompt {
    /// What must be said whenever an address is to be pasted: whoever gets it from a user in some other way
    /// finishes a sign-in that was theirs, or hands over an attacker's.
    pub const WARNING: &'static str = "Paste it here and nowhere else. Nobody who asks you for this address, \
        or who sends you one to paste, means well.";
}

/// Shows the prompt and reads one line. `None`: there is no more to be read, the user wants no more.
pub type ReadLine = Arc<dyn Fn(&PastePrompt) -> io::Result<Option<Secret>> + Send + Sync>;

/// The way that was chosen for one flow.
pub(crate) enum Ask {
    Browser(Browser),
    Paste(ReadLine),
    Remote(ReadLine),
    Device,
}

impl Ask {
    pub(crate) fn new(interaction: Interaction, browser: &Browser, read: &ReadLine) -> Self {
        let terminal = || io::stdin().is_terminal() && io::stderr().is_terminal();
        match interaction {
            Interaction::Paste => Self::Paste(Arc::clone(read)),
            Interaction::Remote => Self::Remote(Arc::clone(read)),
            Interaction::Device => Self::Device,
            Interaction::Auto if !browser.is_there() && terminal() => Self::Paste(Arc::clone(read)),
            _ => Self::Browser(browser.clone()),
        }
    }

    /// Whether nothing listens.
    pub(crate) const fn only_pastes(&self) -> bool {
        matches!(self, Self::Paste(_))
    }

    pub(crate) const fn read_line(&self) -> Option<&ReadLine> {
        match self {
            Self::Browser(_) | Self::Device => None,
            Self::Paste(read) | Self::Remote(read) => Some(read),
        }
    }

    /// Opens the address. `Start` stands for: go on and wait.
    pub(crate) fn show(&self, url: &str) -> Event {
        let opened = match self {
            Self::Browser(browser) => browser.open(url),
            // It is shown with the prompt, once it is known to be one that a browser may open.
            Self::Paste(_) | Self::Remote(_) => Browser::check(url),
            Self::Device => {
                Err(io::Error::other("a sign-in on another device opens no browser here"))
            }
        };
        match opened {
            Ok(()) => Event::Start,
            Err(error) => Event::Failed { code: String::new(), detail: error.to_string() },
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

/// A device code as a program shows it that brings no way of its own: on stderr.
pub(crate) fn show_code(code: &DeviceCode) {
    let DeviceCode { user_code, verification_uri, expires_in_s, advice, .. } = code;
    let minutes = expires_in_s.div_ceil(60);
    // There is nowhere else to show it; who sees nothing enters nothing, and the code expires.
    let _ = writeln!(
        io::stderr().lock(),
        "To sign in, open this address on any device within {minutes} min:\n\n  {verification_uri}\n\n\
         and enter the code:\n\n  {user_code}\n\n{advice}"
    );
}
