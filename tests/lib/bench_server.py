"""The section on servers: what tests/bench-server runs.

    bench_server.py --proofkey PROGRAM --examples FOLDER --node PROGRAM --folder FOLDER
                    --output PAGE [--rounds N] [--seconds S] [--connections N] [--grants N,N...]

ProofKey and npm oidc-provider by turns, then the stores alone. Python 3.9 or later, no packages.
"""

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench_page
import bench_table

LIB = Path(__file__).resolve().parent
INTEROP = LIB.parent / "interop"
CLIENT, REDIRECT, SCOPE = "load-client", "https://client.example/callback", "notes.read"
GOAL = 10
# So many callers at once ask a store; PostgreSQL's has as many connections as it takes by itself.
CALLERS = 16
DEADLINE = 600


class Server:
    """A server process that says in one line of JSON where it listens."""

    def __init__(self, command: list, folder: Path, name: str):
        self.log = (folder / f"{name}.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, "RUST_LOG": "warn"},
        )  # fmt: skip
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise OSError(f"{name} has not started:\n{self.log.read()}")
        self.says = json.loads(line)

    def cpu(self) -> float:
        """Seconds of CPU of all its threads."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """The most that it held at once, in MB of 10^6 bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE).group(1)) * 1024 / 1e6

    def end(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()


def said(command: list) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    if done.returncode:
        raise OSError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def one_round(given: argparse.Namespace, server: Server) -> dict:
    """Signs in for some seconds, and says what that took of the server and of the generator."""

    def own() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    at, before, mine = server.says, server.cpu(), own()
    round_ = json.loads(said([
        given.examples / "load", at["authorization_endpoint"], at["token_endpoint"],
        CLIENT, REDIRECT, SCOPE, str(given.connections), str(given.seconds),
    ]))  # fmt: skip
    thousands = round_["sign_ins"] / 1000
    return {
        **round_,
        "rate": round_["sign_ins"] / round_["seconds"],
        "cpu": (server.cpu() - before) / thousands,
        "generator": (own() - mine) / thousands,
    }


def sign_ins(given: argparse.Namespace, folder: Path) -> dict:
    """The rounds of both sides, by turns, and the memory of each."""
    commands = {
        "ours": [
            given.proofkey, "serve", "--json", "--port", "0", "--auto-approve",
            "--store", f"sqlite:{folder / 'grants'}", "--client-id", CLIENT,
            "--redirect-uri", REDIRECT, "--scope", SCOPE,
        ],
        "peer": [given.node, INTEROP / "servers/load_provider.mjs", CLIENT, REDIRECT, SCOPE],
    }  # fmt: skip
    with contextlib.ExitStack() as running:
        servers = {}
        for name, command in commands.items():
            servers[name] = Server(command, folder, name)
            running.callback(servers[name].end)
        rounds: dict = {name: [] for name in servers}
        for _ in range(given.rounds + 1):
            for name, server in servers.items():
                rounds[name].append(one_round(given, server))
                print(f"{name}: {rounds[name][-1]['rate']:.0f} sign-ins a second", flush=True)
        # The first of each warms up.
        return {
            name: {"rounds": rounds[name][1:], "memory": servers[name].memory()} for name in servers
        }


def flush_time(folder: Path) -> float:
    """How long this disk takes to keep 4 KiB, the median of 200, in seconds."""
    took = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(200):
            begun = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


@contextlib.contextmanager
def database(kind: str):
    """A private server that writes to the disk as one in earnest."""
    command = [sys.executable, LIB / "private_database.py", kind, "--lasting"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise OSError(f"the private server of {kind} has not started")
        yield json.loads(line)
    finally:
        process.stdin.close()
        process.wait(timeout=60)


def store(given: argparse.Namespace, address: str, grants: int = 0) -> dict:
    """Puts and claims a second."""
    line = said([given.examples / "stores", address, str(grants), str(CALLERS), str(given.seconds)])
    print(f"{address.partition(':')[0]}: {line.strip()}", flush=True)
    return json.loads(line)


def pgbench(given: argparse.Namespace, at: dict, folder: Path) -> float:
    """Updates of one row a second, each a transaction, in a table of 100,000."""
    script = folder / "update.sql"
    script.write_text(
        "\\set id random(1, 100000)\nUPDATE rows SET n = n + 1 WHERE id = :id;\n", encoding="ascii"
    )
    programs = Path("/usr/lib/postgresql")
    found = sorted(programs.glob("*/bin/pgbench"), key=lambda path: int(path.parts[-3]))
    program = found[-1] if found else shutil.which("pgbench") or "pgbench"
    made = (
        "CREATE TABLE rows (id int PRIMARY KEY, n int NOT NULL); "
        "INSERT INTO rows SELECT id, 0 FROM generate_series(1, 100000) id"
    )
    said(["psql", "-q", at["url"], "-c", made])
    report = said([
        program, "-n", "-M", "prepared", "-f", script, "-c", str(CALLERS), "-j", "2",
        "-T", str(max(1, round(given.seconds))), at["url"],
    ])  # fmt: skip
    return float(re.search(r"^tps = ([\d.]+)", report, re.MULTILINE).group(1))


def redis_benchmark(given: argparse.Namespace, at: dict) -> float:
    """SETs a second, each on the disk before it is answered."""
    number = str(max(1000, round(given.seconds * 4000)))
    report = said([
        shutil.which("redis-benchmark") or "valkey-benchmark", "-h", "127.0.0.1",
        "-p", str(at["port"]), "-t", "set", "-r", "100000", "-c", str(CALLERS), "-n", number,
        "--csv",
    ])  # fmt: skip
    return float(re.search(r'^"SET","([\d.]+)"', report, re.MULTILINE).group(1))


def stores(given: argparse.Namespace, folder: Path) -> list:
    """A row for each store: its name, puts, claims, the yardstick's name and figure."""
    rows = [("SQLite", store(given, f"sqlite:{folder / 'alone'}"), "", None)]
    with database("postgres") as at:
        figures = [store(given, at["url"]), pgbench(given, at, folder)]
        rows.append(("PostgreSQL", figures[0], "`pgbench`, one row updated", figures[1]))
    with database("redis") as at:
        figures = [store(given, at["url"]), redis_benchmark(given, at)]
        rows.append(("Redis", figures[0], "`redis-benchmark`, SET", figures[1]))
    return rows


def growth(given: argparse.Namespace, folder: Path) -> list:
    """SQLite with ever more grants in the table."""
    return [store(given, f"sqlite:{folder / f'of-{n}'}", n) for n in given.grants]


def best(rounds: list, key: str) -> float:
    return (max if key == "rate" else min)(round_[key] for round_ in rounds)


def comparison(sides: dict, connections: int) -> tuple:
    """The lines of the first table, and the ratio of the rates."""
    ours, peer = sides["ours"], sides["peer"]
    lines = [
        "| | ProofKey | oidc-provider | ratio | medians of the rounds | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]

    def line(what: str, key: str, show, larger: bool):
        cells = [best(side["rounds"], key) for side in (ours, peer)]
        middle = [statistics.median(r[key] for r in side["rounds"]) for side in (ours, peer)]
        ratios = [f"{a / b if larger else b / a:.1f}" for a, b in (cells, middle)]
        lines.append(
            f"| {what} | {show(cells[0])} | {show(cells[1])} | {ratios[0]} "
            f"| {show(middle[0])} and {show(middle[1])} | {ratios[1]} |"
        )

    def seconds(value):
        return bench_table.time(value * 1e9)

    line("sign-ins a second", "rate", lambda value: f"{value:,.0f}", True)
    line(f"half take at most ({connections} at once)", "p50_s", seconds, False)
    line("99 of 100 take at most", "p99_s", seconds, False)
    line("CPU of the server, a thousand sign-ins", "cpu", seconds, False)
    a, b = ours["memory"], peer["memory"]
    lines.append(f"| memory at its most | {a:.0f} MB | {b:.0f} MB | {b / a:.1f} | | |")
    line("(CPU of the generator, a thousand)", "generator", seconds, False)
    return lines, best(ours["rounds"], "rate") / best(peer["rounds"], "rate")


def requests(sides: dict) -> str:
    """How many requests a sign-in takes on each side."""
    each = {name: side["rounds"][-1]["requests_each"] for name, side in sides.items()}
    first = {name: side["rounds"][-1]["requests_first"] for name, side in sides.items()}
    return (
        f"Requests of a sign-in: {each['ours']} on ProofKey's side, {each['peer']} on "
        f"oidc-provider's. The first of a browser, which is not measured, takes {first['ours']} "
        f"and {first['peer']}."
    )


def section(given, sides: dict, alone: list, grown: list, facts: list) -> str:
    table, ratio = comparison(sides, given.connections)
    verdict = "met" if ratio >= GOAL else "**missed**"
    out = [
        "## Servers",
        "",
        INTRODUCTION,
        requests(sides),
        "",
        f"Goal, {GOAL} times the sign-ins a second: {verdict}, {ratio:.1f} times.",
        "",
        *table,
        "",
        STORES,
        "",
        "| store | puts a second | claims a second | yardstick | a second | claims to it |",
        "|---|---:|---:|---|---:|---:|",
    ]
    for name, figures, yardstick, rate in alone:
        cells = f"{rate:,.0f} | {figures['claim'] / rate:.2f}" if rate else " | "
        out.append(
            f"| {name} | {figures['put']:,.0f} | {figures['claim']:,.0f} | {yardstick} | {cells} |"
        )
    out += ["", GROWTH, "", "| grants in the table before | puts a second | claims a second |"]
    out += ["|---:|---:|---:|"]
    out += [f"| {n['grants']:,} | {n['put']:,.0f} | {n['claim']:,.0f} |" for n in grown]
    out += ["", *(f"- {name}: {value}" for name, value in facts), ""]
    return "\n".join(out)


INTRODUCTION = """Written by `tests/bench-server`. One generator (`server/examples/load`), over
loopback and connections that stay open, by turns on `proofkey serve --store sqlite:FILE
--auto-approve` and on npm `oidc-provider` with its in-memory adapter
(`tests/interop/servers/load_provider.mjs`). A sign-in is an authorization request and the
redemption of its code with PKCE, S256; both sides answer with an access token and a refresh token.
What ProofKey has answered is on the disk: write-ahead log, `synchronous = FULL`, and what waits
shares a commit. oidc-provider keeps the last thousand entries, in memory alone, and runs on one
core, as Node does; both sides share the machine's cores with the generator. On both a sign-in makes
a grant of its own and shows no page. Figures are those of the best round of each side; a ratio
above 1 is in favour of ProofKey.
"""
STORES = f"""The stores alone (`server/examples/stores.rs`), {CALLERS} callers at once. A put writes
a grant's row; a claim marks it used and writes two tokens in the same transaction. The yardsticks
run on the same private server, with as many callers. All of them write to the disk before they
answer: `fsync` and `synchronous_commit` on, `appendfsync always`."""
GROWTH = "SQLite, with ever more grants in the table:"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("proofkey", "examples", "node", "folder", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=32)
    numbers = "1000,100000,1000000"
    parser.add_argument("--grants", default=numbers, type=lambda t: [int(n) for n in t.split(",")])
    return parser.parse_args()


def main() -> int:
    given = arguments()

    def load() -> str:
        return " ".join(f"{n:.2f}" for n in os.getloadavg())

    before = load()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        flush = flush_time(folder)
        sides = sign_ins(given, folder)
        alone, grown = stores(given, folder), growth(given, folder)
    package = json.loads((INTEROP / "node_modules/oidc-provider/package.json").read_text("utf-8"))
    facts = [
        *bench_table.machine(str(os.cpu_count())),
        ("oidc-provider", f"{package['version']}, Node {said([given.node, '--version']).strip()}"),
        ("PostgreSQL", bench_table.said("pgbench", "--version").rpartition(") ")[2] or "see above"),
        ("Redis", bench_table.said("redis-server", "--version").split(" sha")[0]),
        ("this disk keeps 4 KiB in", f"{bench_table.time(flush * 1e9)}, the median of 200"),
        ("rounds", f"{given.rounds} of {given.seconds:g} s a side, after one that is not counted"),
        *bench_table.load(before, load()),
    ]
    text = section(given, sides, alone, grown, facts)
    page = given.output.read_text(encoding="utf-8") if given.output.exists() else ""
    given.output.write_text(bench_page.merged(page, "Servers", text), encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
