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
            grep -q test_panic_in "$tools/uniffi/plain/python/proofkey.py"
        counted "flows" closing_counts python3 bindings/uniffi/tests/python/run.py \
            "$tools/uniffi/plain/python" flows loopback shown
        check "uniffi's own Python layer is generated" env PROOFKEY_LAYER_AS_IT_IS=1 \
            "$debug/uniffi-bindgen" generate "$tools/uniffi/plain/libproofkey_uniffi.so" \
            --language python --no-format --out-dir "$tools/uniffi/plain/original"
        cp "$tools/uniffi/plain/libproofkey_uniffi.so" "$tools/uniffi/plain/original/"
        counted "buffers" closing_counts env ORIGINAL="$tools/uniffi/plain/original" \
            python3 bindings/uniffi/tests/python/run.py "$tools/uniffi/plain/python" buffers
    fi
    if generated panics --features test-panic; then
        counted "panics" closing_counts python3 bindings/uniffi/tests/python/run.py \
            "$tools/uniffi/panics/python" panics
    fi
    # As on phones: its layer is generated from the library that has everything.
    if built phones --no-default-features; then
        cp -r "$tools/uniffi/plain/python" "$tools/uniffi/phones/" &&
            cp "$tools/uniffi/phones/libproofkey_uniffi.so" "$tools/uniffi/phones/python/"
        counted "what phones are without" closing_counts \
            python3 bindings/uniffi/tests/python/run.py "$tools/uniffi/phones/python" no_loopback no_grants
    fi
    # What stays in the target folder is the library for people.
    cargo build --quiet -p proofkey-uniffi

    check "the Kotlin layer is generated" layer plain kotlin
    local build
    for build in plain phones; do
        check "the Swift layer is generated ($build)" layer "$build" swift
    done
    check "the functions are the same in C for phones" \
        diff <(functions plain) <(functions phones)
    check "the symbols are the same for phones" \
        diff <(symbols plain) <(symbols phones)
    if [ -f bindings/c/cbindgen.toml ]; then
        check "no generated file that is checked in is stale" "$debug/regen" --check
    fi
}

# built NAME OPTION…: the library in a folder of that name.
built() {
    local folder=$tools/uniffi/$1
    shift
    rm -rf "$folder"
    mkdir -p "$folder"
    check "the library builds ${*:-for people}" cargo build --quiet -p proofkey-uniffi "$@" &&
        cp "$debug/libproofkey_uniffi.so" "$folder/"
}

# generated NAME OPTION…: the library and its Python layer in a folder of that name.
generated() {
    built "$@" || return
    check "its Python layer is generated" layer "$1" python
    # Python looks for the library beside the layer.
    cp "$tools/uniffi/$1/libproofkey_uniffi.so" "$tools/uniffi/$1/python/"
}

# layer NAME LANGUAGE: a generated layer of the library of that name.
layer() {
    "$debug/uniffi-bindgen" generate "$tools/uniffi/$1/libproofkey_uniffi.so" --language "$2" --no-format \
        --out-dir "$tools/uniffi/$1/$2"
}

# functions NAME: those that the header of that name declares, with what they take and give, in no order that
# depends on where in Rust they stand.
functions() {
    tr -s '\n ' ' ' <"$tools/uniffi/$1/swift/CProofKey.h" |
        grep -oE '[A-Za-z0-9_]+ (uni)?ffi_proofkey_[a-z0-9_]+\([^)]*\)' | LC_ALL=C sort
}

# symbols NAME: what the library of that name exports.
symbols() {
    nm --dynamic --defined-only --format=posix "$tools/uniffi/$1/libproofkey_uniffi.so" |
        cut -d' ' -f1 | grep proofkey
}
