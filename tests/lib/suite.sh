#!/usr/bin/env bash
# Runs one suite for tests/run: `suite.sh NAME RESULT`. RESULT.count gets "passed failed", RESULT.notes
# a line for each thing that could not be checked and is not counted as passed.
set -u
name=$1 result=$2
lib=$(dirname "${BASH_SOURCE[0]}")

passed=0 failed=0
trap 'echo "$passed $failed" >"$result.count"; [ "$failed" -eq 0 ]' EXIT
trap 'exit 143' TERM

# shellcheck source=tests/lib/checks.sh
. "$lib/checks.sh"
# shellcheck source=tests/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=/dev/null
. "$lib/suites/$name.sh"
"suite_${name//-/_}"
