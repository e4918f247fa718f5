//! The forms that programs post: what they are declared as, how they are coded, and each of their parameters.

use super::*;

/// What becomes of a parameter that is empty, or longer than any is.
#[derive(Clone, Copy)]
enum If {
    /// The same as of an honest one.
    Honest,
    Not(Said),
}

use If::{Honest, Not};

const INVALID: Said = Said::Json(400, "invalid_request");
const WRONG: If = Not(INVALID);
const GRANT: Said = Said::Json(400, "invalid_grant");
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CODE: &str = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A name, a right value, and what is answered where it is empty or of 20 KiB.
type Parameter = (&'static str, String, If, If);

struct Endpoint {
    path: &'static str,
    authorization: Option<String>,
    parameters: Vec<Parameter>,
    honest: Said,
}

impl Endpoint {
    fn call(&self, body: impl Into<Vec<u8>>) -> Call {
        self.bare(body).header(FORM.0, FORM.1)
    }

    fn bare(&self, body: impl Into<Vec<u8>>) -> Call {
        let call = Call::new("POST", self.path).body(body);
        match &self.authorization {
            None => call,
            Some(authorization) => call.header("Authorization", authorization.as_str()),
        }
    }

    fn body(&self) -> String {
        let pairs: Vec<(&str, &str)> =
            self.parameters.iter().map(|(name, value, ..)| (*name, value.as_str())).collect();
        form(&pairs)
    }

    /// With another value, as it stands in the form.
    fn with(&self, name: &str, value: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        for (known, right, ..) in &self.parameters {
            body.extend_from_slice(if body.is_empty() { b"" } else { b"&" });
            body.extend_from_slice(format!("{known}=").as_bytes());
            if *known == name {
                body.extend_from_slice(value);
            } else {
                body.extend(form_urlencoded::byte_serialize(right.as_bytes()).flat_map(str::bytes));
            }
        }
        body
    }
}

fn endpoints(secret: &str) -> Vec<Endpoint> {
    let endpoint = |path, parameters, honest| Endpoint {
        path,
        authorization: (path == "/introspect").then(|| secret.to_owned()),
        parameters,
        honest,
    };
    let parameter = |name, value: &str, empty, long| (name, value.to_owned(), empty, long);
    let client = |long| parameter("client_id", "proofkey-dev", WRONG, long);
    let grant_type = |name| {
        let unsupported = Said::Json(400, "unsupported_grant_type");
        parameter("grant_type", name, WRONG, Not(unsupported))
    };
    let unknown = Not(Said::Json(400, "invalid_client"));
    vec![
        // RFC 6749 §4.1.3, RFC 7636 §4.5. Nobody has this code.
        endpoint(
            "/token",
            vec![
                grant_type("authorization_code"),
                client(Honest),
                parameter("code", CODE, WRONG, Honest),
                parameter("redirect_uri", REDIRECT_URI, Honest, Honest),
                parameter("code_verifier", &"a".repeat(43), Honest, Honest),
                parameter("resource", "https://api.example", Honest, Honest),
            ],
            GRANT,
        ),
        // RFC 6749 §6.
        endpoint(
            "/token",
            vec![
                grant_type("refresh_token"),
                client(Honest),
                parameter("refresh_token", CODE, WRONG, Honest),
                parameter("scope", "read", Honest, Honest),
            ],
            GRANT,
        ),
        // RFC 8628 §3.4.
        endpoint(
            "/token",
            vec![grant_type(DEVICE), client(Honest), parameter("device_code", CODE, WRONG, Honest)],
            GRANT,
        ),
        // RFC 7009 §2.1: a token that nobody has is no error.
        endpoint(
            "/revoke",
            vec![
                client(Honest),
                parameter("token", CODE, WRONG, Honest),
                parameter("token_type_hint", "access_token", Honest, Honest),
            ],
            Said::Status(200),
        ),
        // RFC 9126 §2.1, §2.3.
        endpoint(
            "/par",
            vec![
                parameter("response_type", "code", WRONG, WRONG),
                client(unknown),
                parameter("redirect_uri", REDIRECT_URI, WRONG, WRONG),
                parameter("code_challenge", &challenge(), WRONG, WRONG),
                parameter("code_challenge_method", "S256", WRONG, WRONG),
                parameter("state", "state-0123456789", Honest, WRONG),
                parameter("scope", "read", Honest, WRONG),
                parameter("resource", "https://api.example", Honest, WRONG),
            ],
            Said::Status(201),
        ),
        // RFC 8628 §3.1, RFC 8707 §2.
        endpoint(
            "/device_authorization",
            vec![
                client(unknown),
                parameter("scope", "read", Honest, Not(Said::Json(400, "invalid_scope"))),
                parameter(
                    "resource",
                    "https://api.example",
                    Honest,
                    Not(Said::Json(400, "invalid_target")),
                ),
            ],
            Said::Status(200),
        ),
        // RFC 7662 §2.1.
        endpoint(
            "/introspect",
            vec![
                parameter("token", CODE, WRONG, Honest),
                parameter("token_type_hint", "access_token", Honest, Honest),
            ],
            Said::Status(200),
        ),
    ]
}

/// Those of the table of routes, so that none is left out here either.
#[tokio::test]
async fn every_endpoint_that_takes_forms_is_here() {
    let mut here: Vec<_> = endpoints("").iter().map(|endpoint| endpoint.path).collect();
    here.sort_unstable();
    here.dedup();
    let forms = routes::ROUTES.iter().filter(|(_, _, takes)| *takes == routes::Takes::Form);
    assert_eq!(here, forms.map(|(path, ..)| *path).collect::<Vec<_>>());
}

/// RFC 6749 §3.2, Appendix B: a form, and nothing else, is a form. Its parameters do not matter.
#[tokio::test]
async fn what_is_declared_as_something_else_is_refused() {
    let (server, secret) = serving().await;
    for endpoint in endpoints(&secret) {
        let body = endpoint.body();
        for (content_type, said) in [
            ("application/x-www-form-urlencoded", endpoint.honest),
            ("Application/X-WWW-Form-URLencoded", endpoint.honest),
            ("application/x-www-form-urlencoded; charset=UTF-8", endpoint.honest),
            ("application/x-www-form-urlencoded ;charset=\"iso-8859-1\";x=y", endpoint.honest),
            ("", INVALID),
            ("application/json", INVALID),
            ("text/plain; charset=utf-8", INVALID),
            ("multipart/form-data; boundary=x", INVALID),
            ("application/x-www-form-urlencodedx", INVALID),
            ("application/x-www-form-urlencoded, text/plain", INVALID),
            ("application/x-www-form-urlencoded\u{fc}", INVALID),
            (";", INVALID),
        ] {
            let what = format!("{} as {content_type:?}", endpoint.path);
            let call = endpoint.bare(body.as_str()).header("Content-Type", content_type);
            said.is(&call.send(&server, &what).await, &what);
        }
        let what = format!("{} as nothing", endpoint.path);
        INVALID.is(&endpoint.bare(body.as_str()).send(&server, &what).await, &what);
        let twice = endpoint.call(body.as_str()).header(FORM.0, FORM.1);
        INVALID.is(&twice.send(&server, "twice a form").await, "twice a form");
    }
    still_serves(&server).await;
}

/// RFC 9110 §8.4, §15.5.16.
#[tokio::test]
async fn what_is_coded_is_refused() {
    let (server, secret) = serving().await;
    for endpoint in endpoints(&secret) {
        for (coding, said) in [
            ("gzip", Said::Json(415, "invalid_request")),
            ("identity, br", Said::Json(415, "invalid_request")),
            ("", Said::Json(415, "invalid_request")),
            ("identity", endpoint.honest),
        ] {
            let what = format!("{} coded as {coding:?}", endpoint.path);
            let call = endpoint.call(endpoint.body()).header("Content-Encoding", coding);
            said.is(&call.send(&server, &what).await, &what);
        }
    }
    still_serves(&server).await;
}

/// RFC 6749 §3.2, Appendix B: no parameter twice, and each has one meaning. What is not known is passed over.
#[tokio::test]
async fn each_parameter_is_there_once_and_readable() {
    let (server, secret) = serving().await;
    for endpoint in endpoints(&secret) {
        let honest = endpoint.body();
        for (name, _, empty, long) in &endpoint.parameters {
            let encoded = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
            for more in [format!("{name}="), format!("{name}=another"), format!("{encoded}=evil")] {
                let what = format!("{}: {name} and {more}", endpoint.path);
                let call = endpoint.call(format!("{honest}&{more}"));
                INVALID.is(&call.send(&server, &what).await, &what);
            }
            for value in [
                &b"%"[..],
                b"%4",
                b"%zz",
                b"a%",
                b"%00",
                b"a\0b",
                b"%ff",
                b"\xff",
                b"%c0%af",
                b"%ed%a0%80",
                b"\xc3",
                b"%u0041",
            ] {
                let what = format!("{}: {name}={value:?}", endpoint.path);
                let call = endpoint.call(endpoint.with(name, value));
                INVALID.is(&call.send(&server, &what).await, &what);
            }
            let long_value = vec![b'a'; 20 * 1024];
            for (value, what, becomes) in [(Vec::new(), "empty", empty), (long_value, "long", long)]
            {
                let what = format!("{}: {name} is {what}", endpoint.path);
                let said = match becomes {
                    Honest => endpoint.honest,
                    Not(said) => *said,
                };
                let call = endpoint.call(endpoint.with(name, &value));
                said.is(&call.send(&server, &what).await, &what);
            }
        }
        for more in ["unknown=1", "=evil", "&&&", "x", "%75nknown=%C3%BC", "a=+&b=%2B"] {
            let what = format!("{}: and {more}", endpoint.path);
            let call = endpoint.call(format!("{honest}&{more}"));
            endpoint.honest.is(&call.send(&server, &what).await, &what);
        }
        let many: String = (0..65).map(|n| format!("p{n}=&")).collect();
        let json = "{\"client_id\":\"proofkey-dev\"}";
        for body in ["", "&&", "=", json, &format!("{honest}&{many}")] {
            let what = format!("{}: {body:.40}", endpoint.path);
            INVALID.is(&endpoint.call(body).send(&server, &what).await, &what);
        }
    }
    still_serves(&server).await;
}
