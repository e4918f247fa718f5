import Foundation
import ProofKey
import ProofKeyServerChecks

// MARK: - Faults of grants

var grantFaults: [StoreFault] {
    [
        StoreFault("the terms are forgotten", breaks: .aGrantIsFoundByItsIDAndItsHash, at: "the grant that was found") {
            $0.onPut = { inner, new in
                await inner.put(
                    NewGrant(
                        grant: new.grant.withoutTerms, codeHash: new.codeHash, lifetimeSeconds: new.lifetimeSeconds))
            }
        },
        StoreFault(
            "capitals are as small letters", breaks: .aGrantIsFoundByItsIDAndItsHash,
            at: "find by the id with capitals for small letters"
        ) {
            let ids = Box<[String: String]>([:])
            $0.onPut = { inner, new in
                ids.change { $0[new.grant.grantID.lowercased()] = new.grant.grantID }
                return await inner.put(new)
            }
            $0.onFind = { inner, call in
                await inner.find(ids.value[call.grantID.lowercased()] ?? call.grantID, codeHash: call.hash)
            }
        },
        StoreFault(
            "lifetimes are milliseconds", breaks: .aGrantIsFoundByItsIDAndItsHash, at: "expiresAt of a grant of 60 s"
        ) {
            $0.onPut = { inner, new in await inner.put(new.living { $0 * 1000 }) }
        },
        StoreFault(
            "a second grant is said to be put", breaks: .aSecondGrantOfAnIDIsRefused, at: "put of an id that is taken"
        ) {
            $0.onPut = { inner, new in
                _ = await inner.put(new)
                return true
            }
        },
        StoreFault(racing: "counts are lost", breaks: .mismatchesAreCounted, at: "mismatches after 8 at once") {
            store, ages, opened in
            // All write what they have read, and one more.
            store.onCount = { inner, id in
                if !ages.wasThere(id, at: opened) || ages.mark(id) { await inner.count(id) }
            }
        },
        StoreFault("a count of nothing is an error", breaks: .mismatchesAreCounted, at: "a call of the store") {
            let ids = Box<Set<String>>([])
            $0.onPut = { inner, new in
                ids.change { $0.insert(new.grant.grantID) }
                return await inner.put(new)
            }
            $0.onCount = { inner, id in
                guard ids.value.contains(id) else { throw TokenStoreError.failed("there is no such grant") }
                await inner.count(id)
            }
        },
        StoreFault(
            "a revocation of nothing is an error", breaks: .aRevocationReachesEveryToken, at: "a call of the store"
        ) {
            let ids = Box<Set<String>>([])
            $0.onPut = { inner, new in
                ids.change { $0.insert(new.grant.grantID) }
                return await inner.put(new)
            }
            $0.onRevoke = { inner, id in
                guard ids.value.contains(id) else { throw TokenStoreError.failed("there is no such grant") }
                await inner.revoke(id)
            }
        },
        StoreFault(
            "a revocation ends the client's other grants", breaks: .aRevocationReachesEveryToken,
            at: "isRevoked of another grant"
        ) {
            let claimed = Box<Set<String>>([])
            $0.onClaim = { inner, call in
                claimed.change { $0.insert(call.grantID) }
                return await inner.claim(call)
            }
            $0.onRevoke = { inner, id in
                for each in claimed.value.union([id]) { await inner.revoke(each) }
            }
        },
        StoreFault(
            "a revocation does not reach the tokens", breaks: .aRevocationReachesEveryToken, .aGrantLivesItsLife,
            .ofManyRedeemersOneGetsAToken, at: "isRevoked of its token"
        ) {
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                return (row?.with(isRevoked: false), now)
            }
        },
    ]
}
