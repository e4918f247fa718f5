//! The authorization server's jobs, on the store in memory. The peer has no server.

use crate::Failure;
use crate::inputs::{self, CHALLENGE, CLIENT_ID, ISSUER, NOW, REDIRECT_URI, SCOPES, VERIFIER};
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::policy::Policy;
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::GrantRequest;
use proofkey_server::clock::Clock;
use proofkey_server::drive::{run_issue, run_redeem};
use proofkey_server::narrate::Narrator;
use proofkey_server::store::MemoryStore;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// So many grants fit. With one grant a second and tokens that live for an hour the store is as full
/// as it gets, and forgets old grants while it is measured.
const CAPACITY: usize = 4096;

/// So many codes may wait for their redemption at once: they live for 60 s, and each issue moves the
/// clock by one.
pub const WAITING: u64 = 32;

/// A server with one client.
pub struct Server {
    store: MemoryStore,
    clock: Clock,
    narrator: Narrator,
    policy: Policy,
    client: ClientRecord,
    query: String,
}

impl Server {
    /// Makes it.
    ///
    /// # Errors
    /// Never with the inputs of this crate.
    pub fn new() -> Result<Self, Failure> {
        let clock = Clock::manual(NOW);
        Ok(Self {
            store: MemoryStore::with_clock(CAPACITY, clock.clone()),
            clock,
            narrator: Narrator::new(),
            policy: Policy::new(ISSUER)?,
            client: ClientRecord {
                client_id: CLIENT_ID.into(),
                name: "An agent".into(),
                redirect_uris: vec!["http://127.0.0.1/callback".into()],
                scopes: SCOPES.map(String::from).to_vec(),
                may_refresh: false,
            },
            query: format!(
                "response_type=code&client_id={CLIENT_ID}\
                 &redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback&scope=read%20write\
                 &state=xyz&code_challenge={CHALLENGE}&code_challenge_method=S256"
            ),
        })
    }

    /// Judges an authorization request, stores its grant, and gives the body of the token request for
    /// the code that came of it.
    ///
    /// # Errors
    /// When no code is issued.
    pub fn issue(&self) -> Result<String, Failure> {
        self.clock.advance(1);
        let request = GrantRequest::judge(&self.query, &self.client, &self.policy)
            .map_err(|refusal| format!("{refusal:?}"))?;
        let approval = Approval { subject: "ann".into(), scopes: request.scopes().to_vec() };
        let flow = Issue::new(request, approval, &self.policy)?;
        let outcome = at_once(run_issue(&self.store, flow, &self.narrator))??;
        let code = inputs::raw_parameter(outcome.location.expose(), "code").ok_or("no code")?;
        Ok(format!(
            "grant_type=authorization_code&code={code}&client_id={CLIENT_ID}\
             &redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}"
        ))
    }

    /// Redeems a code by a body of [`Server::issue`].
    ///
    /// # Errors
    /// When the answer holds no token.
    pub fn redeem(&self, body: &str) -> Result<TokenAnswer, Failure> {
        let content_type = Some("application/x-www-form-urlencoded");
        let flow = Redeem::new(body.as_bytes(), content_type, None, &self.policy);
        let answer = at_once(run_redeem(&self.store, flow, &self.narrator))??;
        if answer.status == 200 { Ok(answer) } else { Err(answer.audit.name().into()) }
    }
}

/// The value of a future that does not wait; the store in memory never does.
fn at_once<T>(future: impl Future<Output = T>) -> Result<T, &'static str> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err("the store in memory waited"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_redeemed_once_and_the_store_stays_usable() -> Result<(), Failure> {
        let server = Server::new()?;
        let body = server.issue()?;
        assert!(server.redeem(&body)?.body.expose().contains("\"access_token\""));
        assert!(server.redeem(&body).is_err());

        let waiting = (0..WAITING).map(|_| server.issue()).collect::<Result<Vec<_>, _>>()?;
        for body in &waiting {
            server.redeem(body)?;
        }
        // Once around: the store forgets old grants and goes on.
        for _ in 0..CAPACITY * 2 {
            server.redeem(&server.issue()?)?;
        }
        Ok(())
    }
}
