//! No log line holds a secret (threat: secrets in logs; RUSTSEC-2022-0086, CVE-2025-66411).
//!
//! The logger is that of the whole process, so this file has one test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::sync::{Mutex, mpsc};
use support::{Server, approving, client, tokens};

static LINES: Mutex<Vec<(Level, String, String)>> = Mutex::new(Vec::new());

struct Everything;

impl Log for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = (record.level(), record.target().to_owned(), record.args().to_string());
        LINES.lock().unwrap().push(line);
    }

    fn flush(&self) {}
}

#[test]
fn up_to_debug_no_log_line_holds_a_secret_and_beyond_only_the_one_that_is_named() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let (sent, arrives) = mpsc::channel();
    let server = Server::start(move |request, stream| {
        std::io::Write::write_all(stream, tokens().as_bytes()).unwrap();
        sent.send(request.to_owned()).unwrap();
    });
    let set = client(&server).browser(approving()).build().unwrap().sign_in().unwrap();
    let body = arrives.recv().unwrap();
    let verifier = body.split("code_verifier=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(verifier.len(), 43);
    let secrets = [verifier, "canary-code-0123456789", set.expose_access_token()];
    // Every window of 12 characters, so that a secret that was cut or wrapped is found as well.
    let windows: Vec<String> = secrets
        .iter()
        .flat_map(|secret| secret.as_bytes().windows(12))
        .map(|window| String::from_utf8(window.to_vec()).unwrap())
        .collect();
    let lines = LINES.lock().unwrap();
    let holds = |text: &str| windows.iter().any(|window| text.contains(window));
    for (level, target, text) in lines.iter() {
        // What the crate's documentation names: the HTTP client's own dump of bytes.
        let named = *level == Level::Trace && target.starts_with("ureq_proto");
        assert!(named || !holds(text), "{level} {target}: {text}");
    }
    assert!(!holds(&format!("{set:?} {:?}", client(&server))));
    // The controls: something was logged, and the search finds what is there.
    assert!(lines.iter().any(|(level, ..)| *level == Level::Debug));
    assert!(holds(&body));
}
