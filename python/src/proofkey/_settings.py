"""The settings of a client, checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import _arguments as arguments
from . import _browser
from ._crossing import crossing
from ._driver import Platform
from ._errors import FixConfiguration
from ._native import (
    AccessConfig,
    Endpoints,
    LoopbackHost,
    RedirectTarget,
    check_access,
)
from ._store import MemoryStore, Store

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._driver import Confirm

_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)")
_HOSTS = {
    "127.0.0.1": LoopbackHost.V4,
    "[::1]": LoopbackHost.V6,
    "localhost": LoopbackHost.LOCALHOST,
}


class Settings:
    """What both clients are made of: the record that every flow starts from, and what a flow meets
    outside. No secret is among it."""

    def __init__(
        self,
        resource: str | None = None,
        *,
        issuer: str | None = None,
        client_id: str | None = None,
        client_document: str | None = None,
        client_name: str | None = None,
        scopes: Sequence[str] = (),
        account: str | None = None,
        store: Store | None = None,
        confirm: Confirm | None = None,
        redirect_uri: str | None = None,
        port: int | None = None,
        redirect_path: str | None = None,
        browser: _browser.Browser | None = None,
        timeout: float = 300,
        extra_parameters: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        allow_missing_s256: bool | Sequence[str] = False,
        authorization_endpoint: str | None = None,
        token_endpoint: str | None = None,
        revocation_endpoint: str | None = None,
        iss_promised: bool = False,
    ) -> None:
        """Checks the settings; nothing else happens yet. An address is enough: the resource, or the
        issuer.

        Args:
            resource: The protected resource that the tokens are for (RFC 8707), an MCP server for
                instance. It names its authorization servers itself (RFC 9728).
            issuer: The authorization server's identifier, exactly as the server writes it. With a
                resource that names its servers it must be one of them.
            client_id: The public client's identifier, where it was registered beforehand.
            client_document: The address of the client's metadata document, for servers that take it
                as the identifier; see `ClientDocument`.
            client_name: The client's name. With it the client is registered (RFC 7591) where there
                is no other way.
            scopes: What is asked for; where nothing is, what the resource demands or lists.
            account: Which of several accounts of the user this is: a name of the program's own.
            store: Where tokens are kept. By default in memory, for this client alone; see
                `FileStore`, `MemoryStore` and `Store`.
            confirm: The hosts of the issuers that a resource may name, as in ``["as.example"]``; or
                a function that is given the issuer's host and the resource's, and says True. By
                default any: the browser shows the host too.
            redirect_uri: A loopback address such as ``http://127.0.0.1/callback``; without a port
                the system chooses one. It stands in for `port` and `redirect_path`.
            port: A fixed port on 127.0.0.1. By default the system chooses one.
            redirect_path: The path of the redirect. By default ``/callback``.
            browser: A program that gets the address as its only argument, or a function that opens
                or shows it. By default the program that ``BROWSER`` names, else the system's
                browser. Functions are called on a thread of their own, `confirm` too.
            timeout: How long the user may take, in seconds, from 1 to 3600.
            extra_parameters: More parameters of the authorization request, such as ``prompt`` or
                ``login_hint``. None may stand in for one that ProofKey sets.
            allow_missing_s256: Which issuers may leave S256 out of their metadata: a list of them,
                or True for the one that is named here. For servers that are known to do PKCE and
                not to say so.
            authorization_endpoint: Where the user is sent. By default what the issuer's metadata
                says (RFC 8414), and so for `token_endpoint`; give both or neither.
            token_endpoint: Where codes and refresh tokens are redeemed.
            revocation_endpoint: Where tokens are revoked (RFC 7009), beside those two.
            iss_promised: With those two, whether the server promises ``iss`` in its answers
                (RFC 9207 §3). Else its metadata says so.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
        """
        self._browser = _browser.checked(browser)
        self._confirm = _confirm(confirm)
        self._store = _store(store)
        named = arguments.optional_text("issuer", issuer)
        self._config = AccessConfig(
            issuer=named,
            resource=arguments.optional_text("resource", resource),
            endpoints=_endpoints(
                authorization_endpoint,
                token_endpoint,
                revocation_endpoint,
                arguments.flag("iss_promised", iss_promised),
            ),
            client_id=arguments.optional_text("client_id", client_id),
            client_document=arguments.optional_text("client_document", client_document),
            client_name=arguments.optional_text("client_name", client_name),
            scopes=arguments.texts("scopes", scopes),
            account=arguments.optional_text("account", account),
            redirect=_target(redirect_uri, port, redirect_path),
            paste=False,
            browse_timeout_ms=arguments.milliseconds("timeout", timeout),
            extra_parameters=arguments.parameters(extra_parameters),
            allow_missing_s256=_exceptions(allow_missing_s256, named),
            resumable=False,
        )
        # What is wrong is said now, not when the user waits.
        crossing(check_access, self._config)
        self._begin()

    def _begin(self) -> None:
        """What else there is to be made."""

    def _flow_config(self, paste: bool, resumable: bool) -> AccessConfig:
        """The record, for one flow."""
        given = self._config
        if not paste and not resumable:
            return given
        return AccessConfig(**vars(given) | {"paste": paste, "resumable": resumable})

    def _platform(self, paste: bool) -> Platform:
        return Platform(self._store, self._browser, self._confirm, paste)


def _endpoints(
    authorization: str | None, token: str | None, revocation: str | None, iss_promised: bool
) -> Endpoints | None:
    """Those that are given by hand, or None where none is."""
    if authorization is None and token is None:
        named = {"revocation_endpoint": revocation is not None, "iss_promised": iss_promised}
        for name, is_given in named.items():
            if is_given:
                raise FixConfiguration(
                    "invalid_configuration",
                    f"{name} is given without authorization_endpoint and token_endpoint",
                    "Give all of them, or none: then the issuer's metadata names them.",
                )
        return None
    for name, value in {"authorization_endpoint": authorization, "token_endpoint": token}.items():
        if value is None:
            raise FixConfiguration(
                "invalid_configuration",
                f"{name} is missing, although the other endpoint is given",
                "Give both endpoints, or neither: then the issuer's metadata names them.",
            )
    return Endpoints(
        authorization_endpoint=arguments.text("authorization_endpoint", authorization),
        token_endpoint=arguments.text("token_endpoint", token),
        revocation_endpoint=arguments.optional_text("revocation_endpoint", revocation),
        iss_promised=iss_promised,
    )


def _exceptions(allowed: object, issuer: str | None) -> list[str]:
    """The issuers that may leave S256 out of their metadata."""
    if not isinstance(allowed, bool):
        return arguments.texts("allow_missing_s256", allowed)
    if not allowed:
        return []
    if issuer is None:
        raise FixConfiguration(
            "invalid_configuration",
            "allow_missing_s256 is True, and no issuer is given that it could mean",
            "Name the issuers in a list: the exception is made by name.",
        )
    return [issuer]


def _confirm(given: object) -> Confirm | None:
    if given is None or callable(given):
        return given
    return arguments.texts("confirm", given)


def _store(given: object) -> Store:
    if given is None:
        return MemoryStore()
    if all(callable(getattr(given, name, None)) for name in ("load", "swap", "lock")):
        return given  # type: ignore[return-value]  # as far as can be seen before it is used
    raise arguments.wrong_type("store", "an object with load, swap and lock", given)


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
