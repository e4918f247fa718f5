//! Writing to stdout: colours only where they are wanted, and never a panic.

use crate::error::CliError;
use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use std::io::{ErrorKind, Stdout, Write};

/// The standard output.
///
/// Colours are stripped unless it is a terminal that wants them (`NO_COLOR`, `CLICOLOR`,
/// `CLICOLOR_FORCE`, `TERM=dumb`). A reader that has gone (`proofkey demo | head -1`) is no error: what
/// is left is not written, and the exit code still says what happened.
pub struct Out<W: Write = AutoStream<Stdout>> {
    stream: W,
    gone: bool,
}

impl Out {
    /// The program's own.
    pub fn stdout() -> Self {
        Self { stream: anstream::stdout(), gone: false }
    }
}

impl<W: Write> Out<W> {
    /// Writes the text and flushes it.
    pub fn put(&mut self, text: &str) -> Result<(), CliError> {
        if self.gone {
            return Ok(());
        }
        let written = self.stream.write_all(text.as_bytes()).and_then(|()| self.stream.flush());
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            Err(error) => Err(CliError::new(
                "output_failed",
                format!("the output cannot be written: {error}"),
                "Check where it goes to.",
            )),
        }
    }
}

/// Text in a style, with the reset behind it.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// What stands back: labels, explanations.
pub const SOFT: Style = Style::new().dimmed();

/// What stands out.
pub const STRONG: Style = Style::new().bold();

/// Something went right.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Something was refused, or went wrong.
pub const BAD: Style = AnsiColor::Red.on_default().bold();

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Fails(ErrorKind);

    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_and_a_full_disk_is() {
        let mut out = Out { stream: Fails(ErrorKind::BrokenPipe), gone: false };
        out.put("a").unwrap();
        out.put("b").unwrap();
        assert!(out.gone);
        let mut out = Out { stream: Fails(ErrorKind::StorageFull), gone: false };
        assert_eq!(out.put("a").unwrap_err().code, "output_failed");
    }
}
