"""Holds a grant store to what it must promise, also under a race.

::

    import pytest
    from proofkey.server import testing

    @pytest.mark.parametrize("check", testing.CHECKS, ids=lambda check: check.__name__)
    def test_store(check):
        check(testing.Subject(make_store))

or, in one call, ``testing.check_store(make_store)``. `make_store` gives a store for one thread;
every thread asks for its own. Where something is to be given back at a thread's end, a connection
for instance, let it give a context manager that yields the store. All stores are over one database,
which may hold other grants: each check makes its own. An asynchronous store is held to the same by
``await testing.check_async_store(make_store)``.

What misbehaves raises `AssertionError`, which says what was wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from .. import _server_checks as grants
from .. import _server_checks_tokens as tokens
from .._server import AuthorizationServer
from .._server_answers import Answer, AuthorizationRequest, Granted, Refused
from .._server_policy import ClientRecord, Policy
from .._server_rows import GrantRow, NewGrant, NewToken, TokenRow
from .._server_store import AsyncGrantStore, GrantStore
from .._server_subject import MakeStore, Subject, demand
from .._session import PkceSession, TokenRequest

__all__ = ["CHECKS", "Check", "MakeStore", "Subject", "check_async_store", "check_store"]

_T = TypeVar("_T")

Check = Callable[[Subject], None]
"""One check."""

_ISSUER = "https://as.example"
_RESOURCE = "https://api.example/"
_CLIENT = ClientRecord(
    client_id="agent",
    name="An agent",
    redirect_uris=["http://127.0.0.1/callback"],
    scopes=["read", "write"],
    may_refresh=True,
)


def _server(store: GrantStore) -> AuthorizationServer:
    """A server whose store may not fail."""

    def failed(call: str, error: Exception) -> None:
        raise error

    known = {_CLIENT.client_id: _CLIENT}
    return AuthorizationServer(Policy(issuer=_ISSUER), store, known.get, on_store_error=failed)


def _approved(server: AuthorizationServer) -> TokenRequest:
    """What a client is about to redeem, whose user has said yes."""
    with PkceSession.begin(
        issuer=_ISSUER,
        authorization_endpoint=f"{_ISSUER}/authorize",
        token_endpoint=f"{_ISSUER}/token",
        client_id=_CLIENT.client_id,
        redirect_uri="http://127.0.0.1:49152/callback",
        scopes=["read"],
        resource=_RESOURCE,
        iss_promised=True,
    ) as session:
        judged = server.authorization_request(session.authorization_url().partition("?")[2])
        if not isinstance(judged, AuthorizationRequest):
            raise AssertionError(f"a good request was not accepted: {judged}")
        redeemed = session.complete(server.approve(judged, "user").location)
    if not isinstance(redeemed, TokenRequest):
        raise AssertionError("no code was issued")
    return redeemed


class _Redeemed:
    """What came of a token request, and how to send it again."""

    def __init__(self, request: TokenRequest) -> None:
        sent = request.http_request()
        self._request = request
        self._body = sent.expose_body() or b""
        self._content_type = dict(sent.headers).get("Content-Type")
        self._won: Answer | None = None
        self._header: str | None = None

    def once(self, server: AuthorizationServer) -> tuple[int, str]:
        """Sends it: status and audit."""
        answer = server.token(self._body, self._content_type)
        if answer.status == 200:
            self._won = answer
        return answer.status, answer.audit

    def passes(self, server: AuthorizationServer) -> Granted | Refused:
        """Whether its token passes."""
        if self._won is not None:
            answer, self._won = self._won, None
            brought = self._request.tokens(200, answer.headers.items(), answer.body)
            self._header = f"Bearer {brought.expose_access_token()}"
        return server.check(self._header, _RESOURCE, ["read"])


def _redeem(redeemed: _Redeemed, store: GrantStore, _: int) -> tuple[int, str]:
    return redeemed.once(_server(store))


def a_grant_lives_its_life(subject: Subject) -> None:
    """Through a whole server: a code, a token that passes, and a replay that ends it."""
    with subject.opened() as store:
        server = _server(store)
        redeemed = _Redeemed(_approved(server))
        demand(redeemed.once(server) == (200, "issued"), "a good code brought no token")
        passed = redeemed.passes(server)
        demand(isinstance(passed, Granted) and passed.subject == "user", "a good token is refused")
        demand(redeemed.once(server) == (400, "replay_revoked"), "a replay was not seen")
        refused = redeemed.passes(server)
        demand(isinstance(refused, Refused) and refused.status == 401, "a revoked token passes")


def of_many_redeemers_one_gets_a_token(subject: Subject) -> None:
    """Through a whole server, all with everything right: one 200; and because the code was used
    again, its token is revoked."""
    for number in range(4):
        with subject.opened() as store:
            redeemed = _Redeemed(_approved(_server(store)))
        answers = subject.at_once(partial(_redeem, redeemed))
        won = answers.count((200, "issued"))
        demand(won == 1, f"code {number}: {won} of {subject.threads} redeemers got a token")
        others = {answer for answer in answers if answer[0] != 200}
        demand(others <= {(400, "replay_revoked"), (400, "revoked")}, f"the others got {others}")
        with subject.opened() as store:
            refused = redeemed.passes(_server(store))
            demand(isinstance(refused, Refused), f"code {number}: a revoked token passes")


CHECKS: tuple[Check, ...] = (
    grants.a_grant_is_found_by_its_id_and_its_hash,
    grants.a_second_grant_of_an_id_is_refused,
    grants.mismatches_are_counted,
    grants.a_revocation_reaches_every_token,
    grants.a_claim_happens_once_and_brings_its_tokens,
    grants.a_claim_needs_every_one_of_its_conditions,
    grants.a_claim_and_its_tokens_are_one,
    grants.of_many_claims_one_wins,
    tokens.a_rotation_happens_once_and_brings_its_tokens,
    tokens.a_rotation_needs_every_one_of_its_conditions,
    tokens.the_window_spares_the_predecessor_alone,
    tokens.of_many_rotations_one_wins,
    tokens.a_proof_is_new_once,
    a_grant_lives_its_life,
    of_many_redeemers_one_gets_a_token,
)
"""All checks, each of which is told of the store by a `Subject`."""


def check_store(make_store: MakeStore, threads: int = 64) -> None:
    """Runs all checks, the races with so many threads."""
    for check in CHECKS:
        check(Subject(make_store, threads))


async def check_async_store(make_store: Callable[[], AsyncGrantStore], threads: int = 64) -> None:
    """Runs all checks on an asynchronous store, whose calls are made by this event loop."""
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(check_store, lambda: _Awaited(make_store(), loop), threads)


class _Awaited:
    """An asynchronous store, waited for by threads beside its loop."""

    def __init__(self, inner: AsyncGrantStore, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._loop = loop
        remember = getattr(inner, "remember", None)
        self.remember = remember and (lambda *given: self._wait(remember(*given)))

    def _wait(self, call: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(60)

    def put(self, grant: NewGrant) -> bool:
        return self._wait(self._inner.put(grant))

    def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        return self._wait(self._inner.find(grant_id, code_hash))

    def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        return self._wait(self._inner.claim(grant_id, code_hash, max_mismatches, tokens))

    def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        return self._wait(self._inner.rotate(grant_id, token_hash, reuse_window_s, tokens))

    def count(self, grant_id: str) -> object:
        return self._wait(self._inner.count(grant_id))

    def revoke(self, grant_id: str) -> object:
        return self._wait(self._inner.revoke(grant_id))

    def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        return self._wait(self._inner.find_token(grant_id, token_hash))
