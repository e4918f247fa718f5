"""Plays a transcript: events in, steps out, values captured on the way."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from proofkey import _native as native

from . import access, client, discovery, server

FLOWS: dict[str, Any] = {
    "access": access.Access,
    "sign_in": client.SignIn,
    "discovery": discovery.Discovery,
    "issue": server.Issue,
    "redeem": server.Redeem,
    "revoke": server.Revoke,
    "check_token": server.CheckToken,
}
# Objects that must hold exactly what is named.
_CLOSED = ("parameters", "form", "body", "header", "payload")


class Mismatch(Exception):
    """What differs, and in which turn."""

    def __init__(self, turn: int, what: str) -> None:
        super().__init__(f"turn {turn}: {what}")
        self.turn = turn


class _Differs(Exception):
    pass


def play(case: dict[str, Any]) -> str:
    """The verdict. Raises `Mismatch`."""
    flow = FLOWS[case["flow"]](case["config"])
    known: dict[str, str] = {}
    names: list[str] = []
    for turn, expected in enumerate(case["turns"]):
        event = _filled(expected["event"], known)
        actual: dict[str, Any]
        try:
            step = flow.advance(event, case["now"])
            names.append(step["name"])
            actual = {"step": step, "error": None}
        except native.ProofKeyError as error:
            names.append(f"error:{error.code}")
            actual = {"step": None, "error": error.code}
        wanted = {"step": expected.get("step"), "error": expected.get("error")}
        _compare(turn, wanted, actual, known)
    end = len(case["turns"])
    verdict = "/".join(names) or "none"
    outcome, wanted = flow.outcome(), case.get("outcome")
    if (outcome is None) != (wanted is None):
        raise Mismatch(end, f"outcome: expected {wanted}, got {outcome is not None}")
    if outcome is not None:
        seen, words = outcome
        _compare(end, wanted, seen, known)
        if flow.outcome() is not None:
            raise Mismatch(end, "the outcome was given twice")
        verdict += f" {words}"
    return verdict


def _compare(turn: int, expected: Any, actual: Any, known: dict[str, str]) -> None:
    try:
        _match(expected, actual, "", known)
    except _Differs as what:
        raise Mismatch(turn, str(what)) from None


def _filled(value: Any, known: dict[str, str]) -> Any:
    """With every `{name}` of a captured name replaced."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if isinstance(value, dict):
        return {name: _filled(member, known) for name, member in value.items()}
    return value


def _match(expected: Any, actual: Any, at: str, known: dict[str, str]) -> None:
    if isinstance(expected, dict):
        if "capture" in expected:
            return _capture(expected, actual, at, known)
        if "sha256" in expected:
            expected = hashlib.sha256(_filled(expected["sha256"], known).encode()).hexdigest()
        elif "contains" in expected:
            if isinstance(actual, str) and expected["contains"] in actual:
                return None
        elif isinstance(actual, dict):
            for name, member in expected.items():
                _match(member, actual.get(name), f"{at}.{name}", known)
            more = set(actual) - set(expected)
            if at.rpartition(".")[2] in _CLOSED and more:
                raise _Differs(f"{at} has {sorted(more)} too")
            return None
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for place, (one, other) in enumerate(zip(expected, actual)):
            _match(one, other, f"{at}[{place}]", known)
        return None
    # In Python 1 is True; in the files it is not.
    if type(expected) is not type(actual) or _filled(expected, known) != actual:
        raise _Differs(f"{at}: expected {expected!r}, got {actual!r}")
    return None


def _capture(matcher: dict[str, str], actual: Any, at: str, known: dict[str, str]) -> None:
    name = matcher["capture"]
    if not isinstance(actual, str) or not actual:
        raise _Differs(f"{at}: expected a text for {name}, got {actual!r}")
    if known.get(name, actual) != actual:
        raise _Differs(f"{at}: {name} is another than before")
    if "check" in matcher and not _holds(matcher["check"], actual, known):
        raise _Differs(f"{at}: {matcher['check']} does not hold")
    known[name] = actual


def _holds(check: str, value: str, known: dict[str, str]) -> bool:
    digest = hashlib.sha256(value.encode()).hexdigest()
    if check == "verifier_hashes_to_challenge":
        return client.s256(value) == known["challenge"]
    if check == "point_hashes_to_jkt":
        # RFC 7638, by another implementation than ours.
        return (
            client.s256(f'{{"crv":"P-256","kty":"EC","x":"{known["x"]}","y":"{value}"}}')
            == known["jkt"]
        )
    if check in ("token_hashes_to_token_hash", "refresh_hashes_to_refresh_hash"):
        return digest == known[check.rpartition("_to_")[2]]
    assert check == "code_hashes_to_code_hash", check
    grant_id, _, secret = value.partition(".")
    return (
        grant_id == known["grant_id"]
        and (len(grant_id), len(secret)) == (22, 43)
        and digest == known["code_hash"]
    )
