"""The format: texts, bodies, verdicts, URLs."""

from __future__ import annotations

import base64
import json
import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[3] / "tests"
FOLDERS = {
    "vectors": Path(os.environ.get("PROOFKEY_VECTORS_DIR", TESTS / "vectors")),
    "transcripts": Path(os.environ.get("PROOFKEY_TRANSCRIPTS_DIR", TESTS / "transcripts")),
}


def files(folder: str) -> list[str]:
    """The kinds of a folder."""
    return sorted(path.stem for path in FOLDERS[folder].glob("*.json"))


def cases(folder: str, kind: str) -> Iterator[dict[str, Any]]:
    """The cases of a file."""
    path = FOLDERS[folder] / f"{kind}.json"
    document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    assert document["kind"] == kind
    assert document[folder], f"{path} is empty"
    yield from document[folder]


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in members]
    assert len(set(names)) == len(names), f"a member stands twice in {names}"
    return dict(members)


def text(value: Any) -> str:
    """A string, or a list of strings and repetitions."""
    if isinstance(value, str):
        return value
    return "".join(
        part if isinstance(part, str) else part["repeat"] * part["times"] for part in value
    )


def body(data: dict[str, Any]) -> bytes:
    """`body` as UTF-8, or `body_base64`."""
    if data.get("body_base64") is not None:
        return base64.b64decode(data["body_base64"], validate=True)
    return text(data["body"]).encode()


def word(name: str, value: object) -> str:
    """`` name=value``; nothing where there is no value."""
    return "" if value is None else f" {name}={urllib.parse.quote(str(value), safe='-._~:/')}"


def form(query: str) -> list[tuple[str, str]]:
    """A query or form, decoded."""
    return urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Pairs as an object; a name that stands twice matches nothing."""
    assert len(dict(pairs)) == len(pairs), "a name stands twice"
    return dict(pairs)


def located(url: str) -> dict[str, Any]:
    """A URL as base and parameters."""
    base, _, query = url.partition("?")
    return {"base": base, "parameters": once(form(query))}


def parameter(url: str, name: str) -> str:
    """A parameter of a URL."""
    return once(form(url.partition("?")[2]))[name]
