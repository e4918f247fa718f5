# shellcheck shell=bash
# Java and Maven, and how Kotlin's tests count. Sourced by the suites that need Kotlin.

: "${tools:?}" "${PROOFKEY_TARGET:?}"

need_java() {
    need_apt java openjdk-17-jdk-headless && need_apt javac openjdk-17-jdk-headless && need_apt mvn maven
}

# Everything here runs for a minute at most: the JVM's second compiler and a collector on many threads cost more
# than they save, half of the processor's time.
# The first tier alone has 48 MB for its code, which the compiler of Kotlin fills in one build of all modules.
brief=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m)
export MAVEN_OPTS="${MAVEN_OPTS:-${brief[*]}}"

# maven DIRECTORY ARGUMENT…: without colours and without questions.
maven() { mvn --batch-mode --no-transfer-progress -Dstyle.color=never -f "$1/pom.xml" "${@:2}"; }

# our_maven ARGUMENT…: the modules of android/, with their output where that of all languages is. Their
# artifacts go to a repository of their own, which consumers are pointed at, and not to the user's.
kotlin_repository=file://$PROOFKEY_TARGET/kotlin/repository
our_maven() {
    maven android "-Dproofkey.target=$PROOFKEY_TARGET" -Dmaven.install.skip=true \
        "-DaltDeploymentRepository=built::$kotlin_repository" "$@"
}

# What consumers outside the tree had of an earlier run: Maven never asks again for a release that it has.
forget_our_artifacts() { rm -rf "$HOME/.m2/repository/dev/proofkey"; }

# kotlin_api MODULE…: what is public is what is written down.
kotlin_api() { python3 tests/lib/kotlin_api.py --check android/api.txt "$PROOFKEY_TARGET/maven" "$@"; }

# forget_pages MODULE… and have_pages MODULE…: Dokka's, which Maven makes with `-Dpages.phase=verify`. It fails on a
# warning, and everything public that is not documented is one.
forget_pages() { rm -rf "${@/#/$PROOFKEY_TARGET/maven/dokka/}"; }

have_pages() {
    local module
    for module in "$@"; do
        [ -s "$PROOFKEY_TARGET/maven/dokka/$module/index.html" ] || {
            echo "there are no pages of $module"
            return 1
        }
    done
}

# What Surefire and Failsafe report, module by module.
maven_counts() {
    python3 tests/lib/maven_counts.py "$PROOFKEY_TARGET"/maven/proofkey-core/surefire-reports \
        "$PROOFKEY_TARGET"/maven/proofkey/failsafe-reports \
        "$PROOFKEY_TARGET"/maven/proofkey-server-sample/surefire-reports
}

# Fetches a tool that is one jar: maven_jar ARTIFACT FOLDER.
maven_jar() {
    mvn --batch-mode -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
        "-Dartifact=$1" "-DoutputDirectory=$2"
}

# Builds the runner of the vectors for tests/lib/kotlin-vectors, and writes down where all of it is.
kotlin_runner() {
    local launcher=$tools/junit classes=$PROOFKEY_TARGET/maven/proofkey-core
    android/generate &&
        our_maven -q -pl core test-compile dependency:build-classpath "-Dmdep.outputFile=$PROOFKEY_TARGET/kotlin/dependencies" &&
        maven_jar org.junit.platform:junit-platform-console-standalone:6.1.3 "$launcher" || return
    echo "$classes/test-classes:$classes/classes:$(cat "$PROOFKEY_TARGET/kotlin/dependencies"):$(echo "$launcher"/*.jar)" \
        >"$PROOFKEY_TARGET/kotlin/runner.classpath"
}
