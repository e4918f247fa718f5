"""Where things are: the endpoints that are given by hand, and the place of the redirect."""

from __future__ import annotations

import re

from . import _arguments as arguments
from ._errors import FixConfiguration
from ._native import Endpoints, LoopbackHost, RedirectTarget

_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)")
_HOSTS = {
    "127.0.0.1": LoopbackHost.V4,
    "[::1]": LoopbackHost.V6,
    "localhost": LoopbackHost.LOCALHOST,
}


def endpoints(
    authorization_endpoint: str | None,
    token_endpoint: str | None,
    beside: dict[str, str | None],
    iss_promised: bool,
) -> Endpoints | None:
    """Those that are given by hand, or None where none is. `beside` are those that may be left
    out."""
    urls = {"authorization_endpoint": authorization_endpoint, "token_endpoint": token_endpoint}
    given = any(url is not None for url in (urls | beside).values())
    if not given and not iss_promised:
        return None
    # An endpoint that is missing is named by the core.
    needed = {name: arguments.text(name, "" if url is None else url) for name, url in urls.items()}
    return Endpoints(
        authorization_endpoint=needed["authorization_endpoint"],
        token_endpoint=needed["token_endpoint"],
        **{name: arguments.optional_text(name, url) for name, url in beside.items()},
        iss_promised=iss_promised,
    )


def redirect_target(uri: str | None, port: int | None, path: str | None) -> RedirectTarget:
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
