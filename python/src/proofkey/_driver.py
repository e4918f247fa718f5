"""The loop over a flow's steps, once for both clients.

It is a generator: it yields what is to be done that takes time, and receives the event that came
of it. So nothing here waits, and whoever runs it decides how: by blocking, or by ``await``.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Protocol, TypeVar, Union

from . import _native
from ._crossing import crossing, from_native
from ._http import clean
from ._native import Event, HttpRequest, LoopbackReceiver, Step

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


class Flow(Protocol[_T_co]):
    """A flow of the core, and what it ends with."""

    def advance(self, event: Event, now: int) -> Step:
        """Takes what has happened and says what to do next; `now` is in seconds since the epoch."""

    def outcome(self) -> _T_co | None:
        """What came of it, once, when it is done."""


# Plain classes: what `dataclasses` imports would cost a third of the whole package's import.
class Send:
    """Make this exchange. With `finish` it runs to its end, whoever cancels."""

    __slots__ = ("finish", "request")

    def __init__(self, request: HttpRequest, finish: bool) -> None:
        self.request = request
        self.finish = finish


class Wait:
    """Wait for a redirect, after opening the browser if there is a `url`.

    `end` is on the monotonic clock, in seconds.
    """

    __slots__ = ("end", "receiver", "url")

    def __init__(self, receiver: LoopbackReceiver, end: float, url: str | None = None) -> None:
        self.receiver = receiver
        self.end = end
        self.url = url

    def left_ms(self) -> int:
        """What is left of the deadline, in milliseconds."""
        return max(0, round((self.end - time.monotonic()) * 1000))


Task = Union[Send, Wait]

_RECEIVER_FAILED = "the loopback receiver failed: "


def run(flow: Flow[_T]) -> Generator[Task, Event, _T]:
    """Serves the flow. What it opened is closed when it ends and when it is closed itself."""
    receiver: LoopbackReceiver | None = None
    end = 0.0
    event = Event.START()
    step: Step | None = None
    try:
        while True:
            try:
                step = flow.advance(event, int(time.time()))
            except _native.ProofKeyError as error:
                failure = from_native(error)
                break
            if step.is_LISTEN():
                try:
                    receiver = LoopbackReceiver.bind(step.host, step.port, step.path)
                    event = Event.LISTENING(port=receiver.port())
                except _native.ProofKeyError as error:
                    event = failed(error)
            elif step.is_SEND():
                event = yield Send(step.request, step.finish)
            elif step.is_BROWSE() or step.is_AWAIT():
                if receiver is None:
                    event = no_browser("only a loopback redirect can be received here")
                elif step.is_BROWSE():
                    end = time.monotonic() + step.deadline_ms / 1000
                    event = yield Wait(receiver, end, step.url)
                else:
                    event = yield Wait(receiver, end)
            elif step.is_DONE():
                outcome = crossing(flow.outcome)
                if outcome is None:
                    raise AssertionError("the flow is done and has no outcome")
                return outcome
            else:
                raise NotImplementedError(f"this driver does not know the step {step}")
    finally:
        if receiver is not None:
            crossing(receiver.release)
        # What shows a traceback with its variables finds neither code nor token here.
        event, step = Event.CANCEL(), None
    raise failure


def wait(receiver: LoopbackReceiver, milliseconds: int) -> Event:
    """Waits for a redirect, for so long. What came, as an event."""
    try:
        what = receiver.wait(milliseconds)
    except _native.ProofKeyError as error:
        return failed(error)
    if what.is_REDIRECT():
        return Event.REDIRECT(uri=what.uri)
    return Event.ELAPSED() if what.is_ELAPSED() else Event.CANCEL()


def failed(error: _native.ProofKeyError) -> Event:
    """The receiver's error as the event that the flow turns into the same error. A mistake of ours
    is no event: it ends the sign-in as what it is."""
    if error.code == "internal_error":
        raise from_native(error) from None
    # The flow says again which part has failed.
    return Event.FAILED(code=error.code, detail=error.text.removeprefix(_RECEIVER_FAILED))


def no_browser(detail: str) -> Event:
    """The user could not be sent to the server."""
    return Event.FAILED(code="", detail=clean(detail))
