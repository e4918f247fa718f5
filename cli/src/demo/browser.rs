//! The user's browser, played by an HTTP client: it asks the server and carries the answer back.

use super::Stop;
use super::checks::{Expect as _, Place};
use super::wire::{self, header};
use proofkey::http::HttpResponse;
use proofkey::secret::Secret;

/// What the browser got from the authorization endpoint.
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Where it is sent. It holds the code.
    pub location: Secret,
}

/// Asks the authorization endpoint. The development server says yes for the user.
pub fn ask(url: &str) -> Result<Answered, Stop> {
    let place = Place("browser_asks");
    let answer = wire::get(url, Vec::new())?;
    let location = header(&answer, "location").map(str::to_owned);
    let found = format!("{} without a Location", answer.status);
    let location = location.or_deviates(place, "a redirect", &found)?;
    Ok(Answered { status: answer.status, location: Secret::new(location) })
}

/// Follows the redirect to the agent's receiver; gives the page that the user sees.
pub fn follow(answered: &Answered) -> Result<HttpResponse, Stop> {
    Ok(wire::get(answered.location.expose(), Vec::new())?)
}
