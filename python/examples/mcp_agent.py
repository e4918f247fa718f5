#!/usr/bin/env python3
"""An agent that uses an MCP server of which it knows nothing but the address.

    pip install 'proofkey[mcp]' mcp
    mcp_agent.py URL [TOOL NAME=VALUE...]

The first call of the server is answered by 401. Then the agent finds the authorization server,
gets an identifier there, and asks the user; where no browser is, by an address to be opened
elsewhere. What comes is kept in this user's folder: the next run asks nobody.
"""

import argparse
import asyncio

import httpx2
import proofkey.mcp
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="the MCP server's address")
    parser.add_argument("tool", nargs="?", help="the tool to call; else they are listed")
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE", help="what the tool is given")
    given = parser.parse_args()

    auth = proofkey.mcp.auth(
        given.url, client_name="ProofKey's example agent", store=proofkey.FileStore()
    )
    async with (
        httpx2.AsyncClient(auth=auth, timeout=httpx2.Timeout(30, read=300)) as http,
        Client(streamable_http_client(given.url, http_client=http)) as server,
    ):
        if given.tool:
            values = dict(value.split("=", 1) for value in given.values)
            answer = await server.call_tool(given.tool, values)
            for part in answer.content:
                print(getattr(part, "text", part))
        else:
            for tool in (await server.list_tools()).tools:
                print(f"{tool.name}: {tool.description or ''}")


def first_of(error: BaseException) -> BaseException:
    """The MCP SDK raises errors in groups, which stand in groups."""
    inner = getattr(error, "exceptions", None)
    return first_of(inner[0]) if inner else error


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Exception as error:
        reason = first_of(error)
        if not isinstance(reason, proofkey.ProofKeyError):
            raise
        raise SystemExit(str(reason)) from None
