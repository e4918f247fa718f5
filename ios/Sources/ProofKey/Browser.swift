#if os(macOS) || os(Linux)
    import Foundation

    /// Opens the user's browser: one program, one argument, never a shell (CVE-2025-6514).
    enum Browser {
        #if os(macOS)
            private static let opener = "/usr/bin/open"
        #else
            private static let opener = "xdg-open"
        #endif

        /// The program that `BROWSER` names, else the system's opener.
        static func openSystem(
            _ url: URL, environment: [String: String] = ProcessInfo.processInfo.environment
        ) async throws {
            let path = environment["PATH"] ?? "/usr/bin:/bin"
            if let named = environment["BROWSER"], !named.isEmpty {
                try launch(named, url, path: path)
                return
            }
            // The opener ends when it has found a browser, or none.
            let status = try await withCheckedThrowingContinuation { ended in
                do {
                    try launch(opener, url, path: path) { ended.resume(returning: $0) }
                } catch {
                    ended.resume(throwing: error)
                }
            }
            guard status == 0 else {
                throw WebAuthenticationError.failed("no browser was found by \(opener) (exit code \(status))")
            }
        }

        /// Whether a page can be shown on this machine: there is a program for it, and on Linux a desktop.
        static func isThere(environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
            if let named = environment["BROWSER"], !named.isEmpty { return true }
            #if os(Linux)
                guard ["DISPLAY", "WAYLAND_DISPLAY"].contains(where: { environment[$0]?.isEmpty == false }) else {
                    return false
                }
            #endif
            return (try? find(opener, in: environment["PATH"] ?? "/usr/bin:/bin")) != nil
        }

        /// Starts the program beside this one; it may run for as long as the user keeps the window.
        static func launch(
            _ program: String, _ url: URL, path: String = "", ended: (@Sendable (Int32) -> Void)? = nil
        ) throws {
            let process = Process()
            process.executableURL = try find(program, in: path)
            process.arguments = [url.absoluteString]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            if let ended {
                process.terminationHandler = { ended($0.terminationStatus) }
            }
            do {
                try process.run()
            } catch {
                throw WebAuthenticationError.failed("the program \(program): \(error.localizedDescription)")
            }
        }

        /// A path as it is; a name is looked for in the folders of `PATH`.
        private static func find(_ program: String, in path: String) throws -> URL {
            if program.contains("/") {
                return URL(fileURLWithPath: program)
            }
            for folder in path.split(separator: ":") {
                let candidate = "\(folder)/\(program)"
                if FileManager.default.isExecutableFile(atPath: candidate) {
                    return URL(fileURLWithPath: candidate)
                }
            }
            throw WebAuthenticationError.failed("the program \(program) was not found")
        }
    }
#endif
