//! The honest agent: it drives the sign-in flow step by step, so that each step can be shown.

use super::Stop;
use super::checks::{Expect as _, Place};
use super::interrupt::Interrupt;
use crate::error::CliError;
use proofkey::flow::sign_in::{SignIn, SignInConfig};
use proofkey::http::{HttpRequest, HttpResponse};
use proofkey::loopback::{LoopbackReceiver, Received};
use proofkey::step::{Event, Step};
use proofkey::token::TokenSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The agent, between two steps.
pub struct Agent {
    flow: SignIn,
    receiver: Option<LoopbackReceiver>,
    waits_until: Instant,
}

/// What the agent hands to the browser.
pub struct Question {
    /// The authorization URL.
    pub url: String,
    /// Where the answer is to arrive.
    pub redirect_uri: String,
}

/// What is wrong when a step comes that the flow cannot take here.
fn surprise(place: Place, expected: &str, step: &Step) -> Stop {
    let found = match step {
        Step::Await { refused, .. } => format!(
            "a refusal of the redirect ({})",
            refused.map_or("none", |refused| refused.code())
        ),
        step => format!("the step {}", step.name()),
    };
    place.deviates(expected, found)
}

impl Agent {
    /// The agent before it has done anything.
    pub fn new(config: SignInConfig) -> Result<Self, CliError> {
        Ok(Self { flow: SignIn::new(config)?, receiver: None, waits_until: Instant::now() })
    }

    /// Opens the receiver, makes verifier, state and challenge, and asks for the browser.
    pub fn prepare(&mut self, interrupt: &Interrupt) -> Result<Question, Stop> {
        let place = Place("agent_prepares");
        let listen = match self.flow.advance(Event::Start, now())? {
            Step::Listen(listen) => listen,
            step => return Err(surprise(place, "the step Listen", &step)),
        };
        let receiver = LoopbackReceiver::bind(&listen)?;
        interrupt.ends(receiver.canceller());
        let port = receiver.port();
        self.receiver = Some(receiver);
        match self.flow.advance(Event::Listening { port }, now())? {
            Step::Browse { url, redirect_uri, deadline_ms } => {
                self.waits_until = Instant::now() + Duration::from_millis(deadline_ms);
                Ok(Question { url, redirect_uri })
            }
            step => Err(surprise(place, "the step Browse", &step)),
        }
    }

    /// Waits for the redirect, checks it, and gives the token request that is to be sent.
    pub fn take_redirect(&mut self) -> Result<HttpRequest, Stop> {
        let place = Place("redirect_arrives");
        let left = self.waits_until.saturating_duration_since(Instant::now());
        let received = match &self.receiver {
            Some(receiver) => receiver.wait(left)?,
            None => return Err(place.deviates("a receiver that listens", "none")),
        };
        let event = match received {
            Received::Redirect(uri) => Event::Redirect { uri },
            Received::Elapsed => Event::Elapsed,
            Received::Cancelled => return Err(Stop::Interrupted),
        };
        match self.flow.advance(event, now())? {
            Step::Send { request, .. } => {
                // The flow waits for nothing more from the browser: the port is closed.
                self.receiver = None;
                Ok(request)
            }
            step => Err(surprise(place, "the step Send", &step)),
        }
    }

    /// Takes the token endpoint's answer.
    pub fn take_tokens(&mut self, answer: HttpResponse) -> Result<TokenSet, Stop> {
        let place = Place("agent_redeems");
        // The server's refusal is no failure of this program: it is not what had to come.
        let step = self.flow.advance(Event::Response(answer), now());
        match step
            .map_err(|error| place.deviates("a token for the honest agent", error.to_string()))?
        {
            Step::Done => self.flow.outcome().or_deviates(place, "an outcome", "none"),
            step => Err(surprise(place, "the step Done", &step)),
        }
    }
}

/// The clock, in seconds since the epoch.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
