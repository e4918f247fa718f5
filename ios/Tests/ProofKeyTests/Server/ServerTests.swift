import Foundation
import ProofKey
import Testing

/// The server's endpoints over both stores: what is issued, and what is not.
@Suite struct ServerTests {
    private func signedIn(_ server: AuthorizationServer) async throws -> (access: String, refresh: String) {
        let answer = try await server.posted(Kit.redemption(of: try await server.code()))
        #expect(answer.status == 200)
        return (try answer.word("access_token"), try answer.word("refresh_token"))
    }

    @Test(arguments: StoreChoice.allCases) func aWholeSignIn(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let request = try await server.accepted()
        #expect(request.client == Kit.client)
        #expect(request.redirectHost == "127.0.0.1:4711")
        #expect(request.scopes == ["read", "write"])
        #expect(request.resource == Kit.resource)
        let redirect = try await server.approve(request, subject: "user-1", scopes: ["read"])
        #expect(redirect.status == 303 && redirect.isIssued)
        let location = redirect.exposeLocation()
        #expect(location.hasPrefix("http://127.0.0.1:4711/callback?"))
        #expect(try Words.parameter(location, "state") == "xyz")
        #expect(try Words.parameter(location, "iss") == "https://as.example")
        let again = try await failure { try await server.approve(request, subject: "user-1") }
        #expect(again.code == .flowEnded)

        let code = try Words.parameter(location, "code")
        let answer = try await server.posted(Kit.redemption(of: code))
        #expect(answer.status == 200 && answer.audit == "issued")
        #expect(answer.header("Cache-Control") == "no-store")
        let issued = try #require(answer.issued)
        #expect(issued.isFirst && issued.grant.subject == "user-1" && issued.scope == "read")
        #expect(issued.grant.grantID == redirect.grantID)
        let token = try answer.word("access_token")
        #expect(issued.accessTokenHash == SHA256.hash(token))
        guard
            case .granted(let row, _) = try await server.check(
                authorization: "Bearer \(token)", audience: Kit.resource, scopes: ["read"])
        else { throw Missing(what: "access") }
        #expect(row.grant == issued.grant && row.scopes == ["read"])

        #expect(try await server.status("Bearer \(token)", scopes: ["write"]) == 403)
        #expect(try await server.status(nil) == 401)
        guard
            case .refused(401, let headers) = try await server.check(
                authorization: "Bearer \(token)", audience: "https://other.example/")
        else { throw Missing(what: "a refusal") }
        #expect(headers.contains { $0.name.lowercased() == "www-authenticate" })
        // What the client gave with it and what the answer holds does not show.
        for value in ["\(redirect)", "\(answer)", "\(Mirror(reflecting: redirect).children.map(\.value))"] {
            #expect(!value.contains(code) && !value.contains(token))
        }
        var dumped = ""
        dump([redirect], to: &dumped)
        dump([answer], to: &dumped)
        dump(server, to: &dumped)
        #expect(!dumped.contains(code) && !dumped.contains(token))
    }

    @Test func whatIsWrongWithARequest() async throws {
        let server = try Kit.over(MemoryGrantStore())
        guard case .page(let nobody) = try await server.authorizationRequest(Kit.query(clientID: "stranger")) else {
            throw Missing(what: "a page")
        }
        #expect(nobody.status == 400 && nobody.description == "the client is not known here")
        guard case .page = try await server.authorizationRequest("response_type=code") else {
            throw Missing(what: "a page")
        }
        let twice = Kit.query(more: "&scope=read")
        guard case .redirect(let redirect) = try await server.authorizationRequest(twice) else {
            throw Missing(what: "a redirect")
        }
        #expect(redirect.error == "invalid_request" && !redirect.isIssued)
        #expect(try Words.parameter(redirect.exposeLocation(), "error") == "invalid_request")
    }

    @Test(arguments: [
        (AuthorizationServer.DenialReason.denied, "access_denied"), (.nobodySignedIn, "login_required"),
        (.consentNeeded, "consent_required"), (.accountNeeded, "account_selection_required"),
        (.interactionNeeded, "interaction_required"), (.authenticationUnmet, "unmet_authentication_requirements"),
        (.unavailable, "temporarily_unavailable"), (.failed, "server_error"),
    ])
    func aDenialSaysWhy(_ reason: AuthorizationServer.DenialReason, _ error: String) async throws {
        let server = try Kit.over(MemoryGrantStore())
        let redirect = try await server.deny(try await server.accepted(), because: reason)
        #expect(try Words.parameter(redirect.exposeLocation(), "error") == error)
        #expect(!redirect.isIssued)
    }

    @Test(arguments: StoreChoice.allCases) func wrongVerifiersBurnTheGrant(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let code = try await server.code()
        let wrong = String(repeating: "a", count: 43)
        for _ in 1...5 {
            let answer = try await server.posted(Kit.redemption(of: code, verifier: wrong))
            #expect(answer.status == 400 && answer.audit == "mismatch")
        }
        let late = try await server.posted(Kit.redemption(of: code))
        #expect(late.status == 400)
        // Fewer do not.
        let other = try await server.code()
        _ = try await server.posted(Kit.redemption(of: other, verifier: wrong))
        #expect(try await server.posted(Kit.redemption(of: other)).status == 200)
    }

    @Test(arguments: StoreChoice.allCases) func aCodeThatComesTwiceEndsItsTokens(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let code = try await server.code()
        let token = "Bearer " + (try await server.posted(Kit.redemption(of: code)).word("access_token"))
        #expect(try await server.status(token) == 200)
        let again = try await server.posted(Kit.redemption(of: code))
        #expect(again.status == 400 && again.audit == "replay_revoked")
        #expect(try await server.status(token) == 401)
    }

    @Test(arguments: StoreChoice.allCases) func refreshTokensRotate(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let first = try await signedIn(server).refresh
        let answer = try await server.posted(Kit.refresh(first))
        #expect(answer.status == 200 && answer.issued?.isFirst == false)
        let token = "Bearer " + (try answer.word("access_token"))
        #expect(try await server.status(token) == 200)
        // The old one comes back: the family ends.
        #expect(try await server.posted(Kit.refresh(first)).status == 400)
        #expect(try await server.posted(Kit.refresh(try answer.word("refresh_token"))).status == 400)
        #expect(try await server.status(token) == 401)
    }

    @Test(arguments: StoreChoice.allCases) func thePredecessorIsSparedInItsWindow(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder), reuseWindow: .seconds(30))
        let first = try await signedIn(server).refresh
        let second = try await server.posted(Kit.refresh(first)).word("refresh_token")
        #expect(try await server.posted(Kit.refresh(first)).status == 200)
        #expect(try await server.posted(Kit.refresh(second)).status == 200)
        // By now it is older than that.
        #expect(try await server.posted(Kit.refresh(first)).status == 400)
    }

    @Test(arguments: StoreChoice.allCases) func aTokenIsGivenBack(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let (access, refresh) = try await signedIn(server)
        let neighbour = try await signedIn(server)
        let answer = try await server.revoke(
            body: Data("token=\(refresh)&client_id=agent".utf8), contentType: Kit.form)
        #expect(answer.status == 200 && answer.exposeBody().isEmpty)
        #expect(try await server.status("Bearer \(access)") == 401)
        #expect(try await server.status("Bearer \(neighbour.access)") == 200)
    }

    @Test(arguments: StoreChoice.allCases) func aResourceDemandsARecentSignIn(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let demands = AuthorizationServer.Demands(maxAge: .seconds(60))
        for (ago, status) in [(0.0, 200), (3600.0, 401)] {
            let code = try await server.code(signedInAt: Date(timeIntervalSinceNow: -ago))
            let token = "Bearer " + (try await server.posted(Kit.redemption(of: code)).word("access_token"))
            #expect(try await server.status(token, demands: demands) == status)
            #expect(try await server.status(token) == 200)
        }
        // It says nothing of when.
        let token = try await signedIn(server).access
        #expect(try await server.status("Bearer \(token)", demands: demands) == 401)
    }

    @Test func anIDTokenStandsBesideTheTokens() async throws {
        let server = try Kit.over(MemoryGrantStore())
        let code = try await server.code()
        let answer = try await server.posted(Kit.redemption(of: code)).addingIDToken("aGVhZA.cGF5bG9hZA.c2ln")
        #expect(try answer.word("id_token") == "aGVhZA.cGF5bG9hZA.c2ln")
        #expect(try answer.word("token_type") == "Bearer")
        let refused = try await server.posted(Kit.redemption(of: code))
        #expect(try refused.addingIDToken("aGVhZA.cGF5bG9hZA.c2ln").exposeBody() == refused.exposeBody())
    }

    @Test func aFullStoreIssuesNothing() async throws {
        let server = try Kit.over(MemoryGrantStore(maxGrants: 1))
        _ = try await server.code()
        let redirect = try await server.approve(try await server.accepted(), subject: "user-2")
        #expect(!redirect.isIssued && !redirect.exposeLocation().contains("code="))
    }

    @Test func wrongSettingsAreSaidAtOnce() throws {
        let make = { (policy: AuthorizationServer.Policy, rules: DPoPRules?) in
            try AuthorizationServer(
                policy: policy, store: MemoryGrantStore(), clients: { _ in nil }, proofs: rules,
                onStoreError: { _, _ in })
        }
        let good = AuthorizationServer.Policy(issuer: "https://as.example")
        var negative = good
        negative.codeLifetime = .seconds(-1)
        var endless = good
        endless.accessTokenLifetime = .seconds(Int64.max)
        var mismatches = good
        mismatches.maxMismatches = -1
        for policy in [.init(issuer: "as.example"), negative, endless, mismatches] {
            #expect(throws: ProofKeyError.self) { try make(policy, nil) }
        }
        #expect(throws: ProofKeyError.self) { try make(good, DPoPRules(nonceKey: Data([1]))) }
        _ = try make(good, DPoPRules(nonceKey: Data(count: 32)))
    }
}
