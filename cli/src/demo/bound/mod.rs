//! `proofkey demo --dpop`: tokens that are bound to a key (RFC 9449), and a thief who has them all.

mod agent;
mod checks;
mod scene;
mod show;
mod story;
mod thief;

pub use scene::Scene;
pub use show::{scene as shown, title};
pub use story::tell;
