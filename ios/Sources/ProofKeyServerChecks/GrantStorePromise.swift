/// What a grant store promises. Each case is one check of ``GrantStoreChecks``, and is called the same in all languages.
///
/// There may be more of them in a later version.
public enum GrantStorePromise: String, CaseIterable, Hashable, Sendable {
    /// As it was put, for both together and for nothing else.
    case aGrantIsFoundByItsIDAndItsHash = "a grant is found by its id and its hash"

    /// The first one stays as it is.
    case aSecondGrantOfAnIDIsRefused = "a second grant of an id is refused"

    /// One by one, also from many at once, and nothing else changes.
    case mismatchesAreCounted = "mismatches are counted"

    /// Again is the same, of nothing is nothing, and neighbours are left alone.
    case aRevocationReachesEveryToken = "a revocation reaches every token"

    /// The second claim changes nothing and brings none.
    case aClaimHappensOnceAndBringsItsTokens = "a claim happens once and brings its tokens"

    /// Another hash, no such grant, expired, revoked, burnt: no token, and nothing is used.
    case aClaimNeedsEveryOneOfItsConditions = "a claim needs every one of its conditions"

    /// Where a token cannot be written, the code stays unused and no token is there.
    case aClaimAndItsTokensAreOne = "a claim and its tokens are one"

    /// And only its tokens are there.
    case ofManyClaimsOneWins = "of many claims one wins"

    /// Of each generation; the loser brings none.
    case aRotationHappensOnceAndBringsItsTokens = "a rotation happens once and brings its tokens"

    /// A refresh token, of this grant, unexpired, not revoked.
    case aRotationNeedsEveryOneOfItsConditions = "a rotation needs every one of its conditions"

    /// While its successor is unused; it gets a sibling of that.
    case theWindowSparesThePredecessorAlone = "the window spares the predecessor alone"

    /// And only its token is there.
    case ofManyRotationsOneWins = "of many rotations one wins"

    /// Also for many at once, and again when it has expired. A store that is no ``ProofStore`` keeps this one always.
    case aProofIsNewOnce = "a proof is new once"

    /// Through a whole server: a code, a token that passes, and a replay that ends it.
    case aGrantLivesItsLife = "a grant lives its life"

    /// Through a whole server, all with everything right: one gets a token; and because the code was used again, the token is
    /// revoked.
    case ofManyRedeemersOneGetsAToken = "of many redeemers one gets a token"
}

extension GrantStorePromise: CustomStringConvertible {
    /// The promise in words.
    public var description: String { rawValue }
}
