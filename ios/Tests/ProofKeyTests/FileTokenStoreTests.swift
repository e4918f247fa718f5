#if os(Linux)
    import Foundation
    import Testing

    @testable import ProofKey

    /// The folder of this user, and where its key lies.
    @Suite struct FileTokenStoreTests {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// With a desktop that has these programs, by what they do.
        private func store(
            _ name: String = "kept", secretTool: String? = nil, said: Box<[String]> = Box([])
        ) throws -> FileTokenStore {
            if let secretTool { _ = try folder.script("secret-tool", secretTool) }
            return try FileTokenStore(
                folder: URL(fileURLWithPath: folder.path(name)), environment: ["PATH": folder.path("")],
                onKeyFile: { sentence in said.change { $0.append(sentence) } })
        }

        /// A keyring as a folder: `secret-tool` writes down what it is asked to keep.
        private var keyring: String {
            """
            cd '\(folder.path(""))' || exit 3
            case "$1 $*" in
            "lookup lookup service proofkey username data-key") [ -f entry ] && cat entry || exit 1 ;;
            "store store --label=ProofKey service proofkey username data-key") cat >entry ;;
            *) echo "unknown: $*" >&2; exit 2 ;;
            esac
            """
        }

        @Test func theContract() async throws {
            try await StoreContract.check(store())
        }

        @Test func theKeyInAFileIsSaidOnce() async throws {
            let said = Box<[String]>([])
            let first = try store(said: said)
            let key = try #require(try await first.dataKey()).exposeText()
            #expect(try await first.dataKey()?.exposeText() == key)
            #expect(said.value.count == 1)
            #expect(said.value[0].contains("no encryption"))
            // For all who name the folder.
            #expect(try await store().dataKey()?.exposeText() == key)
            #expect(try first.folder().path == URL(fileURLWithPath: folder.path("kept")).resolvingSymlinksInPath().path)
        }

        @Test func theKeyInTheKeyring() async throws {
            let said = Box<[String]>([])
            let first = try store(secretTool: keyring, said: said)
            let key = try #require(try await first.dataKey()).exposeText()
            #expect(try String(contentsOfFile: folder.path("entry"), encoding: .utf8) == key)
            #expect(try await store().dataKey()?.exposeText() == key)
            #expect(said.value.isEmpty)
            // Another folder of this user: there is one entry for all.
            #expect(try await store("other").dataKey()?.exposeText() == key)
        }

        /// Decided once: a new key would lose what is sealed.
        @Test(arguments: [
            "echo 'Cannot autolaunch D-Bus without X11 $DISPLAY' >&2; exit 1", "exit 1", "echo not-a-key", nil,
        ])
        func aKeyringThatDoesNotAnswerAnyMore(secretTool: String?) async throws {
            _ = try await store(secretTool: keyring).dataKey()
            if let secretTool {
                _ = try folder.script("secret-tool", secretTool)
            } else {
                try FileManager.default.removeItem(atPath: folder.path("secret-tool"))
            }
            let again = try store()
            let error = try await failure { try await again.dataKey() }
            #expect(error.code == .keyringUnavailable)
            let endpoint = try TokenEndpoint.issuing()
            let client = try endpoint.client(by: nobody, store: again)
            #expect(try await failure { try await client.signIn() }.code == .keyringUnavailable)
        }

        /// Where none answers when the folder is first used, the file does, from then on.
        @Test(arguments: [
            "echo 'no bus' >&2; exit 1", "case $1 in lookup) exit 1 ;; esac", "[ $1 = lookup ] && exit 1; exit 4",
        ])
        func aKeyringThatNeverAnswered(secretTool: String) async throws {
            let said = Box<[String]>([])
            let key = try await store(secretTool: secretTool, said: said).dataKey()?.exposeText()
            #expect(said.value.count == 1)
            #expect(try await store(secretTool: keyring).dataKey()?.exposeText() == key)
        }

        @Test func manyDecideAtOnce() async throws {
            _ = try folder.script("secret-tool", keyring)
            let keys = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await self.store().dataKey()?.exposeText() }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(keys).count == 1)
        }

        @Test func aSignInIsKeptOverTheEndOfTheProgram() async throws {
            let endpoint = try TokenEndpoint.issuing(for: [0])
            try await endpoint.client(store: store()).signIn()
            let later = try endpoint.client(by: nobody, store: store())
            #expect(try await later.accessToken() == "canary-token-2")
            #expect(try await endpoint.client(by: nobody, store: store()).accessToken() == "canary-token-2")
            #expect(endpoint.requests.count == 2)
            // Sealed, byte for byte.
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path(""))
            #expect(names.count > 3)
            for name in names {
                guard let data = FileManager.default.contents(atPath: folder.path(name)) else { continue }
                #expect(data.range(of: Data("canary".utf8)) == nil, "\(name)")
            }
        }

        @Test func aFolderThatOthersCanWrite() async throws {
            let path = folder.path("open")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
            let error = try await failure { try FileTokenStore(folder: URL(fileURLWithPath: path)) }
            #expect(error.code == .storeInsecure)
            #expect(error.family == .fixConfiguration)
        }
    }
#endif
