//! "Secrets in logs": whole sign-ins with everything that `tracing` can say captured, and no secret
//! among it. Alone in its file, because a subscriber is for the whole process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

mod common;

use common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::DevServer;
use proofkey_server::store::SqliteStore;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Any 16 characters in a row of a secret are a leak.
fn leaks(log: &str, secret: &str) -> bool {
    (0..=secret.len() - 16).any(|at| log.contains(&secret[at..at + 16]))
}

#[tokio::test]
async fn no_log_line_holds_a_secret() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path().join("grants.db")).unwrap());
    let noted = Arc::new(Mutex::new(String::new()));
    let heard = noted.clone();
    let server = run(DevServer::builder().store(store).observer(move |note| {
        heard.lock().unwrap().push_str(&format!("{note:?}\n"));
    }))
    .await;

    let mut secrets = Vec::new();
    let mut challenges = Vec::new();
    for n in 0..3 {
        let (verifier, wrong) =
            (CodeVerifier::generate().unwrap(), CodeVerifier::generate().unwrap());
        let state = CodeVerifier::generate().unwrap().expose_verifier().to_owned();
        let challenge = verifier.challenge().to_text();
        let mut parameters = request(&challenge);
        parameters.iter_mut().find(|(name, _)| *name == "state").unwrap().1 = state.clone();
        let page = get(&server, &authorize(&parameters)).await;
        let consent = consent(&page);
        let answer = decide(&server, &consent, "allow", &[]).await;
        let code = answer.sent("code").unwrap();
        // A thief, the client, a replay, a request that is broken; then the token, right and wrong.
        token(&server, &redemption(&code, wrong.expose_verifier())).await;
        let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
        let access_token = answer.member("access_token");
        let refresh_token = answer.member("refresh_token");
        let refreshing = [
            ("grant_type", "refresh_token"),
            ("client_id", "proofkey-dev"),
            ("refresh_token", refresh_token.as_str()),
        ];
        let refreshed = token(&server, &refreshing).await;
        let (second_access, second_refresh) =
            (refreshed.member("access_token"), refreshed.member("refresh_token"));
        api(&server, &access_token).await;
        api(&server, &access_token[1..]).await;
        // An old one comes back, or one is given back.
        if n == 1 {
            token(&server, &refreshing).await;
        } else if n == 2 {
            let pairs = [("client_id", "proofkey-dev"), ("token", second_refresh.as_str())];
            send(&server, "POST", "/revoke", &[FORM], &form(&pairs)).await;
        }
        if n == 0 {
            token(&server, &redemption(&code, verifier.expose_verifier())).await;
        }
        let broken = format!("code={code}&code={code}&code_verifier=%");
        send(&server, "POST", "/token", &[FORM], &broken).await;
        // Without a challenge, denied, and with a redirect elsewhere: the state is in each.
        parameters.retain(|(name, _)| *name != "code_challenge");
        get(&server, &authorize(&parameters)).await;
        parameters[2].1 = "https://evil.example".into();
        get(&server, &authorize(&parameters)).await;
        decide(&server, &consent, "deny", &[("Origin", "null")]).await;

        let metadata = "{\"redirect_uris\":[\"http://127.0.0.1/cb\"]}";
        let json = ("Content-Type", "application/json");
        let registered = send(&server, "POST", "/register", &[json], metadata).await;
        let address = registered.member("registration_client_uri");
        let management = registered.member("registration_access_token");
        let bearer = ("Authorization", &*format!("Bearer {management}"));
        let path = address.strip_prefix(&server.issuer).unwrap();
        assert_eq!(send(&server, "DELETE", path, &[bearer], "").await.status, 204);

        let cookie = consent.cookie.split_once('=').unwrap().1.to_owned();
        let half = |text: &str| text.split_once('.').unwrap().1.to_owned();
        secrets.extend([
            ("the code", half(&code)),
            ("the code's first half", code.split('.').next().unwrap().to_owned()),
            ("the token", half(&access_token)),
            ("the refresh token", half(&refresh_token)),
            ("the second token", half(&second_access)),
            ("the second refresh token", half(&second_refresh)),
            ("the management token", management),
            ("the verifier", verifier.expose_verifier().to_owned()),
            ("the wrong verifier", wrong.expose_verifier().to_owned()),
            ("the state", state),
            ("the CSRF cookie", cookie),
            ("the CSRF field", consent.csrf),
        ]);
        challenges.push(challenge);
    }

    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    let noted = noted.lock().unwrap().clone();
    for (what, secret) in &secrets {
        assert!(!leaks(&log, secret), "{what} stands in the log");
        assert!(!leaks(&noted, secret), "{what} stands in a note");
    }
    // The controls: the log was captured at all, and the search finds what is there.
    for challenge in &challenges {
        assert!(log.contains(&challenge[..8]) && noted.contains(&challenge[..8]));
    }
    for told in [
        "claimed by this request alone",
        "mismatch",
        "replay_revoked",
        "the token is good",
        "answered 200: refreshed",
        "reuse_revoked",
        "token_revoked",
        "is registered no more",
    ] {
        assert!(log.contains(told), "the log does not tell of: {told}");
    }
    assert!(leaks(&format!("x{}x", secrets[0].1), &secrets[0].1));
}
