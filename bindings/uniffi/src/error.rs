//! The one error that crosses.

/// What the caller can do about an error. There are four and there will not be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Family {
    /// Nothing is wrong with the request: try again later.
    Retry,
    /// This sign-in cannot be completed: start a new one, with the user.
    SignInAgain,
    /// A setting of the program or of the server is wrong: trying again will not help.
    FixConfiguration,
    /// The user said no, or the caller cancelled.
    UserCancelled,
}

/// What went wrong. No field holds a secret, and nothing that was refused is repeated in it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
pub enum ProofKeyError {
    /// The call failed.
    Failed {
        /// Stable across versions and languages.
        code: String,
        /// What the caller can do about it.
        family: Family,
        /// What was wrong and what was expected.
        text: String,
        /// What to do, in one sentence for the person who runs the program.
        advice: String,
    },
}

/// What every fallible export gives.
pub(crate) type Outcome<T> = Result<T, ProofKeyError>;

impl ProofKeyError {
    /// A panic in ProofKey. What the panic says is not repeated: it may hold a part of a text.
    pub(crate) fn internal() -> Self {
        Self::Failed {
            code: "internal_error".to_owned(),
            family: Family::FixConfiguration,
            text: "something went wrong inside ProofKey; the object it happened in can no longer be used"
                .to_owned(),
            advice: "Start anew with a new object, and report it.".to_owned(),
        }
    }
}

impl core::fmt::Display for ProofKeyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self::Failed { text, .. } = self;
        f.write_str(text)
    }
}

impl core::error::Error for ProofKeyError {}

impl From<proofkey::Error> for ProofKeyError {
    fn from(error: proofkey::Error) -> Self {
        Self::Failed {
            code: error.code().to_owned(),
            family: match error.family() {
                proofkey::Family::Retry => Family::Retry,
                proofkey::Family::SignInAgain => Family::SignInAgain,
                proofkey::Family::FixConfiguration => Family::FixConfiguration,
                proofkey::Family::UserCancelled => Family::UserCancelled,
            },
            text: error.to_string(),
            advice: error.advice().to_owned(),
        }
    }
}
