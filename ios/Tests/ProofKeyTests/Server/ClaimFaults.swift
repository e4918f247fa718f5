import Foundation
import ProofKey
import ProofKeyServerChecks

// MARK: - Faults of claims

var claimFaults: [StoreFault] {
    [
        StoreFault("a token's scope is forgotten", breaks: .aClaimHappensOnceAndBringsItsTokens, at: "scope of a token")
        {
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                return (row?.with(scope: .some(nil)), now)
            }
        },
        StoreFault(
            "a token's key is forgotten", breaks: .aClaimHappensOnceAndBringsItsTokens, at: "dpopThumbprint of a token"
        ) {
            $0.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                return (row?.with(dpopThumbprint: .some(nil)), now)
            }
        },
        StoreFault(
            "a token is found by its hash alone", breaks: .aClaimHappensOnceAndBringsItsTokens,
            at: "findToken of a token under another grant"
        ) {
            let grants = Box<[Data: String]>([:])
            $0.onClaim = { inner, call in
                grants.change { for token in call.tokens { $0[token.tokenHash] = $0[token.tokenHash] ?? call.grantID } }
                return await inner.claim(call)
            }
            $0.onFindToken = { inner, call in
                await inner.findToken(grants.value[call.hash] ?? call.grantID, tokenHash: call.hash)
            }
        },
        StoreFault(
            "mismatches are not looked at", breaks: .aClaimNeedsEveryOneOfItsConditions,
            at: "claim of a code of a burnt grant"
        ) {
            $0.onClaim = { inner, call in
                await inner.claim(call.grantID, codeHash: call.hash, maxMismatches: .max, tokens: call.tokens)
            }
        },
        StoreFault(
            "the expiry is not looked at", breaks: .aClaimNeedsEveryOneOfItsConditions,
            at: "claim of a code that has expired"
        ) {
            $0.onPut = { inner, new in await inner.put(new.living { max($0, 60) }) }
        },
        StoreFault(
            "a claim that is refused uses the code", breaks: .aClaimNeedsEveryOneOfItsConditions,
            at: "isUsed after a claim that was refused"
        ) {
            $0.onClaim = { inner, call in
                if await inner.claim(call) { return true }
                _ = await inner.claim(call.grantID, codeHash: call.hash, maxMismatches: .max, tokens: [])
                return false
            }
        },
        StoreFault(
            "a claim is not one transaction", breaks: .aClaimAndItsTokensAreOne,
            at: "isUsed after a claim whose tokens failed"
        ) {
            $0.onClaim = { inner, call in
                guard Set(call.tokens.map(\.tokenHash)).count == call.tokens.count else {
                    _ = await inner.claim(
                        call.grantID, codeHash: call.hash, maxMismatches: call.number, tokens: [call.tokens[0]])
                    throw TokenStoreError.failed("the token is there")
                }
                return await inner.claim(call)
            }
        },
        StoreFault(
            racing: "a loser's tokens are written", breaks: .ofManyClaimsOneWins, at: "whether a loser's token is there"
        ) { store, ages, opened in
            store.onClaim = { inner, call in
                if await inner.claim(call) {
                    ages.note(claimed: call.grantID)
                    return true
                }
                // They came before the claim, in a transaction of their own.
                if ages.wasUnused(call.grantID, at: opened) {
                    for token in call.tokens { ages.mark(token.tokenHash.base64EncodedString()) }
                }
                return false
            }
            store.onFindToken = { inner, call in
                let (row, now) = await inner.findToken(call)
                return (row ?? (ages.isMarked(call.hash.base64EncodedString()) ? .stray : nil), now)
            }
        },
        StoreFault(
            racing: "a claim reads before it writes", breaks: .ofManyClaimsOneWins, .ofManyRedeemersOneGetsAToken,
            at: "winners of 8 claims at once"
        ) { store, ages, opened in
            store.onFind = { inner, call in
                let (row, now) = await inner.find(call)
                return (ages.wasUnused(call.grantID, at: opened) ? row?.unused : row, now)
            }
            store.onClaim = { inner, call in
                let wasUnused = ages.wasUnused(call.grantID, at: opened)
                let claimed = await inner.claim(call)
                if claimed { ages.note(claimed: call.grantID) }
                return claimed || wasUnused
            }
        },
    ]
}

extension TokenRow {
    /// A token of nobody's.
    static let stray = TokenRow(
        kind: .access, expiresAt: .max, isRevoked: true,
        grant: Grant(
            grantID: "", clientID: "", subject: "", redirectURI: "", redirectURIWasSent: false, codeChallenge: nil,
            scope: "", resource: nil, isRefreshable: false,
            terms: GrantTerms(dpopThumbprint: nil, nonce: nil, authTime: nil, acr: nil, authorizationDetails: nil)),
        rotation: .newest, scope: nil, dpopThumbprint: nil)
}
