import CProofKey
import Foundation
import ProofKeyFFI
import Testing

@testable import ProofKey

/// A panic in every export is an error of the family `fixConfiguration`, and the program goes on.
///
/// For the library that is built with the feature `test-panic`; tests/lib/suites/swift.sh runs it with that.
@Suite(.serialized) struct PanicTests {
    private typealias Call = @Sendable () throws -> Void

    /// Lets every call of this export panic from now on; an empty name ends it.
    private static func panic(in name: String) throws {
        typealias Function = @convention(c) (RustBuffer, UnsafeMutablePointer<RustCallStatus>) -> Void
        let symbol = dlsym(nil, "uniffi_proofkey_uniffi_fn_func_test_panic_in")
        let function = unsafeBitCast(
            try #require(symbol, "this library has no panics to be injected"), to: Function.self)
        var status = RustCallStatus()
        let bytes = Array(name.utf8)
        let buffer = bytes.withUnsafeBufferPointer {
            ffi_proofkey_uniffi_rustbuffer_from_bytes(
                ForeignBytes(len: Int32($0.count), data: $0.baseAddress), &status)
        }
        function(buffer, &status)
        try #require(status.code == 0)
    }

    private static let config = SignInConfig(
        issuer: "https://as.example", authorizationEndpoint: "https://as.example/authorize",
        tokenEndpoint: "https://as.example/token", issPromised: false, clientId: "agent",
        redirect: .fixed(uri: "https://app.example/callback"), scopes: [], resource: nil, browseTimeoutMs: 60_000)
    private static let policy = Policy(issuer: "https://as.example", profile: .oauth21)
    private static let challenge = String(repeating: "A", count: 43)
    private static let record = ClientRecord(
        clientId: "agent", name: "The agent", redirectUris: ["https://app.example/callback"], scopes: [])
    private static let query =
        "response_type=code&client_id=agent&state=s-1&code_challenge_method=S256&code_challenge=\(challenge)"
        + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"

    private static func request() throws -> ProofKey.TokenRequest {
        let session = try MisuseTests.session()
        guard case .accepted(let request) = try session.complete(comingBack(from: session.authorizationURL())) else {
            throw Missing(what: "a request")
        }
        return request
    }

    private static func redeem(_ request: ProofKey.TokenRequest) throws -> ProofKey.TokenSet {
        try request.tokens(
            status: 200, headers: [(name: "Content-Type", value: "application/json")],
            body: Data(ProofKeyTests.tokens.utf8))
    }

    private static func grantRequest() throws -> GrantRequest {
        guard case .accepted(let request) = try judgeRequest(query: query, client: record, policy: policy) else {
            throw Missing(what: "a request")
        }
        return request
    }

    private static func issue() throws -> ProofKeyFFI.Issue {
        try ProofKeyFFI.Issue(request: grantRequest(), approval: Approval(subject: "ada", scopes: []), policy: policy)
    }

    private static func answer() -> TokenAnswer {
        TokenAnswer(status: 400, headers: [], body: Data("{}".utf8), audit: "malformed", issued: nil)
    }

    private static func newRedeem() throws -> Redeem {
        try Redeem(body: Data("a=b".utf8), contentType: nil, authorization: nil, policy: policy)
    }

    private static func check() throws -> CheckToken {
        try CheckToken(authorization: nil, audience: "https://api.example", requiredScopes: [])
    }

    private static func receiver() throws -> LoopbackReceiver {
        try LoopbackReceiver.bind(host: .v4, port: 0, path: "/callback")
    }

    private static let issuer = "https://as.example"
    private static let asked = DiscoveryConfig(
        issuer: issuer, resource: nil, wwwAuthenticate: [], allowMissingS256: [])
    private static let place = RedirectTarget.fixed(uri: "https://app.example/callback")

    private static func provider() throws -> Provider {
        let body = """
            {"issuer":"\(issuer)","authorization_endpoint":"\(issuer)/authorize","token_endpoint":"\(issuer)/token",
            "response_types_supported":["code"],"code_challenge_methods_supported":["S256"]}
            """
        return try readProvider(
            issuer: issuer, body: Data(body.utf8), allowMissingS256: false, metadataUrl: issuer, now: 0)
    }

    private static let access = AccessConfig(
        issuer: issuer, resource: nil,
        endpoints: Endpoints(
            authorizationEndpoint: "https://as.example/a", tokenEndpoint: "https://as.example/t",
            revocationEndpoint: nil, issPromised: false),
        clientId: "agent", clientDocument: nil, clientName: nil, scopes: [], account: nil, redirect: place,
        paste: false, browseTimeoutMs: 60_000, extraParameters: [], allowMissingS256: [], resumable: false, dpop: .never
    )
    private static let document = ProofKey.ClientDocument(
        url: "https://app.example/client", name: "The agent", redirectURIs: ["http://127.0.0.1/callback"])

    private static func newAccess() throws -> Access { try Access(config: access, goal: .token, run: AccessRun()) }
    private static func key() throws -> ProofKey.DataKey { try ProofKey.DataKey.generate() }
    private static func store() throws -> FileStore { try FileStore.open(folder: Folder.lasting.path("panics")) }
    private static func revoke() throws -> RevokeToken {
        try RevokeToken(body: Data("a=b".utf8), contentType: nil, authorization: nil)
    }
    private static func checkedProof() throws -> CheckedProof {
        try checkDpopProof(
            proof: "x", method: "GET", url: "https://a/", accessToken: nil, nonce: nil, now: 1, windowS: 1)
    }

    private static func verified() throws -> ProofKeyFFI.Identity? {
        try verifyIdToken(
            idToken: "x", keySet: Data(#"{"keys":[]}"#.utf8), issuer: issuer, clientId: "agent", nonce: nil,
            accessToken: nil, maxAge: nil, now: 1)
    }

    private static func call() throws -> ResourceCall { try ResourceCall(ceiling: nil) }
    private static func nonces() throws -> DpopNonces { try DpopNonces() }

    private static func opened(_ sealed: Data, _ key: ProofKey.DataKey) throws {
        _ = try ProofKey.PkceSession(
            opening: sealed, under: key, issuer: issuer, clientID: "agent", redirectURI: "https://app.example/callback")
    }

    private static func resource() throws -> ProtectedResource {
        let body = #"{"resource":"https://api.example","authorization_servers":["https://as.example"]}"#
        return try readProtectedResource(
            resource: "https://api.example", body: Data(body.utf8), metadataUrl: issuer, now: 0)
    }

    /// Every export by its name: how a call of it is made. Through the hand-written API where it has one.
    private static let exports: [String: @Sendable () throws -> Call] = [
        "version": { { _ = try version() } },
        "pair": { { _ = try ProofKey.pair() } },
        "verify": { { _ = try ProofKey.verify(challenge, against: challenge) } },
        "parse_challenge": { { _ = try parseChallenge(text: challenge) } },
        "check_redirect_uri": { { try checkRedirectUri(uri: "https://app.example/callback") } },
        "redirect_uri_matches": { { _ = try redirectUriMatches(registered: "a:/", sent: "a:/") } },
        "client_of": { { _ = try clientOf(query: query) } },
        "judge_request": { { _ = try judgeRequest(query: query, client: record, policy: policy) } },
        "CodePair.challenge": { { _ = try ProofKey.pair() } },
        "CodePair.expose_verifier": { { [it = try ProofKey.pair()] in _ = try it.exposeVerifier() } },
        "CodePair.parse": { { _ = try ProofKeyFFI.CodePair.parse(verifier: challenge) } },
        "PkceSession.begin": { { _ = try MisuseTests.session() } },
        "PkceSession.authorization_url": { { [it = try MisuseTests.session()] in _ = try it.authorizationURL() } },
        "PkceSession.complete": { { [it = try MisuseTests.session()] in _ = try it.complete("x") } },
        "PkceSession.discard": { { [it = try MisuseTests.session()] in try it.discard() } },
        "TokenRequest.http_request": { { [it = try request()] in _ = try it.httpRequest() } },
        "TokenRequest.tokens": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.expose_access_token": { { [it = try redeem(request())] in _ = try it.exposeAccessToken() } },
        "TokenSet.expose_refresh_token": { { [it = try redeem(request())] in _ = try it.exposeRefreshToken() } },
        "TokenSet.expires_at": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.scopes": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.issuer": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.client_id": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.resource": { { [it = try request()] in _ = try redeem(it) } },
        "SignIn.new": { { _ = try SignIn(config: config) } },
        "SignIn.advance": { { [it = try SignIn(config: config)] in _ = try it.advance(event: .start, now: 1) } },
        "SignIn.outcome": { { [it = try SignIn(config: config)] in _ = try it.outcome() } },
        "Discovery.new": { { _ = try Discovery(config: asked) } },
        "Discovery.advance": { { [it = try Discovery(config: asked)] in _ = try it.advance(event: .start, now: 1) } },
        "Discovery.outcome": { { [it = try Discovery(config: asked)] in _ = try it.outcome() } },
        "authorization_server_urls": { { _ = try authorizationServerUrls(issuer: issuer) } },
        "protected_resource_urls": { { _ = try protectedResourceUrls(resource: issuer) } },
        "read_provider": { { _ = try provider() } },
        "provider_report": { { [it = try provider()] in _ = try providerReport(provider: it) } },
        "provider_is_fresh": { { [it = try provider()] in _ = try providerIsFresh(provider: it, now: 0, maxAgeS: 1) } },
        "provider_issuer_host": { { [it = try provider()] in _ = try providerIssuerHost(provider: it) } },
        "provider_sign_in": {
            { [it = try provider()] in _ = try providerSignIn(provider: it, clientId: "agent", redirect: place) }
        },
        "discovered_sign_in": {
            { [it = Discovered(provider: try provider(), resource: nil, scopes: [])] in
                _ = try discoveredSignIn(found: it, clientId: "agent", redirect: place)
            }
        },
        "read_protected_resource": { { _ = try resource() } },
        "protected_resource_issuer": {
            { [it = try resource()] in _ = try protectedResourceIssuer(resource: it, configured: nil) }
        },
        "protected_resource_scopes": {
            { [it = try resource()] in _ = try protectedResourceScopes(resource: it) }
        },
        "parse_challenges": { { _ = try parseChallenges(fields: ["Bearer"]) } },
        "Access.new": { { _ = try newAccess() } },
        "Access.advance": { { [it = try newAccess()] in _ = try it.advance(event: .start, now: 1) } },
        "Access.outcome": { { [it = try newAccess()] in _ = try it.outcome() } },
        "check_resource": { { try checkResource(resource: "https://a.example", url: "https://a.example/") } },
        "check_access": { { try checkAccess(config: access) } },
        "store_error": { { try storeError(code: "store_full", detail: "x") } },
        "DataKey.generate": { { _ = try key() } },
        "DataKey.from_bytes": { { _ = try ProofKeyFFI.DataKey.fromBytes(bytes: Data(count: 32)) } },
        "DataKey.from_text": { { _ = try ProofKey.DataKey(text: challenge) } },
        "DataKey.expose_text": { { [it = try key()] in _ = try it.exposeText() } },
        "DataKey.expose_bytes": { { [it = try key()] in _ = try it.native.exposeBytes() } },
        "client_document_json": { { _ = try document.json() } },
        "read_client_document": {
            { [it = try document.json()] in _ = try ProofKey.ClientDocument(reading: Data(it.utf8), from: document.url)
            }
        },
        "PkceSession.seal": {
            { [it = try MisuseTests.session(), key = try key()] in _ = try it.sealed(under: key, until: .distantFuture)
            }
        },
        "PkceSession.open": {
            let mine = try key()
            let sealed = try MisuseTests.session().sealed(under: mine, until: .distantFuture)
            return { try opened(sealed, mine) }
        },
        "TokenSet.is_fresh": { { [it = try redeem(request())] in _ = try it.isFresh() } },
        "TokenSet.authorization": {
            { [it = try redeem(request())] in _ = try it.native.authorization(url: "https://a/", now: 1) }
        },
        "TokenSet.authorization_now": {
            { [it = try redeem(request())] in _ = try it.native.authorizationNow(url: "https://a/") }
        },
        "TokenSet.authorize": {
            { [it = try redeem(request())] in
                _ = try it.native.authorize(method: "GET", url: "https://a/", now: 1, nonces: nil)
            }
        },
        "TokenSet.authorize_now": {
            { [it = try redeem(request())] in
                _ = try it.native.authorizeNow(method: "GET", url: "https://a/", now: 1, nonces: nil)
            }
        },
        "TokenSet.token_type": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.identity": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.requested_scopes": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.missing_scopes": { { [it = try request()] in _ = try redeem(it) } },
        "TokenSet.authorization_details": { { [it = try request()] in _ = try redeem(it) } },
        "UnsignedProof.signed": { { [it = try Unsigned.proof()] in _ = try it.signed(signature: Data(count: 64)) } },
        "DpopNonces.new": { { _ = try nonces() } },
        "DpopNonces.heard": { { [it = try nonces()] in _ = try it.heard(url: "https://a/", nonce: "n") } },
        "ResourceCall.new": { { _ = try call() } },
        "ResourceCall.answered": {
            { [it = try call()] in
                _ = try it.answered(status: 200, wwwAuthenticate: [], requestedScopes: [], grantedScopes: [])
            }
        },
        "check_dpop_proof": { { _ = try checkedProof() } },
        "raw_signature": { { _ = try rawSignature(signature: Data(count: 64)) } },
        "verify_id_token": { { _ = try verified() } },
        "count_keys": { { _ = try countKeys(keySet: Data(#"{"keys":[]}"#.utf8)) } },
        "TokenSet.fingerprint": { { [it = try redeem(request())] in _ = try it.fingerprint() } },
        "default_store_folder": { { _ = try defaultStoreFolder() } },
        "keyring_entry": { { _ = try keyringEntry() } },
        "FileStore.open": { { _ = try store() } },
        "FileStore.folder": { { [it = try store()] in _ = try it.folder() } },
        "FileStore.load": { { [it = try store()] in _ = try it.load(key: "a") } },
        "FileStore.swap": { { [it = try store()] in _ = try it.swap(key: "a", revision: nil, value: nil) } },
        "FileStore.lock": { { [it = try store()] in _ = try it.lock(key: "a", waitMs: 0) } },
        "FileStore.key_place": { { [it = try store()] in _ = try it.keyPlace() } },
        "FileStore.file_key": { { [it = try store()] in _ = try it.fileKey() } },
        "FileStore.decide_keyring": { { [it = try store()] in _ = try it.decideKeyring() } },
        "FileLock.release": { { [it = try store().lock(key: "b", waitMs: 0)] in try it?.release() } },
        "RevokeToken.new": { { _ = try revoke() } },
        "RevokeToken.advance": { { [it = try revoke()] in _ = try it.advance(event: .start) } },
        "RevokeToken.outcome": { { [it = try revoke()] in _ = try it.outcome() } },
        "LoopbackReceiver.bind": { { _ = try receiver() } },
        "LoopbackReceiver.port": { { [it = try receiver()] in _ = try it.port() } },
        "LoopbackReceiver.redirect_uri": { { [it = try receiver()] in _ = try it.redirectUri() } },
        "LoopbackReceiver.wait": { { [it = try receiver()] in _ = try it.wait(deadlineMs: 0) } },
        "LoopbackReceiver.cancel": { { [it = try receiver()] in try it.cancel() } },
        "LoopbackReceiver.release": { { [it = try receiver()] in try it.release() } },
        "GrantRequest.details": { { [it = try grantRequest()] in _ = try it.details() } },
        "GrantRequest.deny": { { [it = try grantRequest()] in _ = try it.deny(policy: policy) } },
        "GrantRequest.decline": {
            { [it = try grantRequest()] in _ = try it.decline(why: .loginRequired, policy: policy) }
        },
        "body_with_id_token": { { [it = answer()] in _ = try bodyWithIdToken(answer: it, idToken: "a.b.c") } },
        "Issue.new": {
            { [it = try grantRequest()] in
                _ = try ProofKeyFFI.Issue(request: it, approval: Approval(subject: "ada", scopes: []), policy: policy)
            }
        },
        "Issue.advance": { { [it = try issue()] in _ = try it.advance(event: .start) } },
        "Issue.outcome": { { [it = try issue()] in _ = try it.outcome() } },
        "Redeem.new": { { _ = try newRedeem() } },
        "Redeem.advance": { { [it = try newRedeem()] in _ = try it.advance(event: .start) } },
        "Redeem.outcome": { { [it = try newRedeem()] in _ = try it.outcome() } },
        "CheckToken.new": { { _ = try check() } },
        "CheckToken.advance": { { [it = try check()] in _ = try it.advance(event: .start) } },
        "CheckToken.outcome": { { [it = try check()] in _ = try it.outcome() } },
    ]

    @Test func everyExport() throws {
        for (name, make) in Self.exports {
            let call = try make()
            try Self.panic(in: name)
            defer { try? Self.panic(in: "") }
            do {
                try call()
                Testing.Issue.record("\(name): no error")
            } catch {
                let error = ProofKey.ProofKeyError(crossing: error)
                #expect(error.code == .internalError, "\(name): \(error)")
                #expect(error.family == .fixConfiguration)
                #expect(!"\(error) \(error.localizedDescription)".contains("injected"))
            }
        }
    }

    /// A whole sign-in with a panic in each of its calls ends in an error, in time.
    @Test(arguments: [
        "Access.new", "Access.advance", "Access.outcome", "DataKey.generate", "LoopbackReceiver.bind",
        "LoopbackReceiver.port", "LoopbackReceiver.wait", "TokenSet.issuer",
    ])
    func aSignIn(panickingIn name: String) async throws {
        let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let client = try endpoint.client()
        try Self.panic(in: name)
        defer { try? Self.panic(in: "") }
        let error = try await failure { try await client.signIn() }
        // The loopback receiver's is one of the flow's words.
        let expected: [ProofKey.ProofKeyError.Code] = [.internalError, .listenFailed, .browserFailed]
        #expect(expected.contains(error.code), "\(error)")
    }

    /// A text cannot fail: it is the type's name.
    @Test func texts() throws {
        try Self.panic(in: "Event.show")
        defer { try? Self.panic(in: "") }
        #expect("\(Event.start)" == "Event")
    }

    /// The table above has what the library has.
    @Test func theTableIsWhole() throws {
        let file = Cases.top.appending(path: "ios/Sources/ProofKeyFFI/ProofKeyFFI.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        let called = source.matches(of: #/uniffi_fn_((?:func|method|constructor)_\w+)\(/#).map { String($0.1) }
        let known = Self.exports.keys.map { name in
            let parts = name.split(separator: ".").map(String.init)
            guard parts.count == 2 else { return "func_\(name)" }
            let made = ["new", "begin", "bind", "parse", "open", "generate", "from_bytes", "from_text"].contains(
                parts[1])
            return "\(made ? "constructor" : "method")_\(parts[0].lowercased())_\(parts[1])"
        }
        #expect(Set(called.filter { !$0.contains("uniffi_trait") }) == Set(known))
    }
}
