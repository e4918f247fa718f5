//! The story of a flow, in words: for a log and for whoever watches. Never a secret.

use std::sync::Arc;

/// The target of every log line about a flow.
pub const TARGET: &str = "proofkey::flow";

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowNote {
    /// What it belongs to: a step of the store (`Put`, `Find` …) or an endpoint (`authorize` …).
    pub step: &'static str,
    /// The sentence. It holds no code, no token, no verifier and no state; of a challenge and of a
    /// grant's id the first characters.
    pub words: String,
}

/// Who is told.
pub type Observer = Arc<dyn Fn(FlowNote) + Send + Sync>;

/// Tells what happens, to `tracing` (target [`TARGET`], level INFO) and to an observer.
#[derive(Clone, Default)]
pub struct Narrator {
    observer: Option<Observer>,
}

impl Narrator {
    /// One that tells `tracing` alone.
    #[must_use]
    pub const fn new() -> Self {
        Self { observer: None }
    }

    /// One that tells this observer as well. It is called on the server's threads and must not block.
    #[must_use]
    pub fn observed_by(observer: Observer) -> Self {
        Self { observer: Some(observer) }
    }

    /// Tells it. The words are made only if somebody listens.
    pub fn say(&self, step: &'static str, words: impl FnOnce() -> String) {
        let logged = tracing::enabled!(target: TARGET, tracing::Level::INFO);
        if !logged && self.observer.is_none() {
            return;
        }
        let words = words();
        tracing::info!(target: TARGET, step, "{words}");
        if let Some(observer) = &self.observer {
            observer(FlowNote { step, words });
        }
    }
}

impl std::fmt::Debug for Narrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Narrator").field("observed", &self.observer.is_some()).finish()
    }
}

/// The first eight characters of something long that may be shown: an id, a challenge.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(8) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
