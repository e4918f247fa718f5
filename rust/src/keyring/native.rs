//! The Keychain of macOS and the Credential Manager of Windows, by crates that speak to them. Compiled, and
//! never run.

use super::unavailable;
use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error as Failure};
use proofkey::error::Error;
use proofkey::file_store::FileStore;
use zeroize::Zeroizing;

const SERVICE: &str = FileStore::KEYRING_SERVICE;
const ACCOUNT: &str = FileStore::KEYRING_ACCOUNT;

/// The system shows its own window where the user must unlock it, and knows where it cannot.
pub(super) fn read(_ask: bool) -> Result<Option<Zeroizing<String>>, Error> {
    match entry()?.get_password() {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(Failure::NoEntry) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

pub(super) fn write(text: &str) -> Result<(), Error> {
    entry()?.set_password(text).map_err(|error| failed(&error))
}

#[cfg(target_os = "macos")]
fn entry() -> Result<Entry, Error> {
    let store = apple_native_keyring_store::keychain::Store::new();
    store.and_then(|store| store.build(SERVICE, ACCOUNT, None)).map_err(|error| failed(&error))
}

/// Under the name of the service alone, as Python's `keyring` looks for it.
#[cfg(windows)]
fn entry() -> Result<Entry, Error> {
    let target = std::collections::HashMap::from([("target", SERVICE), ("persistence", "local")]);
    let store = windows_native_keyring_store::Store::new();
    store
        .and_then(|store| store.build(SERVICE, ACCOUNT, Some(&target)))
        .map_err(|error| failed(&error))
}

fn failed(error: &Failure) -> Error {
    unavailable(error.to_string())
}
