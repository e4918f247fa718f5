"""A store of grants and proofs in memory: for tests, and for servers that may forget when they
restart."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ._server_rows import Grant, GrantRow, NewGrant, NewToken, Rotation, TokenKind, TokenRow


@dataclass
class _Token:
    kind: TokenKind
    token_hash: bytes
    expires_at: int
    scope: str | None
    dpop_jkt: str | None
    generation: int


@dataclass
class _Row:
    grant: Grant
    code_hash: bytes
    expires_at: int
    keep_until: int
    used: bool = False
    revoked: bool = False
    mismatches: int = 0
    generation: int = 0
    rotated_at: int = 0
    tokens: list[_Token] = field(default_factory=list)

    def token(self, token_hash: bytes) -> _Token | None:
        return next((t for t in self.tokens if hmac.compare_digest(t.token_hash, token_hash)), None)

    def write(self, tokens: tuple[NewToken, ...], now: int) -> None:
        """Into the newest generation. A grant is kept as long as one of its tokens is valid: a
        revocation must have something to mark."""
        for new in tokens:
            expires_at = now + new.lifetime_s
            self.tokens.append(
                _Token(
                    kind=new.kind,
                    token_hash=new.token_hash,
                    expires_at=expires_at,
                    scope=new.scope,
                    dpop_jkt=new.dpop_jkt,
                    generation=self.generation,
                )
            )
            self.keep_until = max(self.keep_until, expires_at)


class MemoryGrantStore:
    """A `ProofStore` in memory, of bounded size, for one process.

    One lock guards it all, held for a few operations and never across a wait. When it is full,
    expired grants go first; if that makes no room, `put` says no.
    """

    __slots__ = ("_clock", "_lock", "_max_grants", "_max_proofs", "_max_tokens", "_names", "_rows")

    def __init__(
        self,
        max_grants: int = 100_000,
        max_tokens: int = 25_000,
        max_proofs: int = 20_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`max_tokens` are kept of one grant, those that were exchanged among them, because one
        that comes back must be known; when they are reached, `rotate` says no. `clock` gives
        seconds since the epoch."""
        self._lock = threading.Lock()
        self._max_grants = max_grants
        self._max_tokens = max_tokens
        self._clock = clock
        self._max_proofs = max_proofs
        self._rows: dict[str, _Row] = {}
        # The proofs that were used, and until when each is remembered.
        self._names: dict[str, int] = {}

    def put(self, grant: NewGrant) -> bool:
        """See `GrantStore.put`."""
        with self._lock:
            now = self._now()
            if len(self._rows) >= self._max_grants:
                self._rows = {name: r for name, r in self._rows.items() if r.keep_until > now}
            if len(self._rows) >= self._max_grants or grant.grant.grant_id in self._rows:
                return False
            until = now + grant.lifetime_s
            self._rows[grant.grant.grant_id] = _Row(grant.grant, grant.code_hash, until, until)
            return True

    def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        """See `GrantStore.find`."""
        with self._lock:
            row = self._row(grant_id, code_hash)
            if row is None:
                return None, self._now()
            found = GrantRow(
                grant=row.grant,
                expires_at=row.expires_at,
                used=row.used,
                revoked=row.revoked,
                mismatches=row.mismatches,
            )
            return found, self._now()

    def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """See `GrantStore.claim`."""
        with self._lock:
            row, now = self._row(grant_id, code_hash), self._now()
            if row is None or row.used or row.revoked:
                return False
            if row.mismatches >= max_mismatches or row.expires_at <= now:
                return False
            row.used = True
            row.write(tokens, now)
            return True

    def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """See `GrantStore.rotate`."""
        with self._lock:
            row, now = self._rows.get(grant_id), self._now()
            token = row.token(token_hash) if row else None
            if row is None or token is None or row.revoked:
                return False
            if token.kind != "refresh" or token.expires_at <= now:
                return False
            newest = token.generation == row.generation
            spared = token.generation == row.generation - 1 and (
                0 <= now - row.rotated_at < reuse_window_s
            )
            if not newest and not spared:
                return False
            kept = [token for token in row.tokens if token.expires_at > now]
            if len(kept) + len(tokens) > self._max_tokens:
                return False
            row.tokens = kept
            if newest:
                row.generation += 1
                row.rotated_at = now
            row.write(tokens, now)
            return True

    def count(self, grant_id: str) -> None:
        """See `GrantStore.count`."""
        with self._lock:
            row = self._rows.get(grant_id)
            if row:
                row.mismatches += 1

    def revoke(self, grant_id: str) -> None:
        """See `GrantStore.revoke`."""
        with self._lock:
            row = self._rows.get(grant_id)
            if row:
                row.revoked = True

    def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        """See `GrantStore.find_token`."""
        with self._lock:
            row = self._rows.get(grant_id)
            token = row.token(token_hash) if row else None
            if row is None or token is None:
                return None, self._now()
            found = TokenRow(
                kind=token.kind,
                expires_at=token.expires_at,
                revoked=row.revoked,
                grant=row.grant,
                rotation=Rotation.of(token.kind, token.generation, row.generation, row.rotated_at),
                scope=token.scope,
                dpop_jkt=token.dpop_jkt,
            )
            return found, self._now()

    def remember(self, name: str, lifetime_s: int) -> bool:
        """See `ProofStore.remember`. When it is full it fails: to forget a name would let a proof
        be used again."""
        with self._lock:
            now = self._now()
            if self._names.get(name, now) > now:
                return False
            if len(self._names) >= self._max_proofs:
                self._names = {name: until for name, until in self._names.items() if until > now}
            if len(self._names) >= self._max_proofs:
                raise OverflowError("no more proofs can be remembered")
            self._names[name] = now + lifetime_s
            return True

    def _row(self, grant_id: str, code_hash: bytes) -> _Row | None:
        row = self._rows.get(grant_id)
        return row if row and hmac.compare_digest(row.code_hash, code_hash) else None

    def _now(self) -> int:
        return int(self._clock())

    def __repr__(self) -> str:
        return "<MemoryGrantStore>"


class AsyncMemoryGrantStore:
    """`MemoryGrantStore` for `AsyncAuthorizationServer`; its calls do not wait for anything."""

    __slots__ = ("_inner",)

    def __init__(self, inner: MemoryGrantStore | None = None) -> None:
        """Over a store of another server, or over one of its own."""
        self._inner = inner or MemoryGrantStore()

    async def put(self, grant: NewGrant) -> bool:
        """See `GrantStore.put`."""
        return self._inner.put(grant)

    async def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        """See `GrantStore.find`."""
        return self._inner.find(grant_id, code_hash)

    async def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """See `GrantStore.claim`."""
        return self._inner.claim(grant_id, code_hash, max_mismatches, tokens)

    async def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        """See `GrantStore.rotate`."""
        return self._inner.rotate(grant_id, token_hash, reuse_window_s, tokens)

    async def count(self, grant_id: str) -> None:
        """See `GrantStore.count`."""
        self._inner.count(grant_id)

    async def revoke(self, grant_id: str) -> None:
        """See `GrantStore.revoke`."""
        self._inner.revoke(grant_id)

    async def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        """See `GrantStore.find_token`."""
        return self._inner.find_token(grant_id, token_hash)

    async def remember(self, name: str, lifetime_s: int) -> bool:
        """See `ProofStore.remember`."""
        return self._inner.remember(name, lifetime_s)

    def __repr__(self) -> str:
        return "<AsyncMemoryGrantStore>"
