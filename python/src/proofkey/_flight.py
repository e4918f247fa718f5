"""One run of a flow on a thread of its own, for whoever waits for it.

It belongs to no task, no event loop and no thread of the program: who stops waiting stops for
itself, and what the server has been asked is answered and kept all the same. A thread is what
neither a cancel, nor the end of an event loop, nor Ctrl-C can reach.
"""

from __future__ import annotations

import atexit
import os
import threading
import time

from ._errors import ProofKeyError, UserCancelled

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar

    _T = TypeVar("_T")

    class _Of(Generic[_T]):
        """What a flight comes to is of a type."""
else:
    _T = None

    class _Of:
        """Which is nothing that anyone asks for while the program runs."""

        def __class_getitem__(cls, item):
            return cls


class Cancel:
    """Whether the one who asked has gone, and what wakes the wait that runs then."""

    __slots__ = ("_lock", "_wake", "abandon", "requested")

    def __init__(self, abandon: Callable[[], object] = bool) -> None:
        self.requested = False
        self.abandon = abandon
        """Nobody waits any more for what runs, which may run on for nobody."""
        self._lock = threading.Lock()
        self._wake: Callable[[], object] | None = None

    def request(self) -> None:
        """The caller has gone. Called from any thread; the wait that runs ends at once."""
        with self._lock:
            self.requested = True
            if self._wake is not None:
                self._wake()

    def waking(self, wake: Callable[[], object] | None) -> None:
        """What ends the wait that begins now, or None at its end: afterwards it is not called."""
        with self._lock:
            self._wake = wake
            if self.requested and wake is not None:
                wake()


class Flight(_Of[_T]):
    """Work that runs beside, and that is over once for all who wait."""

    def __init__(self, work: Callable[[Cancel], _T]) -> None:
        self.done = threading.Event()
        self._process = os.getpid()
        self._work: Callable[[Cancel], _T] | None = work
        self._cancel = Cancel(self._abandon)
        self._lock = threading.Lock()
        self._waiting = 0
        self._watchers: list[Callable[[], object]] = []
        self._result: _T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="proofkey-flight", daemon=True)

    def start(self) -> None:
        """Begins. What keeps it from that, Ctrl-C among it, ends the wait of the one who waits."""
        _in_the_air.add(self)
        try:
            self._thread.start()
        except BaseException as error:
            if isinstance(error, RuntimeError):  # There is no thread to be had.
                _in_the_air.discard(self)
                self._over(None, error)
            self.leave()
            raise

    def join(self) -> bool:
        """Waits from here on; False where it is over, where nobody was waiting any more, and where
        it flies in the process that this one was forked from."""
        # Before the lock, which may have been taken when the process was forked.
        if self._process != os.getpid():
            return False
        with self._lock:
            if self._cancel.requested or self.done.is_set():
                return False
            self._waiting += 1
            return True

    def leave(self) -> None:
        """Waits no longer. When nobody does the work is cancelled; what must be finished is."""
        with self._lock:
            self._waiting -= 1
            last = not self._waiting and not self.done.is_set()
        if last:
            self.cancel()

    def cancel(self) -> None:
        """Ends the work as soon as that loses nothing."""
        self._cancel.request()

    def watch(self, watcher: Callable[[], object]) -> None:
        """Calls this when it is over, from its thread; at once where it is."""
        with self._lock:
            if not self.done.is_set():
                self._watchers.append(watcher)
                return
        watcher()

    def forget(self, watcher: Callable[[], object]) -> None:
        """Does not call this any more."""
        with self._lock:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def result(self) -> _T:
        """What came of it, once it is over. Whoever waited gets an error of its own."""
        error = self._error
        if isinstance(error, ProofKeyError):
            raise type(error)(*error.args)
        if error is not None:
            raise error
        return self._result  # type: ignore[return-value]  # set where there is no error

    def wait(self) -> _T:
        """Waits, and gives what came of it. Ctrl-C ends the wait, and the work with its last."""
        try:
            while not self.done.wait(SLICE):
                pass
        finally:
            self.leave()
        return self.result()

    def fly(self) -> _T:
        """Begins and waits, for work that is the caller's alone: Ctrl-C comes out when nothing is
        left open. Another Ctrl-C does not wait."""
        try:
            self.start()
            return self.wait()
        except BaseException:
            while not self.done.wait(SLICE):
                if not self._thread.is_alive():
                    break  # Ctrl-C came before it began.
            raise

    def end_with_the_program(self, deadline: float) -> None:
        """Cancels, and waits for what must be finished."""
        if self._process == os.getpid():
            self.cancel()
            self.done.wait(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        work = self._work
        result: _T | None = None
        error: BaseException | None = None
        try:
            if work is not None:
                result = work(self._cancel)
        except BaseException as raised:
            error = raised
        finally:
            # What hangs on it, a client among it, is not kept by those who keep the result.
            work = self._work = None
            _in_the_air.discard(self)
            self._over(result, error)

    def _abandon(self) -> None:
        self._over(None, UserCancelled("cancelled", "nobody waits for this any more", "Ask again."))

    def _over(self, result: _T | None, error: BaseException | None) -> None:
        """Once; what comes later is for nobody."""
        with self._lock:
            if self.done.is_set():
                return
            self._result, self._error = result, error
            self.done.set()
            watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            watcher()


SLICE = 0.2
"""Some systems show Ctrl-C only between two waits; in seconds."""

# A code that is being redeemed, a token that is being refreshed: 30 s for the exchange, and the
# store.
_LONGEST_FINISH = 40.0

_in_the_air: set[Flight[Any]] = set()


def _end_of_the_program() -> None:
    deadline = time.monotonic() + _LONGEST_FINISH
    for flight in list(_in_the_air):
        flight.end_with_the_program(deadline)


atexit.register(_end_of_the_program)
