//! What the story is told on, and to whom.

use super::Stop;
use super::host::ServerFacts;
use super::interrupt::Interrupt;
use super::scene::Scene;
use std::path::PathBuf;
use std::sync::Arc;

/// What is there before the story begins.
pub struct Stage {
    /// The running server.
    pub server: ServerFacts,
    /// Where its database lies.
    pub folder: PathBuf,
    /// Whether the folder stays.
    pub kept: bool,
    /// The signal.
    pub interrupt: Arc<Interrupt>,
}

/// Who is shown the scenes.
pub type Show<'a> = &'a mut dyn FnMut(Scene) -> Result<(), Stop>;
