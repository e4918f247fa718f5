# shellcheck shell=bash
# The exports for Python, Kotlin and Swift, through the generated Python layer: whole flows, what texts
# show, and a panic in every export (in a build of its own).
: "${tools:?}"

suite_uniffi() {
    need_rust && need_python || return
    local debug=$PROOFKEY_TARGET/debug
    # Without -p, as maturin builds it: so that it is built once.
    check "the generator builds" cargo build --quiet --bin uniffi-bindgen --bin regen || return

    if generated plain; then
        refuses "the library for people has no switch for panics" \
            grep -q test_panic_in "$tools/uniffi/plain/proofkey.py"
        counted "flows" closing_counts python3 bindings/uniffi/tests/python/run.py \
            "$tools/uniffi/plain" flows loopback shown
    fi
    if generated panics --features test-panic; then
        counted "panics" closing_counts python3 bindings/uniffi/tests/python/run.py \
            "$tools/uniffi/panics" panics
    fi
    # What stays in the target folder is the library for people.
    cargo build --quiet -p proofkey-uniffi

    check "it builds without the loopback receiver, as for phones" \
        cargo check --quiet -p proofkey-uniffi --no-default-features
    local language
    for language in kotlin swift; do
        check "the $language layer is generated" "$debug/uniffi-bindgen" generate \
            "$tools/uniffi/plain/libproofkey_uniffi.so" --language "$language" --no-format \
            --out-dir "$tools/uniffi/$language"
    done
    if [ -f bindings/c/cbindgen.toml ]; then
        check "no generated file that is checked in is stale" "$debug/regen" --check
    fi
}

# generated NAME OPTION…: the library and its Python layer in a folder of that name.
generated() {
    local folder=$tools/uniffi/$1
    shift
    rm -rf "$folder"
    mkdir -p "$folder"
    check "the library builds ${*:-for people}" cargo build --quiet -p proofkey-uniffi "$@" || return
    cp "$debug/libproofkey_uniffi.so" "$folder/" || return
    check "its Python layer is generated" "$debug/uniffi-bindgen" generate \
        "$folder/libproofkey_uniffi.so" --language python --no-format --out-dir "$folder"
}
