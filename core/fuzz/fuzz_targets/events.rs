//! Events of any kind in any order: a flow answers each with a step or a typed error, an error is its end,
//! and tokens are deleted by a sign-out or after `invalid_grant` alone.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proofkey::flow::access::{Access, AccessConfig, Goal};
use proofkey::http::{Header, HttpResponse};
use proofkey::secret::SecretBytes;
use proofkey::step::{Event, Lost, Step};

#[derive(Arbitrary, Debug)]
struct Run {
    goal: u8,
    resource: bool,
    resumable: bool,
    paste: bool,
    client: u8,
    events: Vec<Happened>,
}

#[derive(Arbitrary, Debug)]
enum Happened {
    /// What answers the step that waits.
    Answer(Answer),
    /// What may not.
    Any(Answer, u8),
}

#[derive(Arbitrary, Debug)]
struct Answer {
    yes: bool,
    number: u64,
    status: u8,
    document: u8,
    text: String,
    bytes: Vec<u8>,
}

fn response(answer: &Answer) -> Event {
    let status = [200, 201, 302, 400, 401, 404, 500, 503][usize::from(answer.status % 8)];
    let good = [
        r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a","token_endpoint":"https://as.example/t","registration_endpoint":"https://as.example/r","revocation_endpoint":"https://as.example/v","client_id_metadata_document_supported":true,"code_challenge_methods_supported":["S256"],"scopes_supported":["offline_access"]}"#,
        r#"{"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"],"scopes_supported":["a"]}"#,
        r#"{"access_token":"at","token_type":"Bearer","expires_in":9,"refresh_token":"rt"}"#,
        r#"{"client_id":"dyn"}"#,
        r#"{"error":"invalid_grant"}"#,
        r#"{"error":"invalid_client"}"#,
    ];
    let body = match good.get(usize::from(answer.document % 8)) {
        Some(text) => text.as_bytes().to_vec(),
        None => answer.bytes.clone(),
    };
    Event::Response(HttpResponse::new(
        status,
        vec![Header::new("Content-Type", "application/json")],
        body,
    ))
}

fn event(step: &str, answer: &Answer, url: Option<&str>) -> Event {
    let failed = || Event::Failed { code: answer.text.clone(), detail: answer.text.clone() };
    match step {
        _ if answer.number % 13 == 0 => Event::Cancel,
        _ if answer.number % 17 == 0 => failed(),
        "Listen" => Event::Listening { port: answer.number as u16 },
        "Send" if answer.yes => response(answer),
        "Send" => {
            let reason = [Lost::NotConnected, Lost::Lost, Lost::TimedOut, Lost::TooLarge];
            let reason = reason[usize::from(answer.status % 4)];
            Event::Unreachable { reason, detail: answer.text.clone() }
        }
        "Confirm" => {
            if answer.yes {
                Event::Allowed
            } else {
                Event::Refused
            }
        }
        "Browse" | "Await" => match url.filter(|_| answer.yes) {
            Some(uri) => Event::Redirect { uri: uri.to_owned() },
            None if answer.status % 3 == 0 => Event::Elapsed,
            None if answer.status % 3 == 1 => Event::Dismissed,
            None => Event::Redirect { uri: answer.text.clone() },
        },
        "Lock" => {
            if answer.yes {
                Event::Locked
            } else {
                Event::Busy
            }
        }
        "Load" => {
            let value = answer.yes.then(|| SecretBytes::new(record(answer)));
            Event::Loaded { revision: answer.number, value }
        }
        "Swap" => Event::Swapped { swapped: answer.yes },
        "Unlock" => Event::Ok,
        _ => Event::Start,
    }
}

/// A record of tokens that is old, or any bytes.
fn record(answer: &Answer) -> Vec<u8> {
    if answer.document % 2 == 0 {
        return answer.bytes.clone();
    }
    let mut out = b"PKs1\0\x01".to_vec();
    let fields: [(u8, &[u8]); 8] = [
        (1, b"at"),
        (2, b"rt"),
        (3, &[0; 8]),
        (4, &[0; 8]),
        (6, b"https://as.example"),
        (7, b"agent"),
        (9, b"https://as.example/t"),
        (10, b"https://as.example/v"),
    ];
    for (tag, bytes) in fields {
        out.push(tag);
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        out.extend_from_slice(bytes);
    }
    out
}

/// The redirect that the sign-in waits for.
fn redirect(url: &str, redirect_uri: &str) -> Option<String> {
    let (_, state) = url.split_once("state=")?;
    Some(format!("{redirect_uri}?code=c&state={}", state.split('&').next()?))
}

fuzz_target!(|run: Run| {
    let goals = [Goal::Token, Goal::TokenOrSignIn, Goal::SignIn, Goal::Resume, Goal::SignOut];
    let goal = goals[usize::from(run.goal % 5)];
    let config = AccessConfig {
        issuer: (!run.resource || run.client % 2 == 0).then(|| "https://as.example".into()),
        resource: run.resource.then(|| "https://mcp.example/mcp".into()),
        client_id: (run.client % 3 == 0).then(|| "agent".into()),
        client_document: (run.client % 5 == 0).then(|| "https://agent.example/c".into()),
        client_name: Some("Agent".into()),
        resumable: run.resumable,
        paste: run.paste,
        ..AccessConfig::default()
    };
    let mut flow = Access::new(config, goal, None).expect("a good configuration");
    let mut step = flow.advance(Event::Start, 100).expect("a first step");
    let mut ours = None;
    let mut refused = false;
    for happened in run.events.iter().take(60) {
        if let Step::Browse { url, redirect_uri, .. } = &step {
            ours = redirect(url, redirect_uri);
        }
        let names = ["Listen", "Send", "Browse", "Lock", "Load", "Swap", "Unlock", "Confirm"];
        let event = match happened {
            Happened::Answer(answer) => event(step.name(), answer, ours.as_deref()),
            Happened::Any(answer, n) => event(names[usize::from(n % 8)], answer, None),
        };
        if let Event::Response(response) = &event {
            refused |= response.body.windows(13).any(|window| window == b"invalid_grant");
        }
        match flow.advance(event, 100) {
            Ok(Step::Done) => {
                let outcome = flow.outcome().expect("an outcome");
                assert_eq!(outcome.tokens.is_none(), goal == Goal::SignOut);
                assert!(flow.outcome().is_none());
                return;
            }
            Ok(next) => {
                if let Step::Swap { key, value: None, .. } = &next
                    && key.starts_with("tokens-")
                {
                    assert!(goal == Goal::SignOut || refused, "tokens are discarded");
                }
                step = next;
            }
            Err(error) => {
                assert!(!error.to_string().chars().any(char::is_control));
                assert!(flow.outcome().is_none());
                let late = flow.advance(Event::Start, 100).expect_err("it has ended");
                assert_eq!(late.code(), "flow_ended");
                return;
            }
        }
    }
});
