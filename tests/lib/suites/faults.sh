# shellcheck shell=bash
# What `proofkey serve --fault` does wrong: a client that checks nothing goes wrong by each, and the clients of
# all languages do what the table says.

# The packages and the drivers are built as the other suites build them.
# shellcheck source=tests/lib/suites/interop.sh
. "${lib:?}/suites/interop.sh"

suite_faults() {
    need_rust && need_python_package || return
    check "the program builds" cargo build --quiet -p proofkey-cli || return
    local program=$PROOFKEY_TARGET/debug/proofkey drivers=()
    check "the page of faults is what the program says" python3 tests/faults/page.py "$program" --check
    if check "the driver of C builds" faults_c "$PROOFKEY_TARGET/tests/faults-driver"; then
        drivers+=("c=$PROOFKEY_TARGET/tests/faults-driver")
    fi
    if need_java && check "the driver of Kotlin builds" interop_kotlin; then
        drivers+=("kotlin=$(kotlin_example FaultDriverKt)")
    fi
    if need_swift && check "the driver of Swift builds" faults_swift; then
        drivers+=("swift=$(swift_outside FaultDriver)")
    fi
    counted "faults in ${#drivers[@]} languages, Rust and Python" closing_counts \
        "$PROOFKEY_TARGET/python/venv/bin/python" tests/faults/faults.py "$program" "${drivers[@]}"
}

faults_c() {
    need_apt pkg-config pkg-config || return
    [ -f /usr/include/curl/curl.h ] || pkg-config --exists libcurl || apt_install libcurl4-openssl-dev
    # shellcheck disable=SC2046 # the flags are words
    cargo build --quiet -p proofkey-c &&
        gcc -std=c99 -Wall -Wextra -Wpedantic -Werror bindings/c/tests/fault_driver.c -Ibindings/c/examples -Iinclude \
            "-L$PROOFKEY_TARGET/debug" -lproofkey_c $(pkg-config --cflags --libs libcurl) \
            "-Wl,-rpath,$PROOFKEY_TARGET/debug" -o "$1"
}

faults_swift() {
    # shellcheck disable=SC2119 # it takes options, and none is meant here
    swift_install && swift_package build --product FaultDriver
}
