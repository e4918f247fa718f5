"""The settings of a client, checked once."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from . import _arguments as arguments
from . import _browser
from ._crossing import crossing
from ._errors import FixConfiguration
from ._native import (
    Discovered,
    Discovery,
    DiscoveryConfig,
    LoopbackHost,
    Provider,
    RedirectTarget,
    SignIn,
    SignInConfig,
    provider_is_fresh,
    provider_sign_in,
)

_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)")
_HOSTS = {
    "127.0.0.1": LoopbackHost.V4,
    "[::1]": LoopbackHost.V6,
    "localhost": LoopbackHost.LOCALHOST,
}
# How long a server's metadata is believed without asking again, in seconds.
_METADATA_AGE = 3600


class ClientSettings:
    """What both clients hold: the record that every sign-in starts from, the browser, and what the
    issuer says of itself where that was asked. No secret is among it."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        authorization_endpoint: str | None = None,
        token_endpoint: str | None = None,
        scopes: Sequence[str] = (),
        resource: str | None = None,
        redirect_uri: str | None = None,
        port: int | None = None,
        redirect_path: str | None = None,
        iss_promised: bool = False,
        allow_missing_s256: bool = False,
        browser: _browser.Browser | None = None,
        timeout: float = 300,
    ) -> None:
        """Checks the settings; nothing else happens yet.

        Args:
            issuer: The authorization server's identifier, exactly as the server writes it.
            client_id: The public client's identifier.
            authorization_endpoint: Where the user is sent. By default what the issuer's metadata
                says (RFC 8414), and so for `token_endpoint`; give both or neither.
            token_endpoint: Where the code is redeemed.
            scopes: What is asked for; nothing leaves it to the server.
            resource: The resource that the tokens are for (RFC 8707).
            redirect_uri: A loopback address such as ``http://127.0.0.1/callback``; without a port
                the system chooses one. It stands in for `port` and `redirect_path`.
            port: A fixed port on 127.0.0.1. By default the system chooses one.
            redirect_path: The path of the redirect. By default ``/callback``.
            iss_promised: Whether the server's metadata promises ``iss`` in its answers (RFC 9207
                §3). Where the endpoints come from the metadata, so does this; True still insists.
            allow_missing_s256: Whether this issuer may leave S256 out of its metadata: for servers
                that are known to do PKCE and not to say so.
            browser: A program that gets the address as its only argument, or a function that opens
                or shows it; `AsyncClient` calls it in a thread of its own. By default the program
                that ``BROWSER`` names, else the system's browser.
            timeout: How long the user may take, in seconds, from 1 to 3600.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
        """
        self._browser = _browser.checked(browser)
        checked_issuer = arguments.text("issuer", issuer)
        endpoints = _endpoints(authorization_endpoint, token_endpoint)
        allowed = arguments.flag("allow_missing_s256", allow_missing_s256)
        # Where they are to be discovered any address that the issuer may have stands for them, so
        # that all else can be checked now.
        authorize, redeem = endpoints or (checked_issuer, checked_issuer)
        self._config = SignInConfig(
            issuer=checked_issuer,
            authorization_endpoint=authorize,
            token_endpoint=redeem,
            iss_promised=arguments.flag("iss_promised", iss_promised),
            client_id=arguments.text("client_id", client_id),
            redirect=_target(redirect_uri, port, redirect_path),
            scopes=arguments.texts("scopes", scopes),
            resource=arguments.optional_text("resource", resource),
            browse_timeout_ms=arguments.milliseconds("timeout", timeout),
        )
        self._asks: DiscoveryConfig | None = None
        self._provider: Provider | None = None
        self._closed = False
        # What is wrong is said now, not when the user waits.
        crossing(SignIn, self._config)
        if endpoints is None:
            self._asks = DiscoveryConfig(
                issuer=checked_issuer,
                resource=None,
                www_authenticate=[],
                allow_missing_s256=[checked_issuer] if allowed else [],
            )
            crossing(Discovery, self._asks)

    def _discovery(self) -> Discovery | None:
        """What has to be asked before a sign-in, if anything: the endpoints were not given, and the
        issuer's metadata is not known, or no longer fresh. Two sign-ins at once may both ask."""
        if self._asks is None:
            return None
        known = self._provider
        if known is not None and crossing(
            provider_is_fresh, known, int(time.time()), _METADATA_AGE
        ):
            return None
        return crossing(Discovery, self._asks)

    def _found(self, found: Discovered) -> None:
        self._provider = found.provider

    def _flow(self) -> SignIn:
        """A new sign-in."""
        given, provider = self._config, self._provider
        if provider is None:
            return crossing(SignIn, given)
        config = crossing(provider_sign_in, provider, given.client_id, given.redirect)
        config.iss_promised = config.iss_promised or given.iss_promised
        config.scopes = given.scopes
        config.resource = given.resource
        config.browse_timeout_ms = given.browse_timeout_ms
        return crossing(SignIn, config)


def _endpoints(authorization: str | None, token: str | None) -> tuple[str, str] | None:
    """Both, or None where neither is given."""
    if authorization is None and token is None:
        return None
    named = {"authorization_endpoint": authorization, "token_endpoint": token}
    for name, value in named.items():
        if value is None:
            raise FixConfiguration(
                "invalid_configuration",
                f"{name} is missing, although the other endpoint is given",
                "Give both endpoints, or neither: then the issuer's metadata names them.",
            )
    return (
        arguments.text("authorization_endpoint", authorization),
        arguments.text("token_endpoint", token),
    )


def _target(uri: str | None, port: int | None, path: str | None) -> RedirectTarget:
    """The loopback receiver's place: from one URI, or from port and path."""
    if uri is None:
        number = 0 if port is None else arguments.whole("port", port, 65535)
        return RedirectTarget.LOOPBACK(
            host=LoopbackHost.V4,
            port=number,
            path="/callback" if path is None else arguments.text("redirect_path", path),
        )
    if port is not None or path is not None:
        raise FixConfiguration(
            "invalid_configuration",
            "redirect_uri and port or redirect_path name the same thing twice",
            "Give redirect_uri alone, or port and redirect_path.",
        )
    found = _REDIRECT.fullmatch(arguments.text("redirect_uri", uri))
    number = int(found[2] or 0) if found else 0
    if found is None or number > 65535:
        raise FixConfiguration(
            "invalid_configuration",
            "redirect_uri is not an http address on 127.0.0.1, [::1] or localhost with a path",
            "Give such an address; where the redirect arrives elsewhere, use PkceSession.",
        )
    return RedirectTarget.LOOPBACK(host=_HOSTS[found[1]], port=number, path=found[3])
