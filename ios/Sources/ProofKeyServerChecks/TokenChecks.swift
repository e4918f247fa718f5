import ProofKey

/// What every grant store must do with refresh tokens, and one that remembers proofs with those.
enum TokenChecks {
    static func aRotationHappensOnce(_ subject: Subject) async throws {
        let (held, first) = try await Held.family(in: try await subject.store())
        let (access, second) = (NewToken.access(), NewToken.refresh())
        let (lost, third) = (NewToken.refresh(), NewToken.refresh())
        try expect("rotation of a first token", await held.rotation(of: first), is: .newest)
        try expect("rotate of a good token", await held.rotate(first, to: access, second), is: true)
        let (found, now) = try await held.findToken(first)
        let rotation = try required("findToken of a token that was exchanged", found).rotation
        guard case .predecessor(let rotatedAt) = rotation else {
            throw Finding(
                circumstance: "rotation of a token that was exchanged", expected: "predecessor", actual: "\(rotation)")
        }
        try expect("rotatedAt", rotatedAt, isIn: (now - 60)...now)
        try expect("rotation of a new token", await held.rotation(of: second), is: .newest)
        try expect("rotation of an access token", await held.rotation(of: access), is: .newest)
        try expect("rotate of a token for the second time", await held.rotate(first, to: lost), is: false)
        try expectNone("findToken of the loser's token", await held.findToken(lost).row)
        try expect("rotate of the second token", await held.rotate(second, to: third), is: true)
        try expect("rotation of a token of two generations ago", await held.rotation(of: first), is: .older)
        try expect("rotation of an access token, later", await held.rotation(of: access), is: .newest)
        try expect("rotate of an old token in a window", await held.rotate(first, to: lost, window: 30), is: false)
    }

    static func aRotationNeedsItsConditions(_ subject: Subject) async throws {
        let store = try await subject.store()
        let (good, first) = try await Held.family(in: store)
        let (late, expired) = try await Held.family(in: store, lifetimeSeconds: 0)
        let (revoked, ended) = try await Held.family(in: store)
        let (other, access) = (try await Held.put(in: store), NewToken.access())
        try expect("claim of a good code", await other.claim(access), is: true)
        try await store.revoke(revoked.id)
        let cases = [
            ("an access token", other, access), ("an unknown token", good, NewToken.refresh()),
            ("a token of another grant", other, first), ("an expired token", late, expired),
            ("a token of a revoked grant", revoked, ended),
        ]
        for (what, held, old) in cases {
            let token = NewToken.refresh()
            try expect("rotate of \(what)", await held.rotate(old, to: token, window: 30), is: false)
            try expectNone("findToken of the token for \(what)", await held.findToken(token).row)
        }
        try expect("rotation after exchanges that were refused", await good.rotation(of: first), is: .newest)
    }

    static func theWindowSparesThePredecessor(_ subject: Subject) async throws {
        let (held, first) = try await Held.family(in: try await subject.store())
        let (second, sibling) = (NewToken.refresh(), NewToken.refresh())
        let (none, third) = (NewToken.refresh(), NewToken.refresh())
        try expect("rotate of a good token", await held.rotate(first, to: second), is: true)
        let spared = try await held.rotate(first, to: sibling, window: 30)
        try expect("rotate of the predecessor in its window", spared, is: true)
        try expect("rotation of the newest beside a sibling", await held.rotation(of: second), is: .newest)
        try expect("rotation of a sibling", await held.rotation(of: sibling), is: .newest)
        try expect("rotate of the predecessor without a window", await held.rotate(first, to: none), is: false)
        try expect("rotate of a sibling", await held.rotate(sibling, to: third), is: true)
        let old = try await held.rotate(first, to: none, window: 30)
        try expect("rotate of an old token in a window", old, is: false)
        try expectNone("findToken of the loser's token", await held.findToken(none).row)
    }

    static func ofManyOneWins(_ subject: Subject) async throws {
        let (held, first) = try await Held.family(in: try await subject.store())
        let tokens = (0..<subject.racers).map { _ in NewToken.refresh() }
        let won = try await subject.atOnce { each, number in
            try await held.through(each).rotate(first, to: tokens[number])
        }
        try expect("winners of \(subject.racers) exchanges at once", won.count { $0 }, is: 1)
        try await ClaimChecks.expectTokens(tokens, of: held, where: won)
    }

    static func aProofIsNewOnce(_ subject: Subject) async throws {
        guard let store = try await subject.store() as? any ProofStore else { return }
        let (name, expired, raced) = (newName(), newName(), newName())
        try expect("remember of a new name", await store.remember(name, lifetimeSeconds: 60), is: true)
        try expect("remember of a name again", await store.remember(name, lifetimeSeconds: 60), is: false)
        for other in [newName(), otherCase(name)] {
            try expect("remember of another name", await store.remember(other, lifetimeSeconds: 60), is: true)
        }
        for _ in 1...2 {
            let isNew = try await store.remember(expired, lifetimeSeconds: 0)
            try expect("remember of a name that has expired", isNew, is: true)
        }
        let won = try await subject.atOnce { each, _ in
            try await (each as? any ProofStore)?.remember(raced, lifetimeSeconds: 60) ?? false
        }
        try expect("for how many of \(subject.racers) a name was new", won.count { $0 }, is: 1)
    }
}
