//! A sign-in that another run of the program began: taken up once, and finished.

use super::client::port_of;
use super::{AccessOutcome, Context};
use crate::error::Error;
use crate::flow::sign_in::RedirectTarget;
use crate::keep::pending::Pending;
use crate::listen::Listen;
use crate::step::Step;

impl Context {
    pub(super) async fn resume(&self) -> Result<AccessOutcome, Error> {
        let place = self.pending_place();
        let (revision, bytes) = self.vault.load_bytes(&place).await?;
        let bytes = bytes.ok_or(Error::NothingPending)?;
        // Of two that try, one deletes it.
        if !self.vault.swap(&place, revision, None).await? {
            return Err(Error::NothingPending);
        }
        let pending = Pending::open(self.vault.key(), &place, bytes.expose(), self.io.now())?;
        if let Some(redirect) = &self.config.redirect_uri {
            return self.finish(pending, redirect).await;
        }
        let port = port_of(&pending.session.pinned().redirect_uri);
        if let (RedirectTarget::Loopback(listen), Some(port), false) =
            (&self.config.redirect, port, self.config.paste)
        {
            self.listen(Listen { port, ..listen.clone() }).await?;
        }
        let deadline_ms = self.config.browse_timeout_ms;
        self.wait(pending, Step::Await { deadline_ms, refused: None }).await
    }
}
