//! The tokens that a sign-in replaces. A client that was registered anew has another identifier, and with it
//! another place for its tokens: those of the one before would stay behind, used by nobody and still good.

use super::Context;
use crate::error::Error;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::keep::signed_in::SignedIn;

impl Context {
    /// The sign-in before this one at the configured address, where the tokens of this one stand elsewhere: at the
    /// same issuer, with another client. A program that names its client has none.
    /// Where the store cannot say, none is, and the caller hears why.
    pub(super) async fn replaced(
        &self,
        by: &SignedIn,
    ) -> Result<(Option<SignedIn>, Option<Error>), Error> {
        let config = &self.config;
        if config.client_id.is_some() {
            return Ok((None, None));
        }
        let pointer = key::signed_in(&config.target(), None);
        let before = match self.vault.load_if_readable(&pointer, SignedIn::open).await {
            Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => return Err(end),
            Err(error) => return Ok((None, Some(error))),
            Ok(before) => before,
        };
        let other =
            |before: &SignedIn| before.issuer == by.issuer && before.client_id != by.client_id;
        Ok((before.filter(other), None))
    }

    /// Removes the tokens of a client that was registered here, and the way that led to them, now that nothing
    /// leads there any more. They are given back to the server as far as that can be; what becomes of it, and a
    /// store that fails, changes nothing of the sign-in. A client that was registered beforehand is the program's
    /// own: another configuration may still name it.
    pub(super) async fn remove_replaced(&self, who: &SignedIn) -> Result<(), Error> {
        let place = self.place_of(who);
        match self.vault.locked(&place, self.remove_registered(&place, who)).await {
            Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => Err(end),
            _ => Ok(()),
        }
    }

    async fn remove_registered(&self, place: &str, who: &SignedIn) -> Result<(), Error> {
        let kept = self.vault.load_if_readable(place, Grant::open).await?;
        let Some(grant) = kept.filter(|grant| grant.registered_as.is_some()) else {
            return Ok(());
        };
        if let Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) =
            self.revoke(&grant).await
        {
            return Err(end);
        }
        self.vault.put(place, None).await?;
        if self.config.resource.is_some() {
            let pointer = key::signed_in(&self.config.target(), Some(&who.client_id));
            self.vault.put(&pointer, None).await?;
        }
        Ok(())
    }

    /// The name that the client of the last sign-in was registered by: who steps up, or signs in again, need not
    /// name it once more.
    pub(super) async fn registered_name(&self) -> Result<Option<String>, Error> {
        let Some(place) = self.place().await? else {
            return Ok(None);
        };
        let kept = self.vault.load_if_readable(&place, Grant::open).await?;
        Ok(kept.and_then(|grant| grant.registered_as))
    }
}
