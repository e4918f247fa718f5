//! `proofkey verify`: is this the verifier of that challenge?

use crate::args::Verify;
use crate::error::{CliError, FAILED};
use crate::output::{BAD, GOOD, Out, paint};
use std::io::{IsTerminal as _, Read, Write as _};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// A verifier has at most 128 characters (RFC 7636 §4.1). One more, and a newline of two bytes, are
/// enough to see that it is too long.
const LIMIT: usize = 128 + 1 + 2;

/// Reads the verifier, compares, prints the answer.
pub fn run(args: &Verify) -> Result<ExitCode, CliError> {
    if std::io::stdin().is_terminal() {
        let hint = "proofkey: note: type the code verifier, then Enter and Ctrl-D";
        let _ = writeln!(anstream::stderr(), "{hint}");
    }
    let text = read(unbuffered()?)?;
    let matches = proofkey::verify(&text, &args.challenge)?;
    let line = match (args.json, matches) {
        (true, _) => format!("{{\"match\":{matches}}}\n"),
        (false, true) => format!("{}\n", paint(GOOD, "match")),
        (false, false) => format!("{}\n", paint(BAD, "no match")),
    };
    Out::stdout().put(&line)?;
    Ok(if matches { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Standard input without the buffer of the standard library, which would keep a copy of the verifier.
#[cfg(unix)]
fn unbuffered() -> Result<std::fs::File, CliError> {
    use std::os::fd::AsFd as _;
    let copy = std::io::stdin().as_fd().try_clone_to_owned();
    copy.map(std::fs::File::from).map_err(|error| failed(&error))
}

/// Elsewhere the library's own reader, which knows the console.
#[cfg(not(unix))]
fn unbuffered() -> Result<std::io::Stdin, CliError> {
    Ok(std::io::stdin())
}

/// All of it up to the limit, without one newline at its end, in one buffer that is wiped.
fn read(source: impl Read) -> Result<Zeroizing<String>, CliError> {
    // Larger than the limit, so that it never moves while it grows.
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    source.take(LIMIT as u64).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    let text = match core::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(_) => {
            return Err(proofkey::Error::InvalidVerifier { reason: "is not ASCII" }.into());
        }
    };
    let text = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
    Ok(Zeroizing::new(text.to_owned()))
}

fn failed(error: &std::io::Error) -> CliError {
    CliError::new(
        "input_failed",
        format!("the code verifier cannot be read from stdin: {error}"),
        "Give it by a pipe or a file: `proofkey verify CHALLENGE < file`.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_newline_is_taken_off_and_no_more() {
        for (given, kept) in [
            ("abc", "abc"),
            ("abc\n", "abc"),
            ("abc\r\n", "abc"),
            ("abc\n\n", "abc\n"),
            ("abc\r", "abc\r"),
            (" abc", " abc"),
            ("", ""),
        ] {
            assert_eq!(*read(given.as_bytes()).unwrap(), kept, "{given:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_read_far_enough_to_see_it() {
        let text = "a".repeat(1 << 20);
        assert_eq!(read(text.as_bytes()).unwrap().len(), LIMIT);
        let longest = format!("{}\r\n", "a".repeat(128));
        assert_eq!(read(longest.as_bytes()).unwrap().len(), 128);
        assert_eq!(read(&[0xff, 0xfe][..]).unwrap_err().code, "invalid_verifier");
    }
}
