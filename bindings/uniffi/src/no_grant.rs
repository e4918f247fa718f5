//! Stands in for the authorization server's half where the feature `grants` is left out: no phone is an authorization
//! server. Each function of it is there under its name, so that one generated source serves all platforms of a
//! language; what would begin something there fails, and there is no value of the rest.
//!
//! Arguments and results are the same in C and nothing more: what is made from this build's descriptions has no rows,
//! no policies and no steps. Sources are made from a build with `grants`.

#![expect(unused_variables, reason = "an argument has the name that it has in the other build")]

use crate::error::{Family, Outcome, ProofKeyError};
use crate::guard::shows;
use crate::{FfiConverter, MetadataBuffer, UniFfiTag};
use std::sync::Arc;

/// The end of whatever begins here.
#[cold]
#[inline(never)]
fn none<T>() -> Outcome<T> {
    Err(ProofKeyError::Failed {
        code: "grants_unavailable".to_owned(),
        family: Family::FixConfiguration,
        text: "this build of ProofKey has no authorization server".to_owned(),
        advice: "Run the server with a package for servers or desktops; those for phones hold the client alone."
            .to_owned(),
    })
}

/// What crosses in a buffer and is read by nobody. It is freed like all that is read, and so wiped.
pub struct Unread;

// SAFETY: it lies in a buffer as any record does, and takes all of it whatever it holds. None is ever given out.
unsafe impl FfiConverter<UniFfiTag> for Unread {
    uniffi::ffi_converter_rust_buffer_lift_and_lower!(UniFfiTag);

    fn write(_: Self, _: &mut Vec<u8>) {}

    fn try_read(buffer: &mut &[u8]) -> uniffi::Result<Self> {
        *buffer = &[];
        Ok(Self)
    }

    // The generators have to know a type; this one crosses in a buffer, too.
    const TYPE_ID_META: MetadataBuffer = <String as FfiConverter<UniFfiTag>>::TYPE_ID_META;
}
uniffi::derive_ffi_traits!(local Unread);

/// There is no value of it.
pub enum Never {}

/// Types that each language can show.
macro_rules! shown {
    ($($type:ident)*) => {$(
        #[doc = "Shown by its name alone."]
        #[derive(uniffi::Record)]
        #[uniffi::export(Debug, Display)]
        pub struct $type {
            #[doc = "All that it holds."]
            pub unread: Unread,
        }

        shows!($type, |_it| concat!(stringify!($type), "(…)").to_owned());
    )*};
}
shown!(CheckDemands IssueOutcome Judged ProofRules RequestProof TokenAnswer);

/// Flows, but for how they are made.
macro_rules! flows {
    ($($type:ident)*) => {$(
        #[doc = "There is no value of it."]
        #[derive(uniffi::Object)]
        pub struct $type(Never);

        #[uniffi::export]
        impl $type {
            #[doc = "Is never called."]
            pub fn advance(&self, event: Unread) -> Outcome<Unread> {
                match self.0 {}
            }

            #[doc = "Is never called."]
            pub fn outcome(&self) -> Outcome<Unread> {
                match self.0 {}
            }
        }
    )*};
}
flows!(CheckToken Issue Redeem RevokeToken);

#[uniffi::export]
impl CheckToken {
    /// `grants_unavailable`.
    #[uniffi::constructor]
    pub fn new(
        authorization: Unread,
        audience: Unread,
        required_scopes: Unread,
        demands: Unread,
    ) -> Outcome<Arc<Self>> {
        none()
    }
}

#[uniffi::export]
impl Issue {
    /// `grants_unavailable`.
    #[uniffi::constructor]
    pub fn new(request: Arc<GrantRequest>, approval: Unread, policy: Unread) -> Outcome<Arc<Self>> {
        none()
    }
}

#[uniffi::export]
impl Redeem {
    /// `grants_unavailable`.
    #[uniffi::constructor]
    pub fn new(
        body: Unread,
        content_type: Unread,
        authorization: Unread,
        policy: Unread,
        proof: Unread,
    ) -> Outcome<Arc<Self>> {
        none()
    }
}

#[uniffi::export]
impl RevokeToken {
    /// `grants_unavailable`.
    #[uniffi::constructor]
    pub fn new(body: Unread, content_type: Unread, authorization: Unread) -> Outcome<Arc<Self>> {
        none()
    }
}

/// `grants_unavailable`.
#[uniffi::export]
pub fn client_of(query: Unread) -> Outcome<Unread> {
    none()
}

/// `grants_unavailable`.
#[uniffi::export]
pub fn judge_request(query: Unread, client: Unread, policy: Unread) -> Outcome<Unread> {
    none()
}

/// `grants_unavailable`.
#[uniffi::export]
pub fn body_with_id_token(answer: Unread, id_token: Unread) -> Outcome<Unread> {
    none()
}

/// There is no value of it.
#[derive(uniffi::Object)]
pub struct GrantRequest(Never);

#[uniffi::export]
impl GrantRequest {
    /// Is never called.
    pub fn details(&self) -> Outcome<Unread> {
        match self.0 {}
    }

    /// Is never called.
    pub fn deny(&self, policy: Unread) -> Outcome<Unread> {
        match self.0 {}
    }

    /// Is never called.
    pub fn decline(&self, why: Unread, policy: Unread) -> Outcome<Unread> {
        match self.0 {}
    }
}
