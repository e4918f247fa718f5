//! A user of their own: a home that is empty, no keyring, no display, and a browser that says yes.

use super::server::agent;
use super::{Watchdog, proofkey, run};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        // A browser follows the redirects; the last one ends at the program's receiver.
        let script = "#!/usr/bin/env python3\n\
            import sys, urllib.request\n\
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n\
            opener.open(sys.argv[1], timeout=30).read()\n";
        std::fs::write(home.browser(), script).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(home.browser(), executable).unwrap();
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn browser(&self) -> PathBuf {
        self.path().join("browser")
    }

    /// Where the store is.
    pub fn store(&self) -> PathBuf {
        self.path().join(".local/share/proofkey")
    }

    /// The names in the store that begin so.
    pub fn stored(&self, begin: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.store()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(begin)).collect();
        names.sort();
        names
    }

    /// The program, as this user runs it.
    pub fn proofkey(&self, args: &[&str]) -> Command {
        let mut command = proofkey(args);
        command.env("HOME", self.path());
        for name in [
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
            "PROOFKEY_STORE",
            "DBUS_SESSION_BUS_ADDRESS",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "WSL_DISTRO_NAME",
            "BROWSER",
            "SSH_CONNECTION",
            "TERM",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        run(&mut self.proofkey(args))
    }

    /// Signs in by the browser that says yes.
    pub fn login(&self, args: &[&str]) -> Output {
        let browser = self.browser();
        self.run(&[&["login", "--browser", browser.to_str().unwrap()], args].concat())
    }

    /// The token, and that nothing else was said.
    pub fn token(&self, url: &str) -> String {
        let output = self.run(&["token", url]);
        assert_eq!(super::stderr(&output), "");
        assert_eq!(super::code(&output), 0);
        super::stdout(&output).strip_suffix('\n').unwrap().to_owned()
    }
}

/// `proofkey login --no-browser`, which waits for its user.
pub struct Waiting {
    pub child: Child,
    pub stderr: BufReader<ChildStderr>,
    pub shown: String,
    pub _watchdog: Watchdog,
}

impl Waiting {
    /// Begins, and comes back when the prompt is there.
    pub fn begin(home: &Home, args: &[&str]) -> Self {
        Self::of(home.proofkey(&[&["login", "--no-browser"], args].concat()))
    }

    pub fn of(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let watchdog = Watchdog::over(&child);
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut waiting = Self { child, stderr, shown: String::new(), _watchdog: watchdog };
        waiting.prompt();
        waiting
    }

    /// Reads on until somebody is asked for an address.
    pub fn prompt(&mut self) {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"Address: ") {
            let read = self.stderr.read_until(b' ', &mut bytes).unwrap();
            assert_ne!(read, 0, "no prompt came: {}", String::from_utf8_lossy(&bytes));
        }
        self.shown = String::from_utf8(bytes).unwrap();
    }

    /// The address that was shown: the only line that is one.
    pub fn url(&self) -> &str {
        self.shown.lines().find(|line| line.starts_with("http")).unwrap()
    }

    /// Where the browser is sent with the code, after the user has said yes.
    pub fn redirect(&self) -> String {
        let answer = agent().get(self.url()).call().unwrap();
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// The exit code, stdout and what else came to stderr.
    pub fn end(mut self) -> (Option<i32>, String, String) {
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), rest)
    }
}

/// The port of a loopback redirect URI in an authorization URL or a redirect.
pub fn port(url: &str) -> u16 {
    let at = url.find("127.0.0.1%3A").map(|at| at + 12);
    let at = at.or_else(|| url.find("127.0.0.1:").map(|at| at + 10)).unwrap();
    let digits: String = url[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}
