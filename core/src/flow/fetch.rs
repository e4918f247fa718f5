//! One document that may lie at several addresses: they are asked one after the other, and the first
//! valid one wins (P12, M1). `docs/decisions/discovery.md` says which answer means what.

use crate::error::{Error, cleaned};
use crate::http::{HttpRequest, HttpResponse, MAX_BODY};
use crate::step::{Event, Step};

/// How long one document may take, in milliseconds.
const TIMEOUT_MS: u64 = 15_000;

/// The addresses of one document.
#[derive(Debug)]
pub(crate) struct Fetch {
    document: &'static str,
    /// Those that were not asked yet, the next one last.
    left: Vec<String>,
    /// The one that is being asked.
    url: String,
    /// Those that were asked in vain, and what they answered, for the message.
    tried: String,
    /// What was wrong with the first document that was there and could not be used.
    invalid: Option<Error>,
}

/// What an answer came to.
pub(crate) enum Fetched<T> {
    /// The document.
    Document(T),
    /// The next address is asked.
    Next(Step),
}

impl Fetch {
    /// The addresses in their order; none is asked twice.
    pub(crate) fn new(document: &'static str, urls: Vec<String>) -> Self {
        let mut left: Vec<String> = Vec::new();
        for url in urls {
            if !left.contains(&url) {
                left.push(url);
            }
        }
        left.reverse();
        let tried = String::new();
        Self { document, left, url: String::new(), tried, invalid: None }
    }

    /// Asks the next address.
    ///
    /// # Errors
    /// Where there is none left: what was wrong with the first document that was there, else that there
    /// was none.
    pub(crate) fn next(&mut self) -> Result<Step, Error> {
        let Some(url) = self.left.pop() else {
            let tried = core::mem::take(&mut self.tried);
            let document = self.document;
            let none = Error::MetadataNotFound { document, tried };
            return Err(self.invalid.take().unwrap_or(none));
        };
        self.url = url;
        Ok(Step::Send { request: HttpRequest::get_json(&self.url, TIMEOUT_MS), finish: false })
    }

    /// Judges what answered. `read` reads the document that was at the address it is given.
    ///
    /// # Errors
    /// Whatever ends the search; every error is final.
    pub(crate) fn answer<T>(
        &mut self,
        event: Event,
        read: impl FnOnce(&[u8], &str) -> Result<T, Error>,
    ) -> Result<Fetched<T>, Error> {
        let response = match event {
            Event::Response(response) => response,
            // A document that cannot be fetched is not a document that is absent.
            Event::Unreachable { reason, detail } => {
                let detail = cleaned(&detail);
                return Err(Error::Unreachable { endpoint: self.document, reason, detail });
            }
            Event::Cancel => return Err(Error::Cancelled),
            event => {
                return Err(Error::UnexpectedEvent { event: event.name(), step: "Send" });
            }
        };
        let status = response.status;
        let malformed =
            |reason| Error::MalformedResponse { endpoint: self.document, status, reason };
        if response.body.len() as u64 > MAX_BODY {
            return Err(malformed("is larger than 64 KiB"));
        }
        match status {
            200 if is_json(&response) => match read(&response.body, &self.url) {
                Ok(document) => return Ok(Fetched::Document(document)),
                Err(defect @ Error::InvalidMetadata { .. }) => {
                    self.invalid.get_or_insert(defect);
                }
                Err(end) => return Err(end),
            },
            // A page for every address, as sites of a single page have.
            200 => self.note("HTTP 200, not application/json"),
            300..=399 => return Err(Error::RedirectRefused { endpoint: self.document, status }),
            408 | 429 | 500..=599 => {
                let what = format!("HTTP {status}");
                return Err(Error::ServerUnavailable { what, description: None });
            }
            400..=499 => self.note(&format!("HTTP {status}")),
            _ => return Err(malformed("has a status that no metadata has (RFC 8414 §3.2)")),
        }
        self.next().map(Fetched::Next)
    }

    fn note(&mut self, what: &str) {
        if !self.tried.is_empty() {
            self.tried.push_str(", ");
        }
        self.tried.push_str(&self.url);
        self.tried.push_str(" (");
        self.tried.push_str(what);
        self.tried.push(')');
    }
}

fn is_json(response: &HttpResponse) -> bool {
    response.is_json()
}
