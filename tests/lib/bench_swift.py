"""The section on Swift, from what ios/Benches has measured."""

from dataclasses import replace

from bench_table import Figures, Goal, Row, Table, Unusable, compared, time

JOBS = {
    "sign_in": "a whole sign-in, `PkceSession`",
    "pair": "`pair`",
    "verify": "`verify`",
}
ROWS = (
    Row(
        "a whole sign-in, `PkceSession`: browser and HTTP are the caller's",
        "sign_in/proofkey",
        "sign_in/hand",
        None,
        "a nonce; checks of the settings; the place and length of the redirect; duplicate "
        "parameters and members; the grammar of code and tokens; wiping",
    ),
    Row(
        "of it: from the settings to the authorization URL",
        "authorization_url/proofkey",
        "authorization_url/hand",
        None,
        "a nonce; checks of the settings; wiping",
    ),
    Row("`pair`, both texts read", "pair/proofkey", "pair/hand", None, "wiping"),
    Row("`verify`", "verify/proofkey", "verify/hand", None, "the grammar of both texts; wiping"),
)
INTRODUCTION = """The package over the library of the release profile, on Linux, beside the same
steps by hand: random bytes, SHA-256 (algorithm and context made once) and the comparison by
libcrypto, base64 and URLs by Foundation, the answer by `JSONDecoder` (`ios/Benches`). No network.
One process, all jobs by turns, after a warm-up; a figure is CPU of all threads, the lowest of 40
rounds.
"""
HEAD = ("job", "ProofKey", "by hand", "ratio", "goal", "result", "left out by hand")


def _numbers(text: str, count: int, what: str) -> dict:
    """Lines of a name and so many numbers."""
    try:
        lines = [line.split() for line in text.splitlines()]
        found = {name: [float(value) for value in values] for name, *values in lines}
    except ValueError as error:
        raise Unusable(f"{what} of Swift: {error}") from error
    if not found or any(len(values) != count for values in found.values()):
        raise Unusable(f"{what} of Swift are not lines of a name and {count} numbers")
    return found


def read(text: str) -> tuple:
    """The program's lines: the lowest of each job's rounds, and the median."""
    found = _numbers(text, 2, "the figures")
    lowest = {name: values[0] for name, values in found.items()}
    return lowest, {name: values[1] for name, values in found.items()}


def read_crossings(text: str) -> dict:
    """By job: calls, references, memory."""
    found = _numbers(text, 3, "the crossings")
    if sorted(found) != sorted(JOBS) or any(not values[0] for values in found.values()):
        raise Unusable("a job of ProofKey in Swift does not cross, or was not counted")
    return found


def _at_most(most: int, crossings: list) -> Goal:
    everything = sum(crossings)
    return Goal(
        f"crosses the boundary at most {most} times",
        lambda _: (f"{everything:g}, of them {crossings[0]:g} calls of ours", everything <= most),
    )


def table(medians: Figures, crossings: dict) -> Table:
    """The table, and below it the medians and what is counted and not timed."""
    sign_in = replace(ROWS[0], goal=_at_most(8, crossings["sign_in"]))
    ours, hand = medians["sign_in/proofkey"], medians["sign_in/hand"]
    notes = [
        f"By the medians of all rounds a sign-in takes {time(ours)}, by hand {time(hand)}: "
        f"{ours / hand:.2f} times.",
        "",
        "What crosses the boundary in one of these jobs: calls of ours, and those that the",
        "generated layer adds for references to objects and for memory of what is passed.",
        "",
        "| job | calls | references | memory |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | " + " | ".join(f"{value:g}" for value in crossings[key]) + " |"
            for key, name in JOBS.items()
        ),
    ]
    return Table("Swift", INTRODUCTION, HEAD, (sign_in, *ROWS[1:]), compared, notes)


def keys() -> list:
    """Every figure that the table needs."""
    return sorted(key for row in ROWS for key in (row.ours, row.peer) if key)


def facts(versions: str, library: list) -> list:
    """What was measured."""
    named = dict(line.rsplit(" ", 1) for line in versions.splitlines() if " " in line)
    return [
        ("Swift", named.get("Swift version", "unknown")),
        ("OpenSSL", named.get("OpenSSL", "unknown")),
        *library,
    ]
