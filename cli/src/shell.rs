//! `proofkey completions` and `proofkey man`: what a shell and a reader are given, from the one definition.

use crate::args::{Args, Completions, Man};
use crate::error::{CliError, USAGE};
use crate::output::Out;
use clap::CommandFactory as _;
use std::process::ExitCode;

/// The completions of a shell.
pub fn completions(args: &Completions) -> Result<ExitCode, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "proofkey", &mut text);
    put(text)
}

/// A page of the manual, as roff.
pub fn man(args: &Man) -> Result<ExitCode, CliError> {
    let mut program = Args::command();
    program.build();
    let command = match &args.command {
        None => program,
        Some(name) => {
            let found = program.get_subcommands().find(|command| command.get_name() == name);
            let command = found.cloned().ok_or_else(|| unknown(name))?;
            command.version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut text);
    rendered.map_err(|error| CliError::new("output_failed", error.to_string(), ""))?;
    put(text)
}

fn unknown(name: &str) -> CliError {
    let message = format!("there is no command '{name}'");
    CliError { exit: USAGE, ..CliError::new("usage", message, "Run `proofkey --help`.") }
}

fn put(text: Vec<u8>) -> Result<ExitCode, CliError> {
    Out::stdout().put(&String::from_utf8_lossy(&text))?;
    Ok(ExitCode::SUCCESS)
}
