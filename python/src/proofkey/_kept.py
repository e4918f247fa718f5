"""The store's part of a flow: what it holds while it runs, and what is read and written."""

from __future__ import annotations

import time

from ._crossing import from_store
from ._errors import ProofKeyError
from ._flight import SLICE, Cancel
from ._http import clean
from ._native import Event
from ._store import Lock, Sealed, Store

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Optional

    _Found = Optional[tuple[int, bytes]]


class Kept:
    """What a flow does with its store, and the locks that it holds there."""

    def __init__(self, store: Store | None, cancel: Cancel) -> None:
        self._place = store
        self._cancel = cancel
        self._locks: dict[str, Lock] = {}

    def leave(self) -> None:
        """Gives back what is held."""
        for key in list(self._locks):
            self.unlock(key)

    def lock(self, key: str, seconds: float) -> Event:
        """Waits for the lock, for so long."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            try:
                lock = self._store().lock(key, max(0.0, min(left, SLICE)))
            except Exception as error:
                return _store_failed(error)
            if lock is not None:
                self._locks[key] = lock
                return Event.LOCKED()
            if self._cancel.requested:
                return Event.CANCEL()
            if left <= SLICE:
                return Event.BUSY()

    def load(self, key: str, yours: Callable[[Callable[[], _Found]], _Found]) -> Event:
        """Reads, by `yours` where the store is the program's own."""
        store = self._store()
        try:
            ours = isinstance(store, Sealed)
            found = store.load(key) if ours else yours(lambda: store.load(key))
            if self._cancel.requested:
                return Event.CANCEL()
            if found is None:
                return Event.LOADED(revision=0, value=None)
            revision, value = found
            if type(revision) is not int or not 0 < revision < 2**64 or type(value) is not bytes:
                raise TypeError("load gives a revision from 1 to 2**64 - 1, and bytes")
            return Event.LOADED(revision=revision, value=value)
        except Exception as error:
            return _store_failed(error)

    def swap(self, key: str, revision: int | None, value: bytes | None) -> Event:
        """Writes, also for one who has gone."""
        try:
            return Event.SWAPPED(swapped=self._store().swap(key, revision, value) is True)
        except Exception as error:
            return _store_failed(error)

    def unlock(self, key: str) -> Event:
        """Gives the lock back."""
        try:
            lock = self._locks.pop(key, None)
            if lock is not None:
                lock.release()
        except Exception as error:
            return _store_failed(error)
        return Event.OK()

    def _store(self) -> Store:
        store = self._place
        if store is None:
            raise AssertionError("a flow without a store asks for one")
        return store


def _store_failed(error: Exception) -> Event:
    """The store's error as the event that the flow turns into the same error. A mistake of ours is
    no event: it ends the flow as what it is."""
    if not isinstance(error, ProofKeyError):
        return Event.FAILED(code="", detail=clean(f"{type(error).__name__}: {error}"))
    if error.code == "internal_error":
        raise error
    before = from_store(error.code, "")._message
    return Event.FAILED(code=error.code, detail=clean(error._message.removeprefix(before)))
