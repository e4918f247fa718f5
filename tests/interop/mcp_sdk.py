"""The client of the MCP Python SDK, with ProofKey for its authorization."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import proofkey.mcp
from browser import InProcess
from harness import DEADLINE, Server
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from signers import file_store


def calls_until_refreshed(server: Server, store: Path, **settings: Any) -> dict[str, str]:
    """What the tool of the MCP server says once the token that it gets came by a refresh. What a
    brief client gets for its code ends within the second that it takes to get here."""
    browser = InProcess(iss_promised=server.iss_promised)
    auth = proofkey.mcp.auth(
        server.resource, store=file_store(store), browser=browser, timeout=DEADLINE, **settings
    )

    async def run() -> dict[str, str]:
        end = time.monotonic() + DEADLINE
        async with create_mcp_http_client(auth=auth) as http:
            transport = streamable_http_client(server.resource, http_client=http)
            async with Client(transport) as session:
                while time.monotonic() < end:
                    result = await session.call_tool("read_notes", {})
                    about: dict[str, str] = result.structured_content
                    if about["grant"] == "refresh_token":
                        return about
        raise AssertionError("the token was not refreshed")

    return asyncio.run(asyncio.wait_for(run(), 2 * DEADLINE))
