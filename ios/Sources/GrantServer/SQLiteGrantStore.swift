import Foundation
import ProofKey

/// A store over SQLite, as docs/grants.md says: each write is one conditional statement, and the tokens stand in its
/// transaction. Each store has a connection of its own; many stores, also of many programs, may share a file.
///
/// A call that is cancelled is finished all the same: what a database was told it does.
final class SQLiteGrantStore: ProofStore {
    let connection: SQLiteConnection

    /// Opens the file, or makes it; see ``makeTables()``.
    init(_ path: String) async throws { connection = try await SQLiteConnection(path) }

    /// Makes the tables, where there are none.
    func makeTables() async throws {
        try await connection.transaction { session in
            try session.execute(
                """
                CREATE TABLE IF NOT EXISTS grants (
                    grant_id TEXT NOT NULL PRIMARY KEY, code_hash BLOB NOT NULL, client_id TEXT NOT NULL,
                    subject TEXT NOT NULL, redirect_uri TEXT NOT NULL, redirect_uri_was_sent INTEGER NOT NULL,
                    code_challenge TEXT, scope TEXT NOT NULL, resource TEXT, refreshable INTEGER NOT NULL,
                    dpop_jkt TEXT, nonce TEXT, auth_time INTEGER, acr TEXT, authorization_details TEXT,
                    expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0,
                    mismatches INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL DEFAULT 0,
                    rotated_at INTEGER NOT NULL DEFAULT 0
                )
                """)
            try session.execute(
                """
                CREATE TABLE IF NOT EXISTS tokens (
                    grant_id TEXT NOT NULL REFERENCES grants (grant_id) ON DELETE CASCADE, token_hash BLOB NOT NULL,
                    kind TEXT NOT NULL, expires_at INTEGER NOT NULL, scope TEXT, dpop_jkt TEXT,
                    generation INTEGER NOT NULL, PRIMARY KEY (grant_id, token_hash)
                )
                """)
            try session.execute(
                "CREATE TABLE IF NOT EXISTS proofs (name TEXT NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL)")
            for table in ["grants", "tokens", "proofs"] {
                try session.execute("CREATE INDEX IF NOT EXISTS \(table)_expiry ON \(table) (expires_at)")
            }
        }
    }

    func put(_ new: NewGrant) async throws -> Bool {
        try await connection.run { session in
            let (grant, terms) = (new.grant, new.grant.terms)
            return try session.execute(
                """
                INSERT INTO grants (
                    grant_id, code_hash, client_id, subject, redirect_uri, redirect_uri_was_sent, code_challenge, scope,
                    resource, refreshable, dpop_jkt, nonce, auth_time, acr, authorization_details, expires_at
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unixepoch() + ?) ON CONFLICT DO NOTHING
                """,
                .text(grant.grantID), .blob(new.codeHash), .text(grant.clientID), .text(grant.subject),
                .text(grant.redirectURI), .flag(grant.redirectURIWasSent), .optional(grant.codeChallenge),
                .text(grant.scope), .optional(grant.resource), .flag(grant.isRefreshable),
                .optional(terms.dpopThumbprint), .optional(terms.nonce), .optional(terms.authTime),
                .optional(terms.acr), .optional(terms.authorizationDetails), .integer(new.lifetimeSeconds)) == 1
        }
    }

    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        try await connection.run { session in
            let row = try session.first(
                """
                SELECT \(Self.grantColumns), expires_at, used, revoked, mismatches
                  FROM grants g WHERE grant_id = ? AND code_hash = ?
                """, .text(grantID), .blob(codeHash)
            ) {
                GrantRow(
                    grant: Self.grant($0), expiresAt: $0.integer(14), isUsed: $0.flag(15), isRevoked: $0.flag(16),
                    mismatches: $0.integer(17))
            }
            return (row, try Self.now(session))
        }
    }

    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        try await connection.transaction { session in
            let changed = try session.execute(
                """
                UPDATE grants SET used = 1
                 WHERE grant_id = ? AND code_hash = ? AND used = 0 AND revoked = 0
                   AND mismatches < ? AND expires_at > unixepoch()
                """, .text(grantID), .blob(codeHash), .integer(maxMismatches))
            guard changed == 1 else { return false }
            try Self.write(tokens, of: grantID, session)
            return true
        }
    }

    func rotate(
        _ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]
    ) async throws -> Bool {
        try await connection.transaction { session in
            let changed = try session.execute(
                """
                UPDATE grants SET generation = generation + 1, rotated_at = unixepoch()
                 WHERE grant_id = ?1 AND revoked = 0
                   AND generation = (SELECT generation FROM tokens
                                      WHERE grant_id = ?1 AND token_hash = ?2
                                        AND kind = 'refresh' AND expires_at > unixepoch())
                """, .text(grantID), .blob(tokenHash))
            if changed == 0 {
                // The transaction holds the right to write, so that what is read here stays so.
                let spared = try session.first(
                    """
                    SELECT 1 FROM grants g JOIN tokens t USING (grant_id)
                     WHERE grant_id = ? AND token_hash = ? AND kind = 'refresh' AND t.expires_at > unixepoch()
                       AND revoked = 0 AND t.generation = g.generation - 1
                       AND rotated_at <= unixepoch() AND unixepoch() - rotated_at < ?
                    """, .text(grantID), .blob(tokenHash), .integer(reuseWindowSeconds)
                ) { _ in true }
                guard spared == true else { return false }
            }
            try Self.write(tokens, of: grantID, session)
            return true
        }
    }

    func count(_ grantID: String) async throws {
        _ = try await connection.run {
            try $0.execute("UPDATE grants SET mismatches = mismatches + 1 WHERE grant_id = ?", .text(grantID))
        }
    }

    func revoke(_ grantID: String) async throws {
        _ = try await connection.run {
            try $0.execute("UPDATE grants SET revoked = 1 WHERE grant_id = ?", .text(grantID))
        }
    }

    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        try await connection.run { session in
            let row = try session.first(
                """
                SELECT \(Self.grantColumns), t.kind, t.expires_at, g.revoked, t.generation, g.generation, g.rotated_at,
                       t.scope, t.dpop_jkt
                  FROM grants g JOIN tokens t USING (grant_id) WHERE grant_id = ? AND token_hash = ?
                """, .text(grantID), .blob(tokenHash)
            ) { row in
                guard let kind = TokenKind(rawValue: row.text(14)) else {
                    throw SQLiteError(description: "a token of no kind")
                }
                return TokenRow(
                    kind: kind, expiresAt: row.integer(15), isRevoked: row.flag(16), grant: Self.grant(row),
                    rotation: TokenRotation(
                        of: kind, generation: row.integer(17), newest: row.integer(18), rotatedAt: row.integer(19)),
                    scope: row.optionalText(20), dpopThumbprint: row.optionalText(21))
            }
            return (row, try Self.now(session))
        }
    }

    func remember(_ name: String, lifetimeSeconds: Int) async throws -> Bool {
        try await connection.run {
            try $0.execute(
                """
                INSERT INTO proofs (name, expires_at) VALUES (?, unixepoch() + ?)
                    ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at
                 WHERE proofs.expires_at <= unixepoch()
                """, .text(name), .integer(lifetimeSeconds)) == 1
        }
    }

    /// Deletes some of what has expired; to be called by a timer. A grant stays as long as one of its tokens: a revocation must
    /// have something to mark.
    func forgetExpired() async throws {
        try await connection.transaction { session in
            for condition in [
                "tokens WHERE expires_at <= unixepoch()", "proofs WHERE expires_at <= unixepoch()",
                """
                grants WHERE expires_at <= unixepoch()
                   AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.grant_id = grants.grant_id)
                """,
            ] {
                let table = condition.prefix { $0 != " " }
                try session.execute("DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(condition) LIMIT 500)")
            }
        }
    }
}

extension SQLiteGrantStore {
    private static let grantColumns = """
        grant_id, client_id, subject, redirect_uri, redirect_uri_was_sent, code_challenge, g.scope, resource,
        refreshable, g.dpop_jkt, nonce, auth_time, acr, authorization_details
        """

    private static func grant(_ row: SQLiteRow) -> Grant {
        Grant(
            grantID: row.text(0), clientID: row.text(1), subject: row.text(2), redirectURI: row.text(3),
            redirectURIWasSent: row.flag(4), codeChallenge: row.optionalText(5), scope: row.text(6),
            resource: row.optionalText(7), isRefreshable: row.flag(8),
            terms: GrantTerms(
                dpopThumbprint: row.optionalText(9), nonce: row.optionalText(10), authTime: row.optionalInteger(11),
                acr: row.optionalText(12), authorizationDetails: row.optionalText(13)))
    }

    private static func now(_ session: SQLiteSession) throws -> Int {
        guard let now = try session.first("SELECT unixepoch()", read: { $0.integer(0) }) else {
            throw SQLiteError(description: "no clock")
        }
        return now
    }

    /// Into the newest generation.
    static func write(_ tokens: [NewToken], of grantID: String, _ session: SQLiteSession) throws {
        for token in tokens {
            try session.execute(
                """
                INSERT INTO tokens (grant_id, token_hash, kind, expires_at, scope, dpop_jkt, generation)
                SELECT grant_id, ?2, ?3, unixepoch() + ?4, ?5, ?6, generation FROM grants WHERE grant_id = ?1
                """,
                .text(grantID), .blob(token.tokenHash), .text(token.kind.rawValue), .integer(token.lifetimeSeconds),
                .optional(token.scope), .optional(token.dpopThumbprint))
        }
    }
}
