import Foundation
import ProofKeyFFI
import Testing

/// Every vector and transcript through the generated layer, and the canonical lines of Swift
/// (tests/vectors/README.md).
@Suite struct VectorTests {
    static let vectors: [String: @Sendable (JSON) throws -> String] = [
        "authorization_requests": { try ServerRunner.authorizationRequest($0) },
        "authorizations": { try AccessRunner.authorization($0) },
        "challenges": { try ClientRunner.challenge($0) },
        "client_documents": { try AccessRunner.clientDocument($0) },
        "configurations": { try ClientRunner.configuration($0) },
        "dpop_proofs": { try JoseRunner.proof($0) },
        "id_tokens": { try JoseRunner.identity($0) },
        "key_sets": { try JoseRunner.keySet($0) },
        "metadata": { try MetadataRunner.metadata($0) },
        "pairs": { try ClientRunner.pair($0) },
        "redirect_matching": { try ServerRunner.redirectMatch($0) },
        "redirects": { try ClientRunner.redirect($0) },
        "resource_answers": { try ResourceRunner.answers($0) },
        "resource_metadata": { try MetadataRunner.resourceMetadata($0) },
        "sealed_sessions": { try AccessRunner.sealedSession($0) },
        "signatures": { try JoseRunner.signature($0) },
        "token_requests": { try ServerRunner.tokenRequest($0) },
        "token_responses": { try ClientRunner.tokenResponse($0) },
        "verification": { try ClientRunner.verification($0) },
        "well_known": { try MetadataRunner.wellKnown($0) },
        "www_authenticate": { try MetadataRunner.wwwAuthenticate($0) },
    ]

    /// The verdict, and what differed in a transcript.
    static func verdict(_ one: Cases.Case) throws -> (verdict: String, differed: String) {
        guard one.folder == "vectors" else { return try Transcript.play(one.data) }
        guard let run = vectors[one.kind] else { throw Missing(what: "a runner of \(one.kind)") }
        return (try run(one.data["input"]), "")
    }

    @Test func everyKindHasARunner() throws {
        #expect(try Cases.kinds("vectors") == Self.vectors.keys.sorted())
    }

    /// Right or wrong, each case is written for the comparison across languages.
    @Test func everyCaseHasItsVerdictAndItsLine() throws {
        let all = try Cases.all()
        #expect(all.count >= 180)
        var lines: [String] = []
        for one in all {
            let said: (verdict: String, differed: String)
            do { said = try Self.verdict(one) } catch { said = ("failed", "\(error)") }
            #expect(said.verdict == one.expect, "\(one.id): \(one.why). \(said.differed)")
            lines.append("\(one.id)\t\(said.verdict)\n")
        }
        lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let given = ProcessInfo.processInfo.environment["PROOFKEY_CANONICAL_OUT"]
        let place = given.map { URL(fileURLWithPath: $0) } ?? Cases.top.appending(path: "target/canonical/swift.txt")
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(lines.joined().utf8).write(to: place, options: .atomic)
    }
}
