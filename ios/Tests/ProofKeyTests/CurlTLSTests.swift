#if os(Linux) && !canImport(AuthenticationServices)
    import Foundation
    import ProofKeyFFI
    import Testing

    @testable import ProofKey

    /// The run makes two certificates for 127.0.0.1, and lets this program trust the first (`SSL_CERT_FILE`).
    @Suite struct CurlTLSTests {
        private func get(_ server: TLSServer, as host: String = "127.0.0.1") async -> Event {
            await HttpExchange(
                ProofKeyFFI.HttpRequest(
                    method: "GET", url: "https://\(host):\(server.port)/", headers: [], body: nil, maxBody: 65_536,
                    timeoutMs: 30_000)
            ).run()
        }

        private func expectNothingSent(_ event: Event) {
            guard case .unreachable(let reason, _) = event else {
                Issue.record("it was believed")
                return
            }
            #expect(reason == .notConnected)
        }

        @Test func aServerThatIsKnown() async throws {
            let event = try await get(TLSServer(certificate: "known"))
            guard case .response(let response) = event else {
                Issue.record("no response: \(event)")
                return
            }
            #expect(response.status == 200)
            #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
        }

        @Test func aServerThatNobodyVouchesFor() async throws {
            expectNothingSent(try await get(TLSServer(certificate: "stranger")))
        }

        @Test func aServerUnderAnotherName() async throws {
            expectNothingSent(try await get(TLSServer(certificate: "known"), as: "localhost"))
        }
    }

    /// `openssl s_server`, which answers each GET with a page about the connection.
    private final class TLSServer: Sendable {
        let port: Int
        private let process: Process

        init(certificate: String) async throws {
            guard let known = ProcessInfo.processInfo.environment["SSL_CERT_FILE"] else {
                throw Missing(what: "SSL_CERT_FILE; tests/run swift makes it")
            }
            let folder = URL(fileURLWithPath: known).deletingLastPathComponent()
            let said = Pipe()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
                "-cert", folder.appending(path: "\(certificate).pem").path,
                "-key", folder.appending(path: "\(certificate).key").path,
            ]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = said
            process.standardError = FileHandle.nullDevice
            try process.run()
            self.process = process
            port = try await onThread {
                var lines = ""
                while true {
                    let more = said.fileHandleForReading.availableData
                    if more.isEmpty { throw Missing(what: "a port of openssl s_server") }
                    lines += String(decoding: more, as: UTF8.self)
                    if let found = lines.firstMatch(of: #/ACCEPT 127\.0\.0\.1:([0-9]+)\n/#) {
                        return Int(found.1)!
                    }
                }
            }
        }

        deinit { process.terminate() }
    }
#endif
