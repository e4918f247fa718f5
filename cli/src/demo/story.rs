//! The order of the story. Each scene is shown only after what it says was checked.

use super::Stop;
use super::agent::Agent;
use super::browser;
use super::checks::{self, Expect as _, Parameters, Place};
use super::host::{CLIENT_ID, SCOPE};
use super::question::{agent_prepares, browser_asks, server_ready};
use super::scene::{Answer, Row, Scene, Trick, short};
use super::stage::{Show, Stage};
use super::thief::Thief;
use super::wire;
use proofkey::challenge::CodeChallenge;
use proofkey::http::{Header, HttpRequest};
use proofkey::secret::Secret;
use proofkey::token::TokenSet;
use serde_json::Value;
use zeroize::Zeroizing;

/// Tells the whole story.
pub fn tell(stage: &Stage, show: Show<'_>) -> Result<(), Stop> {
    let config = server_ready(stage, show)?;
    let token_endpoint = config.token_endpoint.clone();
    let mut agent = Agent::new(config)?;

    let question = agent.prepare(&stage.interrupt)?;
    let challenge = agent_prepares(&question.url, &question.redirect_uri, show)?;

    let (answered, code) = browser_asks(stage, &question.url, &question.redirect_uri, show)?;
    let row = database_holds(stage, &challenge, &code, show)?;

    let request = redirect_arrives(stage, &mut agent, &answered, &code, show)?;
    let verifier = verifier_in(&request, &challenge)?;

    let thief = Thief {
        token_endpoint,
        client_id: CLIENT_ID.into(),
        redirect_uri: question.redirect_uri,
        resource: stage.server.resource.clone(),
        challenge: challenge.to_text(),
        code,
    };
    let steals = |trick, before: Row, show: Show<'_>| theft(stage, &thief, trick, &before, show);
    let row = steals(Trick::NoVerifier, row, show)?;
    let row = steals(Trick::GuessedVerifier, row, show)?;
    let row = steals(Trick::ChallengeAsVerifier, row, show)?;
    place_is_unused(&row)?;

    let (tokens, row) = agent_redeems(stage, &mut agent, &request, &thief.code, show)?;
    steals(Trick::Replay, row, show)?;

    let place = Place("database_searched");
    let secrets = [
        ("code", secret_half(thief.code.expose())),
        ("code verifier", verifier.expose()),
        ("access token", secret_half(tokens.expose_access_token())),
    ];
    let (files, bytes) = checks::search(place, &stage.folder, &thief.challenge, &secrets)?;
    show(Scene::DatabaseSearched { files, bytes })?;

    token_works(stage, &tokens, show)
}

/// The row of the grant that the code belongs to.
fn row(stage: &Stage, place: Place, code: &Secret) -> Result<Row, Stop> {
    let grant_id = code.expose().split('.').next().unwrap_or_default();
    stage.server.row(grant_id)?.or_deviates(place, "a row for this code", "none")
}

/// The row holds the challenge and the hash of the code (P21).
fn database_holds(
    stage: &Stage,
    challenge: &CodeChallenge,
    code: &Secret,
    show: Show<'_>,
) -> Result<Row, Stop> {
    let place = Place("database_holds");
    let row = row(stage, place, code)?;
    place.expect(row.code_challenge == challenge.to_text(), "our challenge", "another")?;
    let hash = checks::sha256_hex(code.expose());
    place.expect(row.code_hash == hash, "the SHA-256 of the code", row.code_hash.as_str())?;
    place.expect(
        (1..=600).contains(&row.expires_in),
        "10 minutes at most",
        row.expires_in.to_string(),
    )?;
    place_is_unused(&row)?;
    show(Scene::DatabaseHolds(row.clone()))?;
    Ok(row)
}

fn place_is_unused(row: &Row) -> Result<(), Stop> {
    let unused = !row.used && !row.revoked && row.token_hashes.is_empty();
    Place("database_holds").expect(unused, "an unused code", "a used one")
}

/// The browser carries the code home; the agent's flow takes it and closes the port.
fn redirect_arrives(
    stage: &Stage,
    agent: &mut Agent,
    answered: &browser::Answered,
    code: &Secret,
    show: Show<'_>,
) -> Result<HttpRequest, Stop> {
    let place = Place("redirect_arrives");
    let page = browser::follow(answered)?;
    let request = agent.take_redirect()?;
    place.expect(page.status == 200, "a page for the user", page.status.to_string())?;
    let text = checks::answer(&page).body;
    place.expect(!text.contains(code.expose()), "a page without the code", "the code in it")?;
    let redirect_uri = answered.location.expose().split('?').next().unwrap_or_default();
    show(Scene::RedirectArrives {
        redirect_uri: redirect_uri.to_owned(),
        code: short(code.expose()),
        iss: stage.server.issuer.clone(),
        page_status: page.status,
    })?;
    Ok(request)
}

/// The verifier, out of the token request that the agent is about to send: 43 characters whose hash is
/// the challenge that was shown. It stays in memory that is wiped.
fn verifier_in(request: &HttpRequest, challenge: &CodeChallenge) -> Result<Secret, Stop> {
    let place = Place("redirect_arrives");
    let body = request.body.as_ref().or_deviates(place, "a token request", "none")?;
    let form = Parameters::of_form(body.expose());
    let verifier = form.only("code_verifier").or_deviates(place, "one verifier", "none")?;
    let right = verifier.len() == 43 && proofkey::verify(verifier, challenge)?;
    place.expect(right, "a verifier of 43 characters that hashes to the challenge", "another")?;
    Ok(Secret::new(verifier.to_owned()))
}

/// One trick, its refusal, and that it changed nothing.
fn theft(
    stage: &Stage,
    thief: &Thief,
    trick: Trick,
    before: &Row,
    show: Show<'_>,
) -> Result<Row, Stop> {
    let place = Place(trick.name());
    let response = thief.tries(trick)?;
    let answer = checks::is_refusal(place, &response)?;
    let after = row(stage, place, &thief.code)?;
    checks::row_after(place, trick, before, &after)?;
    let code = short(thief.code.expose());
    let limit = stage.server.max_mismatches;
    show(Scene::Theft { trick, code, answer, row: after.clone(), limit })?;
    Ok(after)
}

/// The agent sends code and verifier, and gets its token.
fn agent_redeems(
    stage: &Stage,
    agent: &mut Agent,
    request: &HttpRequest,
    code: &Secret,
    show: Show<'_>,
) -> Result<(TokenSet, Row), Stop> {
    let place = Place("agent_redeems");
    let response = wire::send(request)?;
    let status = response.status;
    let body = Zeroizing::new(String::from_utf8_lossy(&response.body).into_owned());
    let tokens = agent.take_tokens(response)?;
    let access_token = tokens.expose_access_token();
    // Word for word but for the token.
    let body = body.replace(access_token, &short(access_token));
    place.expect(!body.contains(secret_half(access_token)), "one spelling of the token", "two")?;
    let row = row(stage, place, code)?;
    let once = row.used && !row.revoked && row.token_hashes == [checks::sha256_hex(access_token)];
    place.expect(once, "a used code and the hash of one token", "another row")?;
    show(Scene::AgentRedeems {
        code: short(code.expose()),
        answer: Answer { status, body },
        scopes: tokens.scopes().to_vec(),
        row: row.clone(),
    })?;
    Ok((tokens, row))
}

/// What follows the id of the grant in a code or a token; the id itself lies in the database.
fn secret_half(text: &str) -> &str {
    text.split_once('.').map_or(text, |(_, secret)| secret)
}

/// The resource takes the token, and takes nothing without it.
fn token_works(stage: &Stage, tokens: &TokenSet, show: Show<'_>) -> Result<(), Stop> {
    let place = Place("token_works");
    let url = &stage.server.resource;
    let without = wire::get(url, Vec::new())?;
    place.expect(without.status == 401, "401 without a token", without.status.to_string())?;
    let bearer = format!("Bearer {}", tokens.expose_access_token());
    let response = wire::get(url, vec![Header::new("Authorization", bearer)])?;
    place.expect(response.status == 200, "200 with the token", response.status.to_string())?;
    let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let ours = document["client_id"] == CLIENT_ID && document["scope"] == SCOPE;
    place.expect(ours, "an answer for this agent and its scope", "another")?;
    show(Scene::TokenWorks {
        url: url.clone(),
        token: short(tokens.expose_access_token()),
        answer: checks::answer(&response),
    })
}

#[cfg(test)]
mod tests;
