import Foundation
internal import ProofKeyFFI

/// A grant to be written.
public struct NewGrant: Hashable, Sendable {
    /// The part that never changes.
    public let grant: Grant

    /// SHA-256 of the code: 32 bytes.
    public let codeHash: Data

    /// How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2).
    public let lifetimeSeconds: Int

    /// A grant to be written.
    public init(grant: Grant, codeHash: Data, lifetimeSeconds: Int) {
        self.grant = grant
        self.codeHash = codeHash
        self.lifetimeSeconds = lifetimeSeconds
    }
}

/// A grant as it was found.
public struct GrantRow: Hashable, Sendable {
    /// The part that never changes.
    public let grant: Grant

    /// When the code expires, in seconds since the epoch by the store's clock.
    public let expiresAt: Int

    /// Whether the code was claimed.
    public let isUsed: Bool

    /// Whether the grant was revoked.
    public let isRevoked: Bool

    /// How many wrong verifiers came for it.
    public let mismatches: Int

    /// A grant that was found.
    public init(grant: Grant, expiresAt: Int, isUsed: Bool, isRevoked: Bool, mismatches: Int) {
        self.grant = grant
        self.expiresAt = expiresAt
        self.isUsed = isUsed
        self.isRevoked = isRevoked
        self.mismatches = mismatches
    }
}

/// What a token is for.
public enum TokenKind: String, CaseIterable, Hashable, Sendable {
    /// For a resource.
    case access
    /// For the token endpoint.
    case refresh
}

/// A token to be written.
public struct NewToken: Hashable, Sendable {
    /// What it is for.
    public let kind: TokenKind

    /// SHA-256 of the token: 32 bytes.
    public let tokenHash: Data

    /// How long it is valid, in seconds.
    public let lifetimeSeconds: Int

    /// Its scope, where it is narrower than the grant's (RFC 6749 §6); none: the grant's.
    public let scope: String?

    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
    public let dpopThumbprint: String?

    /// A token to be written.
    public init(kind: TokenKind, tokenHash: Data, lifetimeSeconds: Int, scope: String?, dpopThumbprint: String?) {
        self.kind = kind
        self.tokenHash = tokenHash
        self.lifetimeSeconds = lifetimeSeconds
        self.scope = scope
        self.dpopThumbprint = dpopThumbprint
    }
}

/// A token as it was found, with its grant.
public struct TokenRow: Hashable, Sendable {
    /// What it is for.
    public let kind: TokenKind

    /// When it expires, in seconds since the epoch by the store's clock.
    public let expiresAt: Int

    /// Whether its grant was revoked.
    public let isRevoked: Bool

    /// The grant that it was issued from.
    public let grant: Grant

    /// Of a refresh token: where it stands; ``TokenRotation/newest`` for every other.
    public let rotation: TokenRotation

    /// Its scope, where it is narrower than the grant's; none: the grant's.
    public let scope: String?

    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token. A store that forgets it makes a
    /// bearer token of it.
    public let dpopThumbprint: String?

    /// A token that was found.
    public init(
        kind: TokenKind, expiresAt: Int, isRevoked: Bool, grant: Grant, rotation: TokenRotation, scope: String?,
        dpopThumbprint: String?
    ) {
        self.kind = kind
        self.expiresAt = expiresAt
        self.isRevoked = isRevoked
        self.grant = grant
        self.rotation = rotation
        self.scope = scope
        self.dpopThumbprint = dpopThumbprint
    }

    /// What it may be used for: its own scope, or the grant's.
    public var scopes: [String] { (scope ?? grant.scope).split(separator: " ").map(String.init) }
}

/// Where a refresh token stands in the row of those that its grant has had.
///
/// They come in generations: a claim writes the first one, a rotation of the newest one writes the next. A grant's row holds
/// the number of its newest generation and when that began, a token's row the number of its own;
/// ``init(of:generation:newest:rotatedAt:)`` tells the rest.
public enum TokenRotation: Hashable, Sendable {
    /// Of the newest generation; an access token always is.
    case newest
    /// Of the one before it; the newest began then, in seconds since the epoch by the store's clock.
    case predecessor(rotatedAt: Int)
    /// Older than that.
    case older

    /// Where a token of this generation stands in a grant whose newest generation is `newest` and began at `rotatedAt`.
    public init(of kind: TokenKind, generation: Int, newest: Int, rotatedAt: Int) {
        if kind == .access || generation == newest {
            self = .newest
        } else if generation == newest - 1 {
            self = .predecessor(rotatedAt: rotatedAt)
        } else {
            self = .older
        }
    }
}

// MARK: - Across the boundary

extension NewGrant {
    init(_ native: ProofKeyFFI.NewGrant) {
        self.init(
            grant: Grant(native.grant), codeHash: native.codeHash, lifetimeSeconds: Int(clamping: native.lifetimeS))
    }
}

extension GrantRow {
    func native() throws -> ProofKeyFFI.GrantRow {
        ProofKeyFFI.GrantRow(
            grant: try grant.native(), expiresAt: try stored(expiresAt, "the expiry of a code"), used: isUsed,
            revoked: isRevoked, mismatches: try stored(mismatches, "the number of mismatches"))
    }
}

extension TokenKind {
    init(_ native: ProofKeyFFI.TokenKind) {
        switch native {
        case .access: self = .access
        case .refresh: self = .refresh
        }
    }

    var native: ProofKeyFFI.TokenKind {
        switch self {
        case .access: .access
        case .refresh: .refresh
        }
    }
}

extension NewToken {
    init(_ native: ProofKeyFFI.NewToken) {
        self.init(
            kind: TokenKind(native.kind), tokenHash: native.tokenHash,
            lifetimeSeconds: Int(clamping: native.lifetimeS), scope: native.scope, dpopThumbprint: native.dpopJkt)
    }
}

extension TokenRow {
    init(_ native: ProofKeyFFI.TokenRow) {
        self.init(
            kind: TokenKind(native.kind), expiresAt: Int(clamping: native.expiresAt), isRevoked: native.revoked,
            grant: Grant(native.grant), rotation: TokenRotation(native.rotation), scope: native.scope,
            dpopThumbprint: native.dpopJkt)
    }

    func native() throws -> ProofKeyFFI.TokenRow {
        ProofKeyFFI.TokenRow(
            kind: kind.native, expiresAt: try stored(expiresAt, "the expiry of a token"), revoked: isRevoked,
            grant: try grant.native(), rotation: try rotation.native(), dpopJkt: dpopThumbprint, scope: scope)
    }
}

extension TokenRotation {
    init(_ native: ProofKeyFFI.Rotation) {
        switch native {
        case .newest: self = .newest
        case .predecessor(let rotatedAt): self = .predecessor(rotatedAt: Int(clamping: rotatedAt))
        case .older: self = .older
        }
    }

    func native() throws -> ProofKeyFFI.Rotation {
        switch self {
        case .newest: .newest
        case .predecessor(let rotatedAt): .predecessor(rotatedAt: try stored(rotatedAt, "the time of a rotation"))
        case .older: .older
        }
    }
}
