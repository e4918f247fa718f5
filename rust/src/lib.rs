//! ProofKey for Rust: a program signs its user in with PKCE (RFC 7636), the system's browser and a
//! loopback redirect (RFC 8252), and keeps no secret of its own.
//!
//! The protocol is in the crate [`proofkey`]; this one does what the protocol asks: HTTP, the
//! browser, the listening port, the store. It is blocking and starts no runtime.
//!
//! ```no_run
//! use proofkey_client::Client;
//!
//! let client = Client::builder()
//!     .issuer("https://login.example")
//!     .client_id("my-agent")
//!     .scopes(["notes.read"])
//!     .build()?;
//! let tokens = client.sign_in()?;
//! println!("signed in; the token ends at {:?}", tokens.expires_at());
//! # Ok::<(), proofkey_client::Error>(())
//! ```
//!
//! # Sign-ins that are kept
//!
//! A client keeps what comes in its [`Store`]: in memory, in the files of the user ([`FileStore`], which the
//! program `proofkey` and other languages share), or in one of your own. From then on
//! [`Client::access_token`] gives a token that is fresh, and [`Client::authorize`] the header fields of a request
//! to the client's own resource. However many threads and programs ask, an old token is refreshed once.
//!
//! ```no_run
//! use proofkey_client::{Client, FileStore, Interaction};
//!
//! let client = Client::builder()
//!     .resource("https://mcp.example/mcp") // an MCP server, say: it names its authorization server
//!     .client_name("My agent") // registered where the server lets it
//!     .store(FileStore::open_default()?)
//!     .build()?;
//! let token = client.access_token(Interaction::Auto)?; // signs in only where it must
//! # let _ = token;
//! # Ok::<(), proofkey_client::Error>(())
//! ```
//!
//! # More than a token
//!
//! [`ClientBuilder::dpop`] binds the tokens to a key, so that who steals one cannot use it (RFC 9449): to one that is
//! kept with them, or to one of a [`Signer`]. [`Interaction::Device`] signs in on another device (RFC 8628). A request
//! to the resource is made with all of its tries by [`Client::request`]: proofs and their nonces, one refresh, and,
//! where the user may be asked, a sign-in with what the resource demands (RFC 9470).
//!
//! ```no_run
//! use proofkey_client::{CancelHandle, Client, Dpop, Interaction};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder()
//!     .resource("https://api.example/notes")
//!     .client_name("My agent")
//!     .dpop(Dpop::Required)
//!     .scope_ceiling(["notes.read", "notes.write"]) // what a resource may demand, and no more
//!     .build()?;
//! let mut body = Vec::new();
//! let fetched = client
//!     .request("GET", "https://api.example/notes/1")
//!     .interaction(Interaction::Auto)
//!     .send(&mut body, &CancelHandle::new())?;
//! # let _ = fetched.status;
//! # Ok(())
//! # }
//! ```
//!
//! # Keyring
//!
//! With the feature `keyring` the key that the files are sealed under lies in the system's keyring where there is
//! one.
//!
//! # Logs
//!
//! Neither this crate nor the core logs anything. The HTTP client below it writes to the `log`
//! facade: up to the level `debug` no body and no token; at `trace` its module `ureq_proto` writes
//! every byte that it sends and receives, the code and the tokens too. Do not enable `trace` for it.

mod ask;
mod authorize;
mod browser;
mod builder;
mod cancel;
mod client;
mod discover;
mod driver;
mod fetch;
mod flight;
mod http;
mod keyring;
mod request;
mod signer;
mod store;
mod waiting;

pub use ask::{Interaction, PastePrompt, ReadLine};
pub use browser::{Browser, OpenUrl};
pub use builder::ClientBuilder;
pub use cancel::CancelHandle;
pub use client::{Client, SignedOut};
pub use discover::{challenge, discover, discover_until};
pub use fetch::{FetchError, Fetched};
pub use http::{Unreachable, exchange};
pub use proofkey::device::DeviceCode;
pub use proofkey::error::{Error, Family};
pub use proofkey::flow::access::{Dpop, KeptSignIn};
pub use proofkey::flow::discovery::{Discovered, DiscoveryConfig};
pub use proofkey::http::Header;
pub use proofkey::metadata::{Capability, Feature, ProtectedResource, Provider, Support};
pub use proofkey::resource_call::StepUp;
pub use proofkey::seal::DataKey;
pub use proofkey::secret::{Secret, SecretBytes};
pub use proofkey::step::LoopbackHost;
pub use proofkey::token::{AuthorizationFields, Identity, TokenSet};
pub use request::ResourceRequest;
pub use signer::{Signer, SignerError};
pub use store::{FileStore, KeyPlace, MemoryStore, Store, StoreLock, Stored};

/// The snippets of the README are compiled with the tests of this crate.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
