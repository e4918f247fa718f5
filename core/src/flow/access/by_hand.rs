//! The endpoints of an issuer that are given by hand: with the two that a sign-in needs, or not at all.

use super::Endpoints;
use crate::error::Error;
use crate::uri;

impl Endpoints {
    /// An empty text is one that was not given.
    ///
    /// A promise of the caller's is never left out without a word: who says that the server promises `iss`
    /// (RFC 9207 §3), and leaves the endpoints to its metadata, would believe it and not be heard.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |field, reason| Err(Error::InvalidConfiguration { field, reason });
        let (authorization, token) = (&self.authorization_endpoint, &self.token_endpoint);
        match (authorization.is_empty(), token.is_empty()) {
            (true, true) => refuse(self.first_beside(), ALONE),
            (true, false) => refuse("authorization_endpoint", MISSING),
            (false, true) => refuse("token_endpoint", MISSING),
            (false, false) => Ok(()),
        }
    }

    /// The first that is given beside those two.
    fn first_beside(&self) -> &'static str {
        let mut beside = self.beside().into_iter();
        match beside.find(|(_, url)| url.is_some()) {
            Some((field, _)) => field,
            None if self.iss_promised => "iss_promised",
            None => "endpoints",
        }
    }

    /// Each is fit to be asked.
    pub(super) fn check_urls(&self) -> Result<(), Error> {
        uri::check_authorization_endpoint(&self.authorization_endpoint)?;
        uri::check_endpoint("token_endpoint", &self.token_endpoint)?;
        self.beside()
            .into_iter()
            .try_for_each(|(field, url)| url.map_or(Ok(()), |url| uri::check_endpoint(field, url)))
    }

    const fn beside(&self) -> [(&'static str, Option<&String>); 5] {
        [
            ("revocation_endpoint", self.revocation_endpoint.as_ref()),
            (
                "pushed_authorization_request_endpoint",
                self.pushed_authorization_request_endpoint.as_ref(),
            ),
            ("device_authorization_endpoint", self.device_authorization_endpoint.as_ref()),
            ("jwks_uri", self.jwks_uri.as_ref()),
            ("end_session_endpoint", self.end_session_endpoint.as_ref()),
        ]
    }
}

const ALONE: &str = "is given without authorization_endpoint and token_endpoint; give both, or leave it out: then \
                     the issuer's metadata names them";

const MISSING: &str = "is missing, although the other endpoint is given; give both, or neither: then the issuer's \
                       metadata names them";

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://as.example/x";

    fn none() -> Endpoints {
        Endpoints {
            authorization_endpoint: String::new(),
            token_endpoint: String::new(),
            revocation_endpoint: None,
            pushed_authorization_request_endpoint: None,
            device_authorization_endpoint: None,
            jwks_uri: None,
            end_session_endpoint: None,
            iss_promised: false,
        }
    }

    fn said(endpoints: &Endpoints) -> String {
        endpoints.check().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_stands_beside_endpoints_is_never_left_out_silently() {
        let promise = Endpoints { iss_promised: true, ..none() };
        assert!(said(&promise).starts_with("iss_promised is given without authorization_endpoint"));
        let url = || Some(URL.to_owned());
        for (field, given) in [
            ("revocation_endpoint", Endpoints { revocation_endpoint: url(), ..none() }),
            (
                "pushed_authorization_request_endpoint",
                Endpoints { pushed_authorization_request_endpoint: url(), ..none() },
            ),
            (
                "device_authorization_endpoint",
                Endpoints { device_authorization_endpoint: url(), ..none() },
            ),
            ("jwks_uri", Endpoints { jwks_uri: url(), ..none() }),
            ("end_session_endpoint", Endpoints { end_session_endpoint: url(), ..none() }),
            ("endpoints", none()),
        ] {
            let said = said(&given);
            assert!(said.starts_with(&format!("{field} is given without")), "{said}");
        }
    }

    #[test]
    fn one_endpoint_wants_the_other() {
        let authorization = Endpoints { authorization_endpoint: URL.into(), ..none() };
        assert!(said(&authorization).starts_with("token_endpoint is missing"));
        let token = Endpoints { token_endpoint: URL.into(), ..none() };
        assert!(said(&token).starts_with("authorization_endpoint is missing"));
        let both = Endpoints { token_endpoint: URL.into(), iss_promised: true, ..authorization };
        assert_eq!(said(&both), "");
    }
}
