"""Writes a few of the vectors and transcripts, for a run that takes a thousand times as long.

    few_vectors.py FOLDER    fills FOLDER/vectors and FOLDER/transcripts

Of the vectors of each file the shortest of each kind of verdict, so every error code; of the
transcripts of each file the shortest of each sequence of steps, and one that ends in an error. What
else a verdict holds makes no kind of its own, and neither does a step that comes twelve times on
end instead of twice. What makes or checks a signature is left out: it is all arithmetic, touches
no pointer, and one takes a minute. Of the files about signatures a few are enough. A kind whose
cases are all long, because a cap is what they are about, is left out; so is what the files say to
their readers.
"""

import json
import sys
from itertools import groupby
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
LONG = 4096
# What stands in a verdict that came of a signature.
SIGNED = ("type=DPoP", "subject=", "ok sub=", "ok thumbprint=")
ENOUGH = {
    "access_device": 1,
    "access_dpop": 1,
    "access_identity": 1,
    "access_pushed": 1,
    "dpop_proofs": 1,
    "id_tokens": 1,
    "key_sets": 1,
    "resource_answers": 2,
    "signatures": 1,
}
READERS = ("why", "cites")


def verdict_of(vector: dict) -> str:
    return " ".join(word for word in vector["expect"].split() if "=" not in word)


def steps_of(transcript: dict) -> str:
    steps = [step.split(":")[0] for step in transcript["expect"].split()[0].split("/")]
    return "error" if "error" in steps else "/".join(step for step, _ in groupby(steps))


def signed(case: dict) -> bool:
    # A server's flow that is told of a proof checks its signature before all else.
    return any(word in case["expect"] for word in SIGNED) or '"proof":' in json.dumps(case)


def size(data) -> int:
    """The characters of a case, with what is written as a repetition in full."""
    if isinstance(data, dict):
        if data.keys() == {"repeat", "times"}:
            return len(data["repeat"]) * data["times"]
        return sum(len(name) + size(value) for name, value in data.items())
    return sum(map(size, data)) if isinstance(data, list) else len(str(data))


def few(cases: list, kind_of) -> list:
    shortest = {}
    for case in sorted(cases, key=size):
        if size(case) <= LONG:
            shortest.setdefault(kind_of(case), case)
    return [
        {name: case[name] for name in case if name not in READERS} for case in shortest.values()
    ]


def main(folder: Path) -> int:
    kept = of = 0
    for name, kind_of in (("vectors", verdict_of), ("transcripts", steps_of)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file in sorted((TESTS / name).glob("*.json")):
            document = json.loads(file.read_text(encoding="utf-8"))
            cases = few([one for one in document[name] if not signed(one)], kind_of)
            cases = cases[: ENOUGH.get(file.stem, len(cases))]
            if not cases:
                print(f"{file.name}: no case is short")
                return 1
            kept, of = kept + len(cases), of + len(document[name])
            text = json.dumps({**document, name: cases})
            (folder / name / file.name).write_text(text, encoding="utf-8")
    print(f"{kept} of {of} cases")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
