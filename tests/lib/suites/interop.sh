# shellcheck shell=bash
# Whole sign-ins against authorization servers that others wrote, from every language, and what comes
# after them; pushed requests, bound tokens, device codes and ID tokens from Rust and by the program; and a
# hundred processes of all languages over one store.

# The packages and the examples are built as their own suites build them.
# shellcheck source=tests/lib/suites/python.sh
. "${lib:?}/suites/python.sh"
# shellcheck source=tests/lib/suites/c.sh
. "${lib:?}/suites/c.sh"
# shellcheck source=tests/lib/kotlin.sh
. "${lib:?}/kotlin.sh"
# shellcheck source=tests/lib/swift.sh
. "${lib:?}/swift.sh"

suite_interop() {
    need_rust && need_node && need_python_venv "$PROOFKEY_TARGET/interop/venv" || return
    # It also installs the servers, for the other languages.
    counted "interop of Rust" closing_counts tests/interop/run

    need_python_package || return
    check "the wheel installs beside the servers" "$PROOFKEY_TARGET/interop/venv/bin/pip" install -q --no-index \
        --no-deps --force-reinstall "$PROOFKEY_TARGET"/python/wheels/proofkey-*.whl || return
    check "the program builds" cargo build --quiet -p proofkey-cli || return

    # The examples that sign in and keep nothing, and those that keep their tokens: to sign in, and to print one.
    local brief=() kept=() out=$PROOFKEY_TARGET/c-tests/cmake
    if check "the examples of C build" interop_c; then
        brief+=("c=$out/sign_in")
        kept+=("c.sign_in=$out/token -b -c CLIENT RESOURCE" "c.token=$out/token -c CLIENT RESOURCE")
    fi
    if need_java && check "the examples of Kotlin build" interop_kotlin; then
        brief+=("kotlin=$(kotlin_example SignInKt)")
        kept+=("kotlin.sign_in=$(kotlin_example KeptTokenKt) RESOURCE CLIENT sign-in")
        kept+=("kotlin.token=$(kotlin_example KeptTokenKt) RESOURCE CLIENT token")
    fi
    if need_swift && check "the examples of Swift build" interop_swift; then
        brief+=("swift=$(swift_outside SignIn)")
        kept+=("swift.sign_in=$(swift_outside KeptToken) RESOURCE CLIENT sign-in")
        kept+=("swift.token=$(swift_outside KeptToken) RESOURCE CLIENT token")
    fi

    counted "sign-ins of Python and of ${#brief[@]} examples" closing_counts interop_python languages.py "${brief[@]}"
    local program=$PROOFKEY_TARGET/debug/proofkey
    counted "tokens and sign-outs" closing_counts interop_python access.py "$program" "${kept[@]}"
    counted "pushed requests, keys and devices" closing_counts interop_python possession.py "$program"
    counted "the MCP SDK" closing_counts interop_python mcp_sdk.py "$program"
    counted "a hundred processes" closing_counts interop_python processes.py "$program" "${kept[@]}"
}

interop_python() {
    "$PROOFKEY_TARGET/interop/venv/bin/python" -X dev -W error "tests/interop/$1" "${@:2}"
}

interop_c() {
    local prefix status
    need_apt cmake cmake && need_apt pkg-config pkg-config || return
    [ -f /usr/include/sqlite3.h ] || pkg-config --exists sqlite3 || apt_install libsqlite3-dev
    [ -f /usr/include/curl/curl.h ] || pkg-config --exists libcurl || apt_install libcurl4-openssl-dev
    # Installed as in the suite of C, and thrown away: the example that was built finds its library.
    prefix=$(mktemp -d) || return
    c_cmake "$out" "$prefix"
    status=$?
    rm -rf "$prefix"
    return "$status"
}

interop_kotlin() {
    android/generate && our_maven -q -pl core,jvm test-compile dependency:build-classpath \
        "-Dmdep.outputFile=$PROOFKEY_TARGET/kotlin/interop.classpath"
}

# kotlin_example CLASS: the words of the command that runs it.
kotlin_example() {
    local maven=$PROOFKEY_TARGET/maven
    echo "java -cp $maven/proofkey/test-classes:$maven/proofkey/classes:$maven/proofkey-core/classes:\
$PROOFKEY_TARGET/kotlin/resources:$(cat "$PROOFKEY_TARGET/kotlin/interop.classpath") dev.proofkey.jvm.$1"
}

interop_swift() {
    # shellcheck disable=SC2119 # it takes options, and none is meant here
    swift_install && swift_package build --product SignIn && swift_package build --product KeptToken
}
