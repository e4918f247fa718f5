import ProofKey

/// What every grant store must do with codes.
enum ClaimChecks {
    static func aClaimHappensOnce(_ subject: Subject) async throws {
        let store = try await subject.store()
        let held = try await Held.put(in: store)
        let (one, late) = (NewToken.access(), NewToken.access())
        let narrow = NewToken.refresh(scope: "read", dpopThumbprint: newName())
        let (found, before) = try await held.find()
        let grant = try required("find of a grant that was put", found).grant
        try expect("claim of a good code", await held.claim(one, narrow), is: true)
        try expect("isUsed of a claimed code", await held.row().isUsed, is: true)
        for written in [one, narrow] {
            let (found, now) = try await held.findToken(written)
            let row = try required("findToken of a winner's token", found)
            let lifetime = written.lifetimeSeconds
            try expect(
                "expiresAt of a token of \(lifetime) s", row.expiresAt,
                isIn: (before + lifetime)...(max(before, now) + lifetime))
            try expect("kind of a token", row.kind, is: written.kind)
            try expect("scope of a token", row.scope, is: written.scope)
            try expect("dpopThumbprint of a token", row.dpopThumbprint, is: written.dpopThumbprint)
            try expect("the grant of a token", row.grant, is: grant)
            try expect("isRevoked of a token", row.isRevoked, is: false)
            try expect("rotation of a first token", row.rotation, is: .newest)
        }
        try expect("claim of a code for the second time", await held.claim(late), is: false)
        try expectNone("findToken of the loser's token", await held.findToken(late).row)
        let other = try await Held.put(in: store)
        try expectNone("findToken of a token under another grant", await other.findToken(one).row)
    }

    static func aClaimNeedsItsConditions(_ subject: Subject) async throws {
        let store = try await subject.store()
        let (good, late) = (try await Held.put(in: store), try await Held.put(in: store, lifetimeSeconds: 0))
        let (revoked, burnt) = (try await Held.put(in: store), try await Held.put(in: store))
        try await store.revoke(revoked.id)
        for _ in 1...maxMismatches { try await store.count(burnt.id) }
        let cases = [
            ("of another hash", good.withHash(newHash())), ("of no grant", Held(.full(), in: store)),
            ("that has expired", late), ("of a revoked grant", revoked), ("of a burnt grant", burnt),
        ]
        for (why, held) in cases {
            let token = NewToken.access()
            try expect("claim of a code \(why)", await held.claim(token), is: false)
            try expectNone("findToken of the token for a code \(why)", await held.findToken(token).row)
        }
        for held in [good, late, revoked, burnt] {
            try expect("isUsed after a claim that was refused", await held.row().isUsed, is: false)
        }
        // How many mismatches burn a grant is the caller's to say.
        let claimed = try await store.claim(
            burnt.id, codeHash: burnt.new.codeHash, maxMismatches: maxMismatches + 1, tokens: [])
        try expect("claim that allows one mismatch more", claimed, is: true)
    }

    static func aClaimAndItsTokensAreOne(_ subject: Subject) async throws {
        let held = try await Held.put(in: try await subject.store())
        let (first, twice) = (NewToken.access(), NewToken.access())
        // A store may well take it; what it may not is to take half of it.
        let claimed = (try? await held.claim(first, twice, twice)) ?? false
        if !claimed {
            try expect("isUsed after a claim whose tokens failed", await held.row().isUsed, is: false)
            for token in [first, twice] {
                try expectNone("findToken of a token of a claim that failed", await held.findToken(token).row)
            }
        }
        let again = try await held.through(try await subject.store()).claim(.access())
        try expect("claim after one that " + (claimed ? "succeeded" : "failed"), again, is: !claimed)
    }

    static func ofManyOneWins(_ subject: Subject) async throws {
        let held = try await Held.put(in: try await subject.store())
        let tokens = (0..<subject.racers).map { _ in NewToken.access() }
        let won = try await subject.atOnce { each, number in try await held.through(each).claim(tokens[number]) }
        try expect("winners of \(subject.racers) claims at once", won.count { $0 }, is: 1)
        try await expectTokens(tokens, of: held, where: won)
    }

    /// That of the winner is there, and no other.
    static func expectTokens(_ tokens: [NewToken], of held: Held, where won: [Bool]) async throws {
        for (token, isWinner) in zip(tokens, won) {
            let what = isWinner ? "whether the winner's token is there" : "whether a loser's token is there"
            try expect(what, await held.hasToken(token), is: isWinner)
        }
    }
}
