//! A resource that checks its token and says what it knows of it (RFC 6750).

use super::{AuthorizationServer, Reply, only};
use crate::client::Standing;
use crate::drive::run_check_proven;
use crate::possession::{NotProven, Proof, Proven};
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::FoundToken;
use proofkey::grant::check::{Access, Authentication, CheckToken, with_metadata};
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
    /// The address of the request, as clients know it (RFC 9449 §4.3).
    pub url: &'a str,
    /// How its user must have signed in (RFC 9470).
    pub authentication: &'a Authentication,
}

/// A request that may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its token.
    pub token: FoundToken,
    /// A newer nonce than that of its proof, for the field `DPoP-Nonce` of the answer (RFC 9449 §8.2).
    pub nonce: Option<String>,
}

/// Judges the token of a request to this resource.
///
/// A token in the query or in a body is not looked for (RFC 6750 §2.3, RFC 9700 §4.3.2).
///
/// # Errors
/// The reply to send: 400, 401 or 403 with `WWW-Authenticate`, 503 where the store failed.
pub async fn check(
    server: &AuthorizationServer,
    method: &Method,
    headers: &HeaderMap,
    protected: Protected<'_>,
) -> Result<Passed, Box<Reply>> {
    let refused = |status: StatusCode, www_authenticate: Option<&str>| {
        let challenge = www_authenticate.map(|value| challenge(status, value, protected));
        Box::new(Reply::challenge(status, challenge.as_deref()))
    };
    let Ok(authorization) = only(headers, "authorization") else {
        return Err(refused(StatusCode::BAD_REQUEST, Some("Bearer error=\"invalid_request\"")));
    };
    let now = server.clock.now().map_err(|_| refused(StatusCode::SERVICE_UNAVAILABLE, None))?;
    let proof = |access_token| Proof {
        method: method.as_str(),
        url: protected.url,
        access_token: Some(access_token),
    };
    let proven = match authorization.and_then(bound_token) {
        // A proof beside a bearer token proves nothing that anybody asked for.
        None => Proven::default(),
        Some(token) => server.possession.judge(headers, proof(token), now).map_err(|wrong| {
            server.narrator.say("api", || format!("refused with 401: {}", wrong.description()));
            let mut reply = refused(StatusCode::UNAUTHORIZED, Some(&not_proven(&wrong)));
            reply.give_nonce(wrong.nonce.as_deref());
            reply
        })?,
    };
    let nonce = proven.nonce.clone();
    let mut flow = CheckToken::new(authorization, protected.audience, protected.required_scopes);
    if proven.thumbprint.is_some() {
        flow = flow.judged_by(proven, server.possession.replayed(now));
    }
    let flow = flow
        .bound_only(server.possession.is_required())
        .authentication(protected.authentication.clone());
    match run_check_proven(&*server.store, &server.possession, flow, &server.narrator).await {
        Ok(Some(Access::Granted(token))) => {
            match server.clients.standing(&token.grant.client_id).await {
                Ok(Standing::Gone) => {
                    server
                        .narrator
                        .say("api", || "refused: its client is registered no more".into());
                    Err(refused(StatusCode::UNAUTHORIZED, Some("Bearer error=\"invalid_token\"")))
                }
                Ok(_) => Ok(Passed { token: *token, nonce }),
                Err(_) => Err(refused(StatusCode::SERVICE_UNAVAILABLE, None)),
            }
        }
        Ok(Some(Access::Refused { status, www_authenticate })) => {
            server.narrator.say("api", || format!("refused with {status}"));
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            let mut reply = refused(status, www_authenticate.as_deref());
            reply.give_nonce(nonce.as_deref());
            Err(reply)
        }
        Ok(None) | Err(_) => Err(refused(StatusCode::SERVICE_UNAVAILABLE, None)),
    }
}

/// The token of a request that says it is bound to a key (RFC 9449 §7.1).
fn bound_token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("DPoP").then_some(token)
}

/// RFC 9449 §7.1, §9. The description is ours and holds no quotes.
fn not_proven(wrong: &NotProven) -> String {
    let (error, description) = (wrong.error(), wrong.description());
    format!("DPoP error=\"{error}\", error_description=\"{description}\", algs=\"ES256\"")
}

fn challenge(status: StatusCode, value: &str, protected: Protected<'_>) -> String {
    with_metadata(value, status.as_u16(), protected.required_scopes, protected.metadata_url)
}

/// The development server's resource: says as whom the request passed.
pub async fn echo(
    server: &AuthorizationServer,
    method: &Method,
    headers: &HeaderMap,
    protected: Protected<'_>,
) -> Reply {
    let Passed { token, nonce } = match check(server, method, headers, protected).await {
        Ok(passed) => passed,
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
    let mut said = json!({
        "method": method.as_str(),
        "subject": grant.subject,
        "client_id": grant.client_id,
        "scope": token.scope(),
        "resource": grant.resource,
        "expires_at": token.expires_at,
        "auth_time": grant.terms.auth_time,
    });
    if let Some(jkt) = &token.dpop_jkt {
        // As an introspection would say it (RFC 9449 §6.2).
        said["cnf"] = json!({ "jkt": jkt });
    }
    if let Some(acr) = &grant.terms.acr {
        said["acr"] = acr.as_str().into();
    }
    let mut reply = Reply::json(StatusCode::OK, &said);
    reply.give_nonce(nonce.as_deref());
    reply
}

/// A resource that no sign-in is good enough for (RFC 9470): whoever asks again and again must give up.
pub async fn insist(
    server: &AuthorizationServer,
    method: &Method,
    headers: &HeaderMap,
    protected: Protected<'_>,
    demanded: &Authentication,
) -> Reply {
    server.counters.answered("api", "insisted");
    let passed = match check(server, method, headers, protected).await {
        Ok(passed) => passed,
        Err(reply) => return *reply,
    };
    let scheme = if passed.token.dpop_jkt.is_some() { "DPoP" } else { "Bearer" };
    let value = format!("{scheme} {}", demanded.parameters());
    let status = StatusCode::UNAUTHORIZED;
    let mut reply = Reply::challenge(status, Some(&challenge(status, &value, protected)));
    reply.give_nonce(passed.nonce.as_deref());
    reply
}
