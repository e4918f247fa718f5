//! `proofkey demo`: a sign-in with PKCE and the theft of its code, or tokens that are bound to a key and the theft of
//! those, over real HTTP on this machine.

mod agent;
mod audience;
mod bound;
mod browser;
mod checks;
mod folder;
mod host;
mod interrupt;
mod page;
mod question;
mod scene;
mod show;
mod stage;
mod story;
mod thief;
mod wire;

use crate::args::Demo;
use crate::error::CliError;
use crate::signals::{Signal, Signals, runtime};
use audience::{Audience, Script, Text};
use folder::Folder;
use host::Host;
use interrupt::Interrupt;
use scene::{Deviation, Verdict};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Why the story stopped before its end.
#[derive(Debug)]
pub enum Stop {
    /// A signal came.
    Interrupted,
    /// Something went otherwise than it had to.
    Deviated(Deviation),
    /// Something failed.
    Failed(CliError),
}

impl<E: Into<CliError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What the main thread is told.
enum Message {
    Signal(Signal),
    Ended(Result<ExitCode, Stop>),
}

/// How long the story may take to stop after a signal. It may hang in a write that nobody reads.
const STOPPING: Duration = Duration::from_millis(500);

/// No demonstration takes longer; each of its waits has a deadline of its own.
const WHOLE: Duration = Duration::from_secs(60);

/// Runs the demonstration.
///
/// The story has a thread of its own. This one waits for its end or for a signal, and clears up: also
/// where the story hangs in a write to a reader that does not read.
pub fn run(args: &Demo) -> Result<ExitCode, CliError> {
    let started = Instant::now();
    let runtime = runtime(1)?;
    let (tell, told) = channel();
    // The signals are taken over before there is a folder that one of them could leave behind.
    let mut signals = runtime.block_on(async { Signals::install() })?;
    let from_signals = tell.clone();
    runtime.spawn(async move {
        // Nobody listens any more once the story has ended.
        let _ = from_signals.send(Message::Signal(signals.next().await));
    });
    let folder = Folder::new(args.data.as_deref())?;
    let host = Host::start(&runtime, &folder, args.dpop)?;
    let interrupt = Arc::new(Interrupt::default());
    let stage = stage::Stage {
        server: host.facts(),
        folder: folder.path().to_owned(),
        kept: folder.is_kept(),
        interrupt: Arc::clone(&interrupt),
    };
    let (json, dpop) = (args.json, args.dpop);
    std::thread::Builder::new()
        .name("proofkey-demo".into())
        .spawn(move || {
            let ended = catch_unwind(AssertUnwindSafe(|| perform(&stage, json, dpop, started)))
                .unwrap_or_else(|_| {
                    Err(CliError::new("demo_broken", "a mistake in the demo", "Report it.").into())
                });
            // The main thread may have left after a signal.
            let _ = tell.send(Message::Ended(ended));
        })
        .map_err(|error| {
            CliError::new("threads_failed", format!("no thread can be started: {error}"), "")
        })?;
    let message = told.recv_timeout(WHOLE);
    let ended = match message {
        Ok(Message::Ended(ended)) => ended.or_else(|stop| match stop {
            Stop::Failed(error) => Err(error),
            Stop::Deviated(deviation) => Err(deviated(&deviation)),
            Stop::Interrupted => Ok(ExitCode::from(Signal::Interrupt.exit())),
        }),
        Ok(Message::Signal(signal)) => {
            interrupt.trigger();
            // Whether it stops or not: what comes next clears up.
            let _ = told.recv_timeout(STOPPING);
            Ok(ExitCode::from(signal.exit()))
        }
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            interrupt.trigger();
            Err(CliError::new(
                "demo_timeout",
                "the demo did not end within a minute",
                "Run it again.",
            ))
        }
    };
    host.stop(runtime);
    folder.remove()?;
    ended
}

/// Tells the story to its audience, up to the verdict.
fn perform(
    stage: &stage::Stage,
    json: bool,
    dpop: bool,
    started: Instant,
) -> Result<ExitCode, Stop> {
    let mut audience: Box<dyn Audience> =
        if json { Box::new(Script::stdout()) } else { Box::new(Text::stdout()) };
    audience.opening(dpop)?;
    let mut refused = 0;
    let mut show = |scene: scene::Scene| {
        stage.interrupt.check()?;
        refused += usize::from(scene.actor() == scene::Actor::Thief);
        Ok(audience.scene(&scene)?)
    };
    let told = if dpop { bound::tell(stage, &mut show) } else { story::tell(stage, &mut show) };
    let deviation = match told {
        Ok(()) => None,
        Err(Stop::Deviated(deviation)) => Some(deviation),
        Err(stop) => return Err(stop),
    };
    audience.verdict(&Verdict {
        bound: dpop,
        refused,
        millis: started.elapsed().as_millis(),
        deviation: deviation.clone(),
    })?;
    deviation.map_or(Ok(ExitCode::SUCCESS), |deviation| Err(Stop::Deviated(deviation)))
}

fn deviated(deviation: &Deviation) -> CliError {
    let Deviation { scene, expected, found } = deviation;
    CliError::new(
        "demo_deviated",
        format!("in the step {scene} {expected} had to come, and {found} came"),
        "This is a flaw of ProofKey or of this machine's network: please report it.",
    )
}
