//! Signals and readers that go away: exit codes, and nothing left behind.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{DEADLINE, Watchdog, is_empty, proofkey, signal};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

/// Waits until something is in the folder.
fn wait_for_a_folder_in(path: &Path, child: &mut Child) {
    let started = Instant::now();
    while is_empty(path) {
        assert!(started.elapsed() < DEADLINE, "no folder came");
        assert!(child.try_wait().unwrap().is_none(), "it ended before there was a folder");
        std::thread::yield_now();
    }
}

/// A socket that takes nothing more: who writes into it waits.
fn full() -> (UnixStream, UnixStream) {
    let (reader, mut writer) = UnixStream::pair().unwrap();
    writer.set_nonblocking(true).unwrap();
    loop {
        match writer.write(&[b'.'; 4096]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    // Small rooms may be left.
    while writer.write(b".").is_ok() {}
    writer.set_nonblocking(false).unwrap();
    (reader, writer)
}

/// The demo stands in the middle, because nobody reads what it writes.
#[test]
fn a_signal_in_the_middle_leaves_no_folder_behind() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        for args in [&["demo"][..], &["demo", "--json"]] {
            let temporary = tempfile::tempdir().unwrap();
            let (reader, writer) = full();
            let mut child = proofkey(args)
                .env("TMPDIR", temporary.path())
                .stdout(OwnedFd::from(writer))
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let _watchdog = Watchdog::over(&child);
            wait_for_a_folder_in(temporary.path(), &mut child);
            signal(name, child.id());
            let output = child.wait_with_output().unwrap();
            drop(reader);
            assert_eq!(output.status.code(), Some(code), "{name} {args:?}");
            assert!(is_empty(temporary.path()), "{name} {args:?}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        }
    }
}

/// At whatever moment the signal comes: either it was over already, or it is 130.
#[test]
fn a_signal_at_any_moment_leaves_no_folder_behind() {
    for _ in 0..20 {
        let temporary = tempfile::tempdir().unwrap();
        let mut child = proofkey(&["demo"])
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let _watchdog = Watchdog::over(&child);
        wait_for_a_folder_in(temporary.path(), &mut child);
        signal("INT", child.id());
        let code = child.wait_with_output().unwrap().status.code();
        assert!(matches!(code, Some(0 | 130)), "{code:?}");
        assert!(is_empty(temporary.path()));
    }
}

/// `proofkey demo | head -1`: no panic, and the exit code still says what happened.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for args in [&["demo"][..], &["demo", "--json"], &["pair"], &["--help"], &["demo", "--help"]] {
        let mut child =
            proofkey(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _watchdog = Watchdog::over(&child);
        // Gone before the first line for all but the quickest.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?} {stderr}");
        assert!(!stderr.contains("panic"), "{args:?} {stderr}");
    }
    let mut child =
        proofkey(&["demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _watchdog = Watchdog::over(&child);
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("ProofKey"), "{first}");
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    for args in [&["demo"][..], &["demo", "--json"], &["pair"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = proofkey(args).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let _watchdog = Watchdog::over(&child);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(stderr.starts_with("proofkey: output_failed: "), "{stderr}");
    }
}
