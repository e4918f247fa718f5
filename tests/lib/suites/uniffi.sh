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
    if generated phones --no-default-features; then
        counted "without the loopback receiver" closing_counts \
            python3 bindings/uniffi/tests/python/run.py "$tools/uniffi/phones/python" no_loopback
    fi
    # What stays in the target folder is the library for people.
    cargo build --quiet -p proofkey-uniffi

    local language build
    for language in kotlin swift; do
        for build in plain phones; do
            check "the $language layer is generated ($build)" layer "$build" "$language"
        done
    done
    for language in python kotlin swift; do
        check "the $language layer is the same without the loopback receiver" \
            diff -r --exclude '*.so' --exclude __pycache__ "$tools/uniffi/plain/$language" \
            "$tools/uniffi/phones/$language"
    done
    check "the symbols are the same without the loopback receiver" \
        diff <(symbols plain) <(symbols phones)
    if [ -f bindings/c/cbindgen.toml ]; then
        check "no generated file that is checked in is stale" "$debug/regen" --check
    fi
}

# generated NAME OPTION…: the library and its Python layer in a folder of that name.
generated() {
    local folder=$tools/uniffi/$1 name=$1
    shift
    rm -rf "$folder"
    mkdir -p "$folder"
    check "the library builds ${*:-for people}" cargo build --quiet -p proofkey-uniffi "$@" || return
    cp "$debug/libproofkey_uniffi.so" "$folder/" || return
    check "its Python layer is generated" layer "$name" python
    # Python looks for the library beside the layer.
    cp "$folder/libproofkey_uniffi.so" "$folder/python/"
}

# layer NAME LANGUAGE: a generated layer of the library of that name.
layer() {
    "$debug/uniffi-bindgen" generate "$tools/uniffi/$1/libproofkey_uniffi.so" --language "$2" --no-format \
        --out-dir "$tools/uniffi/$1/$2"
}

# symbols NAME: what the library of that name exports.
symbols() {
    nm --dynamic --defined-only --format=posix "$tools/uniffi/$1/libproofkey_uniffi.so" |
        cut -d' ' -f1 | grep proofkey
}
