# shellcheck shell=bash
# The boundary's unsafe code under Miri, an interpreter that sees undefined behaviour. It needs a nightly
# toolchain and builds everything once more. What runs: the table of handles; the reading and writing of the
# caller's memory, byte by byte; a few of each kind of vectors and transcripts through the C functions; the
# wiping allocator.

suite_miri() {
    need_rust && need_python || return
    if ! cargo +nightly miri --version >/dev/null 2>&1; then
        rustup toolchain install nightly --profile minimal --component miri --component rust-src --no-self-update
    fi
    if ! cargo +nightly miri --version; then
        fail "Miri could not be installed; try: rustup toolchain install nightly --component miri --component rust-src"
        return
    fi
    local miri=(env MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --target-dir "$PROOFKEY_TARGET/miri")
    counted "the C boundary" cargo_counts "${miri[@]}" -p proofkey-c --lib --test memory
    counted "the wiping allocator" cargo_counts "${miri[@]}" -p proofkey-wipe --test wiping blocks
    # A thousand times as slow as usual: a few of each file.
    local few=$PROOFKEY_TARGET/miri/few
    rm -rf "$few"
    check "a few vectors and transcripts of each file are chosen" python3 tests/lib/few_vectors.py "$few" || return
    PROOFKEY_VECTORS_DIR=$few/vectors PROOFKEY_TRANSCRIPTS_DIR=$few/transcripts PROOFKEY_CANONICAL_OUT=$few/c.txt \
        counted "they run over the C ABI" cargo_counts "${miri[@]}" -p proofkey-c-replay --test replay
    # Miri prefers the environment in which the test was built to that in which it runs.
    check "it was those that ran" test -s "$few/c.txt"
}
