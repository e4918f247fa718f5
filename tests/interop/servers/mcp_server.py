"""The authorization server of the MCP Python SDK, with an MCP server behind it whose tools need a
token.

One line of JSON says where it listens; it ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from html import escape
from typing import Any

import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    RefreshToken,
    construct_redirect_uri,
)
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import MCPServer
from mcp.shared.auth import InvalidRedirectUriError, OAuthClientInformationFull, OAuthToken
from pydantic import AnyUrl
from standing import KNOWN, is_known_redirect, lifetime, listening, ready
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

SCOPE = "notes.read"
listener, issuer = listening()


class Known(OAuthClientInformationFull):
    """A client that was known beforehand. The SDK compares the whole redirect URI; so it is for
    clients that have registered themselves."""

    def validate_redirect_uri(self, redirect_uri: AnyUrl | None) -> AnyUrl:
        if redirect_uri is None or not is_known_redirect(str(redirect_uri)):
            raise InvalidRedirectUriError("another redirect URI")
        return redirect_uri


class Access(AccessToken):
    family: str  # Of one sign-in.
    grant: str


class Refresh(RefreshToken):
    family: str


class Provider:
    """What the SDK leaves to the application: to keep things, and to ask the user. It is the
    OAuthAuthorizationServerProvider of the SDK, in memory."""

    def __init__(self) -> None:
        self.clients: dict[str, OAuthClientInformationFull] = {
            name: Known(
                client_id=name,
                client_name=name,
                redirect_uris=[AnyUrl("http://127.0.0.1/callback")],
                token_endpoint_auth_method="none",
                scope=SCOPE,
            )
            for name in KNOWN
        }
        self.asked: dict[str, tuple[str, AuthorizationParams]] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.access: dict[str, Access] = {}
        self.refresh: dict[str, Refresh] = {}
        self.counts: Counter[str] = Counter()

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self.counts["registered"] += 1
        self.clients[client_info.client_id] = client_info

    async def authorize(
        self, client: OAuthClientInformationFull, params: AuthorizationParams
    ) -> str:
        self.counts["authorized"] += 1
        number = secrets.token_urlsafe(32)
        self.asked[number] = (client.client_id, params)
        return f"{issuer}/consent?number={number}"

    def answer(self, number: str, *, allowed: bool) -> str:
        """Where the user's browser goes."""
        client_id, params = self.asked.pop(number)
        redirect_uri = str(params.redirect_uri)
        if not allowed:
            return construct_redirect_uri(redirect_uri, error="access_denied", state=params.state)
        code = AuthorizationCode(
            code=secrets.token_urlsafe(32),
            scopes=params.scopes or [SCOPE],
            expires_at=time.time() + 60,
            client_id=client_id,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
            subject="alice",
        )
        self.codes[code.code] = code
        return construct_redirect_uri(redirect_uri, code=code.code, state=params.state)

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        self.counts["redeemed"] += 1
        del self.codes[authorization_code.code]
        family = secrets.token_urlsafe(32)
        return self.issue(client, authorization_code, family, "authorization_code")

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> Refresh | None:
        return self.refresh.get(refresh_token)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: Refresh, scopes: list[str]
    ) -> OAuthToken:
        self.counts["refreshed"] += 1
        await self.revoke_token(refresh_token)
        return self.issue(client, refresh_token, refresh_token.family, "refresh_token")

    def issue(
        self,
        client: OAuthClientInformationFull,
        of: AuthorizationCode | Refresh,
        family: str,
        grant: str,
    ) -> OAuthToken:
        lives = lifetime(client.client_name, grant)
        about: dict[str, Any] = {
            "client_id": client.client_id,
            "scopes": of.scopes,
            "resource": of.resource,
            "subject": of.subject,
            "family": family,
        }
        access = Access(
            token=secrets.token_urlsafe(32),
            expires_at=int(time.time()) + lives,
            grant=grant,
            **about,
        )
        refresh = Refresh(token=secrets.token_urlsafe(32), **about)
        self.access[access.token] = access
        self.refresh[refresh.token] = refresh
        return OAuthToken(
            access_token=access.token,
            token_type="Bearer",
            expires_in=lives,
            scope=" ".join(of.scopes),
            refresh_token=refresh.token,
        )

    async def load_access_token(self, token: str) -> Access | None:
        return self.access.get(token)

    async def revoke_token(self, token: Access | Refresh) -> None:
        # All of the sign-in, whichever was named.
        self.access = {n: each for n, each in self.access.items() if each.family != token.family}
        self.refresh = {n: each for n, each in self.refresh.items() if each.family != token.family}


provider = Provider()
resource = f"{issuer}/mcp"
server = MCPServer(
    "notes",
    log_level="ERROR",
    auth_server_provider=provider,
    auth=AuthSettings(
        issuer_url=issuer,
        resource_server_url=resource,
        validate_token_resource=True,
        required_scopes=[SCOPE],
        client_registration_options=ClientRegistrationOptions(
            enabled=True, valid_scopes=[SCOPE], default_scopes=[SCOPE]
        ),
        revocation_options=RevocationOptions(enabled=True),
    ),
)


def about(token: AccessToken | None) -> dict[str, str]:
    assert isinstance(token, Access)
    return {
        "subject": token.subject or "",
        "client": token.client_id,
        "scope": " ".join(token.scopes),
        "grant": token.grant,
    }


@server.tool()
def read_notes() -> dict[str, str]:
    """The notes of the user whose token it is."""
    return about(get_access_token())


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.custom_route("/test/forget", ["POST"])
async def forget(request: Request) -> Response:
    """The access tokens are worth nothing any more."""
    provider.access.clear()
    return JSONResponse({})


@server.custom_route("/test/counts", ["GET"])
async def counts(request: Request) -> Response:
    """What was asked for since it began."""
    return JSONResponse(provider.counts)


@server.custom_route("/mcp/notes", ["GET"])
async def notes(request: Request) -> Response:
    """The same for whoever does not speak MCP."""
    if not isinstance(request.user, AuthenticatedUser):
        return Response(status_code=401)
    return JSONResponse(about(request.user.access_token))


@server.custom_route("/consent", ["GET", "POST"])
async def consent(request: Request) -> Response:
    """The user is asked on one page, and says yes by its form or no by its link."""
    number = request.query_params["number"]
    if request.method == "GET" and "no" not in request.query_params:
        here = escape(f"{issuer}/consent?number={number}")
        return HTMLResponse(
            f'<form method="post" action="{here}"><input name="prompt" value="consent"></form>'
            f'<a href="{here}&amp;no=1">No</a>'
        )
    return RedirectResponse(provider.answer(number, allowed=request.method == "POST"), 303)


async def main() -> None:
    # It looks at the header Host, and listens where we say.
    config = uvicorn.Config(server.streamable_http_app(), log_level="error")
    ready(
        issuer=issuer,
        resource=resource,
        notes=f"{resource}/notes",
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        iss_promised=False,
        # It does not read a request without client_secret.
        revokes=False,
    )
    await uvicorn.Server(config).serve(sockets=[listener])


asyncio.run(main())
