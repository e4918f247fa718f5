"""What an authorization server's database is asked: two protocols, one for each way to wait."""

from __future__ import annotations

from typing import Protocol

from ._server_rows import GrantRow, NewGrant, NewToken, TokenRow


class GrantStore(Protocol):
    """A store of grants over a database of one's own, for `AuthorizationServer`.

    Its methods are the steps of the core's flows, and their conditions are the defence: every write
    is one conditional statement, so that of any number of servers at once exactly one wins. Time is
    the database's. What a call raises is a failure of the store: nothing is issued, and the answer
    says that the server has failed. Calls come from any thread that calls the server, and several
    at once.

    `proofkey.server.testing` holds a store to all of this.
    """

    def put(self, grant: NewGrant) -> bool:
        """Writes a new grant, to expire `lifetime_s` after the store's clock. False, and nothing
        written, if a grant of that id exists or the store is full."""

    def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        """Reads the grant of this id whose code has this hash, whatever its state, and the store's
        clock in seconds since the epoch."""

    def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """Marks the code used, in one conditional statement: only if it is unused, unexpired, not
        revoked and has fewer than `max_mismatches` mismatches. If it did, the tokens are written in
        the same transaction, all or none. Says whether it did."""

    def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """Exchanges a refresh token, in one conditional statement and transaction. If the token is
        a refresh token and unexpired, and the grant is not revoked, then

        - a token of the newest generation begins the next one, now, and the tokens are written into
          that;
        - a token of the one before it, if the newest one began less than `reuse_window_s` ago (and
          not after now), has the tokens written into the newest.

        In every other case nothing is written. Says whether the tokens were written."""

    def count(self, grant_id: str) -> object:
        """Adds one to the grant's mismatches, atomically; nothing where there is no such grant."""

    def revoke(self, grant_id: str) -> object:
        """Marks the grant revoked, and with it every token that was issued from it; nothing where
        there is no such grant."""

    def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        """Reads the token with this hash together with its grant, whatever their state, and the
        store's clock in seconds since the epoch."""


class ProofStore(GrantStore, Protocol):
    """A store that remembers proofs of possession as well (RFC 9449): with one, a server takes
    them, and its tokens are bound to keys."""

    def remember(self, name: str, lifetime_s: int) -> bool:
        """Remembers this name, 43 characters of base64url, for so long by the store's clock. In one
        conditional write: True if it was new, False if it is remembered already. An expired name
        counts as new."""


class AsyncGrantStore(Protocol):
    """As `GrantStore`, for `AsyncAuthorizationServer`."""

    async def put(self, grant: NewGrant) -> bool:
        """As `GrantStore.put`."""

    async def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        """As `GrantStore.find`."""

    async def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """As `GrantStore.claim`."""

    async def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """As `GrantStore.rotate`."""

    async def count(self, grant_id: str) -> object:
        """As `GrantStore.count`."""

    async def revoke(self, grant_id: str) -> object:
        """As `GrantStore.revoke`."""

    async def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        """As `GrantStore.find_token`."""


class AsyncProofStore(AsyncGrantStore, Protocol):
    """As `ProofStore`, for `AsyncAuthorizationServer`."""

    async def remember(self, name: str, lifetime_s: int) -> bool:
        """As `ProofStore.remember`."""
