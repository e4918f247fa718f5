//! Opens the user's browser: one program, one argument, never a shell (CVE-2025-6514).

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// A function that opens, or shows, a URL.
pub type OpenUrl = Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>;

/// Which browser shows the sign-in.
#[derive(Clone, Default)]
pub enum Browser {
    /// The program that the environment variable `BROWSER` names, else the system's default browser.
    ///
    /// `BROWSER` is taken as the path or name of **one** program, which gets the URL as its only
    /// argument. Lists and templates (`a:b`, `x %s`) are not expanded: that is how URLs have ended
    /// up in shells (RUSTSEC-2026-0257).
    #[default]
    System,
    /// This program; it gets the URL as its only argument.
    Program(PathBuf),
    /// A function, for programs that show the URL themselves. It should return at once: the wait for
    /// the redirect, and with it a cancel, begins after it.
    Custom(OpenUrl),
}

impl core::fmt::Debug for Browser {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Program(path) => f.debug_tuple("Program").field(path).finish(),
            Self::Custom(_) => f.write_str("Custom(…)"),
        }
    }
}

impl Browser {
    /// A function that opens, or shows, the URL.
    pub fn custom(open: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self::Custom(Arc::new(open))
    }

    /// Whether there is one, as far as that can be known before it is opened.
    #[must_use]
    pub fn is_there(&self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Program(_) | Self::Custom(_) => true,
            Self::System if cfg!(any(windows, target_vendor = "apple")) => true,
            Self::System => {
                ["BROWSER", "WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(set)
            }
        }
    }

    /// An address that no authorization server can mean is refused before anything sees it.
    pub(crate) fn check(url: &str) -> io::Result<()> {
        check(url).map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))
    }

    /// Opens the URL, once it is checked to be one that an authorization server can mean.
    ///
    /// # Errors
    /// What the system says where there is no such program, or none at all.
    pub fn open(&self, url: &str) -> io::Result<()> {
        Self::check(url)?;
        match self {
            Self::System => match std::env::var_os("BROWSER").filter(|name| !name.is_empty()) {
                Some(program) => launch(program, url),
                None => webbrowser::open(url),
            },
            Self::Program(program) => launch(program.clone().into_os_string(), url),
            Self::Custom(open) => open(url),
        }
    }
}

/// Starts the program beside this one and does not wait for it; it may run for as long as the user
/// keeps the window open.
fn launch(program: OsString, url: &str) -> io::Result<()> {
    let named = |e: io::Error| {
        io::Error::new(e.kind(), format!("the program {}: {e}", program.to_string_lossy()))
    };
    let mut child = Command::new(&program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(named)?;
    // Somebody must take note of its end, or it stays in the process table as a zombie. Where there
    // is no thread to be had it stays until this program ends, which harms nothing.
    let waiter = std::thread::Builder::new().name("proofkey-browser".into());
    let _ = waiter.spawn(move || child.wait());
    Ok(())
}

/// Only http(s), http only to loopback (M9), and only characters that a URI has (RFC 3986 §2): no
/// space, no control character, no quote, nothing that begins with `-`.
fn check(url: &str) -> Result<(), &'static str> {
    let local = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        ["127.0.0.1", "[::1]", "localhost"].iter().any(|host| {
            authority.strip_prefix(host).is_some_and(|port| {
                port.is_empty()
                    || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()))
            })
        })
    };
    if let Some(rest) = url.strip_prefix("http://") {
        if !local(rest) {
            return Err("the sign-in address is http and not on loopback; expected https");
        }
    } else if !url.starts_with("https://") {
        return Err("the sign-in address is not an https URL");
    }
    let in_a_uri = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    if !url.bytes().all(in_a_uri) {
        return Err(
            "the sign-in address has a character that does not belong in a URL (RFC 3986 §2)",
        );
    }
    if url.len() > 16 * 1024 {
        return Err("the sign-in address is longer than 16 KiB");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_web_addresses_reach_a_browser() {
        // M9; threat: command or flag injection on opening the browser
        for good in [
            "https://login.example/authorize?a=b&c=%20",
            "http://127.0.0.1:8080/authorize",
            "http://[::1]:1/",
            "http://localhost/x?y",
            "https://[2001:db8::1]/a",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "-https://login.example/",
            "--new-window",
            " https://login.example/",
            "https://login.example/ a",
            "https://login.example/\n--flag",
            "https://login.example/\0",
            "https://login.example/\u{7f}",
            "https://login.example/ä",
            "https://login.example/\"&calc&\"",
            "https://login.example/`id`",
            "https://login.example/|id",
            "https://login.example/<>",
            "https://login.example/\\x",
            "http://login.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "http://localhost.evil.example/",
            "HTTPS://login.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ms-settings:",
            "https:login.example",
            "$(id)",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
    }
}
