"""A server of grants, a client that redeems at it, and stores that fail."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from proofkey import pair
from proofkey.server import (
    Answer,
    AsyncAuthorizationServer,
    AsyncMemoryGrantStore,
    AuthorizationRequest,
    AuthorizationServer,
    ClientRecord,
    MemoryGrantStore,
    Policy,
    Proof,
    Redirect,
)

ISSUER = "https://as.example"
RESOURCE = "https://api.example/"
REDIRECT_URI = "http://127.0.0.1:49152/callback"
FORM = "application/x-www-form-urlencoded"
CALLS = ("put", "find", "claim", "rotate", "count", "revoke", "find_token")
"""What every store has; one that remembers proofs has one more."""
AGENT = ClientRecord(
    client_id="agent",
    name="An agent",
    redirect_uris=["http://127.0.0.1/callback"],
    scopes=["read", "write"],
    may_refresh=True,
)


class Kit:
    """A server in one of the two ways, called in one."""

    def __init__(self, way: str, store: Any = None, **settings: Any) -> None:
        self.way = way
        known = {AGENT.client_id: AGENT}
        policy = settings.pop("policy", Policy(issuer=ISSUER))
        if way == "sync":
            self.store = store or MemoryGrantStore()
            self.server: Any = AuthorizationServer(policy, self.store, known.get, **settings)
            return

        async def find(client_id: str) -> ClientRecord | None:
            return known.get(client_id)

        self.store = store or AsyncMemoryGrantStore()
        self.server = AsyncAuthorizationServer(policy, self.store, find, **settings)

    def ask(self, name: str, *given: Any, **named: Any) -> Any:
        result = getattr(self.server, name)(*given, **named)
        return asyncio.run(result) if inspect.iscoroutine(result) else result

    def approved(self, **changed: str) -> tuple[Redirect, str]:
        """Where the browser is sent to, and the verifier that redeems the code."""
        pkce = pair()
        judged = self.ask("authorization_request", query(pkce.challenge, **changed))
        assert isinstance(judged, AuthorizationRequest), judged
        return self.ask("approve", judged, "user"), pkce.expose_verifier()

    def code(self) -> tuple[str, str]:
        """A code, and its verifier."""
        sent, verifier = self.approved()
        return parse_qs(urlsplit(sent.location).query)["code"][0], verifier

    def redeem(
        self, code: str, verifier: str, proof: Proof | None = None, **changed: str
    ) -> Answer:
        body = {
            "grant_type": "authorization_code",
            "client_id": "agent",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": verifier,
        }
        posted = urlencode(body | changed).encode()
        answer: Answer = self.ask("token", posted, FORM, None, proof)
        return answer

    def refresh(self, token: str, proof: Proof | None = None) -> Answer:
        body = {"grant_type": "refresh_token", "client_id": "agent", "refresh_token": token}
        answer: Answer = self.ask("token", urlencode(body).encode(), FORM, None, proof)
        return answer

    def signed_in(self) -> dict[str, Any]:
        """What the token endpoint says to a good code."""
        answer = self.redeem(*self.code())
        assert answer.status == 200, answer
        said: dict[str, Any] = json.loads(answer.body)
        return said

    def give_back(self, token: str) -> Answer:
        answer: Answer = self.ask(
            "revoke", urlencode({"client_id": "agent", "token": token}).encode(), FORM
        )
        return answer

    def check(self, token: str, *scopes: str) -> Any:
        return self.ask("check", f"Bearer {token}", RESOURCE, scopes)


def query(challenge: str, **changed: str) -> str:
    """A good authorization request, or one with something changed."""
    good = {
        "response_type": "code",
        "client_id": "agent",
        "redirect_uri": REDIRECT_URI,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "scope": "read",
        "state": "canary-state-0123456789",
        "resource": RESOURCE,
    }
    return urlencode(good | changed)


class Wrapped:
    """A store whose calls go through `through`; it gives what is answered in the call's place."""

    def __init__(self, inner: Any, through: Callable[[str, Callable[[], Any]], Any]) -> None:
        for name in (*CALLS, "remember"):
            setattr(self, name, self._around(name, getattr(inner, name), through))

    @staticmethod
    def _around(name: str, call: Any, through: Any) -> Any:
        if inspect.iscoroutinefunction(call):

            async def later(*given: Any) -> Any:
                # The inner store waits for nothing: its answer is there when it is asked for.
                return through(name, lambda: _now(call(*given)))

            return later
        return lambda *given: through(name, lambda: call(*given))


def _now(coroutine: Any) -> Any:
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def failing(inner: Any, name: str, after: bool) -> Wrapped:
    """One whose call of this name fails, before or after it took effect."""

    def through(called: str, call: Callable[[], Any]) -> Any:
        if called != name:
            return call()
        if after:
            call()
        raise OSError("canary-database is gone")

    return Wrapped(inner, through)


class NaiveStore(MemoryGrantStore):
    """What is often written: read, look, write. All readers meet before the first one writes, so
    that a race is lost each time and not by luck."""

    def __init__(self, readers: int) -> None:
        super().__init__()
        self._readers = threading.Barrier(readers)

    def claim(self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: Any) -> bool:
        row, now = self.find(grant_id, code_hash)
        if self._readers.parties > 1:
            self._readers.wait(60)
        if row is None or row.used or row.revoked or row.expires_at <= now:
            return False
        if row.mismatches >= max_mismatches:
            return False
        kept = self._rows[grant_id]
        kept.used = True
        kept.write(tokens, now)
        return True
