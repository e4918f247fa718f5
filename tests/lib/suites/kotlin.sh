# shellcheck shell=bash
# Kotlin: the modules by Maven, their tests, ktlint, Dokka, the public API, and programs outside the tree that
# depend on the artifacts.
: "${tools:?}"

# Pinned, so that the same tree gives the same verdict.
ktlint_version=1.8.0

# shellcheck source=tests/lib/kotlin.sh
. "${lib:?}/kotlin.sh"

suite_kotlin() {
    need_rust && need_python && need_java || return
    check "the development server builds" cargo build --quiet -p proofkey-cli || return
    check "the library and its Kotlin layer are made" android/generate || return
    # Kotlin's compiler leaves classes there whose source is gone.
    rm -rf "$PROOFKEY_TARGET"/kotlin/repository "$PROOFKEY_TARGET"/maven/proofkey{-core,,-server-sample}
    forget_pages proofkey-core proofkey
    counted "Maven" maven_counts our_maven deploy -Dpages.phase=verify
    kotlin_ktlint
    check "the public API is the one that is written down" kotlin_api proofkey-core proofkey
    check "Dokka has made the pages of both modules" have_pages proofkey-core proofkey
    if [ -d "$PROOFKEY_TARGET/kotlin/repository" ]; then
        local compiler
        for compiler in 1.9.25 2.4.21; do
            check "a program outside the tree signs in, compiled by Kotlin $compiler" kotlin_consumer "$compiler"
        done
    fi
}

kotlin_ktlint() {
    local folder=$tools/ktlint
    local jar=$folder/ktlint-cli-$ktlint_version-all.jar
    if [ ! -f "$jar" ] && ! maven_jar "com.pinterest.ktlint:ktlint-cli:$ktlint_version:jar:all" "$folder"; then
        fail "ktlint $ktlint_version could not be fetched"
        return 1
    fi
    check "ktlint" in_android java "${brief[@]}" -jar "$jar" "**/src/**/*.kt"
}

in_android() { (cd android && "$@"); }

# kotlin_consumer COMPILER: a Maven project in a folder of its own, made from the example of README.md.
kotlin_consumer() {
    local folder status
    folder=$(mktemp -d) || return
    forget_our_artifacts
    mkdir -p "$folder/src/main/kotlin" &&
        cp tests/lib/kotlin-consumer/pom.xml "$folder/" &&
        cp tests/lib/kotlin-consumer/Main.kt "$folder/src/main/kotlin/" &&
        python3 tests/lib/readme_snippet.py kotlin >"$folder/src/main/kotlin/Readme.kt" &&
        maven "$folder" -q package "-Dkotlin.version=$1" "-Dproofkey.repository=$kotlin_repository" &&
        java -cp "$folder/target/consumer.jar:$folder/target/lib/*" MainKt \
            "$PROOFKEY_TARGET/debug/proofkey" tests/lib/visit_browser
    status=$?
    rm -rf "$folder"
    return "$status"
}
