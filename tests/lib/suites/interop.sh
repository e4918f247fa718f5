# shellcheck shell=bash
# Whole sign-ins against authorization servers that others wrote: from Rust, from Python and from C.

# The package of Python and the example of C are built as their own suites build them.
# shellcheck source=tests/lib/suites/python.sh
. "${lib:?}/suites/python.sh"
# shellcheck source=tests/lib/suites/c.sh
. "${lib:?}/suites/c.sh"

suite_interop() {
    need_rust && need_node || return
    # It also installs the server, for the other languages.
    counted "interop" closing_counts tests/interop/run

    need_python_package || return
    need_apt cmake cmake && need_apt pkg-config pkg-config || return
    [ -f /usr/include/curl/curl.h ] || pkg-config --exists libcurl || apt_install libcurl4-openssl-dev
    local out=$PROOFKEY_TARGET/c-tests prefix built=0
    # Installed as in the suite of C, and thrown away: the example that was built finds its library.
    prefix=$(mktemp -d) || return
    check "CMake builds the example of C" c_cmake "$out/cmake" "$prefix" && built=1
    rm -rf "$prefix"
    [ "$built" -eq 1 ] || return
    counted "interop of Python and C" closing_counts "$PROOFKEY_TARGET/python/venv/bin/python" -X dev -W error \
        tests/interop/languages.py "c=$out/cmake/sign_in"
}
