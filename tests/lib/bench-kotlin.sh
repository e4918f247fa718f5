# shellcheck shell=bash
# The benchmarks in Kotlin: android/benches, over the jars of ProofKey and of Nimbus. Sourced by tests/bench.

: "${main:?}" "${target:?}"
kotlin_benches=$main/maven/proofkey-benches
kotlin_natives=$target/kotlin/natives.jar

# kotlin_built PROFILE FOLDER: the programs, and the library of this profile in a jar, stripped, as it is shipped.
kotlin_built() {
    local machine
    machine=linux-$(uname -m | tr _ -)
    CARGO_TARGET_DIR=$main android/generate --no-tests &&
        CARGO_TARGET_DIR=$main cargo build --quiet -p proofkey-uniffi --profile "$1" || return
    mkdir -p "$target/kotlin/$machine"
    strip --strip-all -o "$target/kotlin/$machine/libproofkey_uniffi.so" "$main/$2/libproofkey_uniffi.so" &&
        jar --create --file "$kotlin_natives" -C "$target/kotlin" "$machine" || return
    # What an earlier version has left is not to be measured.
    rm -rf "${kotlin_benches:?}/lib"
    mvn --batch-mode --no-transfer-progress -q -Dstyle.color=never -f android/pom.xml \
        "-Dproofkey.target=$main" -Pbenches -pl benches -am -Dmaven.test.skip=true package
}

# kotlin_warm OPTION…: what is measured in one JVM.
# shellcheck disable=SC2120  # without options it measures
kotlin_warm() {
    java -cp "$kotlin_benches/benches.jar:$kotlin_natives:$kotlin_benches/lib/*" dev.proofkey.benches.Warm "$@"
}

# kotlin_cold OPTION…: what is measured in a JVM each.
# shellcheck disable=SC2120  # without options it measures
kotlin_cold() {
    python3 android/benches/cold.py --jars "$kotlin_benches/lib" --benches "$kotlin_benches/benches.jar" \
        --natives "$kotlin_natives" "$@"
}

measure_kotlin() {
    local before
    kotlin_built release release || stop "the Kotlin benchmarks could not be built (openjdk-17-jdk-headless, maven)"
    rm -f "$target/kotlin/figures"
    before=$(load)
    # shellcheck disable=SC2119
    kotlin_warm >"$target/kotlin/figures"
    # shellcheck disable=SC2119
    kotlin_cold >>"$target/kotlin/figures"
    write kotlin "$before" --figures "$target/kotlin/figures" --jars "$kotlin_benches/lib" \
        --library "$target/kotlin/linux-$(uname -m | tr _ -)/libproofkey_uniffi.so"
}
