"""Measures the jobs of `ours` and `peers` in one process, by turns.

    sign_in.py [--smoke] --output FILE

Writes JSON: nanoseconds of CPU (all threads of the process, user and system) for each job, the
lowest of all rounds, and what crosses the boundary. Each answer is looked at before anything is
measured.
"""

import argparse
import ctypes
import json
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import inputs
import ours
import peers
from proofkey._native import proofkey as layer

JOBS: dict = {
    "sign_in/client": (ours.client, inputs.ACCESS_TOKEN),
    "sign_in/session": (ours.session, inputs.ACCESS_TOKEN),
    "sign_in/authlib": (peers.authlib, inputs.ACCESS_TOKEN),
    "sign_in/msal": (peers.msal_sign_in, inputs.ACCESS_TOKEN),
    "sign_in/mcp": (peers.mcp_sign_in, inputs.ACCESS_TOKEN),
    "wire/client": (ours.client_wire, inputs.ACCESS_TOKEN),
    "wire/authlib": (peers.authlib_wire, inputs.ACCESS_TOKEN),
    "header/client": (ours.header, f"Bearer {inputs.ACCESS_TOKEN}"),
    "pair/proofkey": (ours.pair, None),
    "pair/hand": (peers.pair, None),
    "verify/proofkey": (ours.verify, True),
    "verify/hand": (peers.verify, True),
}
# Of these it is counted what crosses.
JOBS_OF_OURS = (
    *("sign_in/client", "sign_in/session", "header/client"),
    *("pair/proofkey", "verify/proofkey"),
)
ROUNDS = 40
# One measurement, in seconds: short, so that many of them fall between other programs' turns.
SLICE = 0.02


def cpu(job: Callable, times: int) -> float:
    """Seconds of CPU for so many runs."""
    begun = time.process_time()
    for _ in range(times):
        job()
    return time.process_time() - begun


def lowest() -> dict:
    """Nanoseconds of CPU, by job."""
    jobs = {key: job for key, (job, _) in JOBS.items()}
    times = {key: max(1, round(SLICE / (cpu(job, 20) / 20))) for key, job in jobs.items()}
    figures = dict.fromkeys(jobs, float("inf"))
    for _ in range(ROUNDS):
        for key, job in jobs.items():
            figures[key] = min(figures[key], cpu(job, times[key]) / times[key] * 1e9)
    return figures


def kind(name: str) -> str:
    """What a function of the library is for."""
    if "rustbuffer" in name:
        return "buffers"
    return "references" if "_fn_clone_" in name or "_fn_free_" in name else "calls"


def crossings(job: Callable) -> dict:
    """How often one run calls the library, by kind. A method's reference to its object is taken by
    a call of its own, and so is memory for what crosses."""
    library, seen = layer._UniffiLib, Counter()
    functions = {
        name: value for name, value in vars(library).items() if isinstance(value, ctypes._CFuncPtr)
    }

    def counted(name: str, function: Callable) -> Callable:
        def call(*given: object) -> object:
            seen[kind(name)] += 1
            return function(*given)

        return call

    for name, function in functions.items():
        setattr(library, name, counted(name, function))
    try:
        job()
    finally:
        vars(library).update(functions)
    return {name: seen[name] for name in ("calls", "references", "buffers")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="run each job once, measure nothing")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    for key, (job, expected) in JOBS.items():
        result = job()
        if (expected is not None and result != expected) or not result:
            raise SystemExit(f"{key} does not do its job")
    counts = {key: crossings(JOBS[key][0]) for key in JOBS_OF_OURS}
    if any(not count["calls"] for count in counts.values()):
        raise SystemExit("a job of ProofKey does not cross")
    report = {
        "crossings": counts,
        "versions": {name: version(name) for name in ("Authlib", "msal", "mcp", "proofkey")},
    }
    if not given.smoke:
        report["figures"] = lowest()
    text = json.dumps(report, indent=1)
    given.output.write_text(text, encoding="utf-8") if given.output else print(text)


if __name__ == "__main__":
    main()
