"""One flow of an authorization server: what its store is asked next, and what came of it. It asks
nothing itself, so that those who wait and those who do not share it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from . import _arguments as arguments
from . import _native
from . import _server_rows as rows
from ._crossing import crossing, from_native
from ._native import StoreEvent, StoreStep

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Report = Callable[[str, Exception], object]
"""Is told which call of the store failed, and how."""


class Flow(Protocol[T_co]):
    """A flow of the core, and what it ends with."""

    def advance(self, event: StoreEvent) -> StoreStep:
        """Takes what the store has done and says what it does next."""

    def outcome(self) -> T_co | None:
        """What came of it, once, when it is done."""


class Call(NamedTuple):
    """A call of the store: its name and what it is given."""

    name: str
    given: tuple[Any, ...]


class Exchange(Generic[T]):
    """A flow that is being served."""

    __slots__ = ("_asked", "_flow", "_report")

    def __init__(self, flow: Flow[T], report: Report) -> None:
        self._flow = flow
        self._report = report
        self._asked = ""

    def begin(self) -> Call | None:
        """The first call; None where there is none to make."""
        return self._next(crossing(self._flow.advance, StoreEvent.START()))

    def answered(self, given: object) -> Call | None:
        """The store has answered. What is no answer is a failure of the store."""
        try:
            step = self._flow.advance(self._event(given))
        except Exception as error:
            # What cannot cross, and a row with a challenge that is none, the flow has not seen, and
            # goes on. Else it has ended, and that is what is raised.
            failure = from_native(error) if isinstance(error, _native.ProofKeyError) else error
        else:
            return self._next(step)
        try:
            step = self._flow.advance(StoreEvent.FAILED())
        except _native.ProofKeyError:
            raise failure from None
        return self._failed(failure, step)

    def failed(self, error: Exception) -> Call | None:
        """The store has failed: the flow issues nothing any more."""
        return self._failed(error, crossing(self._flow.advance, StoreEvent.FAILED()))

    def outcome(self) -> T:
        """What came of it."""
        outcome = crossing(self._flow.outcome)
        if outcome is None:
            raise AssertionError("the flow is done and has no outcome")
        return outcome

    def _failed(self, error: Exception, step: StoreStep) -> Call | None:
        self._report(self._asked, error)
        return self._next(step)

    def _next(self, step: StoreStep) -> Call | None:
        call = _call(step)
        self._asked = call.name if call else ""
        return call

    def _event(self, given: object) -> StoreEvent:
        """What the store has answered to what it was asked."""
        if self._asked == "put":
            return StoreEvent.STORED(stored=_done("put", given))
        if self._asked == "find":
            row, now = _seen("find", given)
            return StoreEvent.FOUND(grant=rows.found_grant(row), now=now)
        if self._asked == "claim":
            return StoreEvent.CLAIMED(claimed=_done("claim", given))
        if self._asked == "rotate":
            return StoreEvent.ROTATED(rotated=_done("rotate", given))
        if self._asked == "remember":
            return StoreEvent.REMEMBERED(remembered=_done("remember", given))
        if self._asked == "find_token":
            row, now = _seen("find_token", given)
            return StoreEvent.FOUND_TOKEN(token=rows.found_token(row), now=now)
        if inspect.isawaitable(given):
            # A method of the other kind of store: nobody awaits it, and nothing is done.
            raise TypeError(f"{self._asked} of the store must do it, not give an awaitable")
        return StoreEvent.OK()


def _call(step: StoreStep) -> Call | None:
    if step.is_PUT():
        return Call("put", (rows.new_grant(step.grant),))
    if step.is_FIND():
        return Call("find", (step.grant_id, bytes(step.code_hash)))
    if step.is_CLAIM():
        tokens = rows.new_tokens(step.tokens)
        code_hash = bytes(step.code_hash)
        return Call("claim", (step.grant_id, code_hash, step.max_mismatches, tokens))
    if step.is_COUNT():
        return Call("count", (step.grant_id,))
    if step.is_REVOKE():
        return Call("revoke", (step.grant_id,))
    if step.is_FIND_TOKEN():
        return Call("find_token", (step.grant_id, bytes(step.token_hash)))
    if step.is_ROTATE():
        tokens = rows.new_tokens(step.tokens)
        token_hash = bytes(step.token_hash)
        return Call("rotate", (step.grant_id, token_hash, step.reuse_window_s, tokens))
    if step.is_REMEMBER():
        return Call("remember", (step.name, step.lifetime_s))
    if step.is_DONE():
        return None
    raise NotImplementedError(f"this driver does not know the step {step}")


def _done(name: str, given: object) -> bool:
    """Nothing but True is a yes, and a number of rows is neither."""
    if not isinstance(given, bool):
        raise TypeError(f"{name} of the store must give a bool, not {type(given).__name__}")
    return given


def _seen(name: str, given: object) -> tuple[object, int]:
    if not isinstance(given, tuple) or len(given) != 2:
        raise TypeError(
            f"{name} of the store must give a row and its clock, not {type(given).__name__}"
        )
    return given[0], rows.seconds("the clock of the store", given[1])


def check_store(given: object, remembers: bool) -> None:
    """The setting ``store``, as far as can be seen before it is used."""
    names = ["put", "find", "claim", "rotate", "count", "revoke", "find_token"]
    if remembers:
        names.append("remember")
    missing = [name for name in names if not callable(getattr(given, name, None))]
    if missing:
        raise arguments.wrong_type("store", f"a store with {', '.join(missing)}", given)
