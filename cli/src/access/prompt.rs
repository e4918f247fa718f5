//! What a user sees who opens the address elsewhere, and the line that they paste.

use super::qr;
use crate::output::{STRONG, paint};
use proofkey_client::{PastePrompt, Secret};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;

/// The prompt of one sign-in.
pub struct Prompt {
    /// The host of the issuer, where it is known.
    pub host: Option<String>,
    /// Where the address goes as a picture.
    pub svg: Option<PathBuf>,
}

impl Prompt {
    /// Shows it and reads a line; none where there is nothing more to be read.
    pub fn ask(&self, prompt: &PastePrompt) -> io::Result<Option<Secret>> {
        if let (Some(url), Some(file)) = (&prompt.url, &self.svg) {
            let picture =
                qr::svg(url).ok_or_else(|| io::Error::other("it is too long for a QR code"));
            let written = picture.and_then(|picture| std::fs::write(file, picture));
            written.map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", file.display())))?;
        }
        let mut err = anstream::stderr();
        err.write_all(self.text(prompt).as_bytes())?;
        err.flush()?;
        read_line()
    }

    fn text(&self, prompt: &PastePrompt) -> String {
        let mut text = String::new();
        if let Some(url) = &prompt.url {
            let columns = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0);
            let code = columns.and_then(|columns| qr::text(url, columns.into()));
            text = opening(url, self.host.as_deref(), code.as_deref());
            if let Some(port) = prompt.port {
                text.push_str(&received(port, &Ssh::of_this_session()));
            }
        }
        let ends = match (&prompt.url, &prompt.refused) {
            (Some(_), _) => Some("If the browser ends"),
            // Taken up again: the browser was opened by an earlier run.
            (None, None) => Some("Go on in the browser that was opened before. If it ends"),
            (None, Some(_)) => None,
        };
        if let Some(ends) = ends {
            let port = prompt.port.map_or_else(String::new, |port| format!(":{port}"));
            let words = format!(
                "{ends} at an address that it cannot open (http://127.0.0.1{port}/…), copy that whole address."
            );
            text.push_str(&wrapped(&words));
            text.push('\n');
        }
        if let Some(refused) = &prompt.refused {
            let _ = writeln!(text, "\nThat is not the address: {refused}.");
        }
        let _ = write!(text, "{}\nAddress: ", paint(STRONG, &wrapped(PastePrompt::WARNING)));
        text
    }
}

fn opening(url: &str, host: Option<&str>, code: Option<&str>) -> String {
    let host = host.map_or_else(String::new, |host| format!(" at {host}"));
    let code = code.map_or_else(String::new, |code| format!("{code}\n"));
    format!("Open this address in a browser, to sign in{host}:\n\n{url}\n\n{code}")
}

/// How the redirect comes here without being pasted.
fn received(port: u16, ssh: &Option<Ssh>) -> String {
    match ssh {
        Some(Ssh { user, server, port: ssh }) => {
            let option = if *ssh == 22 { String::new() } else { format!(" -p {ssh}") };
            format!(
                "You are here by SSH. To paste nothing, run this on your own machine before you open it:\n\n  \
                 ssh -N -L {port}:127.0.0.1:{port}{option} {user}@{server}\n\n"
            )
        }
        None => String::new(),
    }
}

/// How this machine is reached by SSH, as the client of this session reached it.
struct Ssh {
    user: String,
    server: String,
    port: u16,
}

impl Ssh {
    fn of_this_session() -> Option<Self> {
        let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok()?;
        Self::of(&std::env::var("SSH_CONNECTION").ok()?, &user)
    }

    /// `SSH_CONNECTION`: the client's address and port, the server's address and port.
    fn of(connection: &str, user: &str) -> Option<Self> {
        let mut words = connection.split(' ').skip(2);
        let server: std::net::IpAddr = words.next()?.parse().ok()?;
        let port = words.next()?.parse().ok()?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if user.is_empty() || user.starts_with('-') || !user.bytes().all(plain) {
            return None;
        }
        Some(Self { user: user.to_owned(), server: server.to_string(), port })
    }
}

/// A sentence in lines of at most 79 characters.
pub fn wrapped(words: &str) -> String {
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        let full =
            lines.last().is_some_and(|line| !line.is_empty() && line.len() + 1 + word.len() > 79);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// One line of stdin, wiped when it is dropped.
fn read_line() -> io::Result<Option<Secret>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        terminal::whole_lines();
    }
    let mut line = String::with_capacity(16 * 1024);
    let read = stdin.lock().read_line(&mut line);
    let line = Secret::new(line);
    restore();
    Ok(if read? == 0 { None } else { Some(line) })
}

/// As [`restore`], and ends the line of a prompt that nobody has answered.
pub fn end() {
    if terminal::restore() {
        let _ = writeln!(io::stderr());
    }
}

/// Leaves the terminal as it was found. Whoever ends while a line is read calls it.
pub fn restore() {
    terminal::restore();
}

/// A terminal gives lines of at most 4,096 characters, some of 1,024, and throws the rest away; a redirect may
/// be longer. So the lines are put together here, from characters as they come.
#[cfg(unix)]
mod terminal {
    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };
    use std::sync::{Mutex, PoisonError};

    static FOUND: Mutex<Option<Termios>> = Mutex::new(None);

    pub(super) fn whole_lines() {
        let stdin = std::io::stdin();
        // Where it cannot be set, short lines still work.
        let Ok(found) = tcgetattr(&stdin) else { return };
        let mut set = found.clone();
        // Ctrl-C stays a signal, and what is typed is shown.
        set.local_modes.remove(LocalModes::ICANON);
        set.special_codes[SpecialCodeIndex::VMIN] = 1;
        set.special_codes[SpecialCodeIndex::VTIME] = 0;
        let mut kept = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        if tcsetattr(&stdin, OptionalActions::Now, &set).is_ok() {
            *kept = Some(found);
        }
    }

    /// Whether there was something to be restored.
    pub(super) fn restore() -> bool {
        let found = FOUND.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(found) = &found {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, found);
        }
        found.is_some()
    }
}

/// A console has no such limit that could be lifted here.
#[cfg(not(unix))]
mod terminal {
    pub(super) fn whole_lines() {}
    pub(super) fn restore() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_tunnel_is_the_one_to_this_session() {
        let ssh = Ssh::of("192.0.2.7 50000 198.51.100.2 22", "ada");
        assert!(
            received(40001, &ssh)
                .contains("\n  ssh -N -L 40001:127.0.0.1:40001 ada@198.51.100.2\n")
        );
        let ssh = Ssh::of("2001:db8::7 50000 2001:db8::2 2222", "ada");
        assert!(received(40001, &ssh).contains(" -p 2222 ada@2001:db8::2\n"));
        assert_eq!(received(40001, &None), "");
        for (connection, user) in [
            ("", "ada"),
            ("a b c d", "ada"),
            ("192.0.2.7 1 $(id) 22", "ada"),
            ("192.0.2.7 1 198.51.100.2 22", "-oProxyCommand=id"),
            ("192.0.2.7 1 198.51.100.2 22", "a;b"),
            ("192.0.2.7 1 198.51.100.2 22", ""),
        ] {
            assert!(Ssh::of(connection, user).is_none(), "{connection} {user}");
        }
    }

    #[test]
    fn the_warning_is_there_whenever_an_address_is_to_be_pasted() {
        // Threat: a user is talked into pasting a redirect
        let warning = wrapped(PastePrompt::WARNING);
        assert!(warning.lines().count() > 1 && warning.lines().all(|line| line.len() < 80));
        assert_eq!(warning.replace('\n', " "), PastePrompt::WARNING);
    }
}
