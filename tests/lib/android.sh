# shellcheck shell=bash
# An app's code against the artifacts as a consumer gets them: as it is, and shrunk by R8. It runs on the JVM,
# for want of a phone, with the library for this machine. Sourced by the suite android.
: "${tools:?}" "${jna_version:?}" "${kotlin_repository:?}" "${app:?}" "${classifier?}"

# What stands in for a phone's native libraries: JNA's own half, and ours.
machine=$(uname -m)
natives=(-Djna.boot.library.path="$tools/jna/com/sun/jna/linux-${machine//_/-}"
    -Djna.library.path="$PROOFKEY_TARGET/kotlin/native")

# The sample and all that it depends on, once android_consumer has fetched it.
classes=()

android_natives() {
    maven_jar "net.java.dev.jna:jna:$jna_version" "$tools/jna" &&
        unzip -qo "$tools/jna/jna-$jna_version.jar" "com/sun/jna/linux-${machine//_/-}/*" -d "$tools/jna"
}

# android_consumer FOLDER: a project outside the tree resolves the AAR and all it needs; they are unpacked there.
android_consumer() {
    local folder=$1 aar
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
        java "${natives[@]}" -cp "$paths" dev.proofkey.sample.ShrunkKt
}

# shrink OUT RULES… -- MORE OF R8'S OPTIONS: everything an app consists of into one.
shrink() {
    local out=$1 rules=() jdk
    # The framework's jar lacks java.*, which the JDK stands in for.
    jdk=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    shift
    while [ "$1" != -- ]; do
        rules+=(--pg-conf "$1")
        shift
    done
    shift
    java -cp "$app/tools/r8.jar" com.android.tools.r8.R8 --release "$@" --output "$out" --pg-map-output "$out.map" \
        --lib "$jdk" --lib "$app/tools/android.jar" "${rules[@]}" "${classes[@]}"
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
