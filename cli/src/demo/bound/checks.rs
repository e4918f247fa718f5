//! What has to be true of bound tokens, checked on real answers.

use super::scene::Trick;
use crate::demo::Stop;
use crate::demo::checks::{Expect as _, Place};
use crate::demo::scene::Answer;
use crate::demo::wire::header;
use proofkey::http::HttpResponse;
use serde_json::Value;

/// A refusal: 401 with a challenge at the resource (RFC 9449 §7.1), 400 with an error at the token endpoint, and
/// nothing that was protected in either.
pub fn is_refusal(trick: Trick, response: &HttpResponse) -> Result<Answer, Stop> {
    let place = Place(trick.name());
    let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let served = ["access_token", "subject"].iter().any(|name| document.get(*name).is_some());
    let (status, errors): (u16, &[&str]) = match trick {
        Trick::AsBearer => (401, &["invalid_token"]),
        Trick::WithoutProof | Trick::ReplayedProof => (401, &["invalid_dpop_proof"]),
        Trick::AnotherKey => (401, &["invalid_token"]),
        Trick::RefreshWithAnotherKey => (400, &["invalid_grant"]),
    };
    let said = match trick {
        Trick::RefreshWithAnotherKey => String::from_utf8_lossy(&response.body).into_owned(),
        _ => header(response, "www-authenticate").unwrap_or_default().to_owned(),
    };
    let named = errors.iter().any(|error| said.contains(&format!("\"{error}\"")));
    let expected = format!("{status} {}", errors.join(" or "));
    // What came may be what was protected: it is described, not shown.
    let found = if served { "what was protected" } else { said.as_str() };
    let refused = response.status == status && named && !served;
    place.expect(refused, &expected, format!("{} {found}", response.status))?;
    Ok(Answer { status: response.status, body: said })
}

/// The resource has served the agent, and says to which key the token is bound (RFC 9449 §6.2).
pub fn is_served(place: Place, response: &HttpResponse, thumbprint: &str) -> Result<Answer, Stop> {
    place.expect(response.status == 200, "200 with the proof", response.status.to_string())?;
    let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let bound = document["cnf"]["jkt"].as_str().or_deviates(place, "a bound token", "none")?;
    place.expect(bound == thumbprint, "the agent's key", "another")?;
    Ok(crate::demo::checks::answer(response))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proofkey::http::Header;

    fn response(status: u16, challenge: &str, body: &str) -> HttpResponse {
        let headers = vec![Header::new("WWW-Authenticate", challenge)];
        HttpResponse::new(status, headers, body.into())
    }

    #[test]
    fn what_serves_the_thief_is_no_refusal() {
        let (proof, token) = ("DPoP error=\"invalid_dpop_proof\"", "DPoP error=\"invalid_token\"");
        let good = response(401, proof, "");
        assert_eq!(is_refusal(Trick::ReplayedProof, &good).unwrap().body, proof);
        assert!(is_refusal(Trick::AnotherKey, &response(401, token, "")).is_ok());
        for wrong in [
            response(200, "", r#"{"subject":"developer"}"#),
            response(401, proof, r#"{"subject":"developer"}"#),
            response(403, proof, ""),
            response(401, token, ""),
            response(401, "", ""),
        ] {
            assert!(is_refusal(Trick::ReplayedProof, &wrong).is_err(), "{}", wrong.status);
        }
        let refresh =
            |status, body| is_refusal(Trick::RefreshWithAnotherKey, &response(status, "", body));
        assert!(refresh(400, r#"{"error":"invalid_grant"}"#).is_ok());
        assert!(refresh(400, r#"{"error":"invalid_grant","access_token":"t"}"#).is_err());
        assert!(refresh(200, r#"{"access_token":"t"}"#).is_err());
    }

    #[test]
    fn a_token_of_another_key_is_seen() {
        let served = response(200, "", r#"{"cnf":{"jkt":"ours"}}"#);
        assert!(is_served(Place("here"), &served, "ours").is_ok());
        assert!(is_served(Place("here"), &served, "another").is_err());
        assert!(is_served(Place("here"), &response(200, "", "{}"), "ours").is_err());
        assert!(is_served(Place("here"), &response(401, "", ""), "ours").is_err());
    }
}
