# shellcheck shell=bash
# What only Apple's platforms compile of the Swift package, compiled and run against the stubs in ios/stubs. Sourced by
# suites/swift.sh.

# check_apple RUN…: RUN is a command that runs another where there are swift and the installed library.
check_apple() {
    local run=("$@") folder=$PROOFKEY_TARGET/swift/apple
    mkdir -p "$folder"
    check "the stubs of Apple's modules compile" \
        "${run[@]}" tests/lib/swift-stubs.sh "$folder/stubs" || return
    # Only to compile: which window is the active one differs.
    check "the package compiles as on macOS" \
        "${run[@]}" swift build --scratch-path "$folder/macos" --target ProofKey \
        -Xswiftc -warnings-as-errors -Xswiftc -I -Xswiftc "$folder/stubs/macos"
    # With them the package asks by URLSession, as on Apple's platforms; here it is Foundation's for Linux.
    counted "ASWebAuthenticationSession, the Keychain and the Secure Enclave, by stubs, and URLSession" swift_counts \
        "${run[@]}" swift test --scratch-path "$folder/ios" --filter 'WebSession|HttpExchange|Keychain' \
        -Xswiftc -warnings-as-errors -Xswiftc -I -Xswiftc "$folder/stubs/ios" -Xlinker -L -Xlinker "$folder/stubs/ios"
    check "the privacy manifest is true and in the package" tests/lib/privacy_manifest.py "$folder/ios/debug"
    check "swift format lint --strict of the stubs" "${run[@]}" swift format lint --strict --recursive ios/stubs
}
