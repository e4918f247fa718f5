//! Authorization servers that others wrote, and a user with a browser at them.
#![allow(clippy::panic, reason = "a test that goes on would hide why")]

use super::{parameter, visit};
use proofkey_client::Browser;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Error as IoError};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use ureq::Agent;
use ureq::http::Response;

/// A running server. Its standard input is a pipe from here: when this process ends, however it ends, the
/// pipe does, and the server with it.
pub struct Foreign {
    _child: Child,
    /// The line of JSON that it said once it listened.
    pub said: Value,
}

impl Foreign {
    /// Starts it by its name and options (`tests/interop/serve`).
    pub fn start(name: &[&str]) -> Self {
        let start = std::env::var_os("PROOFKEY_INTEROP_SERVE").expect(
            "PROOFKEY_INTEROP_SERVE must name the program that starts servers: use tests/interop/run",
        );
        let mut child = Command::new(start)
            .args(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server did not start");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The line that says that it listens; its end without one is a failure.
        let ready = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with('{'));
        // What it says later is read too: a pipe without a reader would end it.
        std::thread::spawn(move || lines.for_each(drop));
        let said = serde_json::from_str(&ready.expect("the server ended")).unwrap();
        Self { _child: child, said }
    }

    pub fn issuer(&self) -> &str {
        self.said["issuer"].as_str().unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer())
    }

    /// RFC 7662.
    pub fn introspect(&self, token: &str, client_id: &str) -> Value {
        let form = [("token", token), ("client_id", client_id)];
        let (status, body) = json(agent().post(self.url("/token/introspection")).send_form(form));
        assert_eq!(status, 200, "{body}");
        body
    }

    /// What the endpoint says to a token that is sent in this way (OpenID Connect Core §5.3).
    pub fn userinfo(&self, scheme: &str, token: &str) -> (u16, Value) {
        let authorization = format!("{scheme} {token}");
        json(agent().get(self.url("/me")).header("Authorization", authorization).call())
    }

    /// A browser of its own for this user, who comes back to the program.
    pub fn browser(&'static self, user: User) -> Browser {
        Browser::custom(move |url| {
            // The address that it comes back to may have been pushed, and not be in the URL.
            self.arrive(&Visit::new(self, user).sign_in(url)?)
        })
    }

    /// Brings the redirect to the program that listens for it.
    pub fn arrive(&self, location: &str) -> Result<(), IoError> {
        let (redirect_uri, query) = location.split_once('?').unwrap();
        // RFC 9207: these servers promise it, on success and on errors.
        assert_eq!(parameter(location, "iss"), self.issuer());
        assert_eq!(visit(redirect_uri, query), "200");
        Ok(())
    }
}

/// What the user does at the consent page.
#[derive(Clone, Copy)]
pub enum User {
    Allows,
    SaysNo,
}

pub fn agent() -> Agent {
    Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent()
}

pub type Answer = Result<Response<ureq::Body>, ureq::Error>;

pub fn json(answer: Answer) -> (u16, Value) {
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// Where a redirect goes to.
pub fn location(answer: Answer) -> String {
    answer.unwrap().headers()["location"].to_str().unwrap().to_owned()
}

/// A browser with a cookie jar and a user, at one server.
#[derive(Clone)]
pub struct Visit<'a> {
    server: &'a Foreign,
    pub agent: Agent,
    user: User,
}

/// Where the forms of a visit have led to.
enum End {
    Location(String),
    Page(String),
}

impl<'a> Visit<'a> {
    pub fn new(server: &'a Foreign, user: User) -> Self {
        Self { server, agent: agent(), user }
    }

    /// Follows redirects and answers the forms, until the server sends it elsewhere. Gives that address.
    pub fn sign_in(&self, url: &str) -> Result<String, IoError> {
        match self.go(url) {
            End::Location(location) => Ok(location),
            End::Page(page) => Err(IoError::other(page)),
        }
    }

    /// What the first form that it is shown is for.
    pub fn first_form(&self, url: &str) -> String {
        let answer = self.agent.get(url).call();
        let interaction = absolute(self.server, &location(answer));
        let page = self.agent.get(interaction).call().unwrap().body_mut().read_to_string().unwrap();
        fields(&page).into_iter().find(|(name, _)| name == "prompt").unwrap().1
    }

    /// The same as `sign_in`, until there is no form left. Gives the last page.
    pub fn finish(&self, url: &str) -> String {
        match self.go(url) {
            End::Page(page) => page,
            End::Location(location) => panic!("the browser was sent to {location}"),
        }
    }

    fn go(&self, url: &str) -> End {
        let here = self.server.url("/");
        let mut denied = false;
        let mut answer = self.agent.get(url).call().unwrap();
        for _ in 0..20 {
            if answer.status().is_redirection() {
                let next = location(Ok(answer));
                let next = absolute(self.server, &next);
                if !next.starts_with(&here) {
                    return End::Location(next);
                }
                answer = self.agent.get(next).call().unwrap();
                continue;
            }
            let status = answer.status();
            let page = answer.body_mut().read_to_string().unwrap();
            let action = attribute(&page, "<form ", "action");
            // What comes after a no is another form at most, for another code.
            let Some(action) = action.filter(|_| !denied) else {
                return End::Page(format!("{status}: {page}"));
            };
            let mut form = fields(&page);
            let prompt = form.iter().find(|(name, _)| name == "prompt").map(|(_, text)| &**text);
            answer = match (prompt, self.user) {
                (Some("login"), _) => {
                    form.extend([("login", "alice"), ("password", "x")].map(owned));
                    self.agent.post(action).send_form(form)
                }
                (Some("consent"), User::SaysNo) => {
                    denied = true;
                    let no = attribute(&page, "<a ", "href").unwrap();
                    self.agent.get(absolute(self.server, &no)).call()
                }
                _ => self.agent.post(action).send_form(form),
            }
            .unwrap();
        }
        panic!("the forms go round in circles");
    }
}

fn absolute(server: &Foreign, address: &str) -> String {
    if address.starts_with('/') { server.url(address) } else { address.to_owned() }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// What the form holds, and the button that the key Enter presses.
fn fields(page: &str) -> Vec<(String, String)> {
    let tags = page.split('<').map(|rest| rest.split('>').next().unwrap());
    let field = |tag: &str| Some((quoted(tag, "name")?, quoted(tag, "value")?));
    let sent = |tag: &&str| tag.starts_with("input ") || tag.starts_with("button autofocus ");
    tags.filter(sent).filter_map(field).collect()
}

/// The attribute of the first such tag.
fn attribute(page: &str, tag: &str, name: &str) -> Option<String> {
    quoted(page.split_once(tag)?.1.split_once('>')?.0, name)
}

fn quoted(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
    Some(value.replace("&amp;", "&"))
}
