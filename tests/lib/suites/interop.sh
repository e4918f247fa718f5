# shellcheck shell=bash
# Whole sign-ins against authorization servers that others wrote, from every language.

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
    need_rust && need_node || return
    # It also installs the server, for the other languages.
    counted "interop" closing_counts tests/interop/run

    need_python_package || return
    local examples=() out=$PROOFKEY_TARGET/c-tests/cmake
    check "the example of C builds" interop_c && examples+=("c=$out/sign_in")
    need_java && check "the example of Kotlin builds" interop_kotlin && examples+=("kotlin=$(kotlin_example)")
    need_swift && check "the example of Swift builds" interop_swift && examples+=("swift=$(swift_outside SignIn)")
    counted "interop of Python and of ${#examples[@]} examples" closing_counts \
        "$PROOFKEY_TARGET/python/venv/bin/python" -X dev -W error tests/interop/languages.py "${examples[@]}"
}

interop_c() {
    local prefix status
    need_apt cmake cmake && need_apt pkg-config pkg-config || return
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

# The words of the command that runs it.
kotlin_example() {
    local maven=$PROOFKEY_TARGET/maven
    echo "java -cp $maven/proofkey/test-classes:$maven/proofkey/classes:$maven/proofkey-core/classes:\
$PROOFKEY_TARGET/kotlin/resources:$(cat "$PROOFKEY_TARGET/kotlin/interop.classpath") dev.proofkey.jvm.SignInKt"
}

interop_swift() {
    # shellcheck disable=SC2119 # it takes options, and none is meant here
    swift_install && swift_package build --product SignIn
}
