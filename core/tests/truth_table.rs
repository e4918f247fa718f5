//! P25: every row of the table {client, redirect URI: equal, other, absent} × {expiry} × {verifier: right,
//! wrong, malformed, empty, absent} × {used} × {revoked} × {burnt} × {challenge stored}, in both profiles. The expectation is
//! written down here anew, from the texts, not taken from the code.
#![allow(clippy::unwrap_used, clippy::panic)]

use proofkey::challenge::CodeChallenge;
use proofkey::grant::answer::Audit;
use proofkey::grant::policy::{Policy, Profile};
use proofkey::grant::redeem::Redeem;
use proofkey::grant::{FoundGrant, Grant, StoreEvent, StoreStep};

// RFC 7636 Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CODE: &str = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const NOW: u64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Sent {
    Equal,
    Other,
    Absent,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Verifier {
    Right,
    Wrong,
    Malformed,
    Empty,
    Absent,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    profile: Profile,
    client: Sent,
    redirect: Sent,
    redirect_was_sent: bool,
    expired: bool,
    verifier: Verifier,
    used: bool,
    revoked: bool,
    burnt: bool,
    challenge: bool,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let sent = [Sent::Equal, Sent::Other, Sent::Absent];
    let verifiers =
        [Verifier::Right, Verifier::Wrong, Verifier::Malformed, Verifier::Empty, Verifier::Absent];
    let both = [false, true];
    for profile in [Profile::OAuth20, Profile::OAuth21] {
        for client in sent {
            for redirect in sent {
                for verifier in verifiers {
                    for bits in 0..64_u8 {
                        let bit = |n: u8| both[usize::from(bits >> n & 1)];
                        rows.push(Row {
                            profile,
                            client,
                            redirect,
                            verifier,
                            redirect_was_sent: bit(0),
                            expired: bit(1),
                            used: bit(2),
                            revoked: bit(3),
                            burnt: bit(4),
                            challenge: bit(5),
                        });
                    }
                }
            }
        }
    }
    rows
}

fn body(row: Row) -> String {
    let mut body = format!("grant_type=authorization_code&code={CODE}");
    match row.client {
        Sent::Equal => body += "&client_id=agent",
        Sent::Other => body += "&client_id=thief",
        Sent::Absent => {}
    }
    match row.redirect {
        Sent::Equal => body += "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcb",
        Sent::Other => body += "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4712%2Fcb",
        Sent::Absent => {}
    }
    match row.verifier {
        Verifier::Right => body += &format!("&code_verifier={VERIFIER}"),
        // A thief who saw the authorization request has the challenge to try.
        Verifier::Wrong => body += &format!("&code_verifier={CHALLENGE}"),
        Verifier::Malformed => body += "&code_verifier=short",
        Verifier::Empty => body += "&code_verifier=",
        Verifier::Absent => {}
    }
    body
}

fn found(row: Row) -> FoundGrant {
    FoundGrant {
        grant: Grant {
            grant_id: "AAAAAAAAAAAAAAAAAAAAAA".into(),
            client_id: "agent".into(),
            subject: "alice".into(),
            redirect_uri: "http://127.0.0.1:4711/cb".into(),
            redirect_uri_was_sent: row.redirect_was_sent,
            code_challenge: row.challenge.then(|| CodeChallenge::parse(CHALLENGE).unwrap()),
            scope: "read".into(),
            resource: None,
            refreshable: true,
            terms: Box::default(),
        },
        expires_at: if row.expired { NOW } else { NOW + 1 },
        used: row.used,
        revoked: row.revoked,
        mismatches: if row.burnt { 5 } else { 4 },
    }
}

/// What the flow asked of the store after `Find`, and its answer.
fn run(row: Row) -> (Vec<&'static str>, u16, Audit) {
    let mut policy = Policy::new("https://as.example").unwrap();
    policy.profile = row.profile;
    let mut flow = Redeem::new(body(row).as_bytes(), FORM, None, &policy);
    let mut asked = Vec::new();
    let mut step = flow.advance(StoreEvent::Start).unwrap();
    loop {
        let event = match &step {
            StoreStep::Find { .. } => StoreEvent::Found { grant: Some(found(row)), now: NOW },
            StoreStep::Claim { .. } => StoreEvent::Claimed(true),
            StoreStep::Count { .. } | StoreStep::Revoke { .. } => StoreEvent::Ok,
            StoreStep::Done => break,
            other => panic!("{other:?}"),
        };
        if step.name() != "Find" {
            asked.push(step.name());
        }
        step = flow.advance(event).unwrap();
    }
    let answer = flow.outcome().unwrap();
    assert_eq!(answer.status == 200, answer.body.expose().contains("access_token"));
    (asked, answer.status, answer.audit)
}

/// The table, from the texts.
fn expected(row: Row) -> (Vec<&'static str>, u16) {
    let client = row.client == Sent::Equal;
    let redirect = match row.redirect {
        Sent::Equal => true,
        Sent::Other => false,
        // RFC 6749 §4.1.3; OAuth 2.1 leaves an absent one to the challenge.
        Sent::Absent => !row.redirect_was_sent || row.profile == Profile::OAuth21,
    };
    let bound = client && redirect;
    let right = row.verifier == Verifier::Right && row.challenge;
    let wrong = matches!(row.verifier, Verifier::Wrong | Verifier::Malformed) && row.challenge;
    if bound && right && row.used && !row.revoked {
        return (vec!["Revoke"], 400); // P24: a valid replay
    }
    let live = !row.used && !row.revoked && !row.expired && !row.burnt;
    if bound && right && live {
        return (vec!["Claim"], 200);
    }
    if bound && wrong && live {
        return (vec!["Count"], 400); // P23
    }
    (vec![], 400)
}

#[test]
fn truth_table_of_redemption() {
    let (mut passed, mut wrong) = (0, Vec::new());
    let rows = rows();
    assert_eq!(rows.len(), 2 * 3 * 3 * 5 * 64);
    for row in rows {
        let (asked, status, audit) = run(row);
        if (asked.clone(), status) != expected(row) {
            wrong.push(format!("{row:?}: {asked:?} {status} {audit:?}"));
        }
        passed += usize::from(status == 200);
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    // OAuth 2.0: redirect URI equal (sent or not), or absent where it was not sent; OAuth 2.1: absent where it was, too.
    assert_eq!(passed, 3 + 4);
}

/// P22: the two ways in which verifier and challenge do not come together have each their own error.
#[test]
fn verifier_if_and_only_if_challenge() {
    let row = Row {
        profile: Profile::OAuth21,
        client: Sent::Equal,
        redirect: Sent::Equal,
        redirect_was_sent: true,
        expired: false,
        verifier: Verifier::Absent,
        used: false,
        revoked: false,
        burnt: false,
        challenge: true,
    };
    assert_eq!(run(row).2, Audit::VerifierMissing);
    assert_eq!(run(Row { verifier: Verifier::Empty, ..row }).2, Audit::VerifierMissing);
    let stripped = Row { challenge: false, verifier: Verifier::Right, ..row };
    assert_eq!(run(stripped).2, Audit::VerifierUnexpected);
    // A grant without a challenge is redeemed by nobody: this server knows public clients alone (P5).
    assert_ne!(run(Row { challenge: false, ..row }).1, 200);
}
