//! The key of the store in a real Secret Service (GNOME Keyring) on a session bus of the test's own: made,
//! found by other programs, locked, gone. Needs dbus-daemon, gnome-keyring-daemon and secret-tool.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::server::Server;
use common::{DEADLINE, Watchdog, code, run, stderr, stdout};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

/// A process that ends with the test.
struct Ends {
    child: Child,
    _watchdog: Watchdog,
}

impl Ends {
    fn new(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let watchdog = Watchdog::over(&child);
        Self { child, _watchdog: watchdog }
    }

    fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A bus that starts nothing by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

struct Session {
    home: Home,
    address: String,
    _bus: Ends,
}

impl Session {
    fn new() -> Self {
        let home = Home::new();
        let config = home.path().join("bus.conf");
        std::fs::write(&config, BUS.replace("FOLDER", home.path().to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--nofork", "--print-address=1", "--config-file"]).arg(config);
        let mut bus = Ends::new(&mut bus);
        let address = bus.first_line();
        assert!(address.starts_with("unix:path="), "{address}");
        Self { home, address, _bus: bus }
    }

    fn on_the_bus(&self, mut command: Command) -> Command {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("HOME", self.home.path());
        command
    }

    fn proofkey(&self, args: &[&str]) -> Output {
        run(&mut self.on_the_bus(self.home.proofkey(args)))
    }

    /// A keyring daemon; with a password it is open. It is there once it has its name on the bus.
    fn keyring(&self, password: Option<&str>) -> Ends {
        let control = self.home.path().join("control");
        std::fs::create_dir_all(&control).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&control, mode).unwrap();
        let mut daemon = self.on_the_bus(Command::new("gnome-keyring-daemon"));
        daemon.args(["--foreground", "--components=secrets", "--control-directory"]).arg(control);
        daemon.env_remove("XDG_DATA_HOME").env_remove("DISPLAY").stdin(Stdio::piped());
        if password.is_some() {
            daemon.arg("--unlock");
        }
        let mut daemon = Ends::new(&mut daemon);
        let mut stdin = daemon.child.stdin.take().unwrap();
        stdin.write_all(password.unwrap_or_default().as_bytes()).unwrap();
        drop(stdin);
        self.until_named(true);
        daemon
    }

    fn until_named(&self, wanted: bool) {
        let began = Instant::now();
        loop {
            let mut ask = self.on_the_bus(Command::new("dbus-send"));
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            let output = run(&mut ask);
            assert_eq!(code(&output), 0, "{}", stderr(&output));
            if stdout(&output).contains("boolean true") == wanted {
                return;
            }
            assert!(began.elapsed() < DEADLINE, "the keyring did not come or go");
        }
    }

    /// What other programs find.
    fn lookup(&self) -> String {
        let mut tool = self.on_the_bus(Command::new("secret-tool"));
        let output = run(tool.args(["lookup", "service", "proofkey", "username", "data-key"]));
        stdout(&output).trim_end().to_owned()
    }
}

fn login(session: &Session, server: &Server) -> Output {
    let browser = session.home.browser();
    session.proofkey(&["login", "--browser", browser.to_str().unwrap(), server.text("resource")])
}

fn has_key_file(store: &Path) -> bool {
    // The file is there in any case; with a key in it, it is longer than its head.
    std::fs::metadata(store.join("data-key")).unwrap().len() > 46
}

#[test]
fn the_key_lies_in_the_keyring_and_a_keyring_that_does_not_open_is_an_error() {
    let (session, server) = (Session::new(), Server::start(&["--auto-approve"]));
    let resource = server.text("resource");
    let token = || session.proofkey(&["token", resource]);
    let daemon = session.keyring(Some("password"));
    let output = login(&session, &server);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stderr(&output).contains("key_in_file"), "{}", stderr(&output));
    assert!(!has_key_file(&session.home.store()));
    let key = session.lookup();
    assert_eq!(key.len(), 43, "base64url of 32 bytes");
    assert!(proofkey_client::DataKey::from_text(&key).is_ok());
    let status = session.proofkey(&["status"]);
    assert!(stdout(&status).contains("the key is in the system's keyring"), "{}", stdout(&status));
    let first = token();
    assert_eq!((code(&first), stderr(&first)), (0, ""));
    // Again: the same key, not another one.
    assert_eq!(code(&login(&session, &server)), 0);
    assert_eq!(session.lookup(), key);

    drop(daemon);
    session.until_named(false);
    let output = token();
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(stderr(&output).starts_with("proofkey: keyring_unavailable: "), "{}", stderr(&output));

    // Locked: nobody is asked by `token`; where nobody answers, a sign-in makes no new key either.
    let locked = session.keyring(None);
    for output in [token(), login(&session, &server)] {
        assert_eq!((code(&output), stdout(&output)), (1, ""));
        let line = stderr(&output);
        assert!(
            line.contains("proofkey: keyring_unavailable: ") && line.contains("locked"),
            "{line}"
        );
    }
    assert!(!has_key_file(&session.home.store()));
    drop(locked);
    session.until_named(false);

    let _daemon = session.keyring(Some("password"));
    let output = token();
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(session.lookup(), key);
}

#[test]
fn a_bus_without_a_keyring_leads_to_a_file_and_stays_there() {
    let (session, server) = (Session::new(), Server::start(&["--auto-approve"]));
    let output = login(&session, &server);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("proofkey: note: key_in_file: "), "{}", stderr(&output));
    assert!(has_key_file(&session.home.store()));
    let _daemon = session.keyring(Some("password"));
    assert_eq!(code(&session.proofkey(&["token", server.text("resource")])), 0);
    assert_eq!(session.lookup(), "");
}
