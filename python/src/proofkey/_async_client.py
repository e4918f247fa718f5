"""The client for asyncio."""

from __future__ import annotations

from types import TracebackType

from . import _loop_async
from ._errors import closed
from ._settings import ClientSettings
from ._tokens import TokenSet


class AsyncClient(ClientSettings):
    """As `Client`, for asyncio. It may serve many sign-ins at once."""

    async def sign_in(self) -> TokenSet:
        """Signs the user in: opens the browser, waits for the redirect, redeems the code.

        Where the endpoints were not given it first asks the issuer for its metadata (RFC 8414),
        once an hour.

        A cancel ends the wait for metadata and for the user at once. While the code is being
        redeemed it waits for the answer, at most 30 s: the server may have used up the code. In
        both cases it ends in `asyncio.CancelledError` and nothing is left open. So does the end of
        the event loop: `asyncio.run` cancels what still runs and waits for it. Only a loop that is
        stopped and closed by hand does not wait: then the exchange runs to its end on its own
        thread, nobody gets the answer, and asyncio says that a pending task was destroyed.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        if self._closed:
            raise closed("AsyncClient")
        discovery = self._discovery()
        if discovery is not None:
            self._found(await _loop_async.run(discovery))
        return TokenSet(await _loop_async.run(self._flow(), self._browser))

    async def aclose(self) -> None:
        """Ends the client: later sign-ins are refused. Those that run are not touched."""
        self._closed = True

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
