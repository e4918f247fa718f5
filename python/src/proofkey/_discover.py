"""From one address to the authorization server behind it."""

from __future__ import annotations

from collections.abc import Sequence

from . import _arguments as arguments
from . import _driver, _native
from ._crossing import crossing
from ._flight import Flight
from ._native import Discovery, DiscoveryConfig
from ._provider import Discovered, discovered


def discover(
    *,
    issuer: str | None = None,
    resource: str | None = None,
    www_authenticate: Sequence[str] = (),
    allow_missing_s256: Sequence[str] = (),
) -> Discovered:
    """Asks an issuer or a resource what it says of itself (RFC 8414, OpenID Connect Discovery,
    RFC 9728), strictly: what is wrong with a document is an error that names it.

    It fetches documents and opens nothing. Show `Provider.issuer_host` to the user before a
    sign-in where the issuer was named by a resource. A sign-in at what was found takes the
    ``issuer``, both endpoints, ``iss_promised``, ``scopes`` and ``resource`` from here.

    It blocks for some seconds at most: each document has a deadline of its own, 15 s.

    Args:
        issuer: The issuer, where it is known. With a resource that lists its issuers it must be
            one of them.
        resource: The protected resource, where there is one. Give either or both.
        www_authenticate: The values of the ``WWW-Authenticate`` fields of the resource's 401, where
            there was one (RFC 9728 §5).
        allow_missing_s256: The issuers that may leave S256 out of their metadata, by name: servers
            that are known to do PKCE and not to say so.

    Raises:
        TypeError: A parameter is of a wrong type; the message names it.
        ProofKeyError: One of its four families, which say what can be done about it.
    """
    flight = _flight(issuer, resource, www_authenticate, allow_missing_s256)
    return discovered(flight.fly())


async def discover_async(
    *,
    issuer: str | None = None,
    resource: str | None = None,
    www_authenticate: Sequence[str] = (),
    allow_missing_s256: Sequence[str] = (),
) -> Discovered:
    """As `discover`, for asyncio. A cancel ends it at once, in `asyncio.CancelledError`."""
    from ._flight_async import fly

    flight = _flight(issuer, resource, www_authenticate, allow_missing_s256)
    return discovered(await fly(flight))


def _flight(
    issuer: str | None,
    resource: str | None,
    www_authenticate: Sequence[str],
    allow_missing_s256: Sequence[str],
) -> Flight[_native.Discovered]:
    config = DiscoveryConfig(
        issuer=arguments.optional_text("issuer", issuer),
        resource=arguments.optional_text("resource", resource),
        www_authenticate=arguments.texts("www_authenticate", www_authenticate),
        allow_missing_s256=arguments.texts("allow_missing_s256", allow_missing_s256),
    )
    flow = crossing(Discovery, config)
    flight = Flight(lambda cancel: _driver.run(flow, _driver.Platform(), cancel))
    flight.join()
    return flight
