//! A resource that checks its token and says what it knows of it (RFC 6750).

use super::{AuthorizationServer, Reply, only};
use crate::drive::run_check;
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::FoundToken;
use proofkey::grant::check::{Access, CheckToken};
use serde_json::json;

/// What a resource wants of a token.
#[derive(Debug, Clone, Copy)]
pub struct Protected<'a> {
    /// The resource's own URI.
    pub audience: &'a str,
    /// The scopes that the token needs.
    pub required_scopes: &'a [String],
    /// The address of the resource's metadata, for `WWW-Authenticate` (RFC 9728 §5.1).
    pub metadata_url: &'a str,
}

/// Judges the token of a request to this resource.
///
/// A token in the query or in a body is not looked for (RFC 6750 §2.3, RFC 9700 §4.3.2).
///
/// # Errors
/// The reply to send: 400, 401 or 403 with `WWW-Authenticate`, 503 where the store failed.
pub async fn check(
    server: &AuthorizationServer,
    headers: &HeaderMap,
    protected: Protected<'_>,
) -> Result<FoundToken, Box<Reply>> {
    let refused = |status: StatusCode, www_authenticate: Option<&str>| {
        let challenge = www_authenticate.map(|value| challenge(status, value, protected));
        Box::new(Reply::challenge(status, challenge.as_deref()))
    };
    let Ok(authorization) = only(headers, "authorization") else {
        return Err(refused(StatusCode::BAD_REQUEST, Some("Bearer error=\"invalid_request\"")));
    };
    let flow = CheckToken::new(authorization, protected.audience, protected.required_scopes);
    match run_check(&*server.store, flow, &server.narrator).await {
        Ok(Access::Granted(token)) if server.clients.is_gone(&token.grant.client_id) => {
            server.narrator.say("api", || "refused: its client is registered no more".into());
            Err(refused(StatusCode::UNAUTHORIZED, Some("Bearer error=\"invalid_token\"")))
        }
        Ok(Access::Granted(token)) => Ok(*token),
        Ok(Access::Refused { status, www_authenticate }) => {
            server.narrator.say("api", || format!("refused with {status}"));
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            Err(refused(status, www_authenticate.as_deref()))
        }
        Err(_) => Err(refused(StatusCode::SERVICE_UNAVAILABLE, None)),
    }
}

/// The challenge with what helps a client to get the right token: where the metadata are (RFC 9728 §5.1), and
/// which scopes are needed (RFC 6750 §3).
fn challenge(status: StatusCode, value: &str, protected: Protected<'_>) -> String {
    let mut challenge = value.to_owned();
    let mut add = |name: &str, value: &str| {
        let separator = if challenge.contains('=') { "," } else { "" };
        challenge.push_str(&format!("{separator} {name}=\"{value}\""));
    };
    // With 403 the core has named them already.
    if status == StatusCode::UNAUTHORIZED && !protected.required_scopes.is_empty() {
        add("scope", &protected.required_scopes.join(" "));
    }
    add("resource_metadata", protected.metadata_url);
    challenge
}

/// The development server's resource: says as whom the request passed.
pub async fn echo(
    server: &AuthorizationServer,
    method: &Method,
    headers: &HeaderMap,
    protected: Protected<'_>,
) -> Reply {
    let token = match check(server, headers, protected).await {
        Ok(token) => token,
        Err(reply) => {
            server.counters.answered("api", "refused");
            return *reply;
        }
    };
    let grant = &token.grant;
    server.counters.answered("api", "granted");
    server.narrator.say("api", || {
        format!("the token is good: {:?} through client {:?}", grant.subject, grant.client_id)
    });
    Reply::json(
        StatusCode::OK,
        &json!({
            "method": method.as_str(),
            "subject": grant.subject,
            "client_id": grant.client_id,
            "scope": token.scope(),
            "resource": grant.resource,
            "expires_at": token.expires_at,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_where_to_go_on() {
        let scopes = ["read".to_owned(), "write".to_owned()];
        let (audience, metadata_url) = ("https://a.example/api", "https://a.example/m");
        let some = Protected { audience, required_scopes: &scopes, metadata_url };
        let none = Protected { required_scopes: &[], ..some };
        for (status, protected, value, expected) in [
            (401, none, "Bearer", "Bearer resource_metadata=\"https://a.example/m\""),
            (
                401,
                some,
                "Bearer",
                "Bearer scope=\"read write\", resource_metadata=\"https://a.example/m\"",
            ),
            (
                401,
                none,
                "Bearer error=\"invalid_token\"",
                "Bearer error=\"invalid_token\", resource_metadata=\"https://a.example/m\"",
            ),
            (
                403,
                some,
                "Bearer error=\"insufficient_scope\", scope=\"read write\"",
                "Bearer error=\"insufficient_scope\", scope=\"read write\", \
                 resource_metadata=\"https://a.example/m\"",
            ),
        ] {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            assert_eq!(challenge(status, value, protected), expected);
        }
    }
}
