"""Requests with a token by httpx and httpx2: ``proofkey[httpx]`` or ``proofkey[httpx2]``.

::

    import httpx
    from proofkey import Client
    from proofkey.httpx import Auth

    client = Client("https://api.example/notes", client_id="my-agent")
    with httpx.Client(auth=Auth(client, "auto")) as http:
        http.get("https://api.example/notes/1")
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ._access import AccessClient
from ._arguments import wrong_type
from ._flights import check_interaction
from ._request import Tries, run, run_async

if TYPE_CHECKING:
    import httpx
    import httpx2

    from ._async_client import AsyncClient
    from ._client import Client
    from ._flights import Interaction

    class _Either(httpx.Auth, httpx2.Auth):
        # A request of the one is none of the other; here it is whichever comes.
        def auth_flow(self, request: Any) -> Generator[Any, Any, None]: ...
        def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]: ...
        def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]: ...
else:
    # Each takes only what is its own: this is of both, where both are there.
    _both = [import_module(name).Auth for name in ("httpx2", "httpx") if find_spec(name)]
    if not _both:
        raise ImportError("proofkey.httpx needs httpx or httpx2: pip install 'proofkey[httpx]'")
    _Either = type("_Either", tuple(_both), {})

__all__ = ["Auth"]


class Auth(_Either):
    """``auth=`` for the clients of httpx and httpx2, sync and async: puts the token into the header
    of each request to the client's own resource, and a proof where it is bound to a key (RFC 9449);
    it refuses every other request (``wrong_resource``).

    A token that the resource does not take is refreshed, and the request repeated; where it demands
    more and the user may be asked, the user signs in again for that (RFC 9470), within the client's
    ``scope_ceiling``. What is answered then is the answer. A body that is streamed cannot be
    repeated: there the refusal is the answer, and the next request has the new token. Errors come
    out as the client's, `ProofKeyError`.

    Where the user may be asked, the first request is sent without a token: its 401 says where to
    sign in and for what (RFC 9728 §5), and a resource that asks for nothing gets no sign-in.
    """

    def __init__(self, client: Client | AsyncClient, interaction: Interaction = "never") -> None:
        """
        Args:
            client: A client of the resource, of either kind; it may be shared.
            interaction: Whether the user may be asked for a sign-in, and how.

        Raises:
            TypeError: `client` is none.
            FixConfiguration: `interaction` is none of those.
        """
        if not isinstance(client, AccessClient):
            raise wrong_type("client", "a Client or an AsyncClient", client)
        check_interaction(interaction)
        self._client: AccessClient = client
        self._interaction = interaction

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        """See the base class."""
        tries, repeatable = self._tries(request), _is_repeatable(request)
        run(tries.first(repeatable))
        _authorize(request, tries)
        response = yield request
        while run(tries.next(response.status_code, response.headers, repeatable)):
            _authorize(request, tries)
            response = yield request

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        """See the base class."""
        tries, repeatable = self._tries(request), _is_repeatable(request)
        await run_async(tries.first(repeatable))
        _authorize(request, tries)
        response = yield request
        while await run_async(tries.next(response.status_code, response.headers, repeatable)):
            _authorize(request, tries)
            response = yield request

    def _tries(self, request: Any) -> Tries:
        return Tries(self._client, request.method, str(request.url), self._interaction)

    def __repr__(self) -> str:
        return f"<Auth {self._client!r}>"


def _authorize(request: Any, tries: Tries) -> None:
    for name in ("Authorization", "DPoP"):
        value = tries._fields.get(name)
        if value is not None:
            request.headers[name] = value
        elif tries._fields:
            # Of a try before, with another kind of token.
            request.headers.pop(name, None)


def _is_repeatable(request: Any) -> bool:
    """Whether the body is at hand, and no stream."""
    try:
        request.content  # noqa: B018
    except RuntimeError:
        return False
    return True
