//! The program `proofkey`: signing in from the shell, a development authorization server, a
//! demonstration of PKCE and of its theft, and two small tools around verifier and challenge.

mod access;
mod args;
mod demo;
mod error;
mod faults;
mod log;
mod output;
mod pair;
mod serve;
mod shell;
mod signals;
mod verify;

use args::{Args, Command};
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => return error::usage(&usage),
    };
    let done = match args.command {
        Command::Login(args) => access::login::run(&args),
        Command::Token(args) => access::token::run(&args),
        Command::Status(args) => access::status::run(&args),
        Command::Logout(args) => access::logout::run(&args),
        Command::Fetch(args) => access::fetch::run(&args),
        Command::Discover(args) => access::discover::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Pair(args) => pair::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    };
    done.unwrap_or_else(|error| error.report())
}
