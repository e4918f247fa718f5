//! Verdicts of the head's reader: a table, and that it has one for every input.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

const HOST: &str = "127.0.0.1:4711";

fn ask(head: &str) -> Verdict<'_> {
    judge(head.as_bytes(), HOST, "/cb")
}

fn refused(head: &str) -> Answer {
    match ask(head) {
        Verdict::Refused { answer, .. } => answer,
        Verdict::Redirect(query) => panic!("{head:?} was taken as a redirect: {query:?}"),
    }
}

#[test]
fn the_redirect_is_taken_with_its_query_as_it_came() {
    // P10
    for version in ["HTTP/1.1", "HTTP/1.0"] {
        let head = format!("GET /cb?a=%41+b&&x HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        let head = head.replace("HTTP/1.1", version);
        assert_eq!(ask(&head), Verdict::Redirect(Some("a=%41+b&&x")));
    }
    for (target, query) in [
        ("/cb", None),
        ("/cb?", Some("")),
        ("/cb??", Some("?")),
        ("/cb?a\"<>{}|\\^`", Some("a\"<>{}|\\^`")),
    ] {
        let head = format!("GET {target} HTTP/1.1\r\nhOsT:\t{HOST} \r\nX: \r\n\r\n");
        assert_eq!(ask(&head), Verdict::Redirect(query), "{target}");
    }
    let head = format!("GET /cb?c HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(ask(&head), Verdict::Redirect(Some("c")));
}

#[test]
fn a_browser_leaves_the_port_80_out() {
    let head = b"GET /cb HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    assert_eq!(judge(head, "127.0.0.1:80", "/cb"), Verdict::Redirect(None));
    assert!(matches!(
        judge(head, "127.0.0.1:8080", "/cb"),
        Verdict::Refused { answer: Answer::Misdirected, .. }
    ));
}

#[test]
fn the_host_is_exact() {
    // DNS rebinding, CVE-2025-66414, RUSTSEC-2026-0189
    for host in [
        "evil.example",
        "evil.example:4711",
        "127.0.0.1",
        "127.0.0.1:4712",
        "127.0.0.1:04711",
        "127.0.0.1.:4711",
        "localhost:4711",
        "[::1]:4711",
        "127.1:4711",
        "2130706433:4711",
        "0.0.0.0:4711",
        "user@127.0.0.1:4711",
        "127.0.0.1:4711.evil.example",
        "127.0.0.1:4711,evil.example",
        "http://127.0.0.1:4711",
        "",
    ] {
        let head = format!("GET /cb?code=x HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert_eq!(refused(&head), Answer::Misdirected, "{host}");
    }
    for fields in [
        String::new(),
        format!("Host: {HOST}\r\nHost: {HOST}\r\n"),
        format!("Host: {HOST}\r\nhost: evil.example\r\n"),
        format!("Host : {HOST}\r\n"),
        format!("X: y\r\n Host: {HOST}\r\n"),
        format!("Host: {HOST}\0\r\n"),
    ] {
        let head = format!("GET /cb?code=x HTTP/1.1\r\n{fields}\r\n");
        assert_eq!(refused(&head), Answer::BadRequest, "{fields:?}");
    }
}

#[test]
fn other_requests_have_their_answers() {
    let with = |line: &str| format!("{line}\r\nHost: {HOST}\r\n\r\n");
    for method in ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get"] {
        let head = with(&format!("{method} /cb?code=x HTTP/1.1"));
        assert_eq!(refused(&head), Answer::MethodNotAllowed, "{method}");
    }
    assert_eq!(refused(&with("OPTIONS * HTTP/1.1")), Answer::MethodNotAllowed);
    for path in ["/", "/favicon.ico", "/cb/", "/CB", "/cb/..", "/%63b", "//cb", "/cb;x", "/c"] {
        assert_eq!(
            refused(&with(&format!("GET {path}?code=x HTTP/1.1"))),
            Answer::NotFound,
            "{path}"
        );
    }
    for version in ["HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/1.1x", "HTTP/"] {
        assert_eq!(refused(&with(&format!("GET /cb {version}"))), Answer::Version, "{version}");
    }
    for line in [
        "",
        "GET",
        "GET /cb",
        "GET  /cb HTTP/1.1",
        " GET /cb HTTP/1.1",
        "GET /cb HTTP/1.1 ",
        "GET\t/cb HTTP/1.1",
        "GET /cb http/1.1",
        "GET cb HTTP/1.1",
        "GET * HTTP/1.1",
        "GET http://127.0.0.1:4711/cb HTTP/1.1",
        "GET /cb#x HTTP/1.1",
        "GET /cb?ä HTTP/1.1",
        "GET /cb?\0 HTTP/1.1",
        "GET /cb?a\nb HTTP/1.1",
        "G(T /cb HTTP/1.1",
        "\r\nGET /cb HTTP/1.1",
    ] {
        assert_eq!(refused(&with(line)), Answer::BadRequest, "{line:?}");
    }
    for field in [
        "Content-Length: 1",
        "Content-Length: 00",
        "Transfer-Encoding: chunked",
        "no colon",
        ": x",
        "X\u{e4}: y",
    ] {
        let head = format!("GET /cb HTTP/1.1\r\nHost: {HOST}\r\n{field}\r\n\r\n");
        assert_eq!(refused(&head), Answer::BadRequest, "{field}");
    }
    assert_eq!(refused("GET /cb HTTP/1.1\nHost: 127.0.0.1:4711\n\n"), Answer::BadRequest);
}

#[test]
fn an_answer_to_head_has_no_content() {
    let head = format!("HEAD /cb HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let refusal = Verdict::Refused { answer: Answer::MethodNotAllowed, head_only: true };
    assert_eq!(ask(&head), refusal);
}

/// A small generator, so that a failure can be repeated (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

#[test]
fn every_input_has_a_verdict_and_only_a_right_one_is_a_redirect() {
    let pieces: [&[u8]; 22] = [
        b"GET",
        b"HEAD",
        b" ",
        b"  ",
        b"/cb",
        b"?code=x",
        b"HTTP/1.1",
        b"HTTP/1.0",
        b"\r\n",
        b"\n",
        b"\r",
        b"Host: ",
        b"host:",
        b"127.0.0.1:4711",
        b"evil",
        b":",
        b"Content-Length: 1",
        b"\0",
        b"\xff",
        b"\xc3\xa4",
        b"Transfer-Encoding: x",
        b"%",
    ];
    let right = format!("GET /cb?code=x HTTP/1.1\r\nHost: {HOST}\r\n\r\n").into_bytes();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut taken = 0;
    for round in 0..200_000 {
        let mut input = Vec::new();
        match round % 4 {
            // Bytes of any kind.
            0 => (0..dice.roll(64)).for_each(|_| input.push(u8::try_from(dice.roll(256)).unwrap())),
            // Pieces of requests in any order.
            1 => (0..dice.roll(16)).for_each(|_| input.extend(pieces[dice.roll(pieces.len())])),
            // A right request with one byte changed, or one piece put in.
            2 => {
                input.clone_from(&right);
                let at = dice.roll(input.len());
                input[at] = u8::try_from(dice.roll(256)).unwrap();
            }
            _ => {
                input.clone_from(&right);
                let at = dice.roll(input.len());
                input.splice(at..at, pieces[dice.roll(pieces.len())].iter().copied());
            }
        }
        let _ = too_large(&input);
        if let Some(length) = end(&input) {
            assert!(length <= input.len() && input[..length].ends_with(b"\r\n\r\n"));
        }
        if let Verdict::Redirect(query) = judge(&input, HOST, "/cb") {
            taken += 1;
            let text = core::str::from_utf8(&input).unwrap();
            assert!(text.starts_with("GET /cb"), "{text:?}");
            assert!(text.to_ascii_lowercase().contains("host:"), "{text:?}");
            assert_eq!(text.matches(HOST).count(), 1 + query.unwrap_or("").matches(HOST).count());
        }
    }
    assert!(taken > 1000, "only {taken} right ones: the generator makes nothing that passes");
}

proptest::proptest! {
    #[test]
    fn a_head_of_any_bytes_has_a_verdict(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        let _ = (end(&bytes), too_large(&bytes), judge(&bytes, HOST, "/cb"));
    }

    #[test]
    fn a_query_of_printable_characters_comes_through_as_it_was(query in "[!-~]{0,200}") {
        proptest::prop_assume!(!query.contains('#'));
        let head = format!("GET /cb?{query} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        proptest::prop_assert_eq!(ask(&head), Verdict::Redirect(Some(&query)));
    }

    #[test]
    fn another_host_is_never_answered(host in "[!-~]{0,40}") {
        proptest::prop_assume!(host != HOST);
        let head = format!("GET /cb?code=x HTTP/1.1\r\nHost: {host}\r\n\r\n");
        proptest::prop_assert_eq!(refused(&head), Answer::Misdirected);
    }
}
