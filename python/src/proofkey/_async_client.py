"""The client for asyncio."""

from __future__ import annotations

from types import TracebackType

from . import _native
from ._access import AccessClient, landed_tokens
from ._flight_async import fly
from ._flights import check_interaction
from ._request import AsyncAuthorizedRequest, run_async
from ._sign_out import SignedOut, signed_out
from ._tokens import TokenSet

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._flights import Asking, Interaction, Receiving


class AsyncClient(AccessClient):
    """As `Client`, for asyncio, and for any number of tasks and event loops at once.

    Its flows run beside the loop, on threads. A cancel ends the wait of the task that is cancelled
    and of no other. It ends in `asyncio.CancelledError`, as it came in.
    """

    async def sign_in(
        self, *, interaction: Asking = "auto", resumable: bool = False, device: bool = False
    ) -> TokenSet:
        """As `Client.sign_in`.

        A cancel ends the wait for documents and for the user at once. While the code is being
        redeemed it waits for the answer, at most 30 s: the server may have used up the code. Then
        nothing is left open. So does the end of the event loop: `asyncio.run` cancels what still
        runs and waits for it. Only a loop that is stopped and closed by hand does not wait: then
        the exchange runs to its end, what came is kept, and asyncio says that a pending task was
        destroyed.
        """
        return landed_tokens(await fly(self._sign_in(interaction, resumable, device)))

    async def resume(
        self, redirect: str | None = None, *, interaction: Receiving = "browser"
    ) -> TokenSet:
        """As `Client.resume`. A cancel is that of `sign_in`."""
        flight = self._resumption(redirect, interaction)
        # What shows a traceback with its variables finds no code here.
        redirect = None
        return landed_tokens(await fly(flight))

    async def tokens(self, interaction: Interaction = "never") -> TokenSet:
        """As `Client.tokens`. A cancel ends this wait at once; a refresh that others wait for goes
        on, and one that the server may have heard of is finished and kept in any case."""
        return await self._tokens_async(interaction)

    async def access_token(self, interaction: Interaction = "never") -> str:
        """As `Client.access_token`."""
        return (await self._tokens_async(interaction)).expose_access_token()

    async def authorization(
        self, url: str, *, interaction: Interaction = "never", rejected: str | None = None
    ) -> str:
        """As `Client.authorization`."""
        if rejected is None:
            header = self._header(url)
            if header is not None:
                return header
        refused = self._refused(url, rejected)
        return (await self._tokens_async(interaction, refused))._authorization_now(url)

    async def authorize(
        self, method: str, url: str, *, interaction: Interaction = "never"
    ) -> AsyncAuthorizedRequest:
        """As `Client.authorize`."""
        check_interaction(interaction)
        request = AsyncAuthorizedRequest(self, method, url, interaction)
        await run_async(request.first())
        return request

    async def sign_out(self) -> SignedOut:
        """As `Client.sign_out`. Cancelled while the server is asked, it leaves all as it was."""
        flight = self._own_flight(_native.Goal.SIGN_OUT)
        return signed_out(await fly(flight))

    async def aclose(self) -> None:
        """Ends the client: later calls are refused. What runs is not touched, and what is kept
        stays."""
        self._close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
