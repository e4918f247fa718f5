import Foundation
import ProofKey
import ProofKeyServerChecks
import Testing

/// A fault of a store, and what it breaks: these promises and no others.
struct StoreFault: Sendable, CustomTestStringConvertible {
    let name: String
    let breaks: Set<GrantStorePromise>
    /// Where the first of them is seen to be broken.
    let circumstance: String
    /// A database anew, which gives its stores.
    let database: @Sendable () -> @Sendable () async throws -> any GrantStore

    var testDescription: String { name }

    /// One that shows when calls come one after the other.
    init(
        _ name: String, breaks: GrantStorePromise..., at circumstance: String,
        change: @escaping @Sendable (inout Tampered) -> Void
    ) {
        self.init(name, Set(breaks), circumstance) {
            var changed = Tampered()
            change(&changed)
            let store = changed
            return { store }
        }
    }

    /// One that shows when many ask at once: each has a store that was opened at its own time.
    init(
        racing name: String, breaks: GrantStorePromise..., at circumstance: String,
        change: @escaping @Sendable (inout Tampered, _ ages: Ages, _ opened: Int) -> Void
    ) {
        self.init(name, Set(breaks), circumstance) {
            let (inner, ages) = (MemoryGrantStore(), Ages())
            return {
                var store = Tampered(inner: inner)
                store.onPut = { inner, new in
                    ages.note(put: new.grant.grantID)
                    return await inner.put(new)
                }
                change(&store, ages, ages.now())
                return store
            }
        }
    }

    private init(
        _ name: String, _ breaks: Set<GrantStorePromise>, _ circumstance: String,
        _ database: @escaping @Sendable () -> @Sendable () async throws -> any GrantStore
    ) {
        self.name = name
        self.breaks = breaks
        self.circumstance = circumstance
        self.database = database
    }
}

/// What was there when a store was opened: what a program knows that has read it then.
final class Ages: Sendable {
    private struct State {
        var clock = 0
        var put: [String: Int] = [:]
        var claimed: [String: Int] = [:]
        var marked: Set<String> = []
    }

    private let state = Box(State())

    func now() -> Int {
        state.change { $0.clock += 1 }
        return state.value.clock
    }

    func note(put id: String) {
        let now = now()
        state.change { $0.put[id] = now }
    }

    func note(claimed id: String) {
        let now = now()
        state.change { $0.claimed[id] = now }
    }

    func wasThere(_ id: String, at opened: Int) -> Bool { (state.value.put[id] ?? .max) < opened }

    func wasUnused(_ id: String, at opened: Int) -> Bool {
        wasThere(id, at: opened) && (state.value.claimed[id] ?? .max) > opened
    }

    /// Whether it was not marked before.
    @discardableResult
    func mark(_ id: String) -> Bool {
        var isNew = false
        state.change { isNew = $0.marked.insert(id).inserted }
        return isNew
    }

    func isMarked(_ id: String) -> Bool { state.value.marked.contains(id) }
}

extension GrantRow {
    /// As it was before its code was claimed.
    var unused: GrantRow {
        GrantRow(grant: grant, expiresAt: expiresAt, isUsed: false, isRevoked: false, mismatches: mismatches)
    }
}

extension TokenRow {
    func with(
        isRevoked: Bool? = nil, rotation: TokenRotation? = nil, scope: String?? = nil, dpopThumbprint: String?? = nil
    ) -> TokenRow {
        TokenRow(
            kind: kind, expiresAt: expiresAt, isRevoked: isRevoked ?? self.isRevoked, grant: grant,
            rotation: rotation ?? self.rotation, scope: scope ?? self.scope,
            dpopThumbprint: dpopThumbprint ?? self.dpopThumbprint)
    }
}

extension Grant {
    var withoutTerms: Grant {
        Grant(
            grantID: grantID, clientID: clientID, subject: subject, redirectURI: redirectURI,
            redirectURIWasSent: redirectURIWasSent, codeChallenge: codeChallenge, scope: scope, resource: resource,
            isRefreshable: isRefreshable,
            terms: GrantTerms(dpopThumbprint: nil, nonce: nil, authTime: nil, acr: nil, authorizationDetails: nil))
    }
}

extension NewGrant {
    func living(_ seconds: (Int) -> Int) -> NewGrant {
        NewGrant(grant: grant, codeHash: codeHash, lifetimeSeconds: seconds(lifetimeSeconds))
    }
}

extension NewToken {
    func living(_ seconds: (Int) -> Int) -> NewToken {
        NewToken(
            kind: kind, tokenHash: tokenHash, lifetimeSeconds: seconds(lifetimeSeconds), scope: scope,
            dpopThumbprint: dpopThumbprint)
    }
}
