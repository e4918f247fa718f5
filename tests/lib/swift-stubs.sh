#!/usr/bin/env bash
# Compiles the stubs of Apple's modules in ios/stubs: `swift-stubs.sh DIR`, run where there is a swiftc. DIR/ios gets
# UIKit, AuthenticationServices, Security and CryptoKit, DIR/macos AppKit in place of UIKit. A build with `-Xswiftc -I -Xswiftc
# DIR/ios -Xlinker -L -Xlinker DIR/ios` then finds them (`canImport`), and nothing of it stands in Package.swift.
set -euo pipefail
stubs=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../ios/stubs" && pwd)
to=$1

# module FOLDER NAME SOURCE…
module() {
    local folder=$1 name=$2 sources=()
    shift 2
    sources=("${@/#/$stubs/}")
    mkdir -p "$folder"
    # Newer than all it is made from: nothing to do.
    if [ -f "$folder/lib$name.a" ] && [ -z "$(find "$stubs" "${sources[@]}" "${BASH_SOURCE[0]}" -newer "$folder/lib$name.a")" ]; then
        return
    fi
    swiftc -swift-version 6 -warnings-as-errors -parse-as-library "${flags[@]}" -I "$folder" -module-name "$name" \
        -module-link-name "$name" -emit-module -emit-module-path "$folder/$name.swiftmodule" \
        -emit-library -static -o "$folder/lib$name.a" "${sources[@]}"
}

flags=("${@:2}")
# The arithmetic of the tests' own signer is that of the stub's.
enclave=(CryptoKit.swift StubEnclave.swift ../Tests/ProofKeyTests/Curve.swift ../Tests/ProofKeyTests/Runner/SHA256.swift)
module "$to/ios" UIKit UIKit.swift
module "$to/ios" AuthenticationServices AuthenticationServices.swift StubUser.swift
module "$to/ios" Security Security.swift StubKeychain.swift
module "$to/ios" CryptoKit "${enclave[@]}"
module "$to/macos" AppKit AppKit.swift
module "$to/macos" AuthenticationServices AuthenticationServices.swift StubUser.swift
module "$to/macos" Security Security.swift StubKeychain.swift
module "$to/macos" CryptoKit "${enclave[@]}"
