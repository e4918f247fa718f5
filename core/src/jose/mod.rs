//! What is signed in JSON (RFC 7515, RFC 7517, RFC 7518), as far as ID tokens and DPoP proofs need it:
//! the keys that verify, the key that signs, and signatures in their two spellings.

mod algorithm;
pub(crate) mod compact;
mod key;
mod key_set;
mod public_key;
mod rsa_key;
mod signature;
mod signing_key;

pub(crate) use algorithm::Algorithm;
pub(crate) use key_set::Found;
pub use key_set::KeySet;
pub(crate) use public_key::PublicKey;
pub use signature::raw_signature;
pub(crate) use signing_key::SigningKey;
