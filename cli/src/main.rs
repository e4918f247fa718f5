//! The program `proofkey`: a demonstration of PKCE and of its theft, a development authorization
//! server, and two small tools around verifier and challenge.

mod args;
mod demo;
mod error;
mod log;
mod output;
mod pair;
mod serve;
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
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Pair(args) => pair::run(&args),
        Command::Verify(args) => verify::run(&args),
    };
    done.unwrap_or_else(|error| error.report())
}
