"""The same sign-in by the peers, as their documentation does it; nothing leaves the process.

What can be kept between sign-ins (a session, a client, metadata) is made before they are measured.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import warnings

import httpx2
import inputs
import msal
import requests
import urllib3.connection
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthMetadata
from ours import Wire


class _Adapter(requests.adapters.BaseAdapter):
    """Answers instead of sending."""

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        answer = requests.Response()
        answer.status_code = 200
        answer.headers.update(inputs.HEADERS)
        answer._content = inputs.TOKEN_RESPONSE.encode()
        answer.url, answer.request = request.url, request
        return answer

    def close(self) -> None:
        pass


def _authlib_session() -> OAuth2Session:
    return OAuth2Session(
        inputs.CLIENT_ID,
        token_endpoint_auth_method="none",
        scope=" ".join(inputs.SCOPES),
        redirect_uri=inputs.REDIRECT_URI,
        code_challenge_method="S256",
    )


def _authlib(session: OAuth2Session) -> str:
    verifier = generate_token(48)
    url, state = session.create_authorization_url(
        inputs.AUTHORIZATION_ENDPOINT, code_verifier=verifier
    )
    token = session.fetch_token(
        inputs.TOKEN_ENDPOINT,
        authorization_response=inputs.redirect(inputs.state_of(url)),
        state=state,
        code_verifier=verifier,
    )
    return token["access_token"]


_over_adapter = _authlib_session()
_over_adapter.mount("https://", _Adapter())
_over_wire = _authlib_session()


def _connect(connection: urllib3.connection.HTTPSConnection) -> None:
    connection.sock = Wire()
    connection.is_verified = True


urllib3.connection.HTTPSConnection.connect = _connect


def authlib() -> str:
    """Authlib over an adapter that answers."""
    return _authlib(_over_adapter)


def authlib_wire() -> str:
    """Authlib with requests and urllib3; the connection is a stand-in."""
    return _authlib(_over_wire)


class _Answer:
    """An HTTP answer as MSAL wants it."""

    status_code = 200
    headers = inputs.HEADERS

    def __init__(self, text: str) -> None:
        self.text = text

    def raise_for_status(self) -> None:
        pass


class _HttpClient:
    """Stands in for MSAL's HTTP client."""

    def get(self, url: str, **_: object) -> _Answer:
        return _Answer(
            f'{{"issuer":"{inputs.ISSUER}/tenant","token_endpoint":"{inputs.TOKEN_ENDPOINT}",'
            f'"authorization_endpoint":"{inputs.AUTHORIZATION_ENDPOINT}"}}'
        )

    def post(self, url: str, **_: object) -> _Answer:
        return _Answer(inputs.TOKEN_RESPONSE)

    def close(self) -> None:
        pass


# It would rather have the redirect as a form, which a loopback receiver does not get.
warnings.filterwarnings("ignore", message="response_mode=")
_msal = msal.PublicClientApplication(
    inputs.CLIENT_ID,
    # It wants a path; the answer names the same endpoints.
    oidc_authority=inputs.ISSUER + "/tenant",
    http_client=_HttpClient(),
    exclude_scopes=["profile", "offline_access"],
)


def msal_sign_in() -> str:
    """MSAL; its cache is its own, in memory."""
    flow = _msal.initiate_auth_code_flow(inputs.SCOPES, redirect_uri=inputs.REDIRECT_URI)
    redirect = inputs.redirect(inputs.state_of(flow["auth_uri"]))
    return _msal.acquire_token_by_auth_code_flow(flow, inputs.parameters(redirect))["access_token"]


class _Storage:
    """Keeps nothing."""

    async def get_tokens(self) -> None:
        return None

    async def set_tokens(self, tokens: object) -> None:
        pass

    async def get_client_info(self) -> None:
        return None

    async def set_client_info(self, client: object) -> None:
        pass


class _Person:
    """Stands in for the browser and the redirect."""

    async def sent_to(self, url: str) -> None:
        self.url = url

    async def comes_back(self) -> AuthorizationCodeResult:
        given = inputs.parameters(inputs.redirect(inputs.state_of(self.url)))
        return AuthorizationCodeResult(
            code=given["code"], state=given["state"], iss=given.get("iss")
        )


def _provider() -> OAuthClientProvider:
    person = _Person()
    metadata = OAuthClientMetadata(
        redirect_uris=[inputs.REDIRECT_URI],
        scope=" ".join(inputs.SCOPES),
        token_endpoint_auth_method="none",
    )
    made = OAuthClientProvider(
        "https://mcp.example/mcp", metadata, _Storage(), person.sent_to, person.comes_back
    )
    # What its discovery and its registration would have found.
    made.context.oauth_metadata = OAuthMetadata(
        issuer=inputs.ISSUER,
        authorization_endpoint=inputs.AUTHORIZATION_ENDPOINT,
        token_endpoint=inputs.TOKEN_ENDPOINT,
        authorization_response_iss_parameter_supported=True,
        response_types_supported=["code"],
    )
    made.context.client_info = OAuthClientInformationFull(
        client_id=inputs.CLIENT_ID,
        redirect_uris=[inputs.REDIRECT_URI],
        token_endpoint_auth_method="none",
    )
    return made


_mcp = _provider()
_loop = asyncio.new_event_loop()


async def _mcp_sign_in() -> str:
    # The steps of its async_auth_flow that are this sign-in. The way in from outside begins with
    # discovery, which is another job.
    request = await _mcp._perform_authorization()
    answer = httpx2.Response(
        200, headers=inputs.HEADERS, content=inputs.TOKEN_RESPONSE.encode(), request=request
    )
    await _mcp._handle_token_response(answer)
    return _mcp.context.current_tokens.access_token


def mcp_sign_in() -> str:
    """The client of the MCP SDK, on an event loop that stays."""
    return _loop.run_until_complete(_mcp_sign_in())


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def pair() -> str:
    """By hand, with the standard library."""
    return _challenge(secrets.token_urlsafe(32))


def verify() -> bool:
    """By hand, with the standard library; the grammar is not checked."""
    return hmac.compare_digest(_challenge(inputs.VERIFIER), inputs.CHALLENGE)
