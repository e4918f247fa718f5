# shellcheck shell=bash
# Swift for the suites: the machine's own, or the root that swift-root.sh makes. Sourced by suites/swift.sh and by
# whoever runs a program of Swift's.
: "${tools:?}" "${PROOFKEY_TARGET:?}"

# What is installed is seen as /usr/local there. The root itself is never written to.
swift_prefix=$PROOFKEY_TARGET/swift/root/usr/local
swift_build=$PROOFKEY_TARGET/swift/build

need_swift() {
    need_rust || return 1
    if ! have swift && ! tests/lib/swift-root.sh >/dev/null; then
        fail "Swift could not be installed: see the lines above, or put a swift 6.0 or later on PATH"
        return 1
    fi
    # The root has it.
    if have swift && ! pkg-config --exists libcurl && [ ! -f /usr/include/curl/curl.h ]; then
        apt_install libcurl4-openssl-dev || {
            fail "libcurl's development files could not be installed; on Debian, as root: apt-get install libcurl4-openssl-dev"
            return 1
        }
    fi
    mkdir -p "$PROOFKEY_TARGET/swift"
}

# SQLite for the example GrantServer and the tests, which the package itself is without: the machine's, also where the root sees it.
swift_sqlite() {
    if [ ! -f /usr/include/sqlite3.h ] && ! apt_install libsqlite3-dev; then
        fail "SQLite's development files could not be installed; on Debian, as root: apt-get install libsqlite3-dev"
        return 1
    fi
    have swift && return
    # Linked into the tests: the root has none of its own that could be linked.
    mkdir -p "$swift_prefix/include" "$swift_prefix/lib" &&
        cp /usr/include/sqlite3.h "$swift_prefix/include/" &&
        cp "/usr/lib/$(uname -m)-linux-gnu/libsqlite3.a" "$swift_prefix/lib/"
}

# swift_install [OPTION…]: the library, installed as ios/README.md says, in the profile of all suites.
swift_install() {
    DESTDIR=$PROOFKEY_TARGET/swift/root ios/install-linux --profile dev "$@" || return
    # With its own cache of libraries, as `ldconfig` makes it on the user's machine.
    have swift || swift_bare /usr/sbin/ldconfig -i -C "$PROOFKEY_TARGET/swift/ld.so.cache"
}

# As in_swift, before there is a cache of libraries.
swift_bare() {
    tests/lib/swift-run.sh --net --bind "$PROOFKEY_TARGET" --at "$swift_prefix" /usr/local -- "$@"
}

# in_swift [--env K=V|--bind DIR]… -- COMMAND…: where the library is installed; in this folder, with this machine's network.
in_swift() {
    if have swift; then
        tests/lib/swift-run.sh --env PKG_CONFIG_PATH="$swift_prefix/lib/pkgconfig" --env LD_LIBRARY_PATH="$swift_prefix/lib" \
            --env LIBRARY_PATH="$swift_prefix/lib" "$@"
    else
        tests/lib/swift-run.sh --net --bind "$PROOFKEY_TARGET" --at "$swift_prefix" /usr/local \
            --at "$PROOFKEY_TARGET/swift/ld.so.cache" /etc/ld.so.cache "$@"
    fi
}

# swift_package COMMAND [OPTION…]: `swift COMMAND` for this package, with warnings as errors.
swift_package() {
    local command=$1
    shift
    in_swift "${swift_env[@]}" -- swift "$command" --scratch-path "$swift_build" -Xswiftc -warnings-as-errors "$@"
}
swift_env=()

# "Test run with 46 tests passed after 6.6 seconds." or "… failed after 30.6 seconds with 4 issues."
swift_counts() {
    awk '
        /^(✔|✘) Test run with/ { whole = 1; next }
        /^✔ Test .* passed after/ { p++ }
        /^✘ Test .* failed after/ { f++ }
        # A test that is skipped proves nothing; a run without an end has failed.
        /^(➜|⊘).* skipped/ { f++ }
        END { if (!whole) f++; print p + 0, f + 0 }' "$1"
}

# The words of a command that runs a program of this package outside the root, beside this machine's own programs: with the
# root's loader and libraries.
swift_outside() {
    local root libraries=$swift_prefix/lib
    if have swift; then
        echo "env LD_LIBRARY_PATH=$libraries $swift_build/debug/$1"
        return
    fi
    root=${PROOFKEY_SWIFT_ROOT:-$(tests/lib/swift-root.sh)} || return
    libraries+=:$root/usr/libexec/swift/lib/swift/linux:$root/usr/lib/$(uname -m)-linux-gnu
    local loader=("$root"/lib*/ld-linux-*.so.*)
    echo "${loader[0]} --library-path $libraries $swift_build/debug/$1"
}
