"""Every vector and transcript through the generated layer, and the canonical lines of Python."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import TARGET
from runner import access, client, discovery, jose, resource, server, transcript
from runner.words import cases, files

VECTORS: dict[str, Any] = {
    "authorization_requests": server.authorization_request,
    "authorizations": access.authorization,
    "challenges": client.challenge,
    "client_documents": access.client_document,
    "configurations": client.configuration,
    "dpop_proofs": jose.dpop_proof,
    "id_tokens": jose.id_token,
    "key_sets": jose.key_set,
    "metadata": discovery.metadata,
    "pairs": client.pair,
    "redirect_matching": server.redirect_match,
    "redirects": client.redirect,
    "resource_answers": resource.resource_answers,
    "resource_metadata": discovery.resource_metadata,
    "sealed_sessions": access.sealed_session,
    "signatures": jose.signature,
    "token_requests": server.token_request,
    "token_responses": client.token_response,
    "verification": client.verification,
    "well_known": discovery.well_known,
    "www_authenticate": discovery.www_authenticate,
}


def verdict(folder: str, kind: str, case: dict[str, Any]) -> tuple[str, str]:
    """The verdict, and what differed in a transcript."""
    if folder == "vectors":
        return VECTORS[kind](case["input"]), ""
    try:
        return transcript.play(case), ""
    except transcript.Mismatch as mismatch:
        return f"mismatch turn={mismatch.turn}", str(mismatch)


ALL = [
    pytest.param(folder, kind, case, id=case["id"])
    for folder in ("vectors", "transcripts")
    for kind in files(folder)
    for case in cases(folder, kind)
]


@pytest.mark.parametrize(("folder", "kind", "case"), ALL)
def test_case(folder: str, kind: str, case: dict[str, Any]) -> None:
    said, differed = verdict(folder, kind, case)
    assert said == case["expect"], f"{case['why']}. {differed}"


def test_every_kind_has_a_runner() -> None:
    assert files("vectors") == sorted(VECTORS)


def test_the_canonical_lines_are_written() -> None:
    """What this runner says, right or wrong, for the comparison across languages."""
    lines = []
    for param in ALL:
        folder, kind, case = param.values
        lines.append(f"{case['id']}\t{verdict(folder, kind, case)[0]}\n".encode())
    assert len(lines) >= 180
    given = os.environ.get("PROOFKEY_CANONICAL_OUT")
    place = Path(given) if given else TARGET / "canonical" / "python.txt"
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as beside:
        beside.write(b"".join(sorted(lines)))
    os.replace(beside.name, place)
