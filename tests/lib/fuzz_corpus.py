"""Makes the corpus of the fuzz targets from the vectors: `fuzz_corpus.py FOLDER`."""

import base64
import contextlib
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def text(value) -> str:
    """A text of the format of tests/vectors/README.md."""
    if isinstance(value, str):
        return value
    return "".join(
        part if isinstance(part, str) else part["repeat"] * part["times"] for part in value
    )


def body(given: dict) -> bytes:
    if "body_base64" in given:
        return base64.b64decode(given["body_base64"])
    return text(given["body"]).encode()


def inputs(kind: str):
    path = ROOT / "tests/vectors" / f"{kind}.json"
    for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]:
        yield case["input"]


def decoded(token: str) -> list:
    """The parts of a JWS that can be decoded: a target signs claims anew."""
    parts = []
    for part in token.split(".")[:3]:
        with contextlib.suppress(ValueError):
            parts.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return parts


def tokens(kind: str, member: str) -> list:
    texts = [text(given[member]) for given in inputs(kind)]
    return [case for token in texts for case in (token.encode(), *decoded(token))]


# How a target reads its bytes is arbitrary's affair: a list of texts and a tuple have their lengths
# at the end, so what a reader takes whole is given whole, and the rest as near as may be.
TARGETS = {
    "redirect": [text(given["redirect"]).encode() for given in inputs("redirects")],
    "www_authenticate": [
        "\n".join(text(field) for field in given["fields"]).encode()
        for given in inputs("www_authenticate")
    ],
    "metadata": [
        body(given)
        for kind in ("metadata", "resource_metadata", "client_documents")
        for given in inputs(kind)
    ],
    "token_response": [body(given) for given in inputs("token_responses")],
    "id_token": tokens("id_tokens", "token"),
    "key_set": [body(given) for given in inputs("key_sets")],
    "dpop_proof": tokens("dpop_proofs", "field"),
    "sealed": [base64.b64decode(given["sealed"]) for given in inputs("sealed_sessions")],
    "events": [],
}


def records():
    """The values of the transcripts' stores."""
    for path in sorted((ROOT / "tests/transcripts").glob("access_*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["transcripts"]:
            for turn in case["turns"]:
                value = turn["event"].get("value")
                if isinstance(value, str):
                    yield base64.b64decode(value)


def main() -> None:
    folder = Path(sys.argv[1])
    TARGETS["sealed"] += list(records())
    for target, cases in TARGETS.items():
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        for case in cases:
            (place / hashlib.sha256(case).hexdigest()[:16]).write_bytes(case)


main()
