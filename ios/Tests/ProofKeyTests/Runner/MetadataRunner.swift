import ProofKeyFFI

/// What servers say about themselves: vectors, and the discovery of the transcripts.
enum MetadataRunner {
    private static let url = "https://fetched.example/metadata"

    static func wellKnown(_ data: JSON) throws -> String {
        try ClientRunner.configured {
            let urls =
                if let issuer = data["issuer"].string {
                    try authorizationServerUrls(issuer: issuer)
                } else {
                    try protectedResourceUrls(resource: data.string("resource"))
                }
            return "ok" + urls.map { Words.word("url", $0) }.joined()
        }
    }

    static func metadata(_ data: JSON) throws -> String {
        try refused(data) {
            let issuer = try data.string("issuer")
            let found = try readProvider(
                issuer: issuer, body: Words.body(data), allowMissingS256: data.bool("allow_missing_s256"),
                metadataUrl: url, now: 0)
            guard found.issuer == issuer, found.metadataUrl == url, found.fetchedAt == 0 else {
                throw Missing(what: "what was asked for in \(found)")
            }
            let lists = [
                ("grant_types", found.grantTypes), ("scopes", found.scopes),
                ("auth_methods", found.tokenEndpointAuthMethods),
            ]
            let words =
                endpoints(found) + lists.map { ($0, $1?.joined(separator: " ")) }
                + (try report(found)).map { ($0, $1) }
            return "ok" + words.map(Words.word).joined()
        }
    }

    private static func endpoints(_ found: Provider) -> [(String, String?)] {
        [
            ("authorization_endpoint", found.authorizationEndpoint),
            ("token_endpoint", found.tokenEndpoint),
            ("revocation_endpoint", found.revocationEndpoint),
            ("registration_endpoint", found.registrationEndpoint),
            ("pushed_authorization_request_endpoint", found.pushedAuthorizationRequestEndpoint),
            ("device_authorization_endpoint", found.deviceAuthorizationEndpoint),
            ("end_session_endpoint", found.endSessionEndpoint),
            ("jwks_uri", found.jwksUri),
        ]
    }

    /// Each feature and what is said of it, in the library's order.
    static func report(_ provider: Provider) throws -> [(String, String)] {
        try providerReport(provider: provider).map { line in
            // A case is the name without its underscores.
            guard !line.why.isEmpty, "\(line.feature)".lowercased() == line.name.replacing("_", with: "") else {
                throw Missing(what: "a reason or the name in \(line)")
            }
            return (line.name, "\(line.support)")
        }
    }

    static func resourceMetadata(_ data: JSON) throws -> String {
        try refused(data) {
            let resource = try data.string("resource")
            let found = try readProtectedResource(
                resource: resource, body: Words.body(data), metadataUrl: url, now: 0)
            guard found.resource == resource else { throw Missing(what: "what was asked for in \(found)") }
            let issuer = try protectedResourceIssuer(resource: found, configured: data["issuer"].string)
            let scopes = try protectedResourceScopes(resource: found).joined(separator: " ")
            return "ok" + Words.word("issuer", issuer) + Words.word("scopes", scopes)
        }
    }

    /// `never_shown`, `shown`: tests/vectors/README.md, "Kinds".
    private static func refused(_ data: JSON, _ good: () throws -> String) throws -> String {
        do {
            return try good()
        } catch ProofKeyFFI.ProofKeyError.Failed(let code, let family, let text, let advice) {
            let error = ProofKeyFFI.ProofKeyError.Failed(code: code, family: family, text: text, advice: advice)
            let said = "\(error) \(error.localizedDescription)"
            let never = data["never_shown"].list == nil ? [] : try data.strings("never_shown")
            if never.contains(where: { said.contains($0) }) { return "shown \(code)" }
            let shown = data["shown"].list == nil ? [] : try data.strings("shown")
            return shown.allSatisfy { text.contains($0) } ? "error \(code)" : "not_shown \(code)"
        }
    }

    static func wwwAuthenticate(_ data: JSON) throws -> String {
        let parsed = try parseChallenges(fields: data.list("fields").map(Words.text))
        var words = parsed.list.flatMap { challenge in
            [Words.word("challenge", challenge.scheme), Words.word("token68", challenge.token68)]
                + challenge.parameters.map {
                    // A name is written like a value.
                    Words.word(String(Words.word("", $0.name).dropFirst(2)), $0.value)
                }
        }
        words += parsed.defects.map { Words.word("defect", $0) }
        if let demand = parsed.demand {
            words += [
                Words.word("demand", demand.scheme),
                Words.word("resource_metadata", demand.resourceMetadata),
                Words.word("scope", demand.scopes?.joined(separator: " ")),
                Words.word("error", demand.error),
                Words.word("acr_values", demand.acrValues?.joined(separator: " ")),
                Words.word("max_age", demand.maxAge.map { String($0) }),
            ]
        }
        let verdict = words.joined().dropFirst()
        return verdict.isEmpty ? "none" : String(verdict)
    }
}

/// The discovery, step by step.
struct DiscoveryFlow: Flow {
    private let flow: Discovery

    init(_ config: JSON) throws {
        flow = try Discovery(
            config: DiscoveryConfig(
                issuer: config["issuer"].string, resource: config["resource"].string,
                wwwAuthenticate: config.strings("www_authenticate"),
                allowMissingS256: config.strings("allow_missing_s256")))
    }

    func advance(_ event: JSON, now: UInt64) throws -> JSON {
        try SignInFlow.seen(flow.advance(event: SignInFlow.event(event), now: now))
    }

    func outcome() throws -> (JSON, String)? {
        guard let found = try flow.outcome() else { return nil }
        let (provider, resource) = (found.provider, found.resource)
        let words =
            Words.word("issuer", provider.issuer) + Words.word("resource", resource?.resource)
            + Words.word("scope", found.scopes.joined(separator: " "))
        let report = try MetadataRunner.report(provider).map { ($0, JSON.string($1)) }
        let seen: JSON = .object([
            "issuer": .string(provider.issuer),
            "issuer_host": .string(try providerIssuerHost(provider: provider)),
            "authorization_endpoint": .string(provider.authorizationEndpoint),
            "token_endpoint": .string(provider.tokenEndpoint),
            "registration_endpoint": .from(provider.registrationEndpoint),
            "iss_promised": .bool(provider.issPromised),
            "metadata_url": .string(provider.metadataUrl),
            "fetched_at": .number(provider.fetchedAt),
            "report": .object(try SignInFlow.once(report)),
            "resource": .from(resource?.resource),
            "resource_metadata_url": .from(resource?.metadataUrl),
            "scopes": .from(found.scopes),
        ])
        return (seen, String(words.dropFirst()))
    }
}
