"""The flights of a client: which there are, and what comes of them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence

from . import _arguments as arguments
from . import _browser, _driver, _native
from ._crossing import crossing, from_native
from ._errors import FixConfiguration, ProofKeyError, closed
from ._flight import Cancel, Flight
from ._settings import Settings
from ._store import Sealed
from ._tokens import TokenSet

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Receiving = Literal["auto", "browser", "paste"]
    """How a redirect comes: to this machine, or as an address that is pasted; ``auto`` takes the
    first where there is a browser."""

    Asking = Literal["auto", "browser", "paste", "device"]
    """How the user is asked: by a browser on this machine, by an address that is shown and another
    that is pasted, or by a code that is entered on another device (RFC 8628). ``auto`` is one of
    the first two, and never the last."""

    Interaction = Literal["never", "auto", "browser", "paste", "device"]
    """Whether the user may be asked, and how."""


class Landed(Flight[_native.AccessOutcome]):
    """A flight to tokens, or away from them."""

    rejected: bytes | None = None
    """Names the token that it is not to come back with."""


class Flights(Settings):
    """The state of a client. Every flow runs on a flight; what all threads and tasks share is here,
    under one lock that is never held while anything waits."""

    _held: TokenSet | None = None
    _warning: ProofKeyError | None = None
    _known: _native.Discovered | None = None
    _closed = False
    # Counts what replaces all that was before: a sign-in, a sign-out.
    _era = 0
    # The newest sign-in that a resource demanded, and the era that it began.
    _stepped: tuple[object, int] = (None, 0)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._flights: dict[object, Landed] = {}
        # Its lock, too, may be held by a thread that a fork has left behind.
        self._nonces = crossing(_native.DpopNonces)

    def _fresh(self, rejected: bytes | None = None) -> TokenSet | None:
        """The tokens at hand, if they can be used as they are."""
        held = self._held
        if held is None or not held._is_fresh(int(time.time())):
            return None
        return None if rejected is not None and held._fingerprint() == rejected else held

    def _token_flight(
        self,
        interaction: Interaction,
        rejected: bytes | None = None,
        www_authenticate: Sequence[str] = (),
    ) -> TokenSet | Landed:
        """A flight to a token, which is shared by all who want one now; or the token, if another
        flight has landed meanwhile. `rejected` names one that the resource did not take."""
        self._check_open()
        check_interaction(interaction)
        asks = interaction != "never"
        # Who may not ask the user does not wait for one who is asked.
        kind = "asks" if asks else "never"
        with self._here():
            held = self._fresh(rejected)
            if held is not None:
                return held
            flight = self._flights.get(kind)
            if flight is not None and flight.join():
                return flight
            goal = _native.Goal.TOKEN_OR_SIGN_IN if asks else _native.Goal.TOKEN
            flight = self._flight(goal, interaction, kind, rejected, list(www_authenticate))
            flight.start()
            self._flights[kind] = flight
        return flight

    def _step_up_flight(
        self, interaction: Interaction, used: bytes | None, era: int, step_up: _native.StepUp
    ) -> TokenSet | Landed:
        """As `_token_flight`, to a token for which more is asked: by a sign-in, which is shared by
        all who want the same. `used` names the token that was not enough; `era` was when it was
        got."""
        self._check_open()
        kind = (*step_up.scopes, None, *step_up.acr_values, None, step_up.max_age)
        with self._here():
            held = self._fresh(used)
            # Another who wanted the same has signed in meanwhile.
            if held is not None and self._stepped[0] == kind and self._stepped[1] > era:
                return held
            flight = self._flights.get(kind)
            if flight is not None and flight.join():
                return flight
            demands = step_up.www_authenticate
            goal = _native.Goal.SIGN_IN
            flight = self._flight(goal, interaction, kind, None, demands, step_up=step_up)
            flight.start()
            self._flights[kind] = flight
        return flight

    def _own_flight(
        self,
        goal: _native.Goal,
        interaction: Asking = "browser",
        resumable: bool = False,
        redirect: str | None = None,
    ) -> Landed:
        """A flight of the caller's own, which has not begun."""
        self._check_open()
        check_interaction(interaction, _ASKING)
        return self._flight(goal, interaction, resumable=resumable, redirect=redirect)

    def _sign_in(self, interaction: Asking, resumable: bool, device: bool) -> Landed:
        if arguments.flag("device", device):
            if interaction not in ("auto", "device"):
                raise FixConfiguration(
                    "invalid_configuration",
                    "device and interaction name two ways to ask the user",
                    "Give one of them.",
                )
            interaction = "device"
        return self._own_flight(_native.Goal.SIGN_IN, interaction, resumable)

    def _resumption(self, redirect: str | None, interaction: Receiving) -> Landed:
        arrived = arguments.optional_text("redirect", redirect)
        # A sign-in on another device waits for no redirect.
        check_interaction(interaction, _RECEIVING)
        return self._own_flight(_native.Goal.RESUME, interaction, redirect=arrived)

    def _flight(
        self,
        goal: _native.Goal,
        interaction: Interaction,
        kind: object = None,
        rejected: bytes | None = None,
        www_authenticate: list[str] | None = None,
        resumable: bool = False,
        redirect: str | None = None,
        step_up: _native.StepUp | None = None,
    ) -> Landed:
        paste = self._pastes(interaction)
        config = self._flow_config(paste, resumable)
        platform = self._platform(paste)
        era = self._era

        def fly(cancel: Cancel) -> _native.AccessOutcome:
            try:
                run = _native.AccessRun(
                    key=self._data_key(cancel),
                    rejected=rejected,
                    www_authenticate=www_authenticate or [],
                    redirect_uri=redirect,
                    known=self._known,
                    device=interaction == "device",
                    step_up=step_up,
                    nonces=self._nonces,
                )
                flow = crossing(_native.Access, config, goal, run)
                outcome = _driver.run(flow, platform, cancel)
                self._land(goal, outcome, era, kind if step_up else None)
                return outcome
            finally:
                # Who comes from here on finds the tokens, or flies again.
                if kind is not None:
                    with self._lock:
                        if self._flights.get(kind) is flight:
                            del self._flights[kind]

        flight = Landed(fly)
        flight.rejected = rejected
        flight.join()
        return flight

    def _data_key(self, cancel: Cancel) -> _native.DataKey | None:
        store = self._store
        if not isinstance(store, Sealed):
            return None
        # The system's keyring may ask the user to unlock it.
        if store._is_ready():
            return store._data_key()
        return _driver.yours(store._data_key, cancel, bool)

    def _land(
        self, goal: _native.Goal, outcome: _native.AccessOutcome, era: int, stepped: object
    ) -> None:
        tokens = None if outcome.tokens is None else TokenSet(outcome.tokens)
        replaces = goal not in (_native.Goal.TOKEN, _native.Goal.TOKEN_OR_SIGN_IN)
        warning = None if outcome.warning is None else from_native(outcome.warning)
        with self._lock:
            # What has ended meanwhile does not come back.
            if replaces or self._era == era:
                self._held = tokens
            if replaces:
                self._era += 1
            if stepped is not None:
                self._stepped = stepped, self._era
            self._warning = warning
            if outcome.discovered is not None:
                self._known = outcome.discovered
        if warning is not None:
            import logging

            logging.getLogger("proofkey").warning("%s: %s", warning.code, warning)

    def _pastes(self, interaction: Interaction) -> bool:
        if interaction != "auto":
            return interaction == "paste"
        if _browser.is_there(self._browser):
            return False
        from . import _paste

        return _paste.is_possible()

    def _here(self) -> threading.Lock:
        """The lock. In a forked child it is a new one, and nothing flies: who held it and what flew
        have stayed with the parent."""
        if self._process != os.getpid():
            self._begin()
        return self._lock

    def _close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise closed(type(self).__name__)

    def __repr__(self) -> str:
        named = {"issuer": self._config.issuer, "client_id": self._config.client_id}
        words = [repr(self._config.resource)] if self._config.resource else []
        words += [f"{name}={value!r}" for name, value in named.items() if value]
        return f"<{type(self).__name__} {' '.join(words)}>"


_RECEIVING = ("auto", "browser", "paste")
_ASKING = (*_RECEIVING, "device")


def check_interaction(value: object, known: Sequence[str] = ("never", *_ASKING)) -> None:
    """The setting of this name, which is one of these."""
    if value not in known:
        raise FixConfiguration(
            "invalid_configuration",
            f"interaction is none of {', '.join(known)}",
            "Correct this setting and start again.",
        )
