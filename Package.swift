// swift-tools-version: 6.0
import PackageDescription

// The library behind the package: one module, `CProofKey`, whose declarations the generated layer calls.
#if os(Linux)
    // Installed on the machine with its file proofkey-uniffi.pc; ios/README.md says how.
    let library = Target.systemLibrary(
        name: "CProofKey",
        path: "ios/Sources/CProofKey",
        pkgConfig: "proofkey-uniffi"
    )
    // Speaks HTTP by libcurl, whose development files are installed on the machine. Elsewhere URLSession does.
    let http: [Target] = [
        .target(
            name: "CProofKeyHttp",
            path: "ios/Sources/CProofKeyHttp",
            linkerSettings: [.linkedLibrary("curl")]
        )
    ]
#else
    let http: [Target] = []
    let library: Target =
        if let local = Context.environment["PROOFKEY_XCFRAMEWORK"] {
            // One that was built here by ios/make-xcframework; a path from the top of this package.
            .binaryTarget(name: "CProofKey", path: local)
        } else {
            // The release writes both lines. Nothing is there before the first release.
            .binaryTarget(
                name: "CProofKey",
                url: "https://github.com/proofkey/proofkey/releases/download/v0.1.0/CProofKey.xcframework.zip",
                checksum: "0000000000000000000000000000000000000000000000000000000000000000"
            )
        }
#endif

let package = Package(
    name: "ProofKey",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [
        .library(name: "ProofKey", targets: ["ProofKey"]),
        .library(name: "ProofKeyServerChecks", targets: ["ProofKeyServerChecks"]),
    ],
    targets: http + [
        library,
        // Generated and private: no product, and nothing of it in the public API.
        .target(
            name: "ProofKeyFFI",
            dependencies: ["CProofKey"],
            path: "ios/Sources/ProofKeyFFI",
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(
            name: "ProofKey",
            dependencies: ["ProofKeyFFI"] + http.map { .byName(name: $0.name) },
            path: "ios/Sources/ProofKey",
            resources: [.copy("PrivacyInfo.xcprivacy")]
        ),
        // For the tests of those who write a grant store; it knows no test framework.
        .target(
            name: "ProofKeyServerChecks",
            dependencies: ["ProofKey"],
            path: "ios/Sources/ProofKeyServerChecks"
        ),
        // Examples, for the tests too.
        .executableTarget(
            name: "SignIn",
            dependencies: ["ProofKey"],
            path: "ios/Sources/SignIn"
        ),
        .executableTarget(
            name: "KeptToken",
            dependencies: ["ProofKey"],
            path: "ios/Sources/KeptToken"
        ),
        .executableTarget(
            name: "GrantServer",
            dependencies: ["ProofKey", "CSQLite"],
            path: "ios/Sources/GrantServer"
        ),
        // SQLite of the machine, for that example; no product has it.
        .systemLibrary(name: "CSQLite", path: "ios/Sources/CSQLite"),
        // For tests/faults alone.
        .executableTarget(
            name: "FaultDriver",
            dependencies: ["ProofKey"],
            path: "ios/Sources/FaultDriver"
        ),
        .testTarget(
            name: "ProofKeyTests",
            dependencies: ["ProofKey", "ProofKeyFFI", "CProofKey", "ProofKeyServerChecks", "GrantServer"],
            path: "ios/Tests/ProofKeyTests"
        ),
    ],
    swiftLanguageModes: [.v6]
)
