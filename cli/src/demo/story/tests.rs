//! The demonstration sees a server that does what it must not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::demo::folder::Folder;
use crate::demo::host::Host;
use crate::signals::runtime;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

/// A token endpoint that asks for no verifier (CVE-2023-48228).
fn careless() -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        // The form ends with the resource; there is nothing behind it.
        while !request.ends_with(b"resource=r") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        let body = r#"{"access_token":"stolen-token","token_type":"Bearer"}"#;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
    });
    (url, serving)
}

/// The demo is worth something only if it sees a server that gives the thief a token (P22).
#[test]
fn a_server_that_serves_the_thief_is_seen_and_his_token_is_not_shown() {
    let runtime = runtime(1).unwrap();
    let folder = Folder::new(None).unwrap();
    let host = Host::start(&runtime, &folder, false).unwrap();
    let stage = Stage {
        server: host.facts(),
        folder: folder.path().to_owned(),
        kept: false,
        interrupt: Arc::default(),
    };
    let (token_endpoint, serving) = careless();
    let thief = Thief {
        token_endpoint,
        client_id: CLIENT_ID.into(),
        redirect_uri: "http://127.0.0.1:1/callback".into(),
        resource: "r".into(),
        challenge: "c".into(),
        code: Secret::new("g.s".into()),
    };
    let before = Row {
        code_challenge: "c".into(),
        code_hash: "h".into(),
        used: false,
        revoked: false,
        mismatches: 0,
        expires_in: 60,
        token_hashes: Vec::new(),
    };
    let mut shown = 0;
    let stopped = theft(&stage, &thief, Trick::NoVerifier, &before, &mut |_| {
        shown += 1;
        Ok(())
    });
    serving.join().unwrap();
    let Err(Stop::Deviated(deviation)) = stopped else { panic!("it was not seen") };
    assert_eq!((deviation.scene, shown), ("theft_without_verifier", 0));
    assert!(deviation.found.contains("200 with an access token"), "{}", deviation.found);
    assert!(!deviation.found.contains("stolen-token"));
    drop(stage);
    host.stop(runtime);
    folder.remove().unwrap();
}
