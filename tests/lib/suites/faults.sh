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
    local out=$PROOFKEY_TARGET/c-tests/cmake
    if check "the driver of C builds" interop_c; then
        drivers+=("c=$out/fault_driver")
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

faults_swift() {
    # shellcheck disable=SC2119 # it takes options, and none is meant here
    swift_install && swift_package build --product FaultDriver
}
