//! The story in words and colours.

use super::bound;
use super::page::{INDENT, Page};
use super::scene::{Actor, Answer, Row, Scene, Trick, Verdict};
use crate::output::{BAD, GOOD, SOFT, STRONG, paint};
use anstyle::{AnsiColor, Style};

/// Each actor has a colour.
const fn colour(actor: Actor) -> Style {
    match actor {
        Actor::Server => AnsiColor::Blue.on_default().bold(),
        Actor::Agent => AnsiColor::Green.on_default().bold(),
        Actor::Browser => AnsiColor::Cyan.on_default().bold(),
        Actor::Thief => AnsiColor::Red.on_default().bold(),
    }
}

/// What comes before the first scene.
pub fn opening(bound: bool) -> String {
    let mut page = Page::default();
    let title = if bound {
        "ProofKey: tokens that are bound to a key (DPoP), and a thief who has them"
    } else {
        "ProofKey: a sign-in with PKCE, and a thief who reads along"
    };
    page.line(&paint(STRONG, title));
    page.line(&paint(
        SOFT,
        "Real HTTP on this machine. Each line is checked; the exit code says so.",
    ));
    page.finish()
}

/// One scene.
pub fn scene(number: usize, scene: &Scene) -> String {
    let mut page = Page::default();
    let actor = scene.actor();
    page.heading(number, actor.name(), colour(actor), &title(scene));
    match scene {
        Scene::ServerReady { issuer, methods, kept_in, .. } => {
            page.fact("issuer", issuer);
            page.fact("promises", &format!("{} only, and iss in every answer", methods.join(" ")));
            let kept = kept_in.as_deref().unwrap_or("in a temporary folder");
            page.fact("database", &format!("SQLite, {kept}"));
        }
        Scene::AgentPrepares { challenge, redirect_uri } => {
            page.styled_fact("verifier", "(43 characters, kept here)", GOOD);
            page.fact("challenge", challenge);
            page.fact("", "the SHA-256 of the verifier: there is no way back");
            page.fact("listens at", redirect_uri);
        }
        Scene::BrowserAsks { endpoint, parameters, status, location } => {
            page.line(&format!("{}GET {endpoint}", " ".repeat(INDENT)));
            for (name, value) in parameters {
                let style = if name == "code_challenge" { STRONG } else { Style::new() };
                page.parameter(name, value, style);
            }
            page.note("There is no verifier in it. The server says yes for the user.");
            page.fact("answer", &reason(*status));
            page.fact("", location);
        }
        Scene::DatabaseHolds(row) => {
            page.column("code_challenge", &row.code_challenge);
            page.column("code_hash", &format!("{} (SHA-256 of the code)", hex(&row.code_hash)));
            page.column("expires_at", &format!("in {} s", row.expires_in));
            page.column("used", yes(row.used));
            page.column("mismatches", &row.mismatches.to_string());
        }
        Scene::RedirectArrives { redirect_uri, code, page_status, .. } => {
            page.fact("arrives at", redirect_uri);
            page.fact("code", code);
            page.fact("user sees", &format!("{}, a page without a secret", reason(*page_status)));
            picture(&mut page);
        }
        Scene::Theft { trick, code, answer, row, limit } => {
            page.fact("sends", &format!("code={code}"));
            page.fact("", &format!("code_verifier={}", trick.verifier()));
            answered(&mut page, answer, BAD, "refused");
            page.fact("database", &after_theft(*trick, row, *limit));
        }
        Scene::AgentRedeems { answer, code, row, .. } => {
            page.fact("sends", &format!("code={code}"));
            page.styled_fact("", "code_verifier=(43 characters, to the server alone)", GOOD);
            answered(&mut page, answer, GOOD, "issued");
            let tokens: Vec<String> = row.token_hashes.iter().map(|hash| hex(hash)).collect();
            page.fact(
                "database",
                &format!("used {}, token_hash {}", yes(row.used), tokens.join(" ")),
            );
            page.note("Code and token begin with the grant's id; the rest is secret.");
        }
        Scene::DatabaseSearched { files, bytes } => {
            page.fact("searched", &format!("{files} files, {bytes} bytes, for what is secret"));
            page.fact("found", "no code, no verifier, no access token");
            page.fact("", "(the challenge, searched in the same way, is found)");
        }
        Scene::TokenWorks { url, token, answer } => {
            page.line(&format!("{}GET {url}", " ".repeat(INDENT)));
            page.parameter_line(&format!("Authorization: Bearer {token}"));
            answered(&mut page, answer, GOOD, "served");
        }
        Scene::Bound(scene) => bound::shown(&mut page, scene),
    }
    page.finish()
}

fn title(scene: &Scene) -> String {
    match scene {
        Scene::ServerReady { .. } => "opens on this machine".into(),
        Scene::AgentPrepares { .. } => "makes a secret for this one sign-in".into(),
        Scene::BrowserAsks { .. } => "carries the question to the server".into(),
        Scene::DatabaseHolds(_) => "has written one row".into(),
        Scene::RedirectArrives { .. } => {
            "gets the redirect: state and iss are right. A thief reads along".into()
        }
        Scene::Theft { trick, .. } => match trick {
            Trick::NoVerifier => "is quicker, and sends the stolen code alone".into(),
            Trick::GuessedVerifier => "sends it with a guessed verifier".into(),
            Trick::ChallengeAsVerifier => "sends it with the challenge as the verifier".into(),
            Trick::Replay => "tries once more, now that the code is used".into(),
        },
        Scene::AgentRedeems { .. } => "redeems the code, unharmed by all that".into(),
        Scene::DatabaseSearched { .. } => "would lose nothing if its database were stolen".into(),
        Scene::TokenWorks { .. } => "uses its token".into(),
        Scene::Bound(scene) => bound::title(scene),
    }
}

/// Who holds what, at the moment when the thief begins.
fn picture(page: &mut Page) {
    let margin = " ".repeat(INDENT);
    page.gap();
    let head = format!("{:<12}{:<8}{:<13}verifier", "who holds", "code", "challenge");
    page.line(&format!("{margin}{}", paint(SOFT, &head)));
    let rows = [
        (Actor::Agent, "yes", "yes"),
        (Actor::Browser, "yes", "no"),
        (Actor::Thief, "yes", "no"),
        (Actor::Server, "hash", "no"),
    ];
    for (actor, code, verifier) in rows {
        let name = paint(colour(actor), &format!("{:<12}", actor.name()));
        let style = if verifier == "yes" { GOOD } else { BAD };
        let verifier = paint(style, verifier);
        page.line(&format!("{margin}{name}{code:<8}{:<13}{verifier}", "yes"));
    }
}

/// The server's answer, word for word.
pub(super) fn answered(page: &mut Page, answer: &Answer, style: Style, verdict: &str) {
    page.styled_fact("answer", &format!("{}: {verdict}", reason(answer.status)), style);
    page.members(&answer.body);
}

/// The status with its words (RFC 9110 §15).
pub(super) fn reason(status: u16) -> String {
    let words = match status {
        200 => " OK",
        303 => " See Other",
        400 => " Bad Request",
        401 => " Unauthorized",
        _ => "",
    };
    format!("{status}{words}")
}

fn after_theft(trick: Trick, row: &Row, limit: u32) -> String {
    let mismatches = format!("mismatches {}", row.mismatches);
    match trick {
        Trick::Replay => "unchanged, and the agent's token with it".into(),
        Trick::NoVerifier => format!("unchanged: used {}, {mismatches}", yes(row.used)),
        _ => format!("used {}, {mismatches} (at {limit} the code is burnt)", yes(row.used)),
    }
}

const fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// The first eight bytes of a hash.
fn hex(hash: &str) -> String {
    format!("{}…", hash.get(..16).unwrap_or(hash))
}

/// The last line.
pub fn verdict(verdict: &Verdict) -> String {
    let mut page = Page::default();
    page.gap();
    match &verdict.deviation {
        None => {
            let seconds =
                format!("({}.{:02} s)", verdict.millis / 1000, verdict.millis % 1000 / 10);
            let words = verdict_words(verdict);
            page.line(&format!("{} {}", paint(GOOD, &words), paint(SOFT, &seconds)));
        }
        Some(deviation) => {
            page.hang("", 0, &verdict_words(verdict), BAD);
            page.fact("step", deviation.scene);
            page.fact("expected", &deviation.expected);
            page.fact("found", &short_words(&deviation.found));
        }
    }
    page.finish()
}

/// The verdict as a sentence.
pub fn verdict_words(verdict: &Verdict) -> String {
    match &verdict.deviation {
        None if verdict.bound => format!(
            "DPoP held: {} thefts refused; the tokens serve their key alone.",
            verdict.refused
        ),
        None => format!(
            "PKCE held: {} thefts refused, one token issued, to the agent alone.",
            verdict.refused
        ),
        Some(_) => "It did not go as it had to.".into(),
    }
}

/// What came may be long: an error of another program.
fn short_words(text: &str) -> String {
    if text.chars().count() > 200 {
        format!("{}…", text.chars().take(200).collect::<String>())
    } else {
        text.to_owned()
    }
}
