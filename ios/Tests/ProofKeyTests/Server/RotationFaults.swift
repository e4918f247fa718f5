import Foundation
import ProofKey
import ProofKeyServerChecks

// MARK: - Faults of rotations

var rotationFaults: [StoreFault] {
    [
        StoreFault(
            "when it was is forgotten", breaks: .aRotationHappensOnceAndBringsItsTokens, at: "rotatedAt"
        ) {
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                guard case .predecessor = row?.rotation else { return (row, now) }
                return (row?.with(rotation: .predecessor(rotatedAt: 0)), now)
            }
        },
        StoreFault(
            "access tokens grow old", breaks: .aRotationHappensOnceAndBringsItsTokens,
            at: "rotation of an access token, later"
        ) {
            let rotations = Box<[String: Int]>([:])
            $0.onRotate = { inner, call in
                rotations.change { $0[call.grantID, default: 0] += 1 }
                return await inner.rotate(call)
            }
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                let isOld = row?.kind == .access && rotations.value[call.grantID, default: 0] > 1
                return (isOld ? row?.with(rotation: .older) : row, now)
            }
        },
        StoreFault(
            "the window is always open", breaks: .aRotationHappensOnceAndBringsItsTokens,
            .theWindowSparesThePredecessorAlone, .ofManyRotationsOneWins, at: "rotate of a token for the second time"
        ) {
            $0.onRotate = { inner, call in
                await inner.rotate(call.grantID, tokenHash: call.hash, reuseWindowSeconds: 30, tokens: call.tokens)
            }
        },
        StoreFault(
            "an expired token is exchanged", breaks: .aRotationNeedsEveryOneOfItsConditions,
            at: "rotate of an expired token"
        ) {
            $0.onClaim = { inner, call in
                await inner.claim(
                    call.grantID, codeHash: call.hash, maxMismatches: call.number,
                    tokens: call.tokens.map { $0.living { max($0, 60) } })
            }
        },
        StoreFault(
            "an access token is exchanged", breaks: .aRotationNeedsEveryOneOfItsConditions,
            at: "rotate of an access token"
        ) {
            $0.onRotate = { inner, call in
                let isAccess = await inner.findToken(call).row?.kind == .access
                let rotated = await inner.rotate(call)
                return isAccess || rotated
            }
        },
        StoreFault(
            "there is no window", breaks: .theWindowSparesThePredecessorAlone,
            at: "rotate of the predecessor in its window"
        ) {
            $0.onRotate = { inner, call in
                await inner.rotate(call.grantID, tokenHash: call.hash, reuseWindowSeconds: 0, tokens: call.tokens)
            }
        },
        StoreFault(
            racing: "a rotation reads before it writes", breaks: .ofManyRotationsOneWins,
            at: "winners of 8 exchanges at once"
        ) { store, ages, opened in
            store.onRotate = { inner, call in
                let window = ages.wasThere(call.grantID, at: opened) ? 30 : call.number
                return await inner.rotate(
                    call.grantID, tokenHash: call.hash, reuseWindowSeconds: window, tokens: call.tokens)
            }
        },
    ]
}

// MARK: - Faults of proofs, and what a whole server sees

var otherFaults: [StoreFault] {
    [
        StoreFault("every proof is new", breaks: .aProofIsNewOnce, at: "remember of a name again") {
            $0.onRemember = { _, _, _ in true }
        },
        StoreFault(
            "a proof is remembered for ever", breaks: .aProofIsNewOnce, at: "remember of a name that has expired"
        ) {
            $0.onRemember = { inner, name, _ in try await inner.remember(name, lifetimeSeconds: 600) }
        },
        StoreFault("capitals of proofs are as small letters", breaks: .aProofIsNewOnce, at: "remember of another name")
        {
            $0.onRemember = { inner, name, lifetime in
                try await inner.remember(name.lowercased(), lifetimeSeconds: lifetime)
            }
        },
        StoreFault(
            racing: "proofs are read before they are written", breaks: .aProofIsNewOnce,
            at: "for how many of 8 a name was new"
        ) { store, ages, opened in
            // Whoever was opened before a name came, and has not brought it, has read nothing of it.
            let own = Box<Set<String>>([])
            store.onRemember = { inner, name, lifetime in
                if !ages.wasThere(name, at: .max) { ages.note(put: name) }
                let isStale = !ages.wasThere(name, at: opened) && !own.value.contains(name)
                own.change { $0.insert(name) }
                let remembered = try await inner.remember(name, lifetimeSeconds: lifetime)
                return remembered || isStale
            }
        },
        StoreFault(
            "an absent key comes back as an empty one", breaks: .aGrantLivesItsLife, at: "a check of a good token"
        ) {
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                guard row?.grant.terms.dpopThumbprint == nil else { return (row, now) }
                return (row?.with(dpopThumbprint: .some(String(repeating: "A", count: 43))), now)
            }
        },
        StoreFault(
            "who is asked for too often is not found", breaks: .ofManyRedeemersOneGetsAToken,
            at: "what another redeemer gets"
        ) {
            let finds = Box<[String: Int]>([:])
            $0.onFind = { inner, call in
                finds.change { $0[call.grantID, default: 0] += 1 }
                let (row, now) = await inner.find(call)
                return (finds.value[call.grantID, default: 0] > 6 ? nil : row, now)
            }
        },
    ]
}
