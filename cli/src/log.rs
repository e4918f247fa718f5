//! The log of `serve`, on stderr: a line a step, in words.

use crate::output::{BAD, SOFT, STRONG, paint};
use std::fmt::Write as _;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// What is logged where `RUST_LOG` says nothing: warnings, and the story of each flow.
const DEFAULT: &str = "warn,proofkey=info";

/// Starts logging. `RUST_LOG` chooses what.
pub fn start(json: bool) {
    let filter = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = if filter.trim().is_empty() { DEFAULT.to_owned() } else { filter };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(filter))
        .with_writer(|| Quiet(std::io::stderr()));
    // An error says that logging was started before. The program does it once.
    let _ = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        let colour =
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        builder.event_format(Story { colour }).try_init()
    };
}

/// Standard error that may have been closed: a log that nobody reads must not end the server.
struct Quiet(std::io::Stderr);

impl Write for Quiet {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.write_all(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// `18:20:11Z  Find       grant p3Xk… found by the hash of its code: unused …`
struct Story {
    colour: bool,
}

impl<S, N> FormatEvent<S, N> for Story
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = *event.metadata().level();
        let step = if fields.step.is_empty() { event.metadata().target() } else { &fields.step };
        let step = format!("{step:<9}");
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let time = clock(seconds);
        let mark = if level <= Level::WARN { format!("{level} ") } else { String::new() };
        if self.colour {
            let (time, step, mark) = (paint(SOFT, &time), paint(STRONG, &step), paint(BAD, &mark));
            writeln!(writer, "{time}  {step}  {mark}{}{}", fields.words, fields.rest)
        } else {
            writeln!(writer, "{time}  {step}  {mark}{}{}", fields.words, fields.rest)
        }
    }
}

/// The time of day in UTC.
fn clock(seconds: u64) -> String {
    let day = seconds % 86_400;
    format!("{:02}:{:02}:{:02}Z", day / 3600, day / 60 % 60, day % 60)
}

#[derive(Default)]
struct Fields {
    step: String,
    words: String,
    rest: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "step" => self.step.push_str(value),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing into a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.words, "{value:?}"),
            name => write!(self.rest, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_that_of_the_day() {
        assert_eq!(clock(0), "00:00:00Z");
        assert_eq!(clock(86_400 * 20_000 + 3600 * 23 + 60 * 59 + 58), "23:59:58Z");
    }
}
