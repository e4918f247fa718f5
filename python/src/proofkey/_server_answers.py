"""What an authorization server says: plain data. What may hold a secret is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from . import _arguments as arguments
from . import _native
from ._crossing import crossing
from ._server_policy import ClientRecord
from ._server_rows import Grant, TokenRow, grant, token_row


class AuthorizationRequest:
    """An authorization request that may be shown to the user (RFC 6749 §4.1.1).

    It serves one answer: `approve` or `deny` uses it up. What comes back from a form is a new
    request, and is judged anew.
    """

    __slots__ = (
        "__weakref__",
        "_native",
        "acr_values",
        "authorization_details",
        "client",
        "login_hint",
        "max_age",
        "prompt",
        "redirect_host",
        "redirect_uri",
        "resource",
        "scopes",
        "ui_locales",
    )

    client: ClientRecord
    """The client that asks."""

    redirect_uri: str
    """Where the answer goes."""

    redirect_host: str
    """The host of that, or its scheme where it has none: show it on the consent page."""

    scopes: tuple[str, ...]
    """The scopes that are asked for."""

    resource: str | None
    """The resource that is asked for (RFC 8707)."""

    authorization_details: str | None
    """What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page."""

    acr_values: tuple[str, ...]
    """How the user should sign in: authentication context classes, the preferred one first (RFC
    9470 §4)."""

    max_age: int | None
    """How long ago the user may have signed in at most, in seconds (OpenID Connect Core §3.1.2.1).
    After a longer time the user has to sign in anew."""

    prompt: tuple[str, ...]
    """What the user is to be asked (OpenID Connect Core §3.1.2.1): ``none`` alone, or any of
    ``login``, ``consent``, ``select_account`` and what a server adds. Empty: the server's
    choice."""

    login_hint: str | None
    """Who the client thinks will sign in. Believe nothing of it."""

    ui_locales: tuple[str, ...]
    """The languages that the user prefers, as BCP 47 tags."""

    def __init__(self, native: _native.GrantRequest, client: ClientRecord) -> None:
        details = crossing(native.details)
        self._native = native
        self.client = client
        self.redirect_uri = details.redirect_uri
        parts = urlsplit(details.redirect_uri)
        self.redirect_host = parts.netloc or parts.scheme
        self.scopes = tuple(details.scopes)
        self.resource = details.resource
        self.authorization_details = details.authorization_details
        self.acr_values = tuple(details.acr_values)
        self.max_age = details.max_age
        self.prompt = tuple(details.prompt)
        self.login_hint = details.login_hint
        self.ui_locales = tuple(details.ui_locales)

    def __repr__(self) -> str:
        return (
            f"<AuthorizationRequest client_id={self.client.client_id!r}"
            f" redirect_uri={self.redirect_uri!r} scopes={self.scopes!r}>"
        )


@dataclass(frozen=True)
class Page:
    """An error to be shown to the user, on a page with status 400. Never a redirect: nobody knows
    whose the address is."""

    error: str
    """The error code of OAuth."""

    description: str
    """What was wrong, for the page. Nothing of the request stands in it."""

    status: int = 400
    """The HTTP status."""


@dataclass(frozen=True)
class Redirect:
    """Where to send the browser."""

    location: str = field(repr=False)
    """The value of ``Location``. It may hold the code and the client's state, and is not shown."""

    error: str | None = None
    """The error code of OAuth, where the request was refused before the user was asked."""

    grant_id: str | None = None
    """The grant's id, for an audit log, where the user has approved."""

    issued: bool = False
    """Whether there is a code in it."""

    status: int = 303
    """The HTTP status: never 307, which would send a form along (RFC 9700 §4.12)."""


@dataclass(frozen=True)
class Issuance:
    """What the tokens of an answer were issued from: for an ID token beside them (OpenID Connect
    Core §3.1.3.3), which the server makes and signs itself."""

    grant: Grant
    """The grant."""

    scope: str
    """The scope of the access token, separated by single spaces."""

    access_token_hash: bytes
    """SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token calls
    ``at_hash``, where that is signed with a 256-bit hash."""

    first: bool
    """Whether they are the first ones of the grant, for a code: an ID token then says again what
    the request has given for it (`Terms`), and after a refresh it does not (§12.2)."""


@dataclass(frozen=True)
class Answer:
    """The answer of the token or the revocation endpoint (RFC 6749 §5, RFC 7009 §2.2)."""

    status: int
    """The HTTP status."""

    headers: dict[str, str]
    """The header fields, ``Cache-Control: no-store`` among them."""

    body: bytes = field(repr=False)
    """JSON, which may hold tokens and is not shown. Empty after a revocation."""

    audit: str
    """What happened, for logs and counters: a stable name without any secret (``issued``,
    ``mismatch``, ``replay_revoked`` …)."""

    issued: Issuance | None = None
    """What tokens were issued from, where some were."""

    _crossed: _native.TokenAnswer | None = field(default=None, repr=False, compare=False)

    def with_id_token(self, signed: str) -> Answer:
        """The same answer with an ID token beside its tokens. A refusal is left as it is."""
        text = arguments.text("signed", signed)
        if self._crossed is None:
            return self
        return replace(self, body=bytes(crossing(_native.body_with_id_token, self._crossed, text)))


@dataclass(frozen=True)
class Granted:
    """The request may pass."""

    token: TokenRow
    """The token's row and its grant: as whom, through which client, for what."""

    headers: dict[str, str]
    """What the answer to the request has to hold beside its own: a nonce to be used from now on
    (RFC 9449 §8.2), if there is one."""

    @property
    def subject(self) -> str:
        """Who allowed it."""
        return self.token.grant.subject

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it may be used for."""
        return self.token.scopes


@dataclass(frozen=True)
class Refused:
    """The request may not pass."""

    status: int
    """The HTTP status: 400, 401 or 403; 503 where the store failed."""

    headers: dict[str, str]
    """The header fields: ``WWW-Authenticate`` (RFC 6750 §3) and ``DPoP-Nonce`` (RFC 9449 §9), where
    they are due."""


def answer(native: _native.TokenAnswer) -> Answer:
    """The answer of an endpoint, as it crossed."""
    return Answer(
        status=native.status,
        headers=fields(native.headers),
        body=bytes(native.body),
        audit=native.audit,
        issued=issuance(native.issued),
        _crossed=native,
    )


def issuance(native: _native.Issuance | None) -> Issuance | None:
    """What tokens were issued from, as it crossed."""
    if native is None:
        return None
    return Issuance(
        grant=grant(native.grant),
        scope=native.scope,
        access_token_hash=bytes(native.access_token_hash),
        first=native.first,
    )


def access(native: _native.TokenAccess) -> Granted | Refused:
    """Whether a request may pass, as it crossed."""
    headers = fields(native.headers)
    if native.is_GRANTED():
        return Granted(token_row(native.token), headers)
    return Refused(native.status, headers)


def fields(native: list[_native.Header]) -> dict[str, str]:
    """Header fields, of which none comes twice."""
    return {header.name: header.value for header in native}
