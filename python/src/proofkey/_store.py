"""Where tokens are kept: bytes under keys, whatever they mean."""

from __future__ import annotations

import os
import threading
import time

from . import _native
from ._crossing import crossing

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class Lock(Protocol):
    """A lock that is held."""

    def release(self) -> object:
        """Gives it back. Called once, maybe from another thread than the one that took it."""


class Store(Protocol):
    """A store of one's own, for `Client` and `AsyncClient`.

    Its calls may come from any thread, and several at once; they may block. A value is all that
    there is of a sign-in, tokens and all, so a store must keep it from others: encrypt it where it
    leaves this machine or this user. What a call raises becomes an error of the client: a
    `ProofKeyError` keeps its code (``store_full``, ``store_denied`` and the like), anything else is
    ``store_failed``; its text is shown.
    """

    def load(self, key: str) -> tuple[int, bytes] | None:
        """What is kept under the key, and its revision; None where nothing is.

        A key is 1 to 64 of ``a-z 0-9 -``. A revision is 1 to 2**64 - 1 and names a value: no two
        that are kept one after the other have the same.
        """

    def swap(self, key: str, revision: int | None, value: bytes | None) -> bool:
        """Writes the value, or deletes with None, if what is kept is still of that revision: 0 for
        nothing, None for whatever is there. True when it was done and will stay, False when the
        revision was another. Compared and written in one, against all who use the store."""

    def lock(self, key: str, timeout: float) -> Lock | None:
        """Takes the key's lock, waiting for it so many seconds at most; None where others hold it
        until then. It keeps away those who ask for it, in every program that uses the store, and
        no one else; it must be free when its holder dies."""


class Sealed:
    """A store of ours: what it is given to keep is sealed."""

    __slots__ = ("__weakref__",)

    _key: _native.DataKey | None

    def _is_ready(self) -> bool:
        """Whether the key is at hand, so that asking for it does not block."""
        return self._key is not None

    def _data_key(self) -> _native.DataKey:
        """The key that it is sealed under. May block."""
        raise NotImplementedError


class MemoryStore(Sealed):
    """Keeps tokens for as long as the program runs: the default, one for each client. Give one to
    several clients, and they share what is kept. For several processes there is `FileStore`.

    What it keeps is sealed under a key that stays in Rust, so that no token lies in Python's memory
    before a program asks for it.
    """

    __slots__ = ("_changed", "_held", "_key", "_process", "_revision", "_values")

    def __init__(self) -> None:
        self._key: _native.DataKey | None = None
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._values: dict[str, tuple[int, bytes]] = {}
        self._held: set[str] = set()
        self._revision = 0

    def load(self, key: str) -> tuple[int, bytes] | None:
        """See `Store.load`."""
        with self._here():
            return self._values.get(key)

    def swap(self, key: str, revision: int | None, value: bytes | None) -> bool:
        """See `Store.swap`."""
        with self._here():
            now = self._values.get(key)
            if revision is not None and revision != (now[0] if now else 0):
                return False
            if value is None:
                self._values.pop(key, None)
            else:
                self._revision += 1
                self._values[key] = (self._revision, value)
            return True

    def lock(self, key: str, timeout: float) -> Lock | None:
        """See `Store.lock`."""
        end = time.monotonic() + timeout
        changed = self._here()
        with changed:
            while key in self._held:
                left = end - time.monotonic()
                if left <= 0 or not changed.wait(left):
                    return None
            self._held.add(key)
            return _Held(self, key)

    def _data_key(self) -> _native.DataKey:
        with self._here():
            if self._key is None:
                self._key = crossing(_native.DataKey.generate)
            return self._key

    def _release(self, key: str) -> None:
        changed = self._here()
        with changed:
            self._held.discard(key)
            changed.notify_all()

    def _here(self) -> threading.Condition:
        """In a forked child the locks are new: those who held them have stayed with the parent."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._changed = threading.Condition()
            self._held = set()
        return self._changed

    def __repr__(self) -> str:
        return "<MemoryStore>"


class _Held:
    """A lock of a `MemoryStore`."""

    __slots__ = ("_key", "_store")

    def __init__(self, store: MemoryStore, key: str) -> None:
        self._store = store
        self._key = key

    def release(self) -> None:
        self._store._release(self._key)
