internal import ProofKeyFFI

/// A key that what is kept is sealed under (XChaCha20-Poly1305): 32 bytes. They stay in the library, which wipes them when
/// the last copy of this value goes.
public struct DataKey: Sendable {
    let native: ProofKeyFFI.DataKey

    init(_ native: ProofKeyFFI.DataKey) {
        self.native = native
    }

    /// A new key, from the operating system's generator.
    ///
    /// - Throws: ``ProofKeyError`` of the family `retry` where the generator failed. There is no fallback.
    public static func generate() throws -> DataKey {
        try crossing { DataKey(try ProofKeyFFI.DataKey.generate()) }
    }

    /// The key of a text that ``exposeText()`` gave: base64url, without padding, of the 32 bytes.
    ///
    /// - Throws: ``ProofKeyError``: it is no such text.
    public init(text: String) throws {
        native = try crossing { try ProofKeyFFI.DataKey.fromText(text: text) }
    }

    /// The key as a text, for a keyring. Swift cannot wipe the text that is given out: do not keep it.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func exposeText() throws -> String {
        try crossing { try native.exposeText() }
    }
}

extension DataKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type's name.
    public var description: String { "DataKey" }

    /// The type's name.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
