// What tests/faults has to do, a line each, and what comes of it, a line each: the codes of errors, and `ok` with the
// scopes, with commas between them.
//
//     MEETS TRIES TIMEOUT_S WHERE CLIENT_ID STORE SCOPE...
import Foundation
import ProofKey

struct FaultCase {
    let meets: String
    let tries: Int
    let timeout: Duration
    let location: String
    let clientID: String
    let store: any TokenStore
    let scopes: [String]

    init?(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 6, let tries = Int(words[1]), let seconds = Int(words[2]) else { return nil }
        meets = words[0]
        self.tries = tries
        timeout = .seconds(seconds)
        location = words[3]
        clientID = words[4]
        #if os(Linux)
            store = try FileTokenStore(folder: URL(fileURLWithPath: words[5]), onKeyFile: { _ in })
        #else
            store = MemoryTokenStore()
        #endif
        scopes = Array(words.dropFirst(6))
    }

    func outcomes() async -> [String] {
        let way = meets == "device" ? Interaction.device : .browser
        let came = await code { try await self.client().signIn(interaction: way).scopes }
        guard came.hasPrefix("ok") else { return [meets == "refresh" ? "sign-in: \(came)" : came] }
        switch meets {
        case "request":
            return [await request()]
        case "refresh":
            var all: [String] = []
            for _ in 0..<tries { all.append(await code { try await self.client().tokens().scopes }) }
            return all
        default:
            return [came]
        }
    }

    private func code(_ ask: () async throws -> [String]) async -> String {
        do {
            return (["ok"] + (try await ask())).joined(separator: " ")
        } catch let error as ProofKeyError {
            return error.code.rawValue
        } catch {
            return "unexpected: \(error)"
        }
    }

    private func request() async -> String {
        guard let url = URL(string: location) else { return "no address" }
        var status = 0
        let came = await code {
            status = try await self.client().data(from: url, interaction: .auto).1.statusCode
            return []
        }
        return came == "ok" && status != 200 ? "http_\(status)" : came
    }

    private func client() throws -> ProofKeyClient {
        guard meets != "request" else {
            return try ProofKeyClient(
                resource: location, clientID: clientID, scopes: scopes, store: store, timeout: timeout)
        }
        return try ProofKeyClient(
            issuer: location, clientID: clientID, scopes: scopes, store: store,
            dpop: meets == "dpop" ? .required : .never, pushesRequests: meets == "push", showCode: { _ in },
            timeout: timeout)
    }
}

while let line = readLine() {
    guard let asked = try FaultCase(line) else { exit(2) }
    let said = await asked.outcomes().joined(separator: ",")
    // Not by `print`, which keeps it back until there is more.
    FileHandle.standardOutput.write(Data("\(said)\n".utf8))
}
