"""What a server does when its store fails, or answers nonsense: it issues nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import traceback
from typing import Any

import proofkey
import pytest
from grants import AGENT, CALLS, ISSUER, Kit, failing, query
from proofkey import pair
from proofkey.server import (
    AsyncAuthorizationServer,
    AsyncMemoryGrantStore,
    AuthorizationRequest,
    GrantRow,
    MemoryGrantStore,
    Policy,
)
from test_hygiene import variables

WAYS = pytest.mark.parametrize("way", ["sync", "async"])


@WAYS
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", CALLS)
def test_a_failing_store_issues_nothing(way: str, after: bool, name: str) -> None:
    """P29: every call is made to fail in turn, before and after it took effect."""
    inner = MemoryGrantStore() if way == "sync" else AsyncMemoryGrantStore()
    told: list[tuple[str, Exception]] = []
    good = Kit(way, inner)
    store = failing(inner, name, after)
    bad = Kit(way, store, on_store_error=lambda call, error: told.append((call, error)))
    if name == "put":
        sent, _ = bad.approved()
        assert not sent.issued and "error=" in sent.location and "code=" not in sent.location
    elif name in ("rotate", "find_token"):
        tokens = good.signed_in()
        answer = bad.refresh(tokens["refresh_token"])
        assert answer.status == 500 and b"token" not in answer.body.replace(b"token_", b"")
        if name == "find_token":
            refused = bad.check(tokens["access_token"])
            assert (refused.status, refused.headers) == (503, {})
            assert bad.give_back(tokens["access_token"]).status == 503
    else:
        code, verifier = good.code()
        if name == "revoke":
            assert good.redeem(code, verifier).status == 200
        wrong = pair().expose_verifier() if name == "count" else verifier
        answer = bad.redeem(code, wrong)
        assert (answer.status, answer.audit) == (500, "store_failed")
        assert b"access" not in answer.body
    assert told and all(call == name and isinstance(error, OSError) for call, error in told)


GRANT = dataclasses.replace  # A row with something in it that is none.


class Nonsense(MemoryGrantStore):
    """A store that gives what its tests make of its answers."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self._made = made

    def find(self, grant_id: str, code_hash: bytes) -> Any:
        return self._made(*super().find(grant_id, code_hash))


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (lambda row, now: row, TypeError),
        (lambda row, now: None, TypeError),
        (lambda row, now: ("row", now), TypeError),
        (lambda row, now: (row, None), TypeError),
        (lambda row, now: (row, float(now)), TypeError),
        (lambda row, now: (row, -1), proofkey.FixConfiguration),
        (lambda row, now: (GRANT(row, used=0), now), TypeError),
        (lambda row, now: (GRANT(row, revoked=None), now), TypeError),
        (lambda row, now: (GRANT(row, mismatches="0"), now), TypeError),
        (lambda row, now: (GRANT(row, grant=None), now), TypeError),
        (
            lambda row, now: (GRANT(row, grant=GRANT(row.grant, code_challenge="short")), now),
            proofkey.ProofKeyError,
        ),
        (lambda row, now: (GRANT(row, grant=GRANT(row.grant, subject="\ud800")), now), Exception),
    ],
)
def test_an_answer_that_is_none_is_a_failure(made: Any, error: type[Exception]) -> None:
    """P29: nothing but True is a yes, and a row that cannot be read is none."""
    told: list[Exception] = []
    kit = Kit("sync", Nonsense(made), on_store_error=lambda call, error: told.append(error))
    answer = kit.redeem(*kit.code())
    assert (answer.status, answer.audit) == (500, "store_failed")
    assert len(told) == 1 and isinstance(told[0], error), told


@pytest.mark.parametrize("given", [None, 1, "yes", [True]])
def test_nothing_but_true_claims(given: Any) -> None:
    class Truthy(MemoryGrantStore):
        def claim(self, *_: Any) -> Any:
            return given

    told: list[Exception] = []
    kit = Kit("sync", Truthy(), on_store_error=lambda call, error: told.append(error))
    assert kit.redeem(*kit.code()).audit == "store_failed"
    assert "claim" in str(told[0]) and "bool" in str(told[0])


@pytest.mark.parametrize("name", ["count", "revoke"])
def test_what_nobody_awaits_is_not_done(name: str) -> None:
    """P29: a method of the other kind of store gives a promise, and nothing has happened."""

    class Promise:
        def __await__(self) -> Any:
            raise AssertionError("nobody awaits it")

    store = MemoryGrantStore()
    promised = Kit("sync", store)
    code, verifier = promised.code()
    if name == "revoke":
        assert promised.redeem(code, verifier).status == 200

    class Promising:
        def __getattr__(self, asked: str) -> Any:
            return (lambda *_: Promise()) if asked == name else getattr(store, asked)

    told: list[tuple[str, Exception]] = []
    kit = Kit("sync", Promising(), on_store_error=lambda call, error: told.append((call, error)))
    wrong = pair().expose_verifier() if name == "count" else verifier
    assert kit.redeem(code, wrong).audit == "store_failed"
    assert [(call, type(error)) for call, error in told] == [(name, TypeError)]


def test_a_mismatch_count_is_never_too_large() -> None:
    def many(row: GrantRow | None, now: int) -> Any:
        return row and dataclasses.replace(row, mismatches=2**40), now

    kit = Kit("sync", Nonsense(many))
    assert kit.redeem(*kit.code()).audit == "burnt"


@WAYS
def test_a_failure_is_logged_without_secrets(way: str, caplog: pytest.LogCaptureFixture) -> None:
    """Threat "Secrets in logs": code, verifier, state and token, in logs and in tracebacks."""
    inner = MemoryGrantStore() if way == "sync" else AsyncMemoryGrantStore()
    kit = Kit(way, failing(inner, "claim", False))
    code, verifier = kit.code()
    kit.redeem(code, verifier)
    (record,) = caplog.records
    assert record.name == "proofkey.server" and record.levelno == logging.ERROR
    assert record.exc_info and isinstance(record.exc_info[1], OSError)
    shown = [caplog.text, variables(record.exc_info[1])]

    def refuse(call: str, error: Exception) -> None:
        raise error

    raising = Kit(way, failing(inner, "claim", False), on_store_error=refuse)
    with pytest.raises(OSError, match="gone") as raised:
        raising.redeem(code, verifier)
    shown += [variables(raised.value), "".join(traceback.format_exception(raised.value))]
    grant_id = code.partition(".")[0]
    assert grant_id in shown[1] and grant_id in shown[2], "the control: this is looked at"
    for text in shown:
        assert code not in text and code.partition(".")[2] not in text and verifier not in text


def test_a_cancel_passes() -> None:
    """It ends the call where it waits for the store, and is no failure of the store."""
    told: list[str] = []

    async def run() -> None:
        asked = asyncio.Event()

        class Hanging(AsyncMemoryGrantStore):
            async def claim(self, *_: Any) -> bool:
                asked.set()
                await asyncio.Event().wait()
                return True

        kit = Kit("async", Hanging(), on_store_error=lambda call, error: told.append(call))
        code, verifier = await asyncio.to_thread(kit.code)
        body = f"grant_type=authorization_code&client_id=agent&code={code}&code_verifier={verifier}"
        form = "application/x-www-form-urlencoded"
        waiting = asyncio.create_task(kit.server.token(body.encode(), form))
        await asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())
    assert told == []


def test_an_interrupt_passes() -> None:
    class Interrupted(MemoryGrantStore):
        def claim(self, *_: Any) -> bool:
            raise KeyboardInterrupt

    kit = Kit("sync", Interrupted())
    code, verifier = kit.code()
    with pytest.raises(KeyboardInterrupt):
        kit.redeem(code, verifier)


def test_a_store_of_the_other_kind_fails_closed() -> None:
    """Its answers are coroutines, or cannot be awaited."""
    told: list[Exception] = []

    def tell(call: str, error: Exception) -> None:
        told.append(error)

    async def clients(client_id: str) -> Any:
        return AGENT

    async def ask() -> Any:
        server = AsyncAuthorizationServer(
            Policy(issuer=ISSUER),
            MemoryGrantStore(),  # type: ignore[arg-type]
            clients,
            on_store_error=tell,
        )
        request = await server.authorization_request(query(pair().challenge))
        assert isinstance(request, AuthorizationRequest)
        return await server.approve(request, "user")

    assert not asyncio.run(ask()).issued
    assert isinstance(told.pop(), TypeError)
