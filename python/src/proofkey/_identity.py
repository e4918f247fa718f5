"""Who signed in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from . import _native


@dataclass(frozen=True)
class Identity:
    """Who has signed in, by a verified ID token (OpenID Connect Core §2, §5.1). A person is told
    from others by `issuer` and `subject` together; names and addresses change. Printed, it shows
    the issuer alone."""

    issuer: str
    """Who says so."""

    subject: str = field(repr=False)
    """Whom the issuer means."""

    audience: tuple[str, ...] = field(repr=False)
    """The clients that it was said to."""

    issued_at: int = field(repr=False)
    """When it was said, in seconds since the epoch."""

    expires_at: int = field(repr=False)
    """Until when it may be believed by one who has not seen it before, in seconds since the
    epoch."""

    auth_time: int | None = field(repr=False)
    """When the user authenticated, in seconds since the epoch."""

    acr: str | None = field(repr=False)
    """How strong the authentication was, in words that issuer and client have agreed upon."""

    amr: tuple[str, ...] = field(repr=False)
    """The ways of authentication (RFC 8176); empty where none is named."""

    session_id: str | None = field(repr=False)
    """The session at the issuer."""

    name: str | None = field(repr=False)
    """The whole name, fit to be shown."""

    preferred_username: str | None = field(repr=False)
    """By which name the user wants to be called. It tells nobody from others."""

    email: str | None = field(repr=False)
    """An address."""

    email_verified: bool | None = field(repr=False)
    """Whether the issuer has seen that the address is the user's."""

    claims: dict[str, Any] = field(repr=False, hash=False)
    """All claims, these and others."""


def identity(native: _native.Identity) -> Identity:
    """What crossed, as what is given out."""
    given = vars(native) | {
        "audience": tuple(native.audience),
        "amr": tuple(native.amr),
        "claims": json.loads(native.claims),
    }
    return Identity(**given)
