//! The store as the program finds it: damaged, forbidden, elsewhere; its key in a keyring or in a file.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::server::Server;
use common::{code, stderr, stdout};

#[test]
fn a_damaged_record_is_said_set_aside_and_mended_by_a_sign_in() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    assert_eq!(code(&home.login(&[resource])), 0);
    let record = home.store().join(&home.stored("record-tokens-")[0]);
    let bytes = std::fs::read(&record).unwrap();
    std::fs::write(&record, &bytes[..bytes.len() / 2]).unwrap();
    let output = home.run(&["token", resource]);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    let line = stderr(&output);
    assert!(
        line.starts_with("proofkey: store_unreadable: ") && line.contains(".unreadable-1"),
        "{line}"
    );
    assert!(stderr(&home.run(&["token", resource])).starts_with("proofkey: sign_in_required: "));
    assert_eq!(code(&home.login(&[resource])), 0);
    assert!(!home.token(resource).is_empty());
    assert_eq!(home.stored("record-tokens-").len(), 2, "the record, and what was set aside");
}

/// A record that was sealed elsewhere is not believed, and the list goes on without it.
#[test]
fn a_record_under_another_key_does_not_open() {
    let (server, home, other) = (Server::start(&["--auto-approve"]), Home::new(), Home::new());
    let resource = server.text("resource");
    for home in [&home, &other] {
        assert_eq!(code(&home.login(&[resource, "--client-id", "proofkey-dev"])), 0);
    }
    let name = &home.stored("record-tokens-")[0];
    assert_eq!(name, &other.stored("record-tokens-")[0]);
    std::fs::copy(other.store().join(name), home.store().join(name)).unwrap();
    let output = home.run(&["token", resource]);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(stderr(&output).starts_with("proofkey: record_unreadable: "), "{}", stderr(&output));
    let output = home.run(&["status"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).starts_with("Nobody is signed in."), "{}", stdout(&output));
    assert!(
        stderr(&output).starts_with("proofkey: warning: record_unreadable: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_home_that_cannot_be_written_is_said_before_anything_is_asked() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    // The kernel's own folder: nobody can make one there, root neither.
    for args in
        [&["login", server.text("resource")][..], &["token", "https://a.example"], &["status"]]
    {
        let output = common::run(home.proofkey(args).env("HOME", "/sys"));
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{args:?}");
        let line = stderr(&output);
        assert!(
            line.starts_with("proofkey: store_denied: ") && line.lines().count() == 1,
            "{line}"
        );
    }
    let output = common::run(home.proofkey(&["status"]).env_remove("HOME"));
    assert!(stderr(&output).starts_with("proofkey: store_denied: "), "{}", stderr(&output));
    assert_eq!(server.end("TERM").0, Some(0));
}

#[test]
fn the_store_may_be_another_folder_by_option_and_by_variable() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    let folder = home.path().join("elsewhere");
    let name = folder.to_str().unwrap();
    assert_eq!(code(&home.login(&[resource, "--store", name])), 0);
    assert!(!home.store().exists());
    assert_eq!(code(&home.run(&["token", resource])), 1);
    assert_eq!(code(&home.run(&["token", resource, "--store", name])), 0);
    let output = common::run(home.proofkey(&["token", resource]).env("PROOFKEY_STORE", name));
    assert_eq!(code(&output), 0);
    // It is for this user alone.
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&folder).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}
