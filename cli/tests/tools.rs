//! `pair`, `verify`, and what the command line says when it is used in a wrong way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{code, proofkey, run, run_with, stderr, stdout};
use serde_json::Value;

/// RFC 7636 Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// P1, P2, P3.
#[test]
fn a_pair_verifies_and_no_two_are_alike() {
    let mut verifiers = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let output = run(&mut proofkey(&["pair", "--json"]));
        assert_eq!(code(&output), 0);
        assert!(stderr(&output).contains("secret"), "{}", stderr(&output));
        let pair: Value = serde_json::from_str(stdout(&output)).unwrap();
        let verifier = pair["code_verifier"].as_str().unwrap();
        let challenge = pair["code_challenge"].as_str().unwrap();
        assert_eq!(pair["code_challenge_method"], "S256");
        assert_eq!((verifier.len(), challenge.len()), (43, 43));
        assert!(!stderr(&output).contains(verifier));
        let output = run_with(&mut proofkey(&["verify", challenge]), verifier);
        assert_eq!((code(&output), stdout(&output)), (0, "match\n"), "{}", stderr(&output));
        assert!(verifiers.insert(verifier.to_owned()), "the same verifier twice");
    }
    let output = run(&mut proofkey(&["pair"]));
    let words: Vec<&str> = stdout(&output).split_whitespace().collect();
    assert_eq!(
        [words[0], words[2], words[4], words[5]],
        ["code_verifier", "code_challenge", "code_challenge_method", "S256"]
    );
    assert_eq!(code(&run_with(&mut proofkey(&["verify", words[3]]), words[1])), 0);
}

/// P3 with the pair of RFC 7636, P1 for what is no verifier; the exit code is the answer.
#[test]
fn verify_answers_by_exit_code_text_and_json() {
    let other = "A".repeat(43);
    for (input, exit, text, json) in [
        (VERIFIER.to_owned(), 0, "match\n", "{\"match\":true}\n"),
        (format!("{VERIFIER}\n"), 0, "match\n", "{\"match\":true}\n"),
        (format!("{VERIFIER}\r\n"), 0, "match\n", "{\"match\":true}\n"),
        (other, 1, "no match\n", "{\"match\":false}\n"),
        // The challenge is not its own verifier.
        (CHALLENGE.to_owned(), 1, "no match\n", "{\"match\":false}\n"),
    ] {
        let output = run_with(&mut proofkey(&["verify", CHALLENGE]), &input);
        assert_eq!((code(&output), stdout(&output), stderr(&output)), (exit, text, ""));
        let output = run_with(&mut proofkey(&["verify", "--json", CHALLENGE]), &input);
        assert_eq!((code(&output), stdout(&output), stderr(&output)), (exit, json, ""));
    }
    for input in [
        String::new(),
        "\n".into(),
        VERIFIER[..42].to_owned(),
        format!("{VERIFIER}\n\n"),
        format!(" {VERIFIER}"),
        format!("{VERIFIER}="),
        format!("{VERIFIER}\0"),
        "a".repeat(129),
        "ä".repeat(43),
        "a".repeat(1 << 20),
    ] {
        let output = run_with(&mut proofkey(&["verify", CHALLENGE]), &input);
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{} bytes", input.len());
        assert!(stderr(&output).starts_with("proofkey: invalid_verifier: "), "{}", stderr(&output));
        assert!(!stderr(&output).contains(&VERIFIER[..20]), "{}", stderr(&output));
    }
}

#[test]
fn wrong_usage_is_one_line_with_a_suggestion_and_exit_code_2() {
    for (args, words) in [
        (&[][..], "a command is missing: login, token, "),
        (&["dmeo"], "'demo'"),
        (&["login"], "<URL>"),
        (&["login", "--no-brwser", "https://a.example"], "'--no-browser'"),
        (&["login", "--timeout", "0", "https://a.example"], "1 to 3600"),
        (&["login", "--account", "", "https://a.example"], "--account"),
        (&["login", "--browser", "x", "--no-browser", "https://a.example"], "'--no-browser'"),
        (&["login", "--resource", "https://a.example", "https://b.example"], "--resource"),
        (&["login", "--qr-svg", "x", "https://a.example"], "--no-browser"),
        (&["login", "--devise", "https://a.example"], "'--device'"),
        (&["login", "--device", "--no-browser", "https://a.example"], "'--no-browser'"),
        (&["login", "--device", "--resume", "https://a.example"], "'--resume'"),
        (&["login", "--device", "--max-age", "0", "https://a.example"], "--max-age <SECONDS>"),
        (
            &["login", "--device", "-p", "prompt=login", "https://a.example"],
            "--parameter <NAME=VALUE>",
        ),
        (&["login", "--dpop=prefered", "https://a.example"], "'preferred'"),
        (&["login", "--pusch", "https://a.example"], "'--push'"),
        (&["login", "--acr-value", "x", "https://a.example"], "'--acr-values'"),
        (&["login", "--max-age", "soon", "https://a.example"], "'soon'"),
        (&["login", "-p", "prompt", "https://a.example"], "expected NAME=VALUE"),
        (&["login", "-p", "=login", "https://a.example"], "expected NAME=VALUE"),
        (&["fetch", "--no-interactoin", "https://a.example"], "'--no-interaction'"),
        (&["fetch", "--yes", "--no-interaction", "https://a.example"], "'--no-interaction'"),
        (&["fetch", "--device", "--no-browser", "https://a.example"], "'--no-browser'"),
        (&["logout", "--browser", "x", "https://a.example"], "--browser-session"),
        (&["logout", "--browser-sesion", "https://a.example"], "'--browser-session'"),
        (&["demo", "--dpopp"], "'--dpop'"),
        (&["token"], "<URL>"),
        (&["tokn", "https://a.example"], "'token'"),
        (&["fetch"], "<URL>"),
        (&["completions", "tcsh"], "bash"),
        (&["man", "nothing"], "'nothing'"),
        (&["demo", "--jsno"], "'--json'"),
        (&["serve", "--auto-aprove"], "'--auto-approve'"),
        (&["serve", "--store", "redis"], "expected `memory`, `sqlite:` and a path"),
        (&["serve", "--port", "99999"], "99999"),
        (&["serve", "--redirect-uri", "javascript:alert(1)"], "javascript"),
        (&["serve", "--redirect-uri", "http://127.0.0.1/cb#x"], "fragment"),
        (&["serve", "--reuse-window", "31"], "0 to 30 seconds"),
        (&["serve", "--device-interval", "3601"], "0 to 3600 seconds"),
        (&["serve", "--device-code-lifetime", "0"], "1 to 86400 seconds"),
        (&["serve", "--key-lifetime", "soon"], "1 to 86400 seconds"),
        (&["serve", "--id-token-alg", "HS256"], "`ES256` or `RS256`"),
        (&["serve", "--post-logout-redirect-uri", "javascript:x"], "javascript"),
        (&["serve", "--issuer-path", "tenant/"], "/tenant"),
        (&["serve", "--discovery", "none"], "`both`, `oauth` or `openid`"),
        (&["serve", "--client-documents", "http"], "`off`, `https` or `loopback`"),
        (&["serve", "--bind", "192.0.2.1"], "--allow-remote"),
        (&["serve", "--allow-remote"], "--issuer"),
        (&["serve", "--port", "0", "--issuer", "ftp://x"], "issuer"),
        (&["verify"], "<CHALLENGE>"),
        (&["verify", "short"], "43 characters"),
        (&["pair", "x"], "'x'"),
    ] {
        let output = run(&mut proofkey(args));
        let line = stderr(&output);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{args:?}");
        assert!(line.starts_with("proofkey: ") && line.contains(words), "{args:?} {line}");
        assert_eq!(line.lines().count(), 1, "{args:?} {line}");
        assert!(!line.contains("error:"), "{args:?} {line}");
    }
}

/// Secrets in logs: a verifier that was given as an argument by mistake is not repeated.
#[test]
fn a_verifier_in_the_wrong_place_is_not_repeated() {
    for args in [&["verify", CHALLENGE, VERIFIER][..], &["pair", VERIFIER], &[VERIFIER]] {
        let output = run(&mut proofkey(args));
        assert_eq!(code(&output), 2);
        assert!(!stderr(&output).contains(&VERIFIER[..20]), "{}", stderr(&output));
    }
}

#[test]
fn each_command_has_help_with_examples_and_exit_codes_under_80_columns() {
    for args in [
        &["--help"][..],
        &["login", "--help"],
        &["token", "--help"],
        &["status", "--help"],
        &["logout", "--help"],
        &["fetch", "--help"],
        &["discover", "--help"],
        &["demo", "--help"],
        &["serve", "--help"],
        &["pair", "--help"],
        &["verify", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let output = run(&mut proofkey(args));
        let text = stdout(&output);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        assert!(text.contains("Examples:"), "{args:?}");
        assert!(text.lines().all(|line| line.chars().count() < 80), "{args:?}");
    }
    let output = run(&mut proofkey(&["--help"]));
    for exit in ["  0 ", "  1 ", "  2 ", "  130 "] {
        assert!(stdout(&output).lines().any(|line| line.starts_with(exit)), "{exit}");
    }
    let output = run(&mut proofkey(&["--version"]));
    assert_eq!(stdout(&output), concat!("proofkey ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_and_manual_come_from_the_one_definition() {
    for (shell, words) in
        [("bash", "complete -F"), ("zsh", "#compdef proofkey"), ("fish", "complete -c proofkey")]
    {
        let output = run(&mut proofkey(&["completions", shell]));
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        let text = stdout(&output);
        assert!(
            text.contains(words) && text.contains("no-browser") && text.contains("logout"),
            "{shell}"
        );
        for option in ["device", "dpop", "push", "acr-values", "max-age", "no-interaction"] {
            assert!(text.contains(option), "{shell} {option}");
        }
    }
    let output = run(&mut proofkey(&["man"]));
    let text = stdout(&output);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    for words in [".TH proofkey 1", "proofkey\\-login(1)", "sign_in", "Exit codes:"] {
        let words = words.replace("sign_in", "Sign in");
        assert!(text.contains(&words), "{words}");
    }
    let output = run(&mut proofkey(&["man", "login"]));
    let text = stdout(&output);
    assert!(text.starts_with(".ie") || text.contains(".TH proofkey-login 1"), "{text}");
    for option in
        ["no\\-browser", "device", "dpop", "push", "acr\\-values", "max\\-age", "parameter"]
    {
        assert!(text.contains(&format!("\\-\\-{option}")), "{option}: {text}");
    }
}
