//! What the commands around a sign-in may be told: token, status, logout, fetch, discover.

use clap::builder::NonEmptyStringValueParser;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const TOKEN_AFTER: &str = "\
It prints the access token and nothing else, refreshed first where it is old.
It never asks anybody, and uses the network for a refresh alone.

Examples:
  proofkey token https://mcp.example/mcp
  proofkey token --json https://mcp.example/mcp | jq .expires_at
  printf 'Authorization: Bearer %s' \"$(proofkey token URL)\" | curl -H @- URL

A token that is bound to a key (login --dpop) needs a proof beside it: use
`proofkey fetch`. It is printed all the same, and a line on stderr says so.

As an argument of curl the token would stand in the list of processes, for
everybody to read.

Exit codes: 0 a token, 1 none (sign_in_required: sign in first), 2 wrong usage,
130 interrupted by Ctrl-C.";

pub(super) const STATUS_AFTER: &str = "\
It reads the store: no network, and no token is shown. What a server has
revoked meanwhile it cannot know.

Examples:
  proofkey status
  proofkey status https://mcp.example/mcp

Exit codes: 0 done; with URL: there is a token, or one can be had without the
user; 1 there is none, or something failed; 2 wrong usage.";

pub(super) const LOGOUT_AFTER: &str = "\
The server is asked to revoke the tokens (RFC 7009). Whatever it says, they are
forgotten here; a line on stderr says so where they were not revoked. The
browser may still be signed in: a line says where that ends, and
--browser-session opens it there (OpenID Connect RP-Initiated Logout).

Examples:
  proofkey logout https://mcp.example/mcp
  proofkey logout --browser-session https://mcp.example/mcp

Exit codes: 0 signed out, or nobody was signed in; 1 something failed and
nothing has changed; 2 wrong usage; 130 interrupted by Ctrl-C.";

pub(super) const FETCH_AFTER: &str = "\
It sends GET with the token of the resource that URL lies in, and to no other
place: redirects are not followed. Where the token is bound to a key, a proof
goes with it. At a 401 the token is refreshed once. Where the resource demands
more than the token has (RFC 9470), it asks on stderr, and signs in again;
where nobody is at a terminal it does so with --yes only.

Examples:
  proofkey fetch https://api.example/v1/notes
  proofkey fetch --no-interaction https://api.example/v1/notes

Exit codes: 0 an answer with a status below 300, 1 another one (its body is
written all the same) or none, 2 wrong usage, 130 interrupted by Ctrl-C.";

pub(super) const DISCOVER_AFTER: &str = "\
It fetches documents and opens nothing: RFC 9728 of a resource, RFC 8414 or
OpenID Connect Discovery of an issuer.

Examples:
  proofkey discover https://mcp.example/mcp
  proofkey discover --json https://login.example | jq .capabilities

Exit codes: 0 found and fit for PKCE, 1 not, 2 wrong usage.";

pub(super) const COMPLETIONS_AFTER: &str = "\
Examples:
  proofkey completions bash >> ~/.bash_completion
  proofkey completions fish > ~/.config/fish/completions/proofkey.fish
  proofkey completions zsh > ~/.zfunc/_proofkey

Exit codes: 0 done, 1 it could not be written, 2 wrong usage.";

pub(super) const MAN_AFTER: &str = "\
Examples:
  proofkey man login | man -l -
  proofkey man > ~/.local/share/man/man1/proofkey.1

Exit codes: 0 done, 1 it could not be written, 2 wrong usage.";

/// Which resource or issuer is meant.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Address {
    /// A resource (an MCP server, say) or an issuer
    #[arg(value_name = "URL", required_unless_present_any = ["resource", "issuer"])]
    pub url: Option<String>,
    /// The resource, where URL is not to be judged
    #[arg(long, value_name = "URL", conflicts_with = "url")]
    pub resource: Option<String>,
    /// The issuer; beside a resource, which of its authorization servers
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
}

/// Which sign-in there is meant, and where it is kept.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Kept {
    /// Which of several accounts: a name of your own choice
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub account: Option<String>,
    /// The client's identifier, where it was registered by hand
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub client_id: Option<String>,
    /// The store
    #[command(flatten)]
    pub store: StoreFolder,
}

/// Where sign-ins are kept.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct StoreFolder {
    /// The folder of the store; without it the one in PROOFKEY_STORE, or this user's own
    #[arg(long = "store", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// Options of `token`.
#[derive(Debug, clap::Args)]
pub struct Token {
    /// Where
    #[command(flatten)]
    pub address: Address,
    /// As whom
    #[command(flatten)]
    pub kept: Kept,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Options of `status`.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Only what was signed in to at this resource or issuer
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// The store
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Options of `logout`.
#[derive(Debug, clap::Args)]
pub struct Logout {
    /// Where
    #[command(flatten)]
    pub address: Address,
    /// As whom
    #[command(flatten)]
    pub kept: Kept,
    /// End the session of the browser too, where the server knows one: opens it there
    #[arg(long)]
    pub browser_session: bool,
    /// The program that opens that address, which is its only argument
    #[arg(long, value_name = "PROGRAM", requires = "browser_session")]
    pub browser: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Options of `fetch`.
#[derive(Debug, clap::Args)]
pub struct Fetch {
    /// What to fetch: a signed-in resource, or an address below one
    #[arg(value_name = "URL")]
    pub url: String,
    /// The resource whose token is meant, where several would do
    #[arg(long, value_name = "URL")]
    pub resource: Option<String>,
    /// As whom
    #[command(flatten)]
    pub kept: Kept,
    /// Sign in without asking where the resource demands more than the token has
    #[arg(long, short, conflicts_with = "no_interaction")]
    pub yes: bool,
    /// Never sign in, whatever the resource demands
    #[arg(long)]
    pub no_interaction: bool,
    /// Open no browser for that: show the address, and take the redirect from wherever it comes
    #[arg(long, conflicts_with = "no_interaction")]
    pub no_browser: bool,
    /// Sign in on another device then; scopes alone can be had so
    #[arg(long, conflicts_with_all = ["browser", "no_browser", "no_interaction", "timeout"])]
    pub device: bool,
    /// The program that opens the address, which is its only argument
    #[arg(long, value_name = "PROGRAM", conflicts_with_all = ["no_browser", "no_interaction"])]
    pub browser: Option<PathBuf>,
    /// How long to wait for the user then: 1 to 3600
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub timeout: Duration,
    /// Print one JSON document: status, content_type, body (a text)
    #[arg(long)]
    pub json: bool,
}

/// Options of `discover`.
#[derive(Debug, clap::Args)]
pub struct Discover {
    /// Where
    #[command(flatten)]
    pub address: Address,
    /// An issuer that may leave S256 out of its metadata
    #[arg(long, value_name = "ISSUER")]
    pub allow_missing_s256: Vec<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub struct Man {
    /// A command that has a page of its own; without it the page of the program
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected a whole number of seconds from 1 to 3600".into()),
    }
}
