//! The challenges of a resource (RFC 6750 §3, RFC 9449 §7.1).

use super::check::Access;

/// How a token came (RFC 6750 §2.1, RFC 9449 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Bearer,
    Dpop,
}

pub(super) fn invalid_token(scheme: Scheme) -> Access {
    challenge(
        scheme,
        401,
        "error=\"invalid_token\", error_description=\"the token is unknown, expired, revoked, or for another resource\"",
    )
}

/// RFC 9449 §7.1: a challenge for proofs says which algorithms they may be signed with.
pub(super) fn challenge(scheme: Scheme, status: u16, parameters: &str) -> Access {
    let www_authenticate = match (scheme, parameters) {
        (Scheme::Bearer, "") => "Bearer".to_owned(),
        (Scheme::Bearer, parameters) => format!("Bearer {parameters}"),
        (Scheme::Dpop, "") => "DPoP algs=\"ES256\"".to_owned(),
        (Scheme::Dpop, parameters) => format!("DPoP {parameters}, algs=\"ES256\""),
    };
    Access::Refused { status, www_authenticate: Some(www_authenticate) }
}

/// The challenge with what helps a client to get the right token: where the metadata are (RFC 9728 §5.1), and
/// which scopes are needed (RFC 6750 §3).
#[must_use]
pub fn with_metadata(
    value: &str,
    status: u16,
    required_scopes: &[String],
    metadata_url: &str,
) -> String {
    let mut challenge = value.to_owned();
    let mut add = |name: &str, value: &str| {
        let separator = if challenge.contains('=') { "," } else { "" };
        challenge.push_str(&format!("{separator} {name}=\"{value}\""));
    };
    // With 403 they are named already.
    if status == 401 && !required_scopes.is_empty() {
        add("scope", &required_scopes.join(" "));
    }
    add("resource_metadata", metadata_url);
    challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_where_to_go_on() {
        let scopes = ["read".to_owned(), "write".to_owned()];
        let url = "https://a.example/m";
        for (status, scopes, value, expected) in [
            (401, &[][..], "Bearer", "Bearer resource_metadata=\"https://a.example/m\""),
            (
                401,
                &scopes[..],
                "Bearer",
                "Bearer scope=\"read write\", resource_metadata=\"https://a.example/m\"",
            ),
            (
                401,
                &[][..],
                "Bearer error=\"invalid_token\"",
                "Bearer error=\"invalid_token\", resource_metadata=\"https://a.example/m\"",
            ),
            (
                403,
                &scopes[..],
                "Bearer error=\"insufficient_scope\", scope=\"read write\"",
                "Bearer error=\"insufficient_scope\", scope=\"read write\", \
                 resource_metadata=\"https://a.example/m\"",
            ),
        ] {
            assert_eq!(with_metadata(value, status, scopes, url), expected);
        }
    }
}
