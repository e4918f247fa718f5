# shellcheck shell=bash
# Android: the AAR, its tests under Robolectric (API 23, 26, 35), an app's code that is shrunk and run, and a
# consumer of the artifacts. No device and no emulator is part of it.

# shellcheck source=tests/lib/kotlin.sh
. "${lib:?}/kotlin.sh"

# Beside that of the suite kotlin.
kotlin_repository=file://$PROOFKEY_TARGET/android/repository
jna_version=5.19.1
app=$PROOFKEY_TARGET/maven/proofkey-android-sample
library=$PROOFKEY_TARGET/maven/proofkey-android
classifier=not-for-shipping

# shellcheck source=tests/lib/android.sh
. "$lib/android.sh"

suite_android() {
    need_rust && need_python && need_java && need_apt unzip unzip || return
    check "the development server builds" cargo build --quiet -p proofkey-cli || return
    check "the library and its Kotlin layer are made" android/generate --phones || return
    [ -n "${ANDROID_NDK_HOME:-}" ] && classifier=
    check "the native library for Android builds" android/build-natives arm64-v8a || return
    check "it exports what the Kotlin layer looks for" python3 tests/lib/kotlin_exports.py \
        "$PROOFKEY_TARGET/kotlin/generated" \
        "$PROOFKEY_TARGET/natives/android${classifier:+-stub}/arm64-v8a/libproofkey_uniffi.so"

    # Kotlin's compiler leaves classes there whose source is gone.
    rm -rf "$PROOFKEY_TARGET/android/repository" "$library/surefire-reports" "$PROOFKEY_TARGET"/maven/*/{,test-}classes
    forget_pages proofkey-android
    # The tests of the core and its pages are another suite's.
    counted "Maven" robolectric_counts our_maven deploy -Pandroid -pl android,sample -am \
        -Dpages.phase=verify -Dcore.pages.phase=none -Dcore.tests.skip=true
    [ -d "$PROOFKEY_TARGET/android/repository" ] || return
    check "the public API is the one that is written down" kotlin_api proofkey-android
    check "Dokka has made its pages" have_pages proofkey-android
    check "the AAR holds what it should, on pages of 16 KB" \
        python3 tests/lib/android_aar.py "$library" android/android/src/main/android
    check "an app's manifest has both activities after the merge" \
        python3 tests/lib/android_manifest.py "$app/AndroidManifest.xml"

    local folder
    folder=$(mktemp -d) || return
    android_shrunk "$folder"
    rm -rf "$folder"
}

# What a consumer outside the tree gets, as it is and shrunk.
android_shrunk() {
    local folder=$1 jar
    check "a project outside the tree resolves the AAR and all it needs" android_consumer "$folder" || return
    program=("$folder/sample.jar" "$folder"/aar/*/classes.jar "$folder"/target/lib/proofkey-core-*.jar)
    for jar in "$folder"/target/lib/*.jar; do
        [[ $jar == */proofkey-core-* ]] || others+=("$jar")
    done
    check "what stands in for a phone is there" android_natives || return
    check "the sample signs in" android_runs "${program[@]}" "${others[@]}"

    local apps=android/sample/src/main/android/proguard.txt ours=$folder/aar/proofkey/proguard.txt
    check "R8 shrinks it with the AAR's rules" shrink "$folder/shrunk.jar" "$apps" "$ours" &&
        check "and it signs in" android_runs "$folder/shrunk.jar" &&
        check "and the public API is renamed in it" api_is_renamed "$folder/shrunk.jar.map" &&
        check "and it becomes dex for API 23" dex "$folder/shrunk.jar" "$folder/dex.zip"
    check "R8 shrinks it without them" shrink_ours "$folder/bare.jar" "$apps" &&
        check "and it does not find the library" misses_the_library "$folder/bare.jar" "${others[@]}"
}

robolectric_counts() { python3 tests/lib/maven_counts.py "$library/surefire-reports"; }
