# shellcheck shell=bash
# The boundary's unsafe code under Miri, an interpreter that sees undefined behaviour. It needs a nightly
# toolchain and builds everything once more, so it runs what is small: the table of handles, the writing into the
# caller's memory, and the wiping allocator.

suite_miri() {
    need_rust || return
    if ! cargo +nightly miri --version >/dev/null 2>&1; then
        rustup toolchain install nightly --profile minimal --component miri --component rust-src --no-self-update
    fi
    if ! cargo +nightly miri --version; then
        fail "Miri could not be installed; try: rustup toolchain install nightly --component miri --component rust-src"
        return
    fi
    local miri=(env MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --target-dir "$PROOFKEY_TARGET/miri")
    counted "the C boundary" cargo_counts "${miri[@]}" -p proofkey-c --lib
    counted "the wiping allocator" cargo_counts "${miri[@]}" -p proofkey-wipe --test wiping blocks
}
