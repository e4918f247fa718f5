//! The first part of the story: the server's metadata, the agent's pair, the browser's question.

use super::Stop;
use super::browser;
use super::checks::{self, Expect as _, Parameters, Place};
use super::host::{CALLBACK, CLIENT_ID, SCOPE};
use super::scene::{Scene, short};
use super::stage::{Show, Stage};
use super::wire;
use proofkey::challenge::CodeChallenge;
use proofkey::flow::sign_in::{RedirectTarget, SignInConfig};
use proofkey::http::Header;
use proofkey::secret::Secret;
use proofkey::step::{Listen, LoopbackHost};
use serde_json::Value;

/// How long the agent waits for the redirect, in milliseconds.
const BROWSE_MS: u64 = 10_000;

/// Reads the server's metadata (RFC 8414) and makes the agent's configuration from it.
pub fn server_ready(stage: &Stage, show: Show<'_>) -> Result<SignInConfig, Stop> {
    let place = Place("server_ready");
    let issuer = &stage.server.issuer;
    let url = format!("{issuer}{}", proofkey_server::endpoint::metadata::WELL_KNOWN);
    let answer = wire::get(&url, vec![Header::new("Accept", "application/json")])?;
    place.expect(answer.status == 200, "200 for the metadata", answer.status.to_string())?;
    let document: Value = serde_json::from_slice(&answer.body).ok().or_deviates(
        place,
        "metadata in JSON",
        "something else",
    )?;
    let text = |name: &str| {
        document[name].as_str().map(str::to_owned).or_deviates(place, name, "none in the metadata")
    };
    place.expect(text("issuer")? == *issuer, "the issuer itself", text("issuer")?)?;
    let listed = document["code_challenge_methods_supported"].as_array();
    let methods: Vec<String> =
        listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    place.expect(methods == ["S256"], "S256 and no other method", methods.join(" "))?;
    let iss_promised =
        document["authorization_response_iss_parameter_supported"].as_bool().unwrap_or(false);
    place.expect(iss_promised, "iss in every answer", "no promise of it")?;
    show(Scene::ServerReady {
        issuer: issuer.clone(),
        methods,
        iss_promised,
        kept_in: stage.kept.then(|| stage.folder.display().to_string()),
    })?;
    Ok(SignInConfig {
        issuer: issuer.clone(),
        authorization_endpoint: text("authorization_endpoint")?,
        token_endpoint: text("token_endpoint")?,
        iss_promised,
        client_id: CLIENT_ID.into(),
        redirect: RedirectTarget::Loopback(Listen {
            host: LoopbackHost::V4,
            port: 0,
            path: CALLBACK.into(),
        }),
        scopes: vec![SCOPE.into()],
        resource: Some(stage.server.resource.clone()),
        extra_parameters: Vec::new(),
        browse_timeout_ms: BROWSE_MS,
    })
}

/// The question holds the challenge and not the verifier.
pub fn agent_prepares(
    url: &str,
    redirect_uri: &str,
    show: Show<'_>,
) -> Result<CodeChallenge, Stop> {
    let place = Place("agent_prepares");
    let parameters = Parameters::of_url(url);
    let only = |name: &str| parameters.only(name).or_deviates(place, name, "none in the URL");
    place.expect(only("code_challenge_method")? == "S256", "S256", "another method")?;
    place.expect(only("redirect_uri")? == redirect_uri, "our redirect URI", "another")?;
    let challenge = CodeChallenge::parse(only("code_challenge")?)?;
    let leaks = checks::holds_verifier(url, &challenge);
    place.expect(!leaks, "a URL without the verifier", "the verifier in it")?;
    show(Scene::AgentPrepares {
        challenge: challenge.to_text(),
        redirect_uri: redirect_uri.to_owned(),
    })?;
    Ok(challenge)
}

/// The browser gets a 303 to the agent, with code, state and iss.
pub fn browser_asks(
    stage: &Stage,
    url: &str,
    redirect_uri: &str,
    show: Show<'_>,
) -> Result<(browser::Answered, Secret), Stop> {
    let place = Place("browser_asks");
    let answered = browser::ask(url)?;
    place.expect(answered.status == 303, "303 See Other", answered.status.to_string())?;
    let (target, _) = answered.location.expose().split_once('?').unwrap_or_default();
    place.expect(target == redirect_uri, "a redirect to the agent", "one to elsewhere")?;
    let sent = Parameters::of_url(url);
    let came = Parameters::of_url(answered.location.expose());
    let code = came.only("code").or_deviates(place, "a code", "none")?;
    place.expect(came.only("state") == sent.only("state"), "our state", "another")?;
    place.expect(came.only("iss") == Some(&stage.server.issuer), "our issuer", "another")?;
    let shown = |(name, value): (&str, &str)| {
        let value = if matches!(name, "state" | "code") { short(value) } else { value.to_owned() };
        (name.to_owned(), value)
    };
    let location: Vec<String> =
        came.all().map(shown).map(|(name, value)| format!("{name}={value}")).collect();
    let code = Secret::new(code.to_owned());
    show(Scene::BrowserAsks {
        endpoint: url.split('?').next().unwrap_or_default().to_owned(),
        parameters: sent.all().map(shown).collect(),
        status: answered.status,
        location: format!("{target}?{}", location.join("&")),
    })?;
    Ok((answered, code))
}
