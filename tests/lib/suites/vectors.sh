# shellcheck shell=bash
# Every language writes one line a vector and a transcript; the lines must be the expected ones, and one
# that was altered must be noticed by all. A language joins with its runner here.

# Each is built as its own suite builds it, so that nothing is built twice.
# shellcheck source=tests/lib/suites/python.sh
. "${lib:?}/suites/python.sh"
# shellcheck source=tests/lib/kotlin.sh
. "${lib:?}/kotlin.sh"
# shellcheck source=tests/lib/swift.sh
. "${lib:?}/swift.sh"

suite_vectors() {
    need_rust && need_python || return
    local canonical=$PROOFKEY_TARGET/canonical features
    features=$(python3 tests/lib/features.py) || return
    rm -rf "$canonical"

    speaks rust cargo test --quiet --workspace --features "$features" --no-fail-fast --test vectors --test transcripts
    speaks c cargo test --quiet --workspace --features "$features" --test replay
    need_python_package &&
        speaks python env -C python "$PROOFKEY_TARGET/python/venv/bin/python" -m pytest -q -p no:cacheprovider tests/test_vectors.py
    need_java && check "the Kotlin runner builds" kotlin_runner &&
        speaks kotlin tests/lib/kotlin-vectors
    need_swift && check "the Swift runner builds" swift_runner && speaks swift tests/lib/swift-vectors
    counted "what the languages say" closing_counts python3 tests/lib/compare_vectors.py lines "$canonical" \
        rust c python kotlin swift
}

# speaks LANGUAGE RUNNER…: it says its lines, and it notices each file that is altered.
speaks() {
    local language=$1
    shift
    check "$language runs them" "$@" || return
    PROOFKEY_CANONICAL_OUT=$canonical/altered/$language.txt counted "altered cases, $language" closing_counts \
        python3 tests/lib/compare_vectors.py altered "$@"
}

swift_runner() {
    # shellcheck disable=SC2119 # it takes options, and none is meant here
    swift_install && swift_package build --build-tests
}
