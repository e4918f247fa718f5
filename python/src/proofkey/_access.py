"""What both clients do, but for whether a thread waits or a task."""

from __future__ import annotations

import time
from collections.abc import Sequence

from . import _arguments as arguments
from . import _driver, _native
from ._crossing import crossing
from ._errors import ProofKeyError
from ._flight import Flight
from ._flights import Flights
from ._tokens import TokenSet

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ._flights import Interaction
    from ._request import Need

    _T = TypeVar("_T")


class AccessClient(Flights):
    """A client that has tokens, or waits for them."""

    @property
    def last_warning(self) -> ProofKeyError | None:
        """What went wrong in the last call without ending it, as the error that it would have been:
        a refresh that failed while the old token is still good, tokens that could not be kept, a
        sign-out that the server did not hear of. None where nothing did. It is written to the log
        ``proofkey`` as well."""
        return self._warning

    def _header(self, url: str) -> str | None:
        """The header field for a request, if tokens are at hand: one crossing."""
        held = self._held
        if held is None or self._closed:
            return None
        return held._authorization(url, int(time.time()))

    def _refused(self, url: str, rejected: str | None) -> bytes | None:
        """What names the token that the resource did not take. Where another is at hand by now it
        names none: that one will do."""
        self._check_resource(url)
        held = self._held
        if rejected is None or held is None or self._header(url) != rejected:
            return None
        return held._fingerprint()

    # How it is waited for.

    def _tokens(
        self,
        interaction: Interaction,
        rejected: bytes | None = None,
        www_authenticate: Sequence[str] = (),
    ) -> TokenSet:
        """Tokens that are fresh and not the rejected ones."""
        found = self._at_hand(rejected)
        while found is None:
            flight = self._token_flight(interaction, rejected, www_authenticate)
            if isinstance(flight, TokenSet):
                return flight
            found = _new(flight.wait(), rejected, flight.rejected)
        return found

    async def _tokens_async(
        self,
        interaction: Interaction,
        rejected: bytes | None = None,
        www_authenticate: Sequence[str] = (),
    ) -> TokenSet:
        """As `_tokens`."""
        found = self._at_hand(rejected)
        while found is None:
            flight = self._token_flight(interaction, rejected, www_authenticate)
            if isinstance(flight, TokenSet):
                return flight
            from ._flight_async import wait

            found = _new(await wait(flight), rejected, flight.rejected)
        return found

    def _need_tokens(
        self,
        interaction: Interaction,
        rejected: bytes | None = None,
        www_authenticate: Sequence[str] = (),
    ) -> Need:
        """Tokens, whichever way they are waited for."""
        asked = (interaction, rejected, www_authenticate)
        return lambda: self._tokens(*asked), lambda: self._tokens_async(*asked)

    def _need_more(
        self, interaction: Interaction, used: bytes | None, era: int, step_up: _native.StepUp
    ) -> Need:
        """Tokens that a resource takes which demanded more than those that were used."""
        asked = (interaction, used, era, step_up)

        async def wait() -> TokenSet:
            from ._flight_async import wait

            flight = self._step_up_flight(*asked)
            return flight if isinstance(flight, TokenSet) else landed_tokens(await wait(flight))

        def stay() -> TokenSet:
            flight = self._step_up_flight(*asked)
            return flight if isinstance(flight, TokenSet) else landed_tokens(flight.wait())

        return stay, wait

    def _need_yours(self, call: Callable[[], _T]) -> Need:
        """What the program's own code gives. A task is not held up by it, but by its cancel."""

        async def wait() -> object:
            from ._flight_async import wait

            flight = Flight(lambda cancel: _driver.yours(call, cancel, bool))
            flight.join()
            flight.start()
            return await wait(flight)

        return call, wait

    def _at_hand(self, rejected: bytes | None) -> TokenSet | None:
        self._check_open()
        return self._fresh(rejected)

    def _check_resource(self, url: str) -> None:
        """Before anyone is asked for anything: only a request to the client's own resource."""
        crossing(_native.check_resource, self._config.resource, arguments.text("url", url))


def _new(
    outcome: _native.AccessOutcome, rejected: bytes | None, told: bytes | None
) -> TokenSet | None:
    """The tokens of a flight; None where they are the rejected ones, of which it was not told:
    somebody else's flight. One that was told comes back with them only if the server issues no
    others."""
    tokens = landed_tokens(outcome)
    if rejected is None or rejected == told or tokens._fingerprint() != rejected:
        return tokens
    return None


def landed_tokens(outcome: _native.AccessOutcome) -> TokenSet:
    """The tokens that a flight came to."""
    if outcome.tokens is None:
        raise AssertionError("the flow is done and has no tokens")
    return TokenSet(outcome.tokens)
