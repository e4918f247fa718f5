//! The order of the story of bound tokens. Each scene is shown only after what it says was checked.

use super::agent::Agent;
use super::checks;
use super::scene::{Scene, Trick};
use super::thief::Thief;
use crate::demo::Stop;
use crate::demo::checks::{Expect as _, Place};
use crate::demo::host::CLIENT_ID;
use crate::demo::question::server_ready;
use crate::demo::scene;
use crate::demo::stage::{Show, Stage};
use crate::demo::wire;
use proofkey::http::{Header, HttpResponse};
use proofkey::secret::Secret;
use proofkey_client::AuthorizationFields;

/// Tells the whole story.
pub fn tell(stage: &Stage, show: Show<'_>) -> Result<(), Stop> {
    let token_endpoint = server_ready(stage, show)?.token_endpoint;
    let mut show = |scene| show(scene::Scene::Bound(scene));
    let url = stage.server.resource.clone();

    let agent = Agent::new(&stage.server)?;
    let tokens = agent.client.sign_in()?;
    let asked = agent.asked();
    let thumbprint = asked.thumbprint;
    let place = Place("agent_makes_key");
    place.expect(thumbprint.len() == 43, "a thumbprint in the request", "none")?;
    place.expect(asked.status == 303, "303 See Other", asked.status.to_string())?;
    let (endpoint, status) = (asked.endpoint, asked.status);
    show(Scene::AgentMakesKey { thumbprint: thumbprint.clone(), endpoint, status })?;

    let token_type = tokens.token_type();
    Place("agent_signs_in").expect(token_type == "DPoP", "a bound token", token_type)?;
    let token = short(tokens.expose_access_token());
    show(Scene::AgentSignsIn {
        token_type,
        scopes: tokens.scopes().to_vec(),
        token: token.clone(),
    })?;

    let place = Place("bound_token_works");
    let fields = agent.client.authorize("GET", &url)?;
    let answer = checks::is_served(place, &get(&url, &fields)?, &thumbprint)?;
    let proof = fields.dpop.as_ref().or_deviates(place, "a proof", "none")?;
    show(Scene::TokenWorks {
        url: url.clone(),
        token,
        proof: scene::short(proof.expose()),
        thumbprint: thumbprint.clone(),
        answer,
    })?;

    let refresh_token =
        tokens.expose_refresh_token().or_deviates(place, "a refresh token", "none")?;
    let thief = Thief {
        token_endpoint,
        client_id: CLIENT_ID,
        url: url.clone(),
        access_token: Secret::new(tokens.expose_access_token().to_owned()),
        refresh_token: Secret::new(refresh_token.to_owned()),
        proof: Secret::new(proof.expose().to_owned()),
    };
    for trick in Trick::ALL {
        let answer = checks::is_refusal(trick, &thief.tries(trick)?)?;
        let stolen = match trick {
            Trick::RefreshWithAnotherKey => &thief.refresh_token,
            _ => &thief.access_token,
        };
        show(Scene::Theft { trick, token: short(stolen.expose()), answer })?;
    }

    let place = Place("agent_refreshes");
    let again = agent.client.authorize_again("GET", &url, &fields)?;
    let another = again.authorization.expose() != fields.authorization.expose();
    place.expect(another, "a new token", "the old one")?;
    let answer = checks::is_served(place, &get(&url, &again)?, &thumbprint)?;
    let token = again.authorization.expose().split_once(' ').map_or("", |(_, token)| token);
    show(Scene::AgentRefreshes { token: short(token), answer })
}

/// Six characters of the secret half: the half before is the grant's, the same in all of its tokens.
fn short(token: &str) -> String {
    let secret = token.split_once('.').map_or(token, |(_, secret)| secret);
    format!("…{}", scene::short(secret))
}

fn get(url: &str, fields: &AuthorizationFields) -> Result<HttpResponse, Stop> {
    let mut headers = vec![Header::new("Authorization", fields.authorization.expose())];
    headers.extend(fields.dpop.iter().map(|proof| Header::new("DPoP", proof.expose())));
    Ok(wire::get(url, headers)?)
}
