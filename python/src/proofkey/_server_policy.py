"""What an authorization server chooses, and what it knows of its clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from . import _arguments as arguments
from . import _native
from ._errors import FixConfiguration

Profile = Literal["oauth2.1", "oauth2.0"]
"""Which text rules where OAuth 2.1 and RFC 6749 differ. ``oauth2.0``: a redirect URI that was sent
with the authorization request must come with the token request too (RFC 6749 §4.1.3). ``oauth2.1``:
it may be absent there; where it comes it must be equal."""

_PROFILES: dict[Profile, _native.Profile] = {
    "oauth2.1": _native.Profile.OAUTH21,
    "oauth2.0": _native.Profile.OAUTH20,
}
_MOST = 2**53


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What an authorization server chooses where the specifications leave a choice."""

    issuer: str
    """The server's issuer identifier (RFC 8414 §2), sent as ``iss`` (RFC 9207)."""

    profile: Profile = "oauth2.1"
    """Which text rules."""

    code_lifetime_s: int = 60
    """How long a code lives, in seconds. More than 600 counts as 600."""

    access_token_lifetime_s: int = 3600
    """How long an access token lives, in seconds."""

    refresh_token_lifetime_s: int = 1_209_600
    """How long a refresh token lives unused, in seconds. 0: none is issued and none is taken."""

    reuse_window_s: int = 0
    """How long the immediate predecessor of a refresh token may still be exchanged while its
    successor is unused, in seconds; more than 30 counts as 30. 0: never."""

    max_mismatches: int = 5
    """After so many wrong verifiers a grant is burnt."""

    open_scopes: Sequence[str] = ()
    """Scopes that every client may ask for, beside those of its own record."""

    details_types: Sequence[str] = ()
    """The types of authorization details that are granted (RFC 9396 §2); none here: every type."""


@dataclass(frozen=True, kw_only=True)
class ClientRecord:
    """What a server knows of a public client. There is no secret in it: none could be kept."""

    client_id: str
    """Its identifier."""

    name: str
    """Its name, for the consent page."""

    redirect_uris: Sequence[str]
    """The redirect URIs that it registered. They match exactly; of loopback addresses the port may
    differ (RFC 8252 §7.3)."""

    scopes: Sequence[str] = ()
    """The scopes that it may ask for."""

    may_refresh: bool = False
    """Whether it may have refresh tokens (RFC 7591 §2)."""


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What a resource asks of a request beside a token for it."""

    acr_values: Sequence[str] = ()
    """The authentication context classes of which one will do, the preferred one first (RFC 9470
    §3); none here: any will."""

    max_age_s: int | None = None
    """How long ago the user may have signed in, in seconds; None: any time."""

    metadata_url: str | None = None
    """Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status
    401 also which scopes are needed (RFC 6750 §3): a client without a token learns what to ask
    for, and where."""


def policy(given: object) -> _native.Policy:
    """The setting ``policy``, as it crosses."""
    if not isinstance(given, Policy):
        raise arguments.wrong_type("policy", "a Policy", given)
    if given.profile not in _PROFILES:
        raise FixConfiguration(
            "invalid_configuration",
            "profile is neither 'oauth2.1' nor 'oauth2.0'",
            "Correct this setting and start again.",
        )
    return _native.Policy(
        issuer=arguments.text("issuer", given.issuer),
        profile=_PROFILES[given.profile],
        code_lifetime_s=arguments.whole("code_lifetime_s", given.code_lifetime_s, _MOST),
        access_token_lifetime_s=arguments.whole(
            "access_token_lifetime_s", given.access_token_lifetime_s, _MOST
        ),
        refresh_token_lifetime_s=arguments.whole(
            "refresh_token_lifetime_s", given.refresh_token_lifetime_s, _MOST
        ),
        reuse_window_s=arguments.whole("reuse_window_s", given.reuse_window_s, _MOST),
        max_mismatches=arguments.whole("max_mismatches", given.max_mismatches, 2**32 - 1),
        open_scopes=arguments.texts("open_scopes", given.open_scopes),
        details_types=arguments.texts("details_types", given.details_types),
    )


def client(given: object) -> _native.ClientRecord:
    """A client's record, as it crosses."""
    if not isinstance(given, ClientRecord):
        raise arguments.wrong_type("the client", "a ClientRecord or None", given)
    return _native.ClientRecord(
        client_id=arguments.text("client_id", given.client_id),
        name=arguments.text("name", given.name),
        redirect_uris=arguments.texts("redirect_uris", given.redirect_uris),
        scopes=arguments.texts("scopes", given.scopes),
        may_refresh=arguments.flag("may_refresh", given.may_refresh),
    )
