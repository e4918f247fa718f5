//! What has to be true at each place of the story, checked on real answers.

use super::Stop;
use super::scene::{Answer, Deviation, Row, Trick};
use proofkey::challenge::CodeChallenge;
use proofkey::http::HttpResponse;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::path::Path;
use zeroize::Zeroizing;

/// A scene, by its stable name.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub &'static str);

impl Place {
    /// This had to come and that came.
    pub fn deviates(self, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        Stop::Deviated(Deviation { scene: self.0, expected: expected.into(), found: found.into() })
    }

    /// An error unless it holds.
    pub fn expect(self, holds: bool, expected: &str, found: impl Into<String>) -> Result<(), Stop> {
        if holds { Ok(()) } else { Err(self.deviates(expected, found)) }
    }
}

/// Something that has to be there.
pub trait Expect<T> {
    /// The thing, or an error that names what had to be there.
    fn or_deviates(self, place: Place, expected: &str, found: &str) -> Result<T, Stop>;
}

impl<T> Expect<T> for Option<T> {
    fn or_deviates(self, place: Place, expected: &str, found: &str) -> Result<T, Stop> {
        self.ok_or_else(|| place.deviates(expected, found))
    }
}

/// The parameters of a URL's query, or of a form, each with its values decoded.
pub struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Parameters<'a> {
    /// Those of a URL.
    pub fn of_url(url: &'a str) -> Self {
        Self::of_form(url.split_once('?').map_or("", |(_, query)| query))
    }

    /// Those of a form body.
    pub fn of_form(form: &'a str) -> Self {
        Self(form_urlencoded::parse(form.as_bytes()).collect())
    }

    /// The only value of this name.
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// All, in their order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// The SHA-256 in hexadecimal, as the database's row is shown.
pub fn sha256_hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether some 43 characters of the text are the verifier of this challenge.
pub fn holds_verifier(text: &str, challenge: &CodeChallenge) -> bool {
    // What is no verifier by its alphabet is an error of `verify`, and no match.
    text.as_bytes().windows(43).any(|window| {
        core::str::from_utf8(window)
            .is_ok_and(|window| proofkey::verify(window, challenge).unwrap_or(false))
    })
}

/// The answer as text. Where it may hold tokens, `shortened` makes what is shown.
pub fn answer(response: &HttpResponse) -> Answer {
    Answer { status: response.status, body: String::from_utf8_lossy(&response.body).into_owned() }
}

/// A refusal is a 400 with `invalid_grant` (RFC 6749 §5.2, RFC 7636 §4.6).
pub fn is_refusal(place: Place, response: &HttpResponse) -> Result<Answer, Stop> {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let error = body.as_ref().and_then(|body| body["error"].as_str());
    let token = body.as_ref().is_some_and(|body| body.get("access_token").is_some());
    let refused = response.status == 400 && error == Some("invalid_grant") && !token;
    // What came may be a token: it is described, not shown.
    let found = match (token, error) {
        (true, _) => format!("{} with an access token", response.status),
        (false, Some(error)) => format!("{} {error:?}", response.status),
        (false, None) => format!("{} without an error code", response.status),
    };
    place.expect(refused, "400 invalid_grant", found)?;
    Ok(answer(response))
}

/// What a trick leaves in the database: nothing but the count of wrong verifiers (P23, P24).
pub fn row_after(place: Place, trick: Trick, before: &Row, after: &Row) -> Result<(), Stop> {
    let counted = match trick {
        Trick::NoVerifier | Trick::Replay => 0,
        Trick::GuessedVerifier | Trick::ChallengeAsVerifier => 1,
    };
    let expected = Row {
        mismatches: before.mismatches + counted,
        // Time passes.
        expires_in: after.expires_in,
        ..before.clone()
    };
    place.expect(
        *after == expected,
        "a row in which nothing but the count of mismatches has changed",
        format!("mismatches {}, used {}, revoked {}", after.mismatches, after.used, after.revoked),
    )
}

/// Searches the database's files. The challenge, which lies there, is the control: a search that does
/// not find it proves nothing.
pub fn search(
    place: Place,
    folder: &Path,
    control: &str,
    secrets: &[(&str, &str)],
) -> Result<(usize, u64), Stop> {
    let (mut files, mut bytes, mut control_found) = (0, 0, false);
    let failed = |error: std::io::Error| {
        place.deviates("files of the database that can be read", error.to_string())
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with(super::folder::DATABASE) {
            continue;
        }
        let content = Zeroizing::new(std::fs::read(entry.path()).map_err(failed)?);
        let holds =
            |text: &str| content.windows(text.len()).any(|window| window == text.as_bytes());
        for (name, secret) in secrets {
            place.expect(!holds(secret), "no secret in the database", format!("the {name}"))?;
        }
        control_found |= holds(control);
        files += 1;
        bytes += content.len() as u64;
    }
    place.expect(control_found, "a search that finds the challenge", "none")?;
    Ok((files, bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proofkey::verifier::CodeVerifier;

    const HERE: Place = Place("here");

    fn row() -> Row {
        Row {
            code_challenge: "c".into(),
            code_hash: "h".into(),
            used: false,
            revoked: false,
            mismatches: 0,
            expires_in: 60,
            token_hashes: Vec::new(),
        }
    }

    #[test]
    fn only_a_400_invalid_grant_is_a_refusal() {
        let response = |status, body: &str| HttpResponse::new(status, vec![], body.into());
        assert!(is_refusal(HERE, &response(400, r#"{"error":"invalid_grant"}"#)).is_ok());
        for (status, body) in [
            (200, r#"{"access_token":"t","token_type":"Bearer"}"#),
            (200, r#"{"error":"invalid_grant"}"#),
            (400, r#"{"error":"invalid_request"}"#),
            (400, r#"{"error":"invalid_grant","access_token":"t"}"#),
            (500, r#"{"error":"server_error"}"#),
            (400, "nonsense"),
            (400, ""),
        ] {
            assert!(is_refusal(HERE, &response(status, body)).is_err(), "{status} {body}");
        }
    }

    /// The demo's own claim, not the server's: it must see a server that burns a code (P23), one that
    /// does not count, one that marks it used, one that revokes (P24).
    #[test]
    fn a_row_that_changed_otherwise_is_seen() {
        let before = row();
        let counted = Row { mismatches: 1, expires_in: 59, ..row() };
        assert!(row_after(HERE, Trick::GuessedVerifier, &before, &counted).is_ok());
        assert!(row_after(HERE, Trick::NoVerifier, &before, &before).is_ok());
        assert!(row_after(HERE, Trick::NoVerifier, &before, &counted).is_err());
        assert!(row_after(HERE, Trick::GuessedVerifier, &before, &before).is_err());
        for wrong in [
            Row { used: true, ..counted.clone() },
            Row { revoked: true, ..counted.clone() },
            Row { code_challenge: "d".into(), ..counted.clone() },
            Row { token_hashes: vec!["t".into()], ..counted },
        ] {
            assert!(row_after(HERE, Trick::GuessedVerifier, &before, &wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_verifier_is_found_wherever_it_stands() {
        let verifier = CodeVerifier::generate().unwrap();
        let (challenge, text) = (verifier.challenge(), verifier.expose_verifier());
        for leak in [text.to_owned(), format!("x{text}y"), format!("ä?{text}&…")] {
            assert!(holds_verifier(&leak, &challenge));
        }
        assert!(!holds_verifier(&challenge.to_text(), &challenge));
        assert!(!holds_verifier(&text[..42], &challenge));
    }

    #[test]
    fn the_search_finds_a_secret_and_needs_its_control() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(super::super::folder::DATABASE);
        std::fs::write(&file, "…control…secret…").unwrap();
        let at = folder.path();
        assert_eq!(search(HERE, at, "control", &[("code", "other")]).unwrap().0, 1);
        assert!(search(HERE, at, "control", &[("code", "secret")]).is_err());
        assert!(search(HERE, at, "absent", &[("code", "other")]).is_err());
    }
}
