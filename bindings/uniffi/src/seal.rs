//! The key that what is kept is sealed under.

use crate::error::Outcome;
use crate::guard::{call, shows};
use proofkey::seal as core;
use std::sync::Arc;

/// The key that sealed bytes are sealed under: 32 bytes that the platform keeps (a keyring, a Keychain, a
/// key of the Keystore around it). It shows nothing of them; they are wiped when it is freed.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct DataKey(Arc<core::DataKey>);

shows!(DataKey, |_it| "DataKey(…)".to_owned());

impl DataKey {
    pub(crate) fn core(&self) -> &core::DataKey {
        &self.0
    }

    pub(crate) fn shared(&self) -> Arc<core::DataKey> {
        Arc::clone(&self.0)
    }

    pub(crate) fn new(key: core::DataKey) -> Arc<Self> {
        Arc::new(Self(Arc::new(key)))
    }
}

#[uniffi::export]
impl DataKey {
    /// A fresh key from the system's generator.
    #[uniffi::constructor]
    pub fn generate() -> Outcome<Arc<Self>> {
        call("DataKey.generate", || Ok(Self::new(core::DataKey::generate()?)))
    }

    /// The key of these 32 bytes; `invalid_configuration` for any other number.
    #[uniffi::constructor]
    pub fn from_bytes(bytes: Vec<u8>) -> Outcome<Arc<Self>> {
        call("DataKey.from_bytes", || Ok(Self::new(core::DataKey::from_bytes(&bytes)?)))
    }

    /// The key of this text: base64url without padding of 32 bytes, as a keyring keeps it.
    #[uniffi::constructor]
    pub fn from_text(text: String) -> Outcome<Arc<Self>> {
        call("DataKey.from_text", || Ok(Self::new(core::DataKey::from_text(&text)?)))
    }

    /// The key as base64url without padding, for a keyring. Copies made of it are the caller's to wipe.
    pub fn expose_text(&self) -> Outcome<String> {
        call("DataKey.expose_text", || Ok(self.0.expose_text().to_string()))
    }

    /// The 32 bytes themselves. Copies made of them are the caller's to wipe.
    pub fn expose_bytes(&self) -> Outcome<Vec<u8>> {
        call("DataKey.expose_bytes", || Ok(self.0.expose_bytes().to_vec()))
    }
}
