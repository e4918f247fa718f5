"""The loop over a flow's steps, once for both clients. It blocks: it runs on a flight's thread."""

from __future__ import annotations

import threading
import time

from . import _browser, _native
from ._crossing import crossing, from_native
from ._flight import Cancel
from ._http import clean
from ._kept import Kept
from ._native import Event, LoopbackReceiver, Step
from ._store import Store

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol, TypeVar, Union

    from ._device import DeviceCode
    from ._paste import Terminal
    from ._signer import Signer

    _T = TypeVar("_T")
    _T_co = TypeVar("_T_co", covariant=True)

    Confirm = Union[Sequence[str], Callable[[str, str], object]]
    """The hosts of the issuers that may be trusted, or a function that says so of an issuer's host
    and the host of the resource that named it."""

    OnDeviceCode = Callable[[DeviceCode], object]
    """Shows the user where to go and what to enter there. What it shows stays until the sign-in has
    ended."""

    class Flow(Protocol[_T_co]):
        """A flow of the core, and what it ends with."""

        def advance(self, event: Event, now: int) -> Step:
            """Takes what has happened and says what to do next; `now` is in seconds since the
            epoch."""

        def outcome(self) -> _T_co | None:
            """What came of it, once, when it is done."""


class Platform:
    """What a flow meets outside: the user, by a browser, a terminal or another device, the store,
    and who keeps the key."""

    __slots__ = ("browser", "confirm", "on_device_code", "paste", "signer", "store")

    def __init__(
        self,
        store: Store | None = None,
        browser: _browser.Browser | None = None,
        confirm: Confirm | None = None,
        paste: bool = False,
        on_device_code: OnDeviceCode | None = None,
        signer: Signer | None = None,
    ) -> None:
        self.store = store
        self.browser = browser
        self.confirm = confirm
        self.paste = paste
        self.on_device_code = on_device_code
        self.signer = signer


def run(flow: Flow[_T], platform: Platform, cancel: Cancel) -> _T:
    """Serves the flow, and gives what it ends with. What it holds is given back at the end."""
    at = _Place(platform, cancel)
    event = Event.START()
    step: Step | None = None
    try:
        while True:
            try:
                step = flow.advance(event, int(time.time()))
            except _native.ProofKeyError as error:
                failure = from_native(error)
                break
            if step.is_DONE():
                outcome = crossing(flow.outcome)
                if outcome is None:
                    raise AssertionError("the flow is done and has no outcome")
                return outcome
            event = at.perform(step)
    finally:
        at.leave()
        # What shows a traceback with its variables finds neither code nor token here.
        event, step = Event.CANCEL(), None
    raise failure


def yours(call: Callable[[], _T], cancel: Cancel, leave: Callable[[], object]) -> _T | None:
    """What the program's own code gives, which may take its time. Who has gone does not wait for
    it: `leave` gives back what is held meanwhile, and then nothing came of it."""

    def abandon() -> None:
        leave()
        cancel.abandon()

    cancel.waking(abandon)
    try:
        given = call()
    finally:
        cancel.waking(None)
    return None if cancel.requested else given


class _Place:
    """Where the steps are done: what is open and held while the flow runs."""

    def __init__(self, platform: Platform, cancel: Cancel) -> None:
        self._platform = platform
        self._cancel = cancel
        self._receiver: LoopbackReceiver | None = None
        self._kept = Kept(platform.store, cancel)
        self._end = 0.0
        self._browsed = False
        self._terminal: Terminal | None = None
        # Whether the flow has heard that the caller has gone.
        self._told = False

    def perform(self, step: Step) -> Event:
        """Does what the step says. Who has gone is not waited for; but what must be finished is
        finished, what came is written, and what is held is given back."""
        if step.is_SWAP():
            return self._kept.swap(step.key, step.revision, step.value)
        if step.is_UNLOCK():
            return self._kept.unlock(step.key)
        if self._cancel.requested and not (step.is_SEND() and step.finish and self._told):
            self._told = True
            return Event.CANCEL()
        return self._act(step)

    def _act(self, step: Step) -> Event:
        if step.is_SEND():
            # HTTP and TLS take longest to import, and the user is being waited for before.
            from . import _http_sync

            return _http_sync.exchange(step.request, None if step.finish else self._cancel)
        if step.is_LOAD():
            return self._kept.load(step.key, self._yours)
        if step.is_LOCK():
            return self._kept.lock(step.key, step.deadline_ms / 1000)
        if step.is_CONFIRM():
            return self._confirm(step.issuer_host, step.resource_host)
        if step.is_LISTEN():
            return self._listen(step)
        if step.is_BROWSE():
            self._end = time.monotonic() + step.deadline_ms / 1000
            self._browsed = True
            return self._redirect(step.url, "")
        if step.is_AWAIT():
            if not self._browsed:
                self._end = time.monotonic() + step.deadline_ms / 1000
                self._browsed = True
            return self._redirect(None, step.text)
        if step.is_SHOW_CODE():
            return self._show_code(step.code, time.monotonic() + step.poll_ms / 1000)
        if step.is_WAIT():
            return self._pause(time.monotonic() + step.millis / 1000)
        if step.is_KEY():
            return self._key(step.key_id)
        if step.is_SIGN():
            return self._sign(step.key_id, step.input)
        raise NotImplementedError(f"this driver does not know the step {step}")

    def leave(self) -> None:
        """Gives back what is held."""
        self._kept.leave()
        if self._receiver is not None:
            crossing(self._receiver.release)

    def _yours(self, call: Callable[[], _T]) -> _T | None:
        return yours(call, self._cancel, self.leave)

    # The user.

    def _listen(self, step: Step) -> Event:
        try:
            self._receiver = LoopbackReceiver.bind(step.host, step.port, step.path)
            return Event.LISTENING(port=self._receiver.port())
        except _native.ProofKeyError as error:
            return _not_received(error)

    def _confirm(self, issuer_host: str, resource_host: str) -> Event:
        confirm = self._platform.confirm
        if confirm is None:
            return Event.ALLOWED()
        if callable(confirm):
            ask = confirm
            # Nothing but True is a yes.
            allowed = self._yours(lambda: ask(issuer_host, resource_host)) is True
            if self._cancel.requested:
                return Event.CANCEL()
        else:
            allowed = issuer_host.lower() in [host.lower() for host in confirm]
        return Event.ALLOWED() if allowed else Event.REFUSED()

    def _redirect(self, url: str | None, why: str) -> Event:
        """Waits for a redirect, after sending the user to the server if there is a `url`."""
        if self._platform.paste:
            return self._pasted(url, why)
        receiver = self._receiver
        if receiver is None:
            return _no_browser("only a loopback redirect can be received here")
        if url is not None:
            browser = self._platform.browser
            try:
                self._yours(lambda: _browser.open_url(browser, url))
            except _browser.CannotOpen as error:
                return _no_browser(str(error))
            if self._cancel.requested:
                return Event.CANCEL()
        self._cancel.waking(lambda: crossing(receiver.cancel))
        try:
            return wait(receiver, round(self._left() * 1000))
        finally:
            self._cancel.waking(None)

    def _pasted(self, url: str | None, why: str) -> Event:
        from . import _paste

        if self._terminal is None:
            self._terminal = _paste.Terminal(self._cancel)
            self._terminal.invite(url)
        elif why:
            self._terminal.refuse(why)
        try:
            while True:
                line = self._terminal.line(self._end)
                if line is None:
                    return Event.CANCEL()
                if line:
                    return Event.REDIRECT(uri=clean(line))
        except TimeoutError:
            return Event.ELAPSED()
        except EOFError:
            return Event.DISMISSED()
        except _paste.CannotAsk as error:
            return _no_browser(str(error))

    def _show_code(self, code: _native.DeviceCode, end: float) -> Event:
        from . import _device

        show, given = self._platform.on_device_code or _device.show, _device.given_out(code)
        self._yours(lambda: show(given))
        return self._pause(end)

    def _pause(self, end: float) -> Event:
        """Waits; who has gone is not waited for."""
        woken = threading.Event()
        self._cancel.waking(woken.set)
        try:
            pause(woken, max(0.0, end - time.monotonic()))
        finally:
            self._cancel.waking(None)
        return Event.CANCEL() if self._cancel.requested else Event.ELAPSED()

    # The key.

    def _key(self, key_id: str) -> Event:
        from . import _signer

        return self._signed(
            lambda: _signer.public_key(self._platform.signer, key_id), Event.PUBLIC_KEY
        )

    def _sign(self, key_id: str, text: str) -> Event:
        from . import _signer

        return self._signed(
            lambda: _signer.signature(self._platform.signer, key_id, text), Event.SIGNED
        )

    def _signed(self, ask: Callable[[], bytes], event: Callable[[bytes], Event]) -> Event:
        try:
            given = self._yours(ask)
        except Exception as error:
            from . import _signer

            return Event.FAILED(code="", detail=_signer.words(error))
        return Event.CANCEL() if given is None else event(given)

    def _left(self) -> float:
        return max(0.0, self._end - time.monotonic())


def pause(woken: threading.Event, seconds: float) -> None:
    """Waits until somebody wakes it, or for so long."""
    woken.wait(seconds)


def wait(receiver: LoopbackReceiver, milliseconds: int) -> Event:
    """Waits for a redirect, for so long. What came, as an event."""
    try:
        what = receiver.wait(milliseconds)
    except _native.ProofKeyError as error:
        return _not_received(error)
    if what.is_REDIRECT():
        return Event.REDIRECT(uri=what.uri)
    return Event.ELAPSED() if what.is_ELAPSED() else Event.CANCEL()


_RECEIVER_FAILED = "the loopback receiver failed: "


def _not_received(error: _native.ProofKeyError) -> Event:
    """The receiver's error as the event that the flow turns into the same error. A mistake of ours
    is no event: it ends the flow as what it is."""
    if error.code == "internal_error":
        raise from_native(error) from None
    # The flow says again which part has failed.
    return Event.FAILED(code=error.code, detail=error.text.removeprefix(_RECEIVER_FAILED))


def _no_browser(detail: str) -> Event:
    """The user could not be sent to the server."""
    return Event.FAILED(code="", detail=clean(detail))
