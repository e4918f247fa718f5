"""The section on Kotlin, from what android/benches has measured."""

from statistics import median

from bench_table import Figures, Goal, Row, Table, Unusable, compared, time

# How often the boundary may be crossed in a sign-in.
MOST_CROSSINGS = 8

NOTHING = "(nothing is compared)"
ROWS = (
    Row(
        "a whole sign-in, warm: browser and HTTP are the caller's",
        "sign_in/proofkey",
        "sign_in/nimbus",
        None,
        "a nonce; the comparison of state and iss (done by hand here, not in constant time); "
        "the place and length of the redirect; duplicate parameters and members; wiping",
    ),
    Row("a JVM that says a line", "cold/bare", None, None, NOTHING),
    Row(
        "to the first authorization URL, from the start of a JVM",
        "cold/proofkey",
        "cold/nimbus",
        None,
        "a nonce; the library, which JNA takes out of its jar and loads",
    ),
)
KINDS = ("calls", "references", "memory")


def _crossings(most: int, counts: dict) -> Goal:
    def judge(figures: Figures) -> tuple:
        total = sum(counts.values())
        return f"{total}", total <= most

    return Goal(f"crosses the boundary at most {most} times", judge)


INTRODUCTION = """ProofKey's `PkceSession` and Nimbus (`android/benches`). Warm: one process, by
turns, the same answers, no network; a figure is CPU of the thread that signs in, the lowest
of 40 rounds, without what the JVM compiles and collects meanwhile. Cold: each time a process of
its own, with the jars of its side alone; a figure is the time until the URL can be read, the
lowest of 20. The last column says what of the job Nimbus leaves out.
"""
HEAD = ("job", "ProofKey", "Nimbus", "ratio", "goal", "result", "left out by Nimbus")


def read(text: str) -> tuple:
    """The programs' lines: the rounds of each figure, the crossings by kind, and which Java."""
    rounds: dict = {}
    crossings = dict.fromkeys(KINDS, 0)
    java = "unknown"
    for line in text.splitlines():
        word, *rest = line.split()
        try:
            if word == "figure":
                name, value = rest
                rounds.setdefault(name, []).append(float(value))
            elif word == "crossing":
                kind, _, count = rest
                crossings[kind] += int(count)
            elif word == "java":
                java = " ".join(rest)
            else:
                raise ValueError(word)
        except (ValueError, KeyError) as error:
            raise Unusable(f"a benchmark says what is not a figure: {line}") from error
    if not crossings["calls"]:
        raise Unusable("no call has crossed the boundary")
    return rounds, crossings, java


def lowest(rounds: dict) -> Figures:
    """The figure of each job."""
    return {name: min(values) for name, values in rounds.items()}


def table(rounds: dict, crossings: dict) -> Table:
    """The table; the goal, which is a count, belongs to the warm sign-in."""
    warm, *cold = ROWS
    goal = _crossings(MOST_CROSSINGS, crossings)
    warm = Row(warm.job, warm.ours, warm.peer, goal, warm.left_out)
    return Table("Kotlin", INTRODUCTION, HEAD, (warm, *cold), compared, notes(rounds, crossings))


def notes(rounds: dict, crossings: dict) -> list:
    """What is counted, and the medians."""
    total = sum(crossings.values())
    met = "met" if total <= MOST_CROSSINGS else "missed"
    lines = [
        "What crosses the boundary in the warm sign-in, counted as it runs: calls of ours, and",
        "those that the generated layer adds for references to objects and for memory of what is",
        f"passed. The goal, at most {MOST_CROSSINGS} in all, is {met}.",
    ]
    if total > MOST_CROSSINGS >= crossings["calls"]:
        lines.append("The calls of ours alone stay below it.")
    return [
        *lines,
        "",
        "| calls | references | memory | in all |",
        "|---:|---:|---:|---:|",
        "| " + " | ".join(str(crossings[kind]) for kind in KINDS) + f" | {total} |",
        "",
        "The medians of the same rounds, on a machine that others used too:",
        "",
        "| job | ProofKey | Nimbus | ratio |",
        "|---|---:|---:|---:|",
        *(
            f"| {row.job} | {time(ours)} | {time(peer)} | {ours / peer:.2f} |"
            for row in ROWS
            if row.peer
            for ours, peer in [(median(rounds[row.ours]), median(rounds[row.peer]))]
        ),
    ]


def keys() -> list:
    """Every figure that the table needs."""
    return sorted({key for row in ROWS for key in (row.ours, row.peer) if key})


def facts(java: str, jars: list, sizes: list) -> list:
    """What was measured, by the names of the jars."""
    wanted = ("oauth2-oidc-sdk", "jna", "kotlin-stdlib")
    versions = [
        (name, jar[len(name) + 1 : -len(".jar")])
        for name in wanted
        for jar in jars
        if jar.startswith(f"{name}-") and jar[len(name) + 1].isdigit()
    ]
    return [("Java", java), *versions, *sizes]
