#if os(Linux)
    import Foundation

    /// The desktop's keyring, by its program `secret-tool` (libsecret), one entry of it.
    struct Keyring: Sendable {
        struct Failure: Error {
            let reason: String
        }

        private static let program = "secret-tool"
        // The user may have to unlock it.
        private static let patience = DispatchTimeInterval.seconds(60)

        private let path: String
        private let attributes: [String]

        /// None where the program is not installed.
        init?(service: String, account: String, environment: [String: String]) {
            let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            let found = folders.map { "\($0)/\(Self.program)" }.first(where: FileManager.default.isExecutableFile)
            guard let found else { return nil }
            path = found
            // As Python's keyring and the program `proofkey` name them.
            attributes = ["service", service, "username", account]
        }

        /// The entry's text; nothing where there is none. It blocks.
        func lookUp() throws -> String? {
            let (status, said, complaint) = try run(["lookup"] + attributes)
            if status == 0 { return said }
            // It has nothing to say of an entry that is not there.
            guard complaint.isEmpty else { throw Failure(reason: complaint) }
            return nil
        }

        /// Writes the entry. It blocks.
        func store(_ text: String) throws {
            let (status, _, complaint) = try run(["store", "--label=ProofKey"] + attributes, input: text)
            guard status == 0 else { throw Failure(reason: complaint) }
        }

        private func run(_ arguments: [String], input: String = "") throws -> (status: Int32, said: String, String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
            let (given, said, complaint) = (Pipe(), Pipe(), Pipe())
            process.standardInput = given
            process.standardOutput = said
            process.standardError = complaint
            let ended = DispatchSemaphore(value: 0)
            process.terminationHandler = { _ in ended.signal() }
            do { try process.run() } catch { throw Failure(reason: "\(path): \(error.localizedDescription)") }
            try? given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try? given.fileHandleForWriting.close()
            guard ended.wait(timeout: .now() + Self.patience) == .success else {
                process.terminate()
                throw Failure(reason: "\(Self.program) did not end within 60 s")
            }
            return (process.terminationStatus, Self.text(said), Self.text(complaint))
        }

        // What it says fits into a pipe.
        private static func text(_ pipe: Pipe) -> String {
            let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
            return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
#endif
