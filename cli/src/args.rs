//! What the command line may say.

use clap::{Parser, Subcommand};
use proofkey::challenge::CodeChallenge;
use proofkey_server::dev::{ClientDocuments, Discovery};
use std::net::IpAddr;
use std::path::PathBuf;

const ABOUT: &str = "PKCE (RFC 7636) for programs that cannot keep a secret";

const AFTER: &str = "\
Examples:
  proofkey demo                      a sign-in, and a thief who gains nothing
  proofkey serve --auto-approve      a server to develop against
  proofkey pair                      a fresh verifier and its challenge
  proofkey verify CHALLENGE < FILE   is the verifier in FILE the right one?

Exit codes:
  0    done; `verify`: it matches; `demo`: every step did what it shows
  1    the answer is no, or something failed
  2    wrong usage
  130  interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP);
       `serve`, which ends in that way only, gives 0

Errors are one line on stderr: `proofkey: CODE: what was wrong. What to do.`
There is no colour where NO_COLOR is set, TERM is dumb, or nobody looks.";

/// PKCE (RFC 7636) for programs that cannot keep a secret.
#[derive(Debug, Parser)]
#[command(
    name = "proofkey",
    version,
    about = ABOUT,
    max_term_width = 79,
    disable_help_subcommand = true,
    after_help = AFTER,
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show a sign-in with PKCE and the theft of its code, over real HTTP on this machine
    #[command(after_help = DEMO_AFTER)]
    Demo(Demo),
    /// Run a development authorization server until Ctrl-C
    #[command(after_help = SERVE_AFTER)]
    Serve(Box<Serve>),
    /// Make a fresh code verifier and its code challenge
    #[command(after_help = PAIR_AFTER)]
    Pair(Pair),
    /// Say whether the verifier on stdin belongs to a code challenge
    #[command(after_help = VERIFY_AFTER)]
    Verify(Verify),
}

const DEMO_AFTER: &str = "\
It starts the development server on SQLite in a temporary folder, signs an
agent in over loopback HTTP, and lets a thief try the code that he saw. What
it shows comes from real answers, and each is checked.

Examples:
  proofkey demo
  proofkey demo --json | jq .verdict
  proofkey demo --data ./kept && sqlite3 ./kept/demo.sqlite .dump

Exit codes: 0 every step did what it shows, 1 one did not or something failed,
2 wrong usage, 130 interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP).";

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Print one JSON document instead of the story
    #[arg(long)]
    pub json: bool,
    /// Keep the server's database in this folder (demo.sqlite), to be looked at afterwards; without
    /// it the database is deleted
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const SERVE_AFTER: &str = "\
It has metadata of both kinds, endpoints for authorization, tokens, revocation
and registration, and a resource at /api with metadata of its own. It knows one
user, who is always signed in, and speaks plain HTTP on this machine only. It
tells each step of a flow on stderr, and no secret; at /counters it tells what
arrived and how it was answered.

Examples:
  proofkey serve
  proofkey serve --port 0 --auto-approve --json     for scripts: one line
  proofkey serve --store sqlite:grants.sqlite --client-id my-agent
  proofkey serve --access-token-lifetime 5 --reuse-window 10
  RUST_LOG=warn proofkey serve                      without the story

Exit codes: 0 ended by Ctrl-C or SIGTERM, 1 it could not start, 2 wrong usage.";

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The port; 0 leaves the choice to the system
    #[arg(long, value_name = "N", default_value_t = 8600)]
    pub port: u16,
    /// Where grants are kept: `memory`, or `sqlite:` and a path
    #[arg(long, value_name = "STORE", default_value = "memory", value_parser = store)]
    pub store: Store,
    /// Allow every right request without asking the user; for tests
    #[arg(long)]
    pub auto_approve: bool,
    /// The client's identifier
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// A redirect URI of the client; may be given more than once. On 127.0.0.1 and ::1 any port
    /// matches
    #[arg(long = "redirect-uri", value_name = "URI", value_parser = redirect_uri)]
    pub redirect_uris: Vec<String>,
    /// A scope that the client may ask for; may be given more than once
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// The name of the user who is signed in
    #[arg(long, value_name = "NAME", default_value = "developer")]
    pub user: String,
    /// Allow an address that others can reach; only behind a proxy that speaks https
    #[arg(long, requires_all = ["bind", "issuer"])]
    pub allow_remote: bool,
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
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
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub access_token_lifetime: u64,
    /// How long a refresh token lives unused; 0: none is issued
    #[arg(long, value_name = "SECONDS", default_value_t = 1_209_600)]
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
    #[arg(long = "require-scope", value_name = "SCOPE")]
    pub required_scopes: Vec<String>,
    /// Print one line of JSON once the server is ready
    #[arg(long)]
    pub json: bool,
    /// Write the log as JSON lines
    #[arg(long)]
    pub log_json: bool,
}

/// Where grants are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// In memory, gone at the end.
    Memory,
    /// In a SQLite file.
    Sqlite(PathBuf),
}

fn store(text: &str) -> Result<Store, String> {
    match text.split_once(':') {
        None if text == "memory" => Ok(Store::Memory),
        Some(("sqlite", path)) if !path.is_empty() => Ok(Store::Sqlite(path.into())),
        _ => Err("expected `memory`, or `sqlite:` and a path".into()),
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

const PAIR_AFTER: &str = "\
Examples:
  proofkey pair
  proofkey pair --json | jq -r .code_challenge

Each call makes a new pair. The verifier is a secret of one sign-in: put it
into no log, and send it to nobody but the token endpoint.";

/// Options of `pair`.
#[derive(Debug, clap::Args)]
pub struct Pair {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

const VERIFY_AFTER: &str = "\
It hashes the verifier and compares (S256), as an authorization server does.
The verifier is never an argument: arguments stand in the list of processes,
for everybody to read. One newline at its end is taken off.

Examples:
  proofkey verify E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM < verifier.txt
  proofkey verify --json CHALLENGE < verifier.txt

Exit codes: 0 match, 1 no match, or no code verifier on stdin, 2 wrong usage.";

/// Options of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The code challenge: 43 characters of base64url
    // A challenge may begin with a hyphen: one of 64 does.
    #[arg(value_name = "CHALLENGE", value_parser = challenge, allow_hyphen_values = true)]
    pub challenge: CodeChallenge,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

fn challenge(text: &str) -> Result<CodeChallenge, String> {
    CodeChallenge::parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_challenge_that_begins_with_a_hyphen_is_no_option() {
        let text = "-9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for args in [["proofkey", "verify", text, "--json"], ["proofkey", "verify", "--json", text]]
        {
            let parsed = Args::try_parse_from(args).unwrap();
            let Command::Verify(verify) = parsed.command else { panic!("another command") };
            assert_eq!(verify.challenge.to_text(), text);
            assert!(verify.json);
        }
    }

    /// Every page of help fits a terminal of 80 columns, and none breaks a line of an example.
    #[test]
    fn help_is_narrow_and_has_examples() {
        for text in [AFTER, DEMO_AFTER, SERVE_AFTER, PAIR_AFTER, VERIFY_AFTER] {
            assert!(text.contains("Examples:"));
            for line in text.lines() {
                assert!(line.chars().count() < 80, "{line}");
            }
        }
    }

    #[test]
    fn stores_are_memory_or_sqlite_with_a_path() {
        assert_eq!(store("memory"), Ok(Store::Memory));
        assert_eq!(store("sqlite:a/b.sqlite"), Ok(Store::Sqlite("a/b.sqlite".into())));
        assert_eq!(store("sqlite:C:\\a"), Ok(Store::Sqlite("C:\\a".into())));
        for wrong in ["", "sqlite", "sqlite:", "memory:", "redis:x", "Memory"] {
            assert!(store(wrong).is_err(), "{wrong}");
        }
    }
}
