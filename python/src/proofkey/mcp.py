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

from typing import TYPE_CHECKING, Any

from ._async_client import AsyncClient
from .httpx import Auth

if TYPE_CHECKING:
    from ._access import Interaction

__all__ = ["auth"]


def auth(url: str, *, interaction: Interaction = "auto", **settings: Any) -> Auth:
    """``auth=`` for requests to an MCP server, as the MCP authorization specification wants it:
    from the server's 401 to its authorization servers, to an identifier for this client, to a
    token that is for this server alone, kept and refreshed.

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
