//! What an answer of a resource says.

/// What the next sign-in must ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUp {
    /// The scopes.
    pub scopes: Vec<String>,
    /// The classes.
    pub acr_values: Vec<String>,
    /// Seconds.
    pub max_age: Option<u64>,
}
