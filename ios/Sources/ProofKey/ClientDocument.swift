import Foundation
internal import ProofKeyFFI

/// What a client says of itself at its own address, which is its identifier at servers that take client documents
/// (OAuth Client ID Metadata Document). Its address is what ``ProofKeyClient`` is given as `clientDocument`.
public struct ClientDocument: Hashable, Sendable {
    /// The document's own address: https, with a path, without query and fragment.
    public let url: String

    /// What a user is shown.
    public let name: String

    /// The client's home page.
    public let page: String?

    /// Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
    public let redirectURIs: [String]

    /// The scopes that it may ask for; empty leaves it to the server.
    public let scopes: [String]

    /// A document, to be served at its address.
    public init(url: String, name: String, page: String? = nil, redirectURIs: [String], scopes: [String] = []) {
        self.url = url
        self.name = name
        self.page = page
        self.redirectURIs = redirectURIs
        self.scopes = scopes
    }

    /// Reads what was fetched from this address.
    ///
    /// - Throws: ``ProofKeyError`` (`invalid_metadata`), which names the member that cannot be used.
    public init(reading body: Data, from url: String) throws {
        let read = try crossing { try readClientDocument(url: url, body: body) }
        self.init(
            url: read.clientId, name: read.clientName, page: read.clientUri, redirectURIs: read.redirectUris,
            scopes: read.scopes)
    }

    /// The document as JSON, to be served as `application/json`.
    ///
    /// - Throws: ``ProofKeyError`` (`invalid_metadata`), which names the member that cannot be used.
    public func json() throws -> String {
        let document = ProofKeyFFI.ClientDocument(
            clientId: url, clientName: name, clientUri: page, redirectUris: redirectURIs, scopes: scopes)
        return try crossing { try clientDocumentJson(document: document) }
    }
}
