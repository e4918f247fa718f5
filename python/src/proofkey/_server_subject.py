"""What the checks of grant stores share: the store that is looked at, and rows to put into it.

Each check makes grants of its own, with new ids, so that a store may hold others; none waits, and
none moves the database's clock: what has expired was put with a lifetime of no seconds."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from ._server_rows import Grant, GrantRow, NewGrant, NewToken, Terms, TokenKind, TokenRow
from ._server_store import GrantStore

T = TypeVar("T")

MakeStore = Callable[[], GrantStore | AbstractContextManager[GrantStore]]
"""Gives a store for one thread, or one that is given back by its ``__exit__``: all of them over the
same database."""

MAX_MISMATCHES = 5


class Subject:
    """The store that is looked at."""

    def __init__(self, make_store: MakeStore, threads: int = 64) -> None:
        self._make = make_store
        self.threads = threads

    def opened(self) -> AbstractContextManager[GrantStore]:
        """A store for this thread."""
        made = self._make()
        return made if isinstance(made, AbstractContextManager) else nullcontext(made)

    def at_once(self, work: Callable[[GrantStore, int], T]) -> list[T]:
        """What so many threads get that begin at one moment, each with a store of its own."""
        together = threading.Barrier(self.threads)

        def run(number: int) -> T:
            try:
                with self.opened() as store:
                    together.wait(60)
                    return work(store, number)
            except BaseException:
                together.abort()
                raise

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(run, range(self.threads)))


def demand(condition: bool, what: str) -> None:
    """Also where Python leaves out assertions."""
    if not condition:
        raise AssertionError(what)


def new_hash() -> bytes:
    """Some hash that no other row has."""
    return secrets.token_bytes(32)


def new_id() -> str:
    """22 characters of base64url."""
    return secrets.token_urlsafe(16)


def new_name() -> str:
    """43 characters of base64url, for which no bit is left over."""
    return secrets.token_urlsafe(32)[:42] + "A"


def new_grant(lifetime_s: int = 60) -> NewGrant:
    """A grant to be put, as full as one can be."""
    grant = Grant(
        grant_id=new_id(),
        client_id="agent",
        subject="user-\u00fc",
        redirect_uri="http://127.0.0.1:49152/callback",
        redirect_uri_was_sent=True,
        code_challenge=new_name(),
        scope="read write",
        resource="https://api.example/",
        refreshable=True,
        terms=Terms(
            dpop_jkt=new_name(),
            nonce="nonce",
            auth_time=1_700_000_000,
            acr="urn:example:strong",
            authorization_details='[{"type":"t"}]',
        ),
    )
    return NewGrant(grant=grant, code_hash=new_hash(), lifetime_s=lifetime_s)


def token(kind: TokenKind = "access", lifetime_s: int = 3600) -> NewToken:
    """A token to be written."""
    return NewToken(
        kind=kind, token_hash=new_hash(), lifetime_s=lifetime_s, scope=None, dpop_jkt=None
    )


def put(store: GrantStore, lifetime_s: int = 60) -> NewGrant:
    """A grant that was put."""
    new = new_grant(lifetime_s)
    demand(store.put(new) is True, "put does not say True for a new grant")
    return new


def clock(store: GrantStore) -> int:
    """The store's clock; it is read from a grant that is there."""
    new = put(store)
    return store.find(new.grant.grant_id, new.code_hash)[1]


def claim(store: GrantStore, new: NewGrant, *tokens: NewToken) -> bool:
    """Claims its code."""
    return store.claim(new.grant.grant_id, new.code_hash, MAX_MISMATCHES, tokens)


def found(store: GrantStore, new: NewGrant) -> GrantRow:
    """The grant, which must be there."""
    row, _ = store.find(new.grant.grant_id, new.code_hash)
    if row is None:
        raise AssertionError("find does not find a grant that was put")
    return row


def found_token(store: GrantStore, new: NewGrant, one: NewToken) -> TokenRow | None:
    """The token, if it is there."""
    return store.find_token(new.grant.grant_id, one.token_hash)[0]


def stands(store: GrantStore, new: NewGrant, one: NewToken) -> str:
    """Where a token stands in the row of its grant's."""
    row = found_token(store, new, one)
    if row is None:
        raise AssertionError("find_token does not find a token that was written")
    return row.rotation.position


def family(store: GrantStore, lifetime_s: int = 7200) -> tuple[NewGrant, NewToken]:
    """A grant that was claimed, and its first refresh token."""
    new, first = put(store), token("refresh", lifetime_s)
    demand(claim(store, new, token(), first) is True, "claim does not say True for a good code")
    return new, first


def rotate(
    store: GrantStore, new: NewGrant, old: NewToken, *tokens: NewToken, window_s: int = 0
) -> bool:
    """Exchanges a refresh token."""
    return store.rotate(new.grant.grant_id, old.token_hash, window_s, tokens)
