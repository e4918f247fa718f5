//! What `proofkey login` may be told.

use super::access::{Address, Kept, seconds};
use clap::builder::NonEmptyStringValueParser;
use proofkey_client::Dpop;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const AFTER: &str = "\
URL may be a resource, such as an MCP server, or an authorization server (an
issuer): what they say of themselves decides. The browser opens, and what comes
is kept in the store, which all programs of this user share.

Examples:
  proofkey login https://mcp.example/mcp
  proofkey login https://login.example --client-id my-agent --scope read
  proofkey login --no-browser https://mcp.example/mcp   over SSH, or on a phone
  proofkey login --resume https://mcp.example/mcp       what was broken off
  proofkey login --device https://mcp.example/mcp       on another device
  proofkey login --dpop https://mcp.example/mcp         tokens bound to a key
  proofkey login --max-age 0 -p prompt=login https://mcp.example/mcp

With --no-browser the redirect is received here too: through a tunnel, or from
a browser of this machine. Else paste the address that the browser ends at.
With --device nothing comes back here: enter the code that is shown only if you
have just begun this sign-in yourself. With --json the code is a line of its
own, before the one that says how it ended.

With --scope openid the server says who has signed in, where it can.

Exit codes: 0 signed in, 1 not, 2 wrong usage, 130 interrupted by Ctrl-C.";

/// The name by which a client is registered, where nobody says another.
pub const CLIENT_NAME: &str = "ProofKey command line";

/// Options of `login`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("elsewhere").args(["no_browser", "device"]))]
#[command(group = clap::ArgGroup::new("of_the_browser")
    .args(["acr_values", "max_age", "parameters", "push"]).multiple(true).conflicts_with("device"))]
pub struct Login {
    /// Where
    #[command(flatten)]
    pub address: Address,
    /// As whom
    #[command(flatten)]
    pub kept: Kept,
    /// A scope to ask for; may be given more than once. Without it: what the resource wants
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// The https address of the client's metadata document
    #[arg(long, value_name = "URL")]
    pub client_document: Option<String>,
    /// The name by which a client is registered where there is no other way
    #[arg(long, value_name = "NAME", default_value = CLIENT_NAME)]
    pub client_name: String,
    /// Open no browser: show the address, and take the redirect from wherever it comes
    #[arg(long)]
    pub no_browser: bool,
    /// The program that opens the address, which is its only argument
    #[arg(long, value_name = "PROGRAM", conflicts_with = "no_browser")]
    pub browser: Option<PathBuf>,
    /// Sign in on another device: a code is shown here, and entered where there is a browser (RFC 8628)
    #[arg(long, conflicts_with_all = ["browser", "no_browser", "port", "redirect_path", "timeout"])]
    pub device: bool,
    /// Write the address as a QR code to this SVG file
    #[arg(long, value_name = "FILE", requires = "elsewhere")]
    pub qr_svg: Option<PathBuf>,
    /// Bind the tokens to a key, so that who steals one cannot use it (RFC 9449); `preferred`: where the
    /// server offers it
    #[arg(
        long, value_enum, value_name = "WHEN", num_args = 0..=1, require_equals = true,
        default_missing_value = "required",
    )]
    pub dpop: Option<Bound>,
    /// Push the request to the server before the browser opens, also where it only offers that (RFC 9126)
    #[arg(long)]
    pub push: bool,
    /// The classes of authentication that will do, the preferred one first, with spaces between them
    #[arg(long, value_name = "CLASSES", value_parser = NonEmptyStringValueParser::new())]
    pub acr_values: Option<String>,
    /// How long ago the user may have authenticated
    #[arg(long, value_name = "SECONDS")]
    pub max_age: Option<u64>,
    /// One more parameter of the authorization request (prompt=login, say); may be given more than once
    #[arg(short, long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// The port of the redirect URI, where the server wants a fixed one
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// The path of the redirect URI
    #[arg(long, value_name = "PATH", default_value = "/callback")]
    pub redirect_path: String,
    /// How long to wait for the user: 1 to 3600
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub timeout: Duration,
    /// An issuer that may leave S256 out of its metadata, because it is known to do PKCE
    #[arg(long, value_name = "ISSUER")]
    pub allow_missing_s256: Vec<String>,
    /// Finish a sign-in that was broken off after the browser opened
    #[arg(
        long,
        conflicts_with_all = [
            "scopes", "client_document", "browser", "qr_svg", "device", "of_the_browser",
        ],
    )]
    pub resume: bool,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

impl Login {
    /// The parameters of the authorization request beside those that ProofKey sets.
    pub fn parameters(&self) -> Vec<(&str, String)> {
        let acr_values = self.acr_values.as_ref().map(|classes| ("acr_values", classes.clone()));
        let max_age = self.max_age.map(|seconds| ("max_age", seconds.to_string()));
        let own = self.parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
        acr_values.into_iter().chain(max_age).chain(own).collect()
    }
}

/// When tokens are bound to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Bound {
    /// Always: a server that does not bind them is refused
    Required,
    /// Where the server offers it
    Preferred,
}

impl Bound {
    /// The same, as the client wants it.
    pub const fn dpop(self) -> Dpop {
        match self {
            Self::Required => Dpop::Required,
            Self::Preferred => Dpop::Preferred,
        }
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}
