//! What was printed, and the search in it.

use core::fmt::{Debug, Display};
use proofkey::Error;

/// Any eight bytes of a secret that stand in a text are a leak: a cut or quoted secret is one too.
const WINDOW: usize = 8;

/// Whether eight bytes of the secret, next to each other, stand in the text.
pub fn holds(text: &str, secret: &str) -> bool {
    assert!(secret.len() >= WINDOW);
    secret
        .as_bytes()
        .windows(WINDOW)
        .any(|window| text.as_bytes().windows(WINDOW).any(|part| part == window))
}

/// Everything that was printed, each with its name.
#[derive(Default)]
pub struct Printed(Vec<(String, String)>);

impl Printed {
    /// `{:?}` and `{:#?}`.
    pub fn debug(&mut self, name: &str, value: &impl Debug) {
        self.0.push((name.into(), format!("{value:?}")));
        self.0.push((name.into(), format!("{value:#?}")));
    }

    /// `{}`, `{:?}` and `{:#?}`.
    pub fn display(&mut self, name: &str, value: &(impl Display + Debug)) {
        self.0.push((name.into(), value.to_string()));
        self.debug(name, value);
    }

    /// An error's message, its code, its advice, and what `Debug` makes of it.
    pub fn error(&mut self, name: &str, error: &Error) {
        let name = format!("Error {} {name}", error.code());
        self.display(&name, error);
        self.0.push((name, error.advice().to_owned()));
    }

    /// What `Debug` makes of a step that carries the authorization URL, without that URL: it is made to be
    /// opened, and is the one place where the state may stand.
    pub fn with_url(&mut self, name: &str, value: &impl Debug, url: &str) {
        for printed in [format!("{value:?}"), format!("{value:#?}")] {
            self.0.push((name.into(), printed.replace(url, "")));
        }
    }

    /// Fails with every place that holds a part of one of the secrets.
    pub fn hold_none(&self, secrets: &[(&str, &str)]) {
        assert!(!self.0.is_empty());
        let mut leaks: Vec<String> = self
            .0
            .iter()
            .flat_map(|(place, text)| {
                secrets
                    .iter()
                    .filter(move |(_, secret)| holds(text, secret))
                    .map(move |(name, _)| format!("{place} shows the {name}"))
            })
            .collect();
        leaks.dedup();
        assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    }
}

#[test]
fn the_search_finds_windows_and_nothing_else() {
    assert!(holds("…canary-1…", "xcanary-1x"));
    assert!(!holds("…canary-…", "xcanary-1x"));
    assert!(!holds("", "xcanary-1x"));
    let mut leaky = Printed::default();
    leaky.debug("a control that leaks", &"Code-canary");
    assert!(std::panic::catch_unwind(|| leaky.hold_none(&[("code", "Code-canary")])).is_err());
}
