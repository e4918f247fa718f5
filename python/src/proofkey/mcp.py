"""Authorization for MCP servers, with the HTTP client of the MCP SDK: ``proofkey[mcp]``.

::

    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client
    import proofkey.mcp

    url = "https://mcp.example/mcp"
    async with create_mcp_http_client(auth=proofkey.mcp.auth(url, client_name="My agent")) as http:
        async with Client(streamable_http_client(url, http_client=http)) as session:
            print(await session.list_tools())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._async_client import AsyncClient
from .httpx import Auth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import TypedDict, Unpack

    from ._browser import Browser
    from ._driver import Confirm, OnDeviceCode
    from ._flights import Interaction
    from ._settings import Binding
    from ._signer import Signer
    from ._store import Store

    class Settings(TypedDict, total=False):
        """Those of `AsyncClient`, but for the resource."""

        issuer: str | None
        client_id: str | None
        client_document: str | None
        client_name: str | None
        scopes: Sequence[str]
        account: str | None
        store: Store | None
        confirm: Confirm | None
        redirect_uri: str | None
        port: int | None
        redirect_path: str | None
        browser: Browser | None
        timeout: float
        extra_parameters: Mapping[str, str] | Sequence[tuple[str, str]]
        allow_missing_s256: bool | Sequence[str]
        authorization_endpoint: str | None
        token_endpoint: str | None
        revocation_endpoint: str | None
        iss_promised: bool
        dpop: Binding
        dpop_key: str | None
        signer: Signer | None
        push: bool
        scope_ceiling: Sequence[str] | None
        on_device_code: OnDeviceCode | None
        pushed_authorization_request_endpoint: str | None
        device_authorization_endpoint: str | None
        jwks_uri: str | None
        end_session_endpoint: str | None


__all__ = ["auth"]


def auth(url: str, *, interaction: Interaction = "auto", **settings: Unpack[Settings]) -> Auth:
    """``auth=`` for requests to an MCP server, as the MCP authorization specification wants it:
    from the server's 401 to its authorization servers, to an identifier for this client, to a
    token that is for this server alone, kept and refreshed. Where the server demands more scope,
    the user is asked for that and all that was asked for before, within ``scope_ceiling``.

    Args:
        url: The MCP server's address.
        interaction: Whether the user may be asked for a sign-in, and how.
        settings: Those of `AsyncClient`: ``client_id``, or ``client_document`` and ``client_name``
            for servers that do not know this program; ``store``, ``confirm`` and all others.

    Raises:
        TypeError: A setting is of a wrong type; the message names it.
        FixConfiguration: A setting cannot be used; the message names it.
    """
    return Auth(AsyncClient(url, **settings), interaction)
