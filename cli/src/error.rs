//! Errors as the user sees them: one line on stderr, `proofkey: CODE: message. advice`.

use proofkey_server::store::StoreError;
use std::io::Write as _;
use std::process::ExitCode;

/// The exit code for "the answer is no, or something failed".
pub const FAILED: u8 = 1;

/// The exit code for wrong usage.
pub const USAGE: u8 = 2;

/// What ended a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// Stable, for scripts.
    pub code: &'static str,
    /// What was wrong and what was expected.
    pub message: String,
    /// What to do; may be empty where the message says it.
    pub advice: String,
    /// The exit code.
    pub exit: u8,
}

impl CliError {
    /// An error that ends with the exit code 1.
    pub fn new(code: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code, message: message.into(), advice: advice.into(), exit: FAILED }
    }

    /// Writes the line to stderr and gives the exit code.
    pub fn report(&self) -> ExitCode {
        // There is nowhere else to say that stderr cannot be written.
        let _ = writeln!(anstream::stderr(), "{}", self.line());
        ExitCode::from(self.exit)
    }

    /// The line, without its newline.
    pub fn line(&self) -> String {
        let message = sentence(&self.message);
        let advice = sentence(&self.advice);
        let gap = if advice.is_empty() { "" } else { " " };
        format!("proofkey: {}: {message}{gap}{advice}", self.code)
    }
}

impl From<proofkey::Error> for CliError {
    fn from(error: proofkey::Error) -> Self {
        Self::new(error.code(), error.to_string(), error.advice())
    }
}

impl From<StoreError> for CliError {
    // A store's message says what to do.
    fn from(error: StoreError) -> Self {
        Self::new("store_failed", error.to_string(), "")
    }
}

/// One line that ends like a sentence. Control characters become spaces: a terminal must not obey them.
fn sentence(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if !line.is_empty() && !line.ends_with(['.', '?', '!']) {
        line.push('.');
    }
    line
}

/// Help and version go to stdout as they are; everything else that clap says becomes one line.
pub fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::{
        DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand as Bare, DisplayVersion,
    };
    if matches!(error.kind(), DisplayHelp | DisplayVersion) {
        // A reader that has gone (`--help | head -1`) is no error.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let mut words = match error.kind() {
        Bare => format!("a command is missing: {}", COMMANDS.join(", ")),
        _ => words(&error.to_string()),
    };
    for (_, value) in error.context() {
        // It may be a verifier that was given in the wrong place, or an address with a password; it is not repeated
        // into a log.
        if let clap::error::ContextValue::String(value) = value
            && (value.len() >= LONG || value.contains('@'))
        {
            words = words.replace(value.as_str(), &format!("({} characters)", value.len()));
        }
    }
    CliError { exit: USAGE, ..CliError::new("usage", words, advice()) }.report()
}

/// From so many bytes on an argument is not shown in an error. A verifier has at least 43.
const LONG: usize = 40;

/// clap's paragraphs as one: what was wrong, then its tips. Usage and the hint at `--help` are left out.
fn words(text: &str) -> String {
    let mut sentences = Vec::new();
    for paragraph in text.split("\n\n").map(str::trim) {
        if paragraph.starts_with("Usage:") || paragraph.starts_with("For more information") {
            continue;
        }
        let lines: Vec<&str> = paragraph
            .lines()
            .map(str::trim)
            .map(|line| line.strip_prefix("error: ").unwrap_or(line))
            .map(|line| line.strip_prefix("tip: ").unwrap_or(line))
            .collect();
        sentences.push(lines.join(" "));
    }
    sentences.join("; ")
}

/// What can be asked of the program.
const COMMANDS: [&str; 12] = [
    "login",
    "token",
    "status",
    "logout",
    "fetch",
    "discover",
    "demo",
    "serve",
    "pair",
    "verify",
    "completions",
    "man",
];

/// Where help is.
fn advice() -> String {
    let named = std::env::args().nth(1);
    match named.as_deref() {
        // The likeliest mistake, and the one that must not become a habit.
        Some("verify") => {
            "Give the challenge as the argument and the verifier by stdin; see `proofkey verify --help`."
                .into()
        }
        Some(name) if COMMANDS.contains(&name) => format!("Run `proofkey {name} --help`."),
        _ => "Run `proofkey --help`.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_of_two_sentences() {
        let error = CliError::new("port_in_use", "port 1 is\nin use", "Give\u{1b}[31m another.");
        assert_eq!(error.line(), "proofkey: port_in_use: port 1 is in use. Give [31m another.");
        let error = CliError::new("x", "all is said", "");
        assert_eq!(error.line(), "proofkey: x: all is said.");
    }

    #[test]
    fn claps_paragraphs_become_one_line() {
        let text = "error: these are missing:\n  --a <A>\n  --b\n\n  tip: try '--c'\n\nUsage: x\n\nFor \
                    more information, try '--help'.\n";
        assert_eq!(words(text), "these are missing: --a <A> --b; try '--c'");
    }
}
