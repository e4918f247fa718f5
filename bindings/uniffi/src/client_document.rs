//! The client ID metadata document: a client that is named by the address of a document about it.

use crate::error::Outcome;
use crate::guard::call;
use proofkey::client_document as core;

/// What a client says of itself at its own address. The document is served there as `application/json`,
/// and the address is the client's identifier.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ClientDocument {
    /// The document's own address: https, with a path, without query and fragment.
    pub client_id: String,
    /// What a user is shown.
    pub client_name: String,
    /// The client's home page.
    pub client_uri: Option<String>,
    /// Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// The scopes that it may ask for; empty leaves it to the server.
    pub scopes: Vec<String>,
}

crate::mirror::mirrors!(
    ClientDocument,
    core::ClientDocument { client_id, client_name, client_uri, redirect_uris, scopes }
);

/// The document, ready to be served: a native application, public, for the code grant and for refreshing.
/// `invalid_metadata` names the member that cannot be used.
#[uniffi::export]
pub fn client_document_json(document: ClientDocument) -> Outcome<String> {
    call("client_document_json", || Ok(core::ClientDocument::from(document).to_json()?))
}

/// Reads the document that was fetched from `url`. `invalid_metadata` names the member that cannot be used; a
/// `client_id` other than `url`, letter for letter, is one.
#[uniffi::export]
pub fn read_client_document(url: String, body: Vec<u8>) -> Outcome<ClientDocument> {
    call("read_client_document", || Ok(core::ClientDocument::read(&url, &body)?.into()))
}
