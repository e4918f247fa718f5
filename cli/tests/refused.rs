//! `proofkey serve` with something that it cannot take: one line that names what was wrong, what was expected and what
//! to do, nothing of a password, and the right exit code.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::server::Server;
use common::{code, proofkey, run, stderr, stdout};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// One line, with all of these words, and no `secret`.
fn refused(args: &[&str], exit: i32, words: &[&str]) {
    let output = run(&mut proofkey(&[&["serve"], args].concat()));
    let line = stderr(&output);
    assert_eq!((code(&output), stdout(&output)), (exit, ""), "{args:?}: {line}");
    assert!(line.starts_with("proofkey: ") && line.ends_with('\n'), "{args:?}: {line}");
    assert_eq!(line.lines().count(), 1, "{args:?}: {line}");
    assert!(!line.contains("secret"), "{args:?}: {line}");
    for word in words {
        assert!(line.contains(word), "{args:?}: {line} lacks {word:?}");
    }
}

/// Wrong usage: 2, and where help is.
fn usage(args: &[&str], words: &[&str]) {
    refused(args, 2, &[&["usage: ", "Run `proofkey serve --help`."], words].concat());
}

#[test]
fn a_store_of_no_known_kind_is_wrong_usage() {
    for store in
        ["mysql://u:secret@h/g", "Memory", "", "sqlite", "sqlite:", "grants.db", "memory:x"]
    {
        usage(
            &["--store", store],
            &["--store <STORE>", "expected `memory`, `sqlite:` and a path, or `postgres://`"],
        );
    }
    // It would be a file in the root's folder.
    usage(
        &["--store", "sqlite://grants.db"],
        &["a path right after `sqlite:`", "sqlite:grants.db"],
    );
}

#[test]
fn an_address_that_cannot_be_one_is_wrong_usage() {
    for store in [
        "postgres:",
        "postgres://",
        "postgres:///grants",
        "postgres://u:secret@/grants",
        "postgres://u:secret@127.0.0.1:99999/grants",
        "postgres://u:secret@127.0.0.1:port/grants",
        "postgres://u:p@secret@127.0.0.1/grants",
    ] {
        refused(&["--store", store], 2, &["expected postgres://USER:PASSWORD@HOST:PORT/DATABASE"]);
    }
    let plain = "postgres://u:secret@db.example/grants?sslmode=prefer";
    refused(&["--store", plain], 2, &["say verify-full, or disable"]);
    for store in [
        "redis:",
        "redis://",
        "redis://:secret@",
        "redis://:secret@127.0.0.1:99999",
        "redis://:secret@127.0.0.1/one",
        "rediss://:secret@127.0.0.1/#insecure",
    ] {
        refused(&["--store", store], 2, &["expected redis://USER:PASSWORD@HOST:PORT/DATABASE"]);
    }
}

/// Nobody listens there.
#[test]
fn a_database_that_is_not_there_is_said_to_be_so() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for store in [
        format!("postgres://u:secret@127.0.0.1:{free}/grants"),
        format!("redis://:secret@127.0.0.1:{free}"),
        format!("rediss://:secret@127.0.0.1:{free}"),
        "redis+unix:///nowhere/socket?pass=secret".into(),
        "postgres://u:secret@%2Fnowhere/grants".into(),
    ] {
        let words = ["store_failed: ", "cannot be reached", "check that it runs, and its address"];
        refused(&["--port", "0", "--store", &store], 1, &words);
    }
}

fn private(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_file_that_is_no_grant_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("folder")).unwrap();
    std::fs::write(at("text"), "a text that is no database at all").unwrap();
    std::fs::write(at("open"), "").unwrap();
    std::fs::set_permissions(at("open"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let newer = |name: &str, owner: u32| {
        // What SQLite's header has at 60 and 68: the version and whose file it is.
        let mut bytes = std::fs::read(at("made")).unwrap();
        bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
        bytes[68..72].copy_from_slice(&owner.to_be_bytes());
        std::fs::write(at(name), bytes).unwrap();
        private(&at(name));
    };
    private(&at("text"));
    let made = format!("sqlite:{}", at("made").display());
    assert_eq!(Server::start(&["--store", &made]).end("TERM").0, Some(0));
    newer("newer", 0x504b_4559);
    newer("other", 0);
    for (name, words) in [
        ("folder", ["folder is not a grant store of ProofKey", "or a place where nothing is yet"]),
        ("text", ["text is not a grant store of ProofKey", "or a place where nothing is yet"]),
        ("other", ["other is not a grant store of ProofKey", "or a place where nothing is yet"]),
        (
            "newer",
            [
                "has schema version 99, this program knows up to",
                "update the program, or name another store",
            ],
        ),
        ("open", ["is open to other users (mode 0644)", "run chmod 600"]),
        (
            "none/grants.db",
            ["cannot be opened: No such file", "a folder that is there and may be written"],
        ),
        (
            "text/grants.db",
            ["cannot be opened: Not a directory", "a folder that is there and may be written"],
        ),
    ] {
        let before = std::fs::read(at(name)).ok();
        let store = format!("sqlite:{}", at(name).display());
        refused(&["--port", "0", "--store", &store], 1, &["store_failed: ", words[0], words[1]]);
        assert_eq!(std::fs::read(at(name)).ok(), before, "{name} was changed");
    }
    // The kernel's own folder: nobody can make a file there, root neither.
    let words = ["/sys/grants.db cannot be opened", "a folder that is there and may be written"];
    refused(&["--port", "0", "--store", "sqlite:/sys/grants.db"], 1, &words);
}

#[test]
fn options_say_what_they_expect() {
    usage(&["--prot", "1"], &["'--prot'", "'--port'"]);
    usage(&["--auto-aprove"], &["'--auto-aprove'", "'--auto-approve'"]);
    usage(&["extra"], &["unexpected argument 'extra'"]);
    usage(&["--fault"], &["a value is required for '--fault <NAME>'"]);
    usage(&["--fault", "iss-wrnog"], &["'iss-wrnog'", "near are iss-wrong"]);
    usage(&["--fault", "iss-missing,iss-wrnog"], &["'iss-wrnog'", "near are iss-wrong"]);
    usage(&["--fault", "nothing-that-looks-like-one"], &["--list-faults names them"]);
    for port in ["x", "65536", "-1", ""] {
        usage(&["--port", port], &["expected a port, 1 to 65535, or 0 for a free one"]);
    }
    for address in ["localhost", "127.0.0.1:80", ""] {
        usage(&["--bind", address], &["expected an address without a port"]);
    }
    for id in ["", "a\nb", "\u{fc}"] {
        usage(&["--client-id", id], &["--client-id <ID>", "expected "]);
    }
    for scope in ["", "a b", "a\"b", "a\\b", "\u{fc}"] {
        usage(&["--scope", scope], &["--scope <SCOPE>", "expected one scope", "RFC 6749 §3.3"]);
        usage(&["--require-scope", scope], &["--require-scope <SCOPE>", "expected one scope"]);
    }
    for (uri, words) in [
        ("http://app.example/cb", "only https is allowed, and http to loopback"),
        ("javascript:alert(1)", "use a reversed domain (RFC 8252 §7.1)"),
        ("https://a.example/cb#x", "has a fragment"),
        ("/cb", "is not an absolute URI"),
        ("", "is not an absolute URI"),
    ] {
        usage(&["--redirect-uri", uri], &["--redirect-uri <URI>", words]);
        usage(&["--post-logout-redirect-uri", uri], &["--post-logout-redirect-uri <URI>", words]);
    }
    for (option, words) in [
        ("--access-token-lifetime", "expected a number of seconds"),
        ("--refresh-token-lifetime", "expected a number of seconds"),
        ("--fresh-max-age", "expected a number of seconds"),
        ("--reuse-window", "expected 0 to 30 seconds"),
        ("--device-interval", "expected 0 to 3600 seconds"),
        ("--device-code-lifetime", "expected 1 to 86400 seconds"),
        ("--key-lifetime", "expected 1 to 86400 seconds"),
        ("--user", "expected a line of text"),
        ("--authorization-details-type", "expected a line of text"),
        ("--discovery", "expected `both`, `oauth` or `openid`"),
        ("--client-documents", "expected `off`, `https` or `loopback`"),
        ("--id-token-alg", "expected `ES256` or `RS256`"),
    ] {
        usage(&[option, ""], &[option, words]);
    }
    for seconds in ["-1", "1.5", "1h", "99999999999999999999", "18446744073709551615"] {
        usage(&["--access-token-lifetime", seconds], &["expected a number of seconds"]);
    }
}

#[test]
fn a_server_that_cannot_be_is_wrong_usage() {
    refused(&["--bind", "0.0.0.0"], 2, &["not_loopback: ", "--allow-remote and --issuer"]);
    refused(&["--issuer", "http://as.example"], 2, &["issuer is http", "only https is allowed"]);
    for issuer in ["https://as.example/", "https://as.example/a/", "https://as.example/{a}"] {
        refused(&["--port", "0", "--issuer", issuer], 2, &["issuer"]);
    }
    let twice = ["--port", "0", "--client-id", "fault-iss-wrong"];
    refused(&twice, 2, &["configuration: two clients have the identifier \"fault-iss-wrong\""]);
}

#[test]
fn a_port_that_is_taken_is_one_line_that_says_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&mut proofkey(&["serve", "--port", &port]));
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    let expected = format!(
        "proofkey: port_in_use: port {port} of 127.0.0.1 is in use by another program. Stop that \
         program, or choose another port: `--port 0` takes a free one.\n"
    );
    assert_eq!(stderr(&output), expected);
}
