import ProofKey

/// What every grant store must do with grants.
enum GrantChecks {
    static func aGrantIsFound(_ subject: Subject) async throws {
        let store = try await subject.store()
        let before = try await Held.put(in: store).find().now
        let (full, empty) = (Held(.full(), in: store), Held(.bare(), in: store))
        for held in [full, empty] {
            try expect("put of a new grant", await store.put(held.new), is: true)
            let row = try await held.row()
            try expect("the grant that was found", row.grant, is: held.new.grant)
            try expect("isUsed of a new grant", row.isUsed, is: false)
            try expect("isRevoked of a new grant", row.isRevoked, is: false)
            try expect("mismatches of a new grant", row.mismatches, is: 0)
            let after = try await held.find().now
            try expect("expiresAt of a grant of 60 s", row.expiresAt, isIn: (before + 60)...(max(before, after) + 60))
        }
        try expectNone("find by another grant's hash", await full.withHash(empty.new.codeHash).find().row)
        try expectNone("find by another grant's id", await empty.withHash(full.new.codeHash).find().row)
        let other = try await store.find(otherCase(full.id), codeHash: full.new.codeHash).row
        try expectNone("find by the id with capitals for small letters", other)
    }

    static func aSecondGrantIsRefused(_ subject: Subject) async throws {
        let store = try await subject.store()
        let first = try await Held.put(in: store)
        let second = first.withHash(newHash())
        try expect("put of an id that is taken", await store.put(second.new), is: false)
        _ = try await first.row()
        try expectNone("find of the second grant of an id", await second.find().row)
    }

    static func mismatchesAreCounted(_ subject: Subject) async throws {
        let store = try await subject.store()
        let held = try await Held.put(in: store)
        let before = try await held.row()
        _ = try await subject.atOnce { each, _ in try await each.count(held.id) }
        try await store.count(newID())
        let row = try await held.row()
        try expect("mismatches after \(subject.racers) at once", row.mismatches, is: subject.racers)
        try expect("the grant after count", row.grant, is: before.grant)
        try expect("isUsed after count", row.isUsed, is: false)
        try expect("isRevoked after count", row.isRevoked, is: false)
    }

    static func aRevocationReachesEveryToken(_ subject: Subject) async throws {
        let store = try await subject.store()
        let (held, first) = try await Held.family(in: store)
        let (neighbour, other) = try await Held.family(in: store)
        // Again is the same, and of nothing is nothing.
        for id in [held.id, held.id, newID()] { try await store.revoke(id) }
        try expect("isRevoked of a revoked grant", await held.row().isRevoked, is: true)
        try expect("isRevoked of its token", await held.tokenRow(first).isRevoked, is: true)
        try expect("isRevoked of another grant", await neighbour.row().isRevoked, is: false)
        try expect("isRevoked of the other's token", await neighbour.tokenRow(other).isRevoked, is: false)
    }
}
