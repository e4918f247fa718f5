// swift-tools-version: 6.0
import PackageDescription

// What tests/bench measures of the Swift package. Nobody else needs it.
let package = Package(
    name: "Benches",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "ProofKey", path: "../..")],
    targets: [
        .executableTarget(name: "Bench", dependencies: [.product(name: "ProofKey", package: "ProofKey")])
    ],
    swiftLanguageModes: [.v6]
)
