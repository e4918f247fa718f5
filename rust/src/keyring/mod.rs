//! The system's keyring, where the data key lies: on Linux the Secret Service, on macOS the Keychain, on
//! Windows the Credential Manager. `docs/decisions/keyring.md` says why so.

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[path = "secret_service/mod.rs"]
mod backend;
#[cfg(all(feature = "keyring", any(target_os = "macos", windows)))]
#[path = "native.rs"]
mod backend;
#[cfg(not(all(feature = "keyring", any(target_os = "linux", target_os = "macos", windows))))]
#[path = "none.rs"]
mod backend;

use proofkey::error::Error;
use proofkey::seal::DataKey;
use zeroize::Zeroizing;

/// One entry of a keyring: the data key.
pub(crate) trait Keyring: Send + Sync {
    /// The key; nothing where there is no such entry. `ask` says whether a keyring that is locked may ask
    /// the user to unlock it.
    fn read(&self, ask: bool) -> Result<Option<DataKey>, Error>;

    /// The key, which is made and written where there is none. Nobody is asked: whoever has no keyring that
    /// is open uses a file.
    fn read_or_make(&self) -> Result<DataKey, Error>;
}

/// The keyring of this user's session.
pub(crate) struct System;

impl Keyring for System {
    fn read(&self, ask: bool) -> Result<Option<DataKey>, Error> {
        backend::read(ask)?.map(|text| key(&text)).transpose()
    }

    fn read_or_make(&self) -> Result<DataKey, Error> {
        if let Some(text) = backend::read(false)? {
            return key(&text);
        }
        let made = DataKey::generate()?;
        backend::write(&made.expose_text())?;
        // What was not kept would be lost with this program.
        match backend::read(false)? {
            Some(text) if *text == *made.expose_text() => Ok(made),
            _ => Err(unavailable("it does not give back what was written")),
        }
    }
}

fn key(text: &Zeroizing<String>) -> Result<DataKey, Error> {
    DataKey::from_text(text).map_err(|_| unavailable("its entry for ProofKey is no data key"))
}

fn unavailable(detail: impl Into<String>) -> Error {
    Error::KeyringUnavailable { detail: detail.into() }
}
