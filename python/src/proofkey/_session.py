"""One pending sign-in, for programs that bring their own browser, HTTP or web framework."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import NoReturn

from . import _arguments as arguments
from . import _native
from ._crossing import crossing
from ._http import clean
from ._seal import DataKey
from ._tokens import TokenSet


class NotOurs:
    """A redirect that anyone could have sent. It ends nothing: the session waits on."""

    __slots__ = ("code", "reason")

    def __init__(self, code: str, reason: str) -> None:
        self.code: str = code
        """Why, as a stable code."""
        self.reason: str = reason
        """Why, for a log. Nothing of the redirect stands in it."""

    def __repr__(self) -> str:
        return f"<NotOurs {self.code}: {self.reason}>"


class HttpRequest:
    """A request, to be sent once and exactly so: no redirect followed, nothing repeated."""

    __slots__ = ("_body", "headers", "max_body", "method", "timeout", "url")

    def __init__(self, native: _native.HttpRequest) -> None:
        self.method: str = native.method
        """``GET`` or ``POST``."""
        self.url: str = native.url
        """The absolute URL."""
        self.headers: dict[str, str] = {field.name: field.value for field in native.headers}
        """All of them; add none beyond what HTTP itself needs."""
        self.max_body: int = native.max_body
        """Stop reading the answer after so many bytes."""
        self.timeout: float = native.timeout_ms / 1000
        """For the whole exchange, in seconds."""
        self._body = native.body

    def expose_body(self) -> bytes | None:
        """The body; it holds the code and the verifier."""
        return self._body

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method} {self.url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an HttpRequest cannot be pickled or copied: it holds a secret")


class TokenRequest:
    """A code and the verifier that redeems it. It reads one answer."""

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.TokenRequest) -> None:
        self._native = native

    def http_request(self) -> HttpRequest:
        """What is to be sent to the token endpoint, once: a code is never tried twice."""
        return HttpRequest(crossing(self._native.http_request))

    def tokens(
        self,
        status: int,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        now: int | None = None,
    ) -> TokenSet:
        """Reads the answer.

        Args:
            status: Its HTTP status.
            headers: Its header fields, as pairs.
            body: Its body, whole and undecoded.
            now: The time in seconds since the epoch, from which the expiry is counted; by default
                the system's.

        Raises:
            ProofKeyError: The server's refusal, or an answer that the specification does not allow.
        """
        if not isinstance(body, bytes):
            raise arguments.wrong_type("body", "bytes", body)
        response = _native.HttpResponse(
            status=arguments.whole("status", status, 999),
            headers=[_field(field) for field in headers],
            body=body,
        )
        when = int(time.time()) if now is None else arguments.whole("now", now, 2**63)
        return TokenSet(crossing(self._native.tokens, response, when))

    def __repr__(self) -> str:
        return "<TokenRequest>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a TokenRequest cannot be pickled or copied: it is used once")


def _field(field: object) -> _native.Header:
    if not isinstance(field, tuple) or len(field) != 2:
        raise arguments.wrong_type("headers", "pairs of name and value", field)
    name, value = field
    if not isinstance(name, str) or not isinstance(value, str):
        raise arguments.wrong_type("headers", "pairs of str", value)
    return _native.Header(name=clean(name), value=clean(value))


class PkceSession:
    """One pending sign-in: its secrets, made for it alone, and the record of what was
    asked of whom. It is used once, and can be neither copied nor pickled.

    ::

        with PkceSession.begin(issuer=…, …) as session:
            show(session.authorization_url())
            done = session.complete(redirect)  # a TokenRequest, or NotOurs: wait on
    """

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.PkceSession) -> None:
        """Use `begin`."""
        self._native = native

    @classmethod
    def begin(
        cls,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        client_id: str,
        redirect_uri: str,
        scopes: Sequence[str] = (),
        resource: str | None = None,
        iss_promised: bool = False,
        extra_parameters: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    ) -> PkceSession:
        """Begins: checks the settings, which are those of `Client`, and draws the secrets.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
            Retry: The operating system's generator failed.
        """
        request = _native.AuthorizationRequest(
            issuer=arguments.text("issuer", issuer),
            authorization_endpoint=arguments.text("authorization_endpoint", authorization_endpoint),
            token_endpoint=arguments.text("token_endpoint", token_endpoint),
            iss_promised=arguments.flag("iss_promised", iss_promised),
            client_id=arguments.text("client_id", client_id),
            redirect_uri=arguments.text("redirect_uri", redirect_uri),
            scopes=arguments.texts("scopes", scopes),
            resource=arguments.optional_text("resource", resource),
            extra_parameters=arguments.parameters(extra_parameters),
        )
        return cls(crossing(_native.PkceSession.begin, request))

    @classmethod
    def open(
        cls,
        key: DataKey,
        sealed: bytes,
        *,
        issuer: str,
        client_id: str,
        redirect_uri: str,
        now: int | None = None,
    ) -> PkceSession:
        """Opens what `seal` made, for the same issuer, client and redirect URI. Delete the bytes
        first: of two that open them one should go on.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            SignInAgain: ``session_expired``; ``record_unreadable`` where the bytes were changed,
                sealed under another key, or belong to another issuer, client or redirect URI.
        """
        if not isinstance(key, DataKey):
            raise arguments.wrong_type("key", "DataKey", key)
        if not isinstance(sealed, bytes):
            raise arguments.wrong_type("sealed", "bytes", sealed)
        return cls(
            crossing(
                _native.PkceSession.open,
                key._native,
                sealed,
                arguments.text("issuer", issuer),
                arguments.text("client_id", client_id),
                arguments.text("redirect_uri", redirect_uri),
                int(time.time()) if now is None else arguments.whole("now", now, 2**63),
            )
        )

    def seal(self, key: DataKey, expires_at: int) -> bytes:
        """The session as bytes that may lie on a disk, sealed under the key, for `open` until
        `expires_at`, in seconds since the epoch: for a web server, or for a program that may be
        ended while the user is at the browser.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: The session is over.
        """
        if not isinstance(key, DataKey):
            raise arguments.wrong_type("key", "DataKey", key)
        until = arguments.whole("expires_at", expires_at, 2**63)
        return crossing(self._native.seal, key._native, until)

    def authorization_url(self) -> str:
        """The URL for the user's browser. It holds the challenge, never the verifier.

        Raises:
            FixConfiguration: The session is over.
        """
        return crossing(self._native.authorization_url)

    def complete(self, redirect: str) -> TokenRequest | NotOurs:
        """Judges a redirect: the whole URI as it arrived, undecoded.

        One that is not ours does not spend the session.

        Raises:
            ProofKeyError: The redirect is ours and says no, or is broken: the session is over.
        """
        redirect = arguments.text("redirect", redirect)
        try:
            completion = crossing(self._native.complete, redirect)
        finally:
            # What shows a traceback with its variables finds no code here.
            redirect = ""
        if completion.is_ACCEPTED():
            return TokenRequest(completion.request)
        return NotOurs(completion.code, completion.text)

    def discard(self) -> None:
        """Ends the session unused and wipes its secrets. May be called again."""
        crossing(self._native.discard)

    def __enter__(self) -> PkceSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.discard()

    def __repr__(self) -> str:
        return "<PkceSession>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PkceSession cannot be pickled or copied: it is used once")
