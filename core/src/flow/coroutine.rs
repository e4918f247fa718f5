//! A flow that is written as one function from its beginning to its end.
//!
//! The steps of a flow that loads, locks, sends and stores follow each other like the lines of a program.
//! Written as an enum of states each line would be a variant and a match arm, and what must hold in all of
//! them (the lock is given back) would stand in each. So the function is `async`, which lets the compiler
//! make that enum: it stops where it performs a [`Step`], and goes on with the [`Event`] that answers it.
//! Nothing asynchronous leaves this file: no runtime, no waker, no thread.

use crate::error::Error;
use crate::step::{Event, Step};
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What passes between a flow and the one who drives it.
#[derive(Default)]
struct Exchange {
    step: Option<Step>,
    event: Option<Event>,
    now: u64,
}

/// The flow's side: what it can ask for.
#[derive(Clone, Default)]
pub(crate) struct Io(Arc<Mutex<Exchange>>);

impl Io {
    /// Nothing panics while it holds the lock.
    fn exchange(&self) -> MutexGuard<'_, Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock as it was given with the last event, in seconds since the epoch.
    pub(crate) fn now(&self) -> u64 {
        self.exchange().now
    }

    /// Performs a step: the event that answered it, whichever it is.
    pub(crate) async fn perform(&self, step: Step) -> Event {
        self.exchange().step = Some(step);
        self.event().await
    }

    /// The next event.
    async fn event(&self) -> Event {
        poll_fn(|_| self.exchange().event.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

type Run<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// The driver's side of such a flow.
pub(crate) struct Coroutine<T> {
    io: Io,
    state: State<T>,
}

enum State<T> {
    Ready(Run<T>),
    Running(Run<T>, &'static str),
    Done(Option<T>),
    Ended,
}

impl<T> Coroutine<T> {
    /// A flow that has not begun. `run` is called at once and polled from `Start` on.
    pub(crate) fn new<R>(run: impl FnOnce(Io) -> R) -> Self
    where
        R: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let io = Io::default();
        let run = Box::pin(run(io.clone()));
        Self { io, state: State::Ready(run) }
    }

    /// See [`crate::step`].
    pub(crate) fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // A late event must not lose what nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        let mut run = match core::mem::replace(&mut self.state, State::Ended) {
            State::Done(_) | State::Ended => return Err(Error::FlowEnded),
            State::Ready(run) => {
                match event {
                    Event::Start => {}
                    Event::Cancel => return Err(Error::Cancelled),
                    event => return Err(unexpected(&event, "(none yet)")),
                }
                run
            }
            State::Running(run, _) => {
                self.io.exchange().event = Some(event);
                run
            }
        };
        self.io.exchange().now = now;
        match run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(outcome)) => {
                self.state = State::Done(Some(outcome));
                Ok(Step::Done)
            }
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => {
                // It only ever waits in `perform`, which leaves a step.
                let step = self.io.exchange().step.take().ok_or(Error::FlowEnded)?;
                self.state = State::Running(run, step.name());
                Ok(step)
            }
        }
    }

    /// What came of it, once, after [`Step::Done`].
    pub(crate) fn outcome(&mut self) -> Option<T> {
        match &mut self.state {
            State::Done(outcome) => outcome.take(),
            _ => None,
        }
    }
}

impl<T> core::fmt::Debug for Coroutine<T> {
    /// The state's name alone: what runs holds secrets.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match &self.state {
            State::Ready(_) => "(none yet)",
            State::Running(_, step) => step,
            State::Done(_) => "Done",
            State::Ended => "(ended)",
        })
    }
}

/// An event that does not answer the step.
pub(crate) const fn unexpected(event: &Event, step: &'static str) -> Error {
    Error::UnexpectedEvent { event: event.name(), step }
}
