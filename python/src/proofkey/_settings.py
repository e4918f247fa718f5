"""The settings of a client, checked once."""

from __future__ import annotations

import re

from . import _arguments as arguments
from . import _browser
from ._errors import FixConfiguration, from_native
from ._native import LoopbackHost, ProofKeyError, RedirectTarget, SignIn, SignInConfig

_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)")
_HOSTS = {
    "127.0.0.1": LoopbackHost.V4,
    "[::1]": LoopbackHost.V6,
    "localhost": LoopbackHost.LOCALHOST,
}


class Settings:
    """What a client holds: the record that every sign-in starts from, and the browser."""

    __slots__ = ("_config", "browser")

    def __init__(
        self,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        client_id: str,
        scopes: object,
        resource: str | None,
        redirect_uri: str | None,
        port: int | None,
        redirect_path: str | None,
        iss_promised: bool,
        browser: object,
        timeout: float,
    ) -> None:
        self.browser = _browser.checked(browser)
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
        self.flow()  # What is wrong is said now, not when the user waits.

    def flow(self) -> SignIn:
        """A new sign-in."""
        try:
            return SignIn(self._config)
        except ProofKeyError as error:
            failure = from_native(error)
        raise failure


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
