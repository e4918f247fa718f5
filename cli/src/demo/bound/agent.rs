//! The honest agent: the client library as a program uses it, with a key of its own.

use crate::demo::browser;
use crate::demo::checks::Parameters;
use crate::demo::host::{CALLBACK, CLIENT_ID, SCOPE, ServerFacts};
use crate::error::CliError;
use proofkey_client::{Browser, Client, Dpop};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the agent waits for the redirect.
const BROWSE: Duration = Duration::from_secs(10);

/// What the browser was sent with, as everybody could read it who saw it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The authorization endpoint.
    pub endpoint: String,
    /// The thumbprint of the agent's key (RFC 9449 §10).
    pub thumbprint: String,
    /// What the server answered to the browser.
    pub status: u16,
}

/// The agent, and what its browser sees.
pub struct Agent {
    /// Its client.
    pub client: Client,
    asked: Arc<Mutex<Asked>>,
}

impl Agent {
    /// Nothing has happened yet.
    pub fn new(server: &ServerFacts) -> Result<Self, CliError> {
        let asked = Arc::new(Mutex::new(Asked::default()));
        let seen = Arc::clone(&asked);
        let browser = Browser::custom(move |url| {
            let (url, seen) = (url.to_owned(), Arc::clone(&seen));
            // Beside the agent, as a real one: it waits for the redirect meanwhile. Where the browser fails none
            // comes, and the agent says so.
            std::thread::Builder::new().name("proofkey-browser".into()).spawn(move || {
                if let Ok(answered) = browser::ask(&url) {
                    let thumbprint = Parameters::of_url(&url).only("dpop_jkt").map(str::to_owned);
                    *seen.lock().unwrap_or_else(PoisonError::into_inner) = Asked {
                        endpoint: url.split('?').next().unwrap_or_default().to_owned(),
                        thumbprint: thumbprint.unwrap_or_default(),
                        status: answered.status,
                    };
                    let _ = browser::follow(&answered);
                }
            })?;
            Ok(())
        });
        let client = Client::builder()
            .issuer(server.issuer.as_str())
            .resource(server.resource.as_str())
            .client_id(CLIENT_ID)
            .scopes([SCOPE])
            .redirect_path(CALLBACK)
            .dpop(Dpop::Required)
            .browse_timeout(BROWSE)
            .browser(browser)
            .build()?;
        Ok(Self { client, asked })
    }

    /// What the browser was sent with.
    pub fn asked(&self) -> Asked {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
