//! What the command line may say.

mod access;
mod login;
mod serve;
mod store;

pub use access::{
    Address, Completions, Discover, Fetch, Kept, Logout, Man, Status, StoreFolder, Token,
};
pub use login::{Bound, CLIENT_NAME, Login};
pub use serve::Serve;
pub use store::Store;

use clap::{Parser, Subcommand};
use proofkey::challenge::CodeChallenge;
use std::path::PathBuf;

const ABOUT: &str = "PKCE (RFC 7636) for programs that cannot keep a secret";

const AFTER: &str = "\
Examples:
  proofkey login https://mcp.example/mcp   sign in, by the browser
  proofkey token https://mcp.example/mcp   the access token, always fresh
  proofkey demo                      a sign-in, and a thief who gains nothing
  proofkey serve --auto-approve      a server to develop against
  proofkey pair                      a fresh verifier and its challenge
  proofkey verify CHALLENGE < FILE   is the verifier in FILE the right one?

Exit codes:
  0    done; `verify`: it matches; `demo`: every step did what it shows;
       `status URL`: there is a token
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
    /// Sign in at a resource or an issuer, and keep the sign-in
    #[command(after_help = login::AFTER)]
    Login(Box<Login>),
    /// Print the access token, refreshed first where it is old
    #[command(after_help = access::TOKEN_AFTER)]
    Token(Token),
    /// Show who is signed in where
    #[command(after_help = access::STATUS_AFTER)]
    Status(Status),
    /// Revoke and forget a sign-in
    #[command(after_help = access::LOGOUT_AFTER)]
    Logout(Logout),
    /// Read a resource with its token
    #[command(after_help = access::FETCH_AFTER)]
    Fetch(Fetch),
    /// Show what a resource or an issuer says of itself
    #[command(after_help = access::DISCOVER_AFTER)]
    Discover(Discover),
    /// Show a sign-in and the theft of its code or tokens, over real HTTP on this machine
    #[command(after_help = DEMO_AFTER)]
    Demo(Demo),
    /// Run a development authorization server until Ctrl-C
    #[command(after_help = serve::AFTER)]
    Serve(Box<Serve>),
    /// Make a fresh code verifier and its code challenge
    #[command(after_help = PAIR_AFTER)]
    Pair(Pair),
    /// Say whether the verifier on stdin belongs to a code challenge
    #[command(after_help = VERIFY_AFTER)]
    Verify(Verify),
    /// Print the completions of a shell
    #[command(after_help = access::COMPLETIONS_AFTER)]
    Completions(Completions),
    /// Print a page of the manual
    #[command(after_help = access::MAN_AFTER)]
    Man(Man),
}

const DEMO_AFTER: &str = "\
It starts the development server on SQLite in a temporary folder, signs an
agent in over loopback HTTP, and lets a thief try the code that he saw. With
--dpop he has the tokens themselves, which are bound to the agent's key. What
it shows comes from real answers, and each is checked.

Examples:
  proofkey demo
  proofkey demo --dpop
  proofkey demo --json | jq .verdict
  proofkey demo --data ./kept && sqlite3 ./kept/demo.sqlite .dump

Exit codes: 0 every step did what it shows, 1 one did not or something failed,
2 wrong usage, 130 interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP).";

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Show tokens that are bound to a key (RFC 9449), and a thief who has them and gains nothing
    #[arg(long)]
    pub dpop: bool,
    /// Print one JSON document instead of the story
    #[arg(long)]
    pub json: bool,
    /// Keep the server's database in this folder (demo.sqlite), to be looked at afterwards; without
    /// it the database is deleted
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
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
        for text in [
            login::AFTER,
            access::TOKEN_AFTER,
            access::STATUS_AFTER,
            access::LOGOUT_AFTER,
            access::FETCH_AFTER,
            access::DISCOVER_AFTER,
            access::COMPLETIONS_AFTER,
            access::MAN_AFTER,
            AFTER,
            DEMO_AFTER,
            serve::AFTER,
            PAIR_AFTER,
            VERIFY_AFTER,
        ] {
            assert!(text.contains("Examples:"));
            for line in text.lines() {
                assert!(line.chars().count() < 80, "{line}");
            }
        }
    }
}
