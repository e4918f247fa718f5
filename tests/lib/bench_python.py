"""The section on Python, from what python/benches has measured."""

from bench_table import Figures, Goal, Row, Table, at_most_times, judged, time

# The other peers of a row: Authlib is its first.
OTHERS = {
    "sign_in/client": ("sign_in/msal", "sign_in/mcp"),
    "import/client": ("import/msal", "import/mcp"),
}


def _over_bare(key: str, milliseconds: float) -> Goal:
    def judge(figures: Figures) -> tuple:
        above = (figures[key] - figures["import/bare"]) / 1e6
        return f"{above:.1f} ms above", above <= milliseconds

    return Goal(f"at most {milliseconds:.0f} ms above bare Python", judge)


def at_most(key: str, nanoseconds: float, words: str) -> Goal:
    """A goal that compares with nobody."""

    def judge(figures: Figures) -> tuple:
        return time(figures[key]), figures[key] <= nanoseconds

    return Goal(words, judge)


ROWS = (
    Row(
        "a whole sign-in, `Client`: the HTTP exchange is answered",
        "sign_in/client",
        "sign_in/authlib",
        at_most_times("sign_in/client", "sign_in/authlib", 0.3, "at most 0.3 of Authlib's"),
        "the loop that serves a flow, the listener, the deadline; a nonce; iss; the place "
        "and length of the redirect; duplicate parameters and members; wiping",
    ),
    Row(
        "a whole sign-in, `PkceSession`: browser and HTTP are the caller's",
        "sign_in/session",
        "sign_in/authlib",
        at_most_times("sign_in/session", "sign_in/authlib", 0.3, "at most 0.3 of Authlib's"),
        "a nonce; iss; the place and length of the redirect; duplicate parameters and members; "
        "wiping. It prepares the HTTP request with requests, which ours leaves to the caller",
    ),
    Row(
        "a whole sign-in, `Client`: down to the connection",
        "wire/client",
        "wire/authlib",
        None,
        "as in the first row; and the thread that holds the timeout for the whole exchange",
    ),
    Row(
        "the header of a request, from tokens at hand",
        "header/client",
        None,
        at_most("header/client", 20_000, "at most 20 µs"),
        "",
    ),
    Row("`pair`, both texts read", "pair/proofkey", None, None, ""),
    Row("the same by hand with hashlib", "pair/hand", None, None, ""),
    Row("`verify`: one call and two texts", "verify/proofkey", None, None, ""),
    Row("the same by hand with hashlib", "verify/hand", None, None, ""),
    Row("bare Python, started and ended", "import/bare", None, None, ""),
    Row("`import proofkey`", "import/proofkey", None, None, ""),
    Row(
        "`from proofkey import Client`",
        "import/client",
        "import/authlib",
        _over_bare("import/client", 30),
        "nothing: it imports HTTP at once",
    ),
    Row(
        "the same and its HTTP, loaded at the first exchange", "import/client_http", None, None, ""
    ),
    Row("`from proofkey import AsyncClient`", "import/async_client", None, None, ""),
)


def cells(row: Row, figures: Figures) -> list:
    """The cells of a row with up to three peers."""
    peers = [figures[key] for key in (row.peer, *OTHERS.get(row.ours, ())) if key]
    return [
        row.job,
        time(figures[row.ours]),
        *([time(peer) for peer in peers] + [""] * 3)[:3],
        f"{figures[row.ours] / peers[0]:.2f}" if peers else "",
        *judged(row, figures),
        row.left_out,
    ]


INTRODUCTION = """One process, all jobs by turns (`python/benches/sign_in.py`): the same sign-in
by ProofKey and its peers, with the same answers and no network. A figure is CPU of all threads,
the lowest of 40 rounds. What a program keeps between sign-ins (client, session, metadata) is made
before; of MSAL and the MCP SDK the discovery is left out. An import is CPU of a whole process
that does it and ends, the lowest of 20 (`python/benches/imports.py`). The ratio is to Authlib,
and the last column says what Authlib leaves out.
"""
HEAD = (
    "job",
    "ProofKey",
    "Authlib",
    "MSAL",
    "MCP SDK",
    "to Authlib",
    "goal",
    "result",
    "left out by Authlib",
)
JOBS = {
    "sign_in/client": "`Client`",
    "sign_in/session": "`PkceSession`",
    "header/client": "`authorization`",
    "pair/proofkey": "`pair`",
    "verify/proofkey": "`verify`",
}


def table(sign_in: dict, imports: dict) -> Table:
    """The table, and below it what is counted and not timed."""
    count, size = sign_in["crossings"], imports["sizes"]
    notes = [
        "What crosses the boundary in one of these jobs: calls of ours, and those that the",
        "generated layer adds for references to objects and for memory of what is passed.",
        "",
        "| job | calls | references | memory |",
        "|---|---:|---:|---:|",
        *(
            "| {} | {calls} | {references} | {buffers} |".format(name, **count[key])
            for key, name in JOBS.items()
        ),
        "",
        "What is installed, with all that is needed and without compiled Python:",
        "",
        "| | packages | size |",
        "|---|---:|---:|",
        *(
            f"| {name} | {size[key]['packages']} | {size[key]['bytes'] / 1e6:.1f} MB |"
            for key, name in (
                ("proofkey", "ProofKey"),
                ("authlib", "Authlib with requests"),
                ("msal", "MSAL"),
                ("mcp", "MCP SDK"),
            )
        ),
    ]
    return Table("Python", INTRODUCTION, HEAD, ROWS, cells, notes)


def keys() -> list:
    """Every figure that the table needs."""
    others = [key for more in OTHERS.values() for key in more]
    return sorted({k for row in ROWS for k in (row.ours, row.peer) if k} | set(others))


def figures(sign_in: dict, imports: dict) -> Figures:
    """Of both programs."""
    return sign_in.get("figures", {}) | {
        f"import/{key}": value for key, value in imports.get("figures", {}).items()
    }


def facts(versions: dict, python: str, wheel: int, library: list) -> list:
    """What was measured."""
    return [
        ("Python", python),
        *(
            (name, version)
            for name, version in sorted(versions.items(), key=lambda v: v[0].lower())
        ),
        ("the wheel", f"{wheel / 1e3:.0f} kB"),
        *library,
    ]
