//! This build, or this system, has no keyring that ProofKey knows.

use super::unavailable;
use proofkey::error::Error;
use zeroize::Zeroizing;

const NONE: &str = "this build of ProofKey knows none";

pub(super) fn read(_ask: bool) -> Result<Option<Zeroizing<String>>, Error> {
    Err(unavailable(NONE))
}

pub(super) fn write(_text: &str) -> Result<(), Error> {
    Err(unavailable(NONE))
}
