# shellcheck shell=bash
# How a suite counts. Sourced by suite.sh, which holds the counts and the result's place.
: "${result:?}"

ok() {
    passed=$((passed + 1))
    echo "ok      $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAILED  $1"
}

# Something that this machine does not allow to be checked. It is neither passed nor failed, and the
# end of the run says so.
not_checked() {
    echo "NOT CHECKED  $1"
    echo "$1" >>"$result.notes"
}

# check "what should hold" command…: one test. The command's output is shown when it fails.
check() {
    local what=$1 output
    shift
    if output=$("$@" 2>&1); then
        ok "$what"
    else
        fail "$what"
        printf '%s\n' "$output" | sed 's/^/    /'
        return 1
    fi
}

# refuses "what should be refused" command…: one test that passes when the command fails by itself
# (not by a signal or because it cannot be found).
refuses() {
    local what=$1 output status
    shift
    output=$("$@" 2>&1)
    status=$?
    if [ "$status" -gt 0 ] && [ "$status" -lt 126 ]; then
        ok "$what"
    else
        fail "$what (exit code $status)"
        printf '%s\n' "$output" | sed 's/^/    /'
        return 1
    fi
}

# counted "what" command…: a command that says for itself how much passed. `read_counts` finds
# "passed failed" in its output; a command that fails without naming a failed test counts as one.
counted() {
    local what=$1 read_counts=$2 log=$result.log status more_passed=0 more_failed=0
    shift 2
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r more_passed more_failed < <("$read_counts" "$log")
    passed=$((passed + more_passed))
    failed=$((failed + more_failed))
    if [ "$status" -ne 0 ] && [ "$more_failed" -eq 0 ]; then
        fail "$what (exit code $status)"
    elif [ "$status" -eq 0 ] && [ "$more_passed" -eq 0 ]; then
        fail "$what: nothing was tested"
    fi
}

# The sum of cargo's lines "test result: ok. 3 passed; 0 failed; …". A test that is ignored proves
# nothing and counts as failed, unless another test runs it (in a process of its own, say).
cargo_counts() {
    awk '
        /^test result: / {
            for (i = 2; i <= NF; i++) {
                if ($i == "passed;") p += $(i - 1)
                if ($i == "failed;") f += $(i - 1)
            }
        }
        /^test .* \.\.\. ignored/ { ignored[$2] = 1 }
        /^test .* \.\.\. ok/ { ran[$2] = 1 }
        END {
            for (name in ignored) if (!(name in ran)) f++
            print p + 0, f + 0
        }' "$1"
}

# The last line "N passed, N failed".
closing_counts() {
    awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3 } END { print p + 0, f + 0 }' "$1"
}
