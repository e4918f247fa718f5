//! What `proofkey serve` may be told.

use super::store::{Store, store};
use proofkey_server::dev::{Algorithm, ClientDocuments, Discovery, More};
use proofkey_server::fault::Fault;
use std::net::IpAddr;

pub(super) const AFTER: &str = "\
It has metadata of both kinds, endpoints for authorization, pushed requests,
devices, tokens, revocation, registration and keys, and a resource at /api with
metadata of its own; /api/admin wants the scope `admin`, /api/fresh a strong
and new sign-in, /api/greedy more than there is. It knows one user, who is
always signed in, and speaks plain HTTP on this machine only. It tells each
step of a flow on stderr, and no secret; at /counters it tells what arrived
and how it was answered.

With --fault it does this wrong, to everybody. Without it, it does to the
client `fault-NAME` what --list-faults tells of NAME, and to nobody else.

Examples:
  proofkey serve
  proofkey serve --port 0 --auto-approve --json     for scripts: one line
  proofkey serve --store sqlite:grants.sqlite --client-id my-agent
  proofkey serve --store postgres://proofkey@localhost/grants
  proofkey serve --access-token-lifetime 5 --reuse-window 10
  proofkey serve --require-par --require-dpop --dpop-nonce
  proofkey serve --device-interval 0 --id-token-alg RS256
  proofkey serve --fault iss-wrong                  it sins, to test clients
  RUST_LOG=warn proofkey serve                      without the story

Exit codes: 0 ended by Ctrl-C or SIGTERM, 1 it could not start, 2 wrong usage.";

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The port; 0 leaves the choice to the system
    #[arg(long, value_name = "N", default_value_t = 8600, value_parser = port, allow_negative_numbers = true)]
    pub port: u16,
    /// Where grants and registered clients are kept: `memory`, `sqlite:` and a path,
    /// `postgres://USER@HOST/DATABASE`, whose password may stand in PGPASSWORD, or `redis://HOST`, whose
    /// password may stand in REDISCLI_AUTH
    #[arg(long, value_name = "STORE", default_value = "memory", value_parser = store)]
    pub store: Store,
    /// Allow every right request without asking the user; for tests
    #[arg(long)]
    pub auto_approve: bool,
    /// The client's identifier
    #[arg(long, value_name = "ID", value_parser = client_id)]
    pub client_id: Option<String>,
    /// A redirect URI of the client; may be given more than once. On 127.0.0.1 and ::1 any port
    /// matches
    #[arg(long = "redirect-uri", value_name = "URI", value_parser = redirect_uri)]
    pub redirect_uris: Vec<String>,
    /// A scope that the client may ask for; may be given more than once
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    pub scopes: Vec<String>,
    /// The name of the user who is signed in
    #[arg(long, value_name = "NAME", default_value = "developer", value_parser = line)]
    pub user: String,
    /// Allow an address that others can reach; only behind a proxy that speaks https
    #[arg(long, requires_all = ["bind", "issuer"])]
    pub allow_remote: bool,
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1", value_parser = bind)]
    pub bind: IpAddr,
    /// The server's public address, where it is another than the one it listens on
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// A path for the issuer, where its address is the one that it listens on: /tenant
    #[arg(long, value_name = "PATH", conflicts_with = "issuer", value_parser = issuer_path)]
    pub issuer_path: Option<String>,
    /// Which metadata to serve: `both`, `oauth` (RFC 8414) or `openid` (OpenID Connect Discovery)
    #[arg(long, value_name = "KIND", default_value = "both", value_parser = discovery)]
    pub discovery: Discovery,
    /// How long an access token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = seconds, allow_negative_numbers = true)]
    pub access_token_lifetime: u64,
    /// How long a refresh token lives unused; 0: none is issued
    #[arg(long, value_name = "SECONDS", default_value_t = 1_209_600, value_parser = seconds, allow_negative_numbers = true)]
    pub refresh_token_lifetime: u64,
    /// How long a refresh token that was exchanged may be exchanged again while its successor is
    /// unused: 0 to 30
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = reuse_window)]
    pub reuse_window: u64,
    /// Let no client register itself
    #[arg(long)]
    pub no_registration: bool,
    /// Which clients may be known by the address of a document: `off`, `https`, or `loopback` (https,
    /// and http on this machine)
    #[arg(long, value_name = "KIND", default_value = "https", value_parser = client_documents)]
    pub client_documents: ClientDocuments,
    /// A scope that a token needs at /api; may be given more than once
    #[arg(long = "require-scope", value_name = "SCOPE", value_parser = scope)]
    pub required_scopes: Vec<String>,
    #[command(flatten)]
    pub more: ServeMore,
    /// Do this wrong, on purpose, to every client; --list-faults names them. Several may be given, each
    /// with its own --fault or separated by commas
    #[arg(long = "fault", value_name = "NAME", value_parser = fault, value_delimiter = ',')]
    pub faults: Vec<&'static Fault>,
    /// Print what the server can do wrong, and what a correct client then does
    #[arg(long)]
    pub list_faults: bool,
    /// Print one line of JSON once the server is ready; with --list-faults one JSON document
    #[arg(long)]
    pub json: bool,
    /// Write the log as JSON lines
    #[arg(long)]
    pub log_json: bool,
}

/// A fault, or the names that look like what was said.
fn fault(name: &str) -> Result<&'static Fault, String> {
    Fault::find(name).ok_or_else(|| match Fault::near(name).as_slice() {
        [] => "there is no such fault; --list-faults names them".into(),
        near => format!("there is no such fault; near are {}", near.join(", ")),
    })
}

/// What else the server does.
#[derive(Debug, clap::Args)]
pub struct ServeMore {
    /// Take authorization requests only that were pushed (RFC 9126)
    #[arg(long)]
    pub require_par: bool,
    /// Issue and take tokens only with a proof of a key (RFC 9449)
    #[arg(long)]
    pub require_dpop: bool,
    /// Demand a nonce in every proof of a key
    #[arg(long)]
    pub dpop_nonce: bool,
    /// How long a device waits between polls (RFC 8628): 0 to 3600
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = device_interval)]
    pub device_interval: u64,
    /// How long the codes of a device live: 1 to 86400
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = day)]
    pub device_code_lifetime: u64,
    /// How ID tokens are signed: `ES256` or `RS256`
    #[arg(long, value_name = "ALG", default_value = "ES256", value_parser = id_token_alg)]
    pub id_token_alg: Algorithm,
    /// How long a key signs ID tokens, if not for ever: 1 to 86400
    #[arg(long, value_name = "SECONDS", value_parser = day)]
    pub key_lifetime: Option<u64>,
    /// Make a new key at each POST to /rotate-keys; for tests
    #[arg(long)]
    pub rotate_keys: bool,
    /// Let the resource ask about tokens (RFC 7662); the secret that it shows is made now, and said at the start
    #[arg(long)]
    pub introspection: bool,
    /// Where a browser may go after a sign-out; may be given more than once
    #[arg(long = "post-logout-redirect-uri", value_name = "URI", value_parser = redirect_uri)]
    pub post_logout_redirect_uris: Vec<String>,
    /// How old a sign-in may be at /api/fresh
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = seconds, allow_negative_numbers = true)]
    pub fresh_max_age: u64,
    /// A type of authorization details that is granted (RFC 9396), if not every one; may be given more
    /// than once
    #[arg(long = "authorization-details-type", value_name = "TYPE", value_parser = line)]
    pub details_types: Vec<String>,
}

impl ServeMore {
    /// The same, as the server wants it.
    pub fn options(&self) -> More {
        let mut more = More {
            require_par: self.require_par,
            require_dpop: self.require_dpop,
            dpop_nonce: self.dpop_nonce,
            device_interval_s: self.device_interval,
            device_lifetime_s: self.device_code_lifetime,
            id_token_alg: self.id_token_alg,
            key_lifetime_s: self.key_lifetime,
            rotate_keys: self.rotate_keys,
            introspection: self.introspection,
            fresh_max_age_s: self.fresh_max_age,
            details_types: self.details_types.clone(),
            ..More::default()
        };
        if !self.post_logout_redirect_uris.is_empty() {
            more.post_logout_redirect_uris.clone_from(&self.post_logout_redirect_uris);
        }
        more
    }
}

/// The resource and the well-known addresses are built on it.
fn issuer_path(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    let whole = text.starts_with('/') && !text.ends_with('/') && !text.contains("//");
    if whole && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected a path such as /tenant, without a slash at its end".into())
    }
}

fn discovery(text: &str) -> Result<Discovery, String> {
    match text {
        "both" => Ok(Discovery::Both),
        "oauth" => Ok(Discovery::OAuth),
        "openid" => Ok(Discovery::OpenId),
        _ => Err("expected `both`, `oauth` or `openid`".into()),
    }
}

fn client_documents(text: &str) -> Result<ClientDocuments, String> {
    match text {
        "off" => Ok(ClientDocuments::Off),
        "https" => Ok(ClientDocuments::Https),
        "loopback" => Ok(ClientDocuments::OnLoopback),
        _ => Err("expected `off`, `https` or `loopback`".into()),
    }
}

fn id_token_alg(text: &str) -> Result<Algorithm, String> {
    match text {
        "ES256" => Ok(Algorithm::Es256),
        "RS256" => Ok(Algorithm::Rs256),
        _ => Err("expected `ES256` or `RS256`".into()),
    }
}

fn device_interval(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 0..=3600) => Ok(seconds),
        _ => Err("expected 0 to 3600 seconds".into()),
    }
}

fn day(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(seconds),
        _ => Err("expected 1 to 86400 seconds".into()),
    }
}

/// A hundred years will do: an end is a number of seconds since the epoch, and has to be one for every database.
const MAX_SECONDS: u64 = 100 * 365 * 86_400;

fn seconds(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 0..=MAX_SECONDS) => Ok(seconds),
        _ => Err(format!("expected a number of seconds, 0 to {MAX_SECONDS}")),
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "expected a port, 1 to 65535, or 0 for a free one".into())
}

fn bind(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| "expected an address without a port: 127.0.0.1 or ::1".into())
}

/// RFC 6749 Appendix A.1. In capitals or not, it is compared as it is (§2.2).
fn client_id(text: &str) -> Result<String, String> {
    match text {
        "" => Err("expected an identifier, such as my-agent".into()),
        text if text.bytes().all(|b| matches!(b, 0x20..=0x7e)) => Ok(text.to_owned()),
        _ => Err("expected printable ASCII (RFC 6749 Appendix A.1)".into()),
    }
}

/// RFC 6749 §3.3.
fn scope(text: &str) -> Result<String, String> {
    let is_of_one = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if !text.is_empty() && text.bytes().all(is_of_one) {
        return Ok(text.to_owned());
    }
    Err("expected one scope, of printable ASCII without space, quotation mark and backslash (RFC 6749 §3.3); for \
         several give the option several times"
        .into())
}

/// What people are shown, or what is compared.
fn line(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("expected a line of text".into());
    }
    Ok(text.to_owned())
}

/// P27: half a minute at most.
fn reuse_window(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 0..=30) => Ok(seconds),
        _ => Err("expected 0 to 30 seconds".into()),
    }
}

/// P26: what could not be registered is refused before the server starts.
fn redirect_uri(text: &str) -> Result<String, String> {
    match proofkey::check_redirect_uri(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
