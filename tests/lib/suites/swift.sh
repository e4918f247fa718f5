# shellcheck shell=bash
# The Swift package, on Linux: tests, also under the thread sanitizer and with a panic in every export, the public API, the
# format, and a package outside this tree that signs in.
# shellcheck source=tests/lib/swift.sh
. "${lib:?}/swift.sh"
# shellcheck source=tests/lib/swift-apple.sh
. "${lib:?}/swift-apple.sh"

suite_swift() {
    need_swift && need_apt pkg-config pkg-config && need_apt curl curl && need_apt openssl openssl &&
        need_apt clang-format clang-format && swift_sqlite || return
    check "the library is installed" swift_install || return
    check "the development server builds" cargo build --quiet -p proofkey-cli || return
    check "certificates for the tests are made" swift_certificates || return
    if ! swift_server; then
        swift_server_ends
        return 1
    fi

    counted "swift test" swift_counts swift_package test --skip PanicTests
    if check "the library with panics to be injected is built" swift_panics; then
        counted "panics" swift_counts in_swift "${swift_env[@]}" --env LD_LIBRARY_PATH="$PROOFKEY_TARGET/swift/panics" -- \
            swift test --scratch-path "$swift_build" -Xswiftc -warnings-as-errors --skip-build --filter PanicTests
    fi
    check "the public API is that of ios/api.txt" swift_api
    check "the C of the package is formatted" clang-format --style=file:bindings/c/.clang-format --dry-run -Werror \
        ios/Sources/CProofKeyHttp/*.c ios/Sources/CProofKeyHttp/include/*.h
    check "the C of the package has no warnings" in_swift -- cc -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror \
        -D_Nonnull= \
        -D_Nullable= -fsyntax-only -I ios/Sources/CProofKeyHttp/include ios/Sources/CProofKeyHttp/exchange.c
    check "swift format lint --strict" in_swift -- swift format lint --strict --recursive --parallel \
        Package.swift ios/Sources/ProofKey ios/Sources/ProofKeyServerChecks ios/Sources/SignIn ios/Sources/KeptToken \
        ios/Sources/GrantServer ios/Sources/FaultDriver ios/Tests ios/Benches
    check "a package outside this tree depends on a tag and signs in, without variables" swift_consumer
    counted "swift test under the thread sanitizer" swift_counts in_swift "${swift_env[@]}" -- swift test \
        --scratch-path "$PROOFKEY_TARGET/swift/tsan" --sanitize=thread --skip PanicTests --skip VectorTests
    # Without a proxy: Foundation's URLSession for Linux asks it for what is on loopback.
    check_apple in_swift "${swift_servers_said[@]}" --
    swift_server_ends
}

# Two certificates for 127.0.0.1, of which the tests trust the first.
swift_certificates() {
    local folder=$PROOFKEY_TARGET/swift/certificates name
    mkdir -p "$folder" || return
    for name in known stranger; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=127.0.0.1" \
            -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/$name.key" -out "$folder/$name.pem" || return
    done
}

# The development server, beside the tests, and one that demands pushed requests and proofs with nonces. What they say of
# themselves is given to the tests.
swift_server() {
    swift_servers=()
    swift_serve running && swift_said=$swift_line || return
    swift_serve strict --require-par --require-dpop --dpop-nonce || return
    swift_servers_said=(--env PROOFKEY_TEST_SERVER="$swift_said" --env PROOFKEY_STRICT_SERVER="$swift_line")
    # The first is also the proxy for everything, which nothing on loopback may ever notice.
    swift_env=("${swift_servers_said[@]}" --env SSL_CERT_FILE="$PROOFKEY_TARGET/swift/certificates/known.pem"
        --env http_proxy="$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["issuer"])' "$swift_said")")
}

# swift_serve NAME [OPTION…]: one server, and its line in swift_line.
swift_serve() {
    local ready=$PROOFKEY_TARGET/swift/$1.pipe
    rm -f "$ready" && mkfifo "$ready" || return
    "$PROOFKEY_TARGET/debug/proofkey" serve --auto-approve --json --port 0 --device-interval 0 "${@:2}" \
        >"$ready" 2>/dev/null &
    swift_servers+=($!)
    if ! read -r -t 60 swift_line <"$ready"; then
        fail "the development server did not start"
        return 1
    fi
}

swift_server_ends() {
    kill "${swift_servers[@]}"
    wait "${swift_servers[@]}" 2>/dev/null
}

# The same Swift runs with it: only what `ld.so` finds is another.
swift_panics() {
    local folder=$PROOFKEY_TARGET/swift/panics
    mkdir -p "$folder" && cargo build --quiet -p proofkey-uniffi --features test-panic &&
        cp "$PROOFKEY_TARGET/debug/libproofkey_uniffi.so" "$folder/" || return
    # What stays in the target folder is the library for people.
    cargo build --quiet -p proofkey-uniffi
}

swift_api() {
    in_swift -- swift package --scratch-path "$swift_build" dump-symbol-graph --minimum-access-level public \
        --skip-synthesized-members >"$PROOFKEY_TARGET/swift/api.log" 2>&1 || {
        cat "$PROOFKEY_TARGET/swift/api.log"
        return 1
    }
    python3 tests/lib/swift_api.py "$swift_build" >"$PROOFKEY_TARGET/swift/api.txt" || return
    diff ios/api.txt "$PROOFKEY_TARGET/swift/api.txt" && return
    echo "if the change is meant: cp $PROOFKEY_TARGET/swift/api.txt ios/api.txt"
    return 1
}

# A package that knows nothing of this one but a git URL and a version.
swift_consumer() {
    local folder=$PROOFKEY_TARGET/swift/consumer
    rm -rf "$folder"
    mkdir -p "$folder/proofkey" "$folder/agent/Sources/agent" "$folder/agent/Sources/readme" \
        "$folder/agent/Sources/kept" "$folder/agent/Sources/grants" || return
    # The tree as it is, with what is not yet checked in.
    git ls-files -z --cached --others --exclude-standard -- Package.swift ios LICENSE-MIT |
        xargs -0 cp --parents -t "$folder/proofkey" || return
    (
        cd "$folder/proofkey" && git init -q . && git add -A &&
            git -c user.name=test -c user.email=test@test.invalid commit -q -m "a release" && git tag 0.1.0
    ) || return
    cat >"$folder/agent/Package.swift" <<EOT
// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "agent",
    dependencies: [.package(url: "file://$folder/proofkey", from: "0.1.0")],
    targets: [
        .executableTarget(name: "agent", dependencies: [.product(name: "ProofKey", package: "proofkey")]),
        // The examples of README.md, of ios/README.md and of docs/grants.md: to be compiled, and the last one to be run.
        .executableTarget(name: "readme", dependencies: [.product(name: "ProofKey", package: "proofkey")]),
        .executableTarget(name: "kept", dependencies: [.product(name: "ProofKey", package: "proofkey")]),
        .executableTarget(
            name: "grants",
            dependencies: [
                .product(name: "ProofKey", package: "proofkey"),
                .product(name: "ProofKeyServerChecks", package: "proofkey"),
            ]),
    ]
)
EOT
    cp ios/Sources/SignIn/main.swift "$folder/agent/Sources/agent/main.swift"
    python3 tests/lib/readme_snippet.py swift >"$folder/agent/Sources/readme/main.swift" &&
        python3 tests/lib/readme_snippet.py swift ios/README.md 'FileTokenStore()' >"$folder/agent/Sources/kept/main.swift" &&
        python3 tests/lib/readme_snippet.py swift docs/grants.md 'import ProofKey' >"$folder/agent/Sources/grants/main.swift" &&
        in_swift -- swift build --package-path "$folder/agent" -Xswiftc -warnings-as-errors || return
    # It puts a store through the public suite.
    in_swift -- "$folder/agent/.build/debug/grants" || return
    swift_sign_in "$folder"
}

# The browser of this sign-in is curl on this machine; the program hands it the address through a pipe.
swift_sign_in() {
    local folder=$1 said client
    mkfifo "$folder/address"
    # shellcheck disable=SC2016 # for the shells of these two
    printf '#!/bin/sh\nprintf %%s "$1" >"%s/address"\n' "$folder" >"$folder/browser"
    chmod +x "$folder/browser"
    # shellcheck disable=SC2016
    timeout 300 sh -c 'exec curl -sSL -m 30 -o /dev/null "$(cat "$1")"' sh "$folder/address" &
    client=$(python3 -c 'import json, sys; it = json.loads(sys.argv[1]); print(*(it[n] for n in
        ("issuer", "authorization_endpoint", "token_endpoint", "client_id", "resource")))' "$swift_said") || return
    # shellcheck disable=SC2086 # words without spaces
    said=$(in_swift --env BROWSER="$folder/browser" -- \
        timeout 250 swift run --package-path "$folder/agent" agent $client read 2>"$folder/log") || {
        cat "$folder/log"
        return 1
    }
    case $said in 200\ *) return 0 ;; esac
    printf 'it said: %s\n' "$said"
    return 1
}
