"""The settings of a client, checked once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import _arguments as arguments
from . import _browser
from ._crossing import crossing
from ._errors import FixConfiguration
from ._native import LoopbackHost, RedirectTarget, SignIn, SignInConfig

_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)")
_HOSTS = {
    "127.0.0.1": LoopbackHost.V4,
    "[::1]": LoopbackHost.V6,
    "localhost": LoopbackHost.LOCALHOST,
}


class ClientSettings:
    """What both clients hold: the record that every sign-in starts from, and the browser. No secret
    is among it."""

    def __init__(
        self,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        client_id: str,
        scopes: Sequence[str] = (),
        resource: str | None = None,
        redirect_uri: str | None = None,
        port: int | None = None,
        redirect_path: str | None = None,
        iss_promised: bool = False,
        browser: _browser.Browser | None = None,
        timeout: float = 300,
    ) -> None:
        """Checks the settings; nothing else happens yet.

        Args:
            issuer: The authorization server's identifier, exactly as the server writes it.
            authorization_endpoint: Where the user is sent.
            token_endpoint: Where the code is redeemed.
            client_id: The public client's identifier.
            scopes: What is asked for; nothing leaves it to the server.
            resource: The resource that the tokens are for (RFC 8707).
            redirect_uri: A loopback address such as ``http://127.0.0.1/callback``; without a port
                the system chooses one. It stands in for `port` and `redirect_path`.
            port: A fixed port on 127.0.0.1. By default the system chooses one.
            redirect_path: The path of the redirect. By default ``/callback``.
            iss_promised: Whether the server's metadata promises ``iss`` in its answers (RFC 9207
                §3).
            browser: A program that gets the address as its only argument, or a function that opens
                or shows it; `AsyncClient` calls it in a thread of its own. By default the program
                that ``BROWSER`` names, else the system's browser.
            timeout: How long the user may take, in seconds, from 1 to 3600.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
        """
        self._browser = _browser.checked(browser)
        self._config = SignInConfig(
            issuer=arguments.text("issuer", issuer),
            authorization_endpoint=arguments.text("authorization_endpoint", authorization_endpoint),
            token_endpoint=arguments.text("token_endpoint", token_endpoint),
            iss_promised=arguments.flag("iss_promised", iss_promised),
            client_id=arguments.text("client_id", client_id),
            redirect=_target(redirect_uri, port, redirect_path),
            scopes=arguments.texts("scopes", scopes),
            resource=arguments.optional_text("resource", resource),
            browse_timeout_ms=arguments.milliseconds("timeout", timeout),
        )
        self._closed = False
        self._flow()  # What is wrong is said now, not when the user waits.

    def _flow(self) -> SignIn:
        """A new sign-in."""
        return crossing(SignIn, self._config)


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
