//! Who the story is told to: a person, or a script.

use super::scene::{Scene, Verdict};
use super::show;
use crate::error::CliError;
use crate::output::Out;
use serde_json::{Value, json};

/// Somebody who is shown the scenes.
pub trait Audience {
    /// Before the first scene; `bound`: of the story of bound tokens.
    fn opening(&mut self, bound: bool) -> Result<(), CliError>;
    /// A scene, right after what it says was checked.
    fn scene(&mut self, scene: &Scene) -> Result<(), CliError>;
    /// The end, good or bad.
    fn verdict(&mut self, verdict: &Verdict) -> Result<(), CliError>;
}

/// A person: each scene as text, at once.
pub struct Text {
    out: Out,
    shown: usize,
}

impl Text {
    /// On standard output.
    pub fn stdout() -> Self {
        Self { out: Out::stdout(), shown: 0 }
    }
}

impl Audience for Text {
    fn opening(&mut self, bound: bool) -> Result<(), CliError> {
        self.out.put(&show::opening(bound))
    }

    fn scene(&mut self, scene: &Scene) -> Result<(), CliError> {
        self.shown += 1;
        self.out.put(&show::scene(self.shown, scene))
    }

    fn verdict(&mut self, verdict: &Verdict) -> Result<(), CliError> {
        self.out.put(&show::verdict(verdict))
    }
}

/// A script: one JSON document at the end.
pub struct Script {
    out: Out,
    steps: Vec<Value>,
}

impl Script {
    /// On standard output.
    pub fn stdout() -> Self {
        Self { out: Out::stdout(), steps: Vec::new() }
    }
}

impl Audience for Script {
    fn opening(&mut self, _: bool) -> Result<(), CliError> {
        Ok(())
    }

    fn scene(&mut self, scene: &Scene) -> Result<(), CliError> {
        self.steps.push(json!({
            "step": scene.name(),
            "actor": scene.actor().name(),
            "ok": true,
            "facts": scene.facts(),
        }));
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> Result<(), CliError> {
        let document = self.document(verdict);
        self.out.put(&format!("{document:#}\n"))
    }
}

impl Script {
    fn document(&mut self, verdict: &Verdict) -> Value {
        if let Some(deviation) = &verdict.deviation {
            self.steps.push(json!({
                "step": deviation.scene,
                "ok": false,
                "expected": deviation.expected,
                "found": deviation.found,
            }));
        }
        json!({
            "program": "proofkey",
            "version": env!("CARGO_PKG_VERSION"),
            "command": "demo",
            "steps": std::mem::take(&mut self.steps),
            "verdict": {
                "ok": verdict.deviation.is_none(),
                "words": show::verdict_words(verdict),
                "thefts_refused": verdict.refused,
                "milliseconds": u64::try_from(verdict.millis).unwrap_or(u64::MAX),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scene::Deviation;

    #[test]
    fn a_deviation_is_no_success_in_any_form() {
        let deviation = Deviation {
            scene: "theft_by_replay",
            expected: "400 invalid_grant".into(),
            found: "200 with an access token".into(),
        };
        let verdict = Verdict { bound: false, refused: 3, millis: 7, deviation: Some(deviation) };
        let document = Script::stdout().document(&verdict);
        assert_eq!(document["verdict"]["ok"], false);
        assert_eq!(document["steps"][0]["ok"], false);
        assert_eq!(document["steps"][0]["found"], "200 with an access token");
        let text = show::verdict(&verdict);
        assert!(text.contains("200 with an access token") && !text.contains("PKCE held"));
    }
}
