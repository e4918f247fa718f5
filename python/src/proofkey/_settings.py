"""The settings of a client, checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import _arguments as arguments
from . import _browser, _signer
from ._crossing import crossing
from ._driver import Platform
from ._errors import FixConfiguration
from ._native import AccessConfig, Dpop, check_access
from ._places import endpoints, redirect_target
from ._store import MemoryStore, Store

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from ._driver import Confirm, OnDeviceCode
    from ._signer import Signer

    Binding = Literal["never", "preferred", "required"]
    """Whether tokens are bound to a key."""


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
        dpop: Binding = "never",
        dpop_key: str | None = None,
        signer: Signer | None = None,
        push: bool = False,
        scope_ceiling: Sequence[str] | None = None,
        on_device_code: OnDeviceCode | None = None,
        pushed_authorization_request_endpoint: str | None = None,
        device_authorization_endpoint: str | None = None,
        jwks_uri: str | None = None,
        end_session_endpoint: str | None = None,
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
            dpop: Whether tokens are bound to a key, so that who steals one cannot use it
                (RFC 9449). ``preferred``: where the server offers it; ``tokens.token_type`` says
                what came of it. ``required``: always, or there is no sign-in.
            dpop_key: The name of the key, where a `signer` keeps it. By default a key is made for
                each sign-in, and kept with the tokens.
            signer: Who keeps that key and signs with it; see `Signer`.
            push: Whether the authorization request goes to the server directly, so that the browser
                sees none of it (RFC 9126), also where the server only offers that. Where it demands
                it, it is done in any case.
            scope_ceiling: The scopes that no sign-in goes beyond, whatever the resource lists or
                demands; those of `scopes` lie below. What is demanded and lies above is an error,
                ``scope_ceiling``. ``offline_access`` is a scope like others. By default any; the
                user sees them when signing in.
            on_device_code: A function that shows a `DeviceCode` to the user: where to go, what to
                enter, and the advice. By default it is written to standard error.
            pushed_authorization_request_endpoint: Where authorization requests are pushed, beside
                the two endpoints.
            device_authorization_endpoint: Where device codes come from (RFC 8628), beside those.
            jwks_uri: Where the server's keys are, beside those: without them nobody knows who has
                signed in.
            end_session_endpoint: Where the user signs out of the browser's session (OpenID Connect
                RP-Initiated Logout), beside those.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
        """
        self._browser = _browser.checked(browser)
        self._confirm = _confirm(confirm)
        self._store = _store(store)
        self._signer = _signer.checked(signer)
        self._on_device_code = _shower(on_device_code)
        named = arguments.optional_text("issuer", issuer)
        self._config = AccessConfig(
            issuer=named,
            resource=arguments.optional_text("resource", resource),
            endpoints=endpoints(
                authorization_endpoint,
                token_endpoint,
                {
                    "revocation_endpoint": revocation_endpoint,
                    "pushed_authorization_request_endpoint": pushed_authorization_request_endpoint,
                    "device_authorization_endpoint": device_authorization_endpoint,
                    "jwks_uri": jwks_uri,
                    "end_session_endpoint": end_session_endpoint,
                },
                arguments.flag("iss_promised", iss_promised),
            ),
            client_id=arguments.optional_text("client_id", client_id),
            client_document=arguments.optional_text("client_document", client_document),
            client_name=arguments.optional_text("client_name", client_name),
            scopes=arguments.texts("scopes", scopes),
            scope_ceiling=(
                None if scope_ceiling is None else arguments.texts("scope_ceiling", scope_ceiling)
            ),
            account=arguments.optional_text("account", account),
            redirect=redirect_target(redirect_uri, port, redirect_path),
            paste=False,
            browse_timeout_ms=arguments.milliseconds("timeout", timeout),
            extra_parameters=arguments.parameters(extra_parameters),
            allow_missing_s256=_exceptions(allow_missing_s256, named),
            resumable=False,
            dpop=_dpop(dpop),
            dpop_key=arguments.optional_text("dpop_key", dpop_key),
            push=arguments.flag("push", push),
        )
        # What is wrong is said now, not when the user waits.
        crossing(check_access, self._config)
        _check_key(dpop, dpop_key, signer)
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
        return Platform(
            self._store, self._browser, self._confirm, paste, self._on_device_code, self._signer
        )


_DPOP = {"never": Dpop.NEVER, "preferred": Dpop.PREFERRED, "required": Dpop.REQUIRED}


def _dpop(given: object) -> Dpop:
    found = _DPOP.get(arguments.text("dpop", given))
    if found is None:
        raise FixConfiguration(
            "invalid_configuration",
            f"dpop is none of {', '.join(_DPOP)}",
            "Correct this setting and start again.",
        )
    return found


def _check_key(dpop: Binding, dpop_key: str | None, signer: object) -> None:
    if (dpop_key is None) != (signer is None):
        missing = "dpop_key" if dpop_key is None else "signer"
        raise FixConfiguration(
            "invalid_configuration",
            f"{missing} is missing: a key has a name, and somebody who signs with it",
            "Give dpop_key and signer, or neither: then a key is made for each sign-in.",
        )
    if signer is not None and dpop == "never":
        raise FixConfiguration(
            "invalid_configuration",
            "signer is given, and dpop is never",
            "Say dpop='required' or dpop='preferred', or leave dpop_key and signer out.",
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


def _shower(given: object) -> OnDeviceCode | None:
    if given is None or callable(given):
        return given
    raise arguments.wrong_type("on_device_code", "a function", given)


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
