# shellcheck shell=bash
# An app's code against the artifacts as a consumer gets them: as it is, and shrunk by R8. It runs on the JVM,
# for want of a phone, with the library for this machine. Sourced by the suite android.
: "${tools:?}" "${jna_version:?}" "${kotlin_repository:?}" "${app:?}" "${classifier?}" "${brief:?}"

# What stands in for a phone's native libraries: JNA's own half, and ours.
machine=$(uname -m)
natives=(-Djna.boot.library.path="$tools/jna/com/sun/jna/linux-${machine//_/-}"
    -Djna.library.path="$PROOFKEY_TARGET/kotlin/native")

# The sample with ours and JNA, and what else it depends on, once android_consumer has fetched it.
program=() others=()

android_natives() { unzip -qo "$app/tools/jna.jar" "com/sun/jna/linux-${machine//_/-}/*" -d "$tools/jna"; }

# android_consumer FOLDER: a project outside the tree resolves the AAR and all it needs; they are unpacked there.
android_consumer() {
    local folder=$1 aar
    forget_our_artifacts
    cp tests/lib/android-consumer/pom.xml "$folder/" &&
        maven "$folder" -q package "-Dproofkey.repository=$kotlin_repository" "-Dproofkey.classifier=$classifier" ||
        return
    for aar in "$folder"/target/lib/*.aar; do
        mkdir -p "$folder/aar/$(basename "$aar" .aar)" && unzip -qo "$aar" -d "$_" || return
    done
    # One JNA: that of the phones. The other two are the app's own and ours.
    [ "$(find "$folder/target/lib" -name 'jna-*' | wc -l)" -eq 1 ] && [ -f "$folder/target/lib/jna-$jna_version.aar" ] &&
        mv "$folder"/aar/proofkey-android-* "$folder/aar/proofkey" &&
        cp "$app"/proofkey-android-sample-*.jar "$folder/sample.jar"
}

# android_runs JAR…: the sample signs in at a development server and prints what the resource says.
android_runs() {
    local paths
    paths=$(IFS=: && echo "$*")
    python3 tests/lib/android_run.py "$PROOFKEY_TARGET/debug/proofkey" \
        java "${brief[@]}" "${natives[@]}" -cp "$paths" dev.proofkey.sample.ShrunkKt
}

# r8 TOOL OPTION…: what knows the platform. The framework's jar lacks java.*, which the JDK stands in for.
r8() {
    local jdk
    jdk=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    java "${brief[@]}" -cp "$app/tools/r8.jar" "com.android.tools.r8.$1" --release \
        --lib "$jdk" --lib "$app/tools/android.jar" "${@:2}"
}

# shrink OUT RULES…: everything an app consists of into one, as the JVM runs it.
shrink() {
    local file rules=()
    for file in "${@:2}"; do rules+=(--pg-conf "$file"); done
    r8 R8 --classfile --output "$1" --pg-map-output "$1.map" "${rules[@]}" "${program[@]}" "${others[@]}"
}

# shrink_ours OUT RULES: the same with the others as they are, and without what R8 could do beyond shrinking and
# renaming. It is quicker, and it makes less that could go wrong.
shrink_ours() {
    local other classpath=()
    for other in "${others[@]}"; do classpath+=(--classpath "$other"); done
    echo "-dontoptimize" >"$1.rules"
    r8 R8 --classfile --output "$1" "${classpath[@]}" --pg-conf "$1.rules" --pg-conf "$2" "${program[@]}"
}

# dex JAR OUT: as a phone of API 23 reads it.
dex() { r8 D8 --min-api 23 --output "$2" "$1" && unzip -l "$2" | grep -q classes.dex; }

# misses_the_library JAR…: the sample says so, and nothing else is wrong with it.
misses_the_library() {
    local output
    if output=$(android_runs "$@"); then
        echo "it signs in"
        return 1
    fi
    grep -q "UnsatisfiedLinkError" <<<"$output" || {
        echo "$output"
        return 1
    }
}

# The public API is renamed in a shrunk app: the rules keep no more than they must.
api_is_renamed() {
    local class
    for class in ProofKeyClient TokenSet PkceSession android.BrowserAuthenticator; do
        if grep -qE "^dev\.proofkey\.${class//./\\.} -> dev\.proofkey\.${class//./\\.}:" "$1"; then
            echo "dev.proofkey.$class has its name still"
            return 1
        fi
    done
    grep -qE '^dev\.proofkey\.ProofKeyClient -> ' "$1" || {
        echo "the mapping does not know dev.proofkey.ProofKeyClient"
        return 1
    }
}
