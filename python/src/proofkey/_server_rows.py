"""The rows that a grant store keeps. None of them holds a code, a token or a verifier.

Here alone the columns have the names that the specifications use; what they mean is the core's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import _arguments as arguments
from . import _native

TokenKind = Literal["access", "refresh"]
"""What a token is for."""

_KINDS: dict[_native.TokenKind, TokenKind] = {
    _native.TokenKind.ACCESS: "access",
    _native.TokenKind.REFRESH: "refresh",
}
_MOST = 2**64 - 1


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a grant was made under beside scope and resource. All of it may be absent; a store keeps
    all of it, for a grant that comes back without its key is a grant for everybody."""

    dpop_jkt: str | None = None
    """The thumbprint of the key that the code must be redeemed with (RFC 9449 §10): 43 characters
    of base64url."""

    nonce: str | None = None
    """What an ID token must say again (OpenID Connect Core §3.1.2.1)."""

    auth_time: int | None = None
    """When the user signed in, in seconds since the epoch (OpenID Connect Core §2)."""

    acr: str | None = None
    """How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470
    §4)."""

    authorization_details: str | None = None
    """What else was granted: an array, as JSON text (RFC 9396 §2)."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a user granted to a client: the part of a row that never changes."""

    grant_id: str
    """The first half of the code and of every token issued from it: 22 characters of base64url."""

    client_id: str
    """Who asked."""

    subject: str
    """Who allowed it, as the server names its users."""

    redirect_uri: str
    """The redirect URI that the code was sent to."""

    redirect_uri_was_sent: bool
    """Whether the authorization request named the redirect URI."""

    code_challenge: str | None
    """The challenge (S256, RFC 7636 §4.2): 43 characters of base64url. None only in rows that
    another program wrote."""

    scope: str
    """The granted scopes, separated by single spaces; may be empty."""

    resource: str | None
    """The resource that the tokens are for (RFC 8707), if one was named."""

    refreshable: bool
    """Whether refresh tokens are issued from it."""

    terms: Terms
    """What else it was made under."""


@dataclass(frozen=True, kw_only=True)
class NewGrant:
    """A grant to be written."""

    grant: Grant
    """The part that never changes."""

    code_hash: bytes
    """SHA-256 of the code: 32 bytes."""

    lifetime_s: int
    """How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2)."""


@dataclass(frozen=True, kw_only=True)
class GrantRow:
    """A grant as it was found."""

    grant: Grant
    """The part that never changes."""

    expires_at: int
    """When the code expires, in seconds since the epoch by the store's clock."""

    used: bool
    """Whether the code was claimed."""

    revoked: bool
    """Whether the grant was revoked."""

    mismatches: int
    """How many wrong verifiers came for it."""


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token to be written."""

    kind: TokenKind
    """What it is for."""

    token_hash: bytes
    """SHA-256 of the token: 32 bytes."""

    lifetime_s: int
    """How long it is valid, in seconds."""

    scope: str | None
    """Its scope, where it is narrower than the grant's (RFC 6749 §6); None: the grant's."""

    dpop_jkt: str | None
    """The thumbprint of the key that it is bound to (RFC 9449 §6); None: a bearer token."""


@dataclass(frozen=True)
class Rotation:
    """Where a refresh token stands in the row of those that its grant has had.

    They come in generations: a claim writes the first one, a rotation of the newest one writes the
    next. A grant's row holds the number of its newest generation and when that began, a token's row
    the number of its own; `of` tells the rest.
    """

    position: Literal["newest", "predecessor", "older"] = "newest"
    """``newest``: of the newest generation; an access token always is. ``predecessor``: of the one
    before it. ``older``: older than that."""

    rotated_at: int | None = None
    """Of a predecessor: when the newest generation began, in seconds since the epoch by the store's
    clock."""

    @classmethod
    def of(cls, kind: TokenKind, generation: int, newest: int, rotated_at: int) -> Rotation:
        """Where a token of this generation stands in a grant whose newest generation is `newest`
        and began at `rotated_at`."""
        if kind == "access" or generation == newest:
            return cls()
        if generation == newest - 1:
            return cls("predecessor", rotated_at)
        return cls("older")


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A token as it was found, with its grant."""

    kind: TokenKind
    """What it is for."""

    expires_at: int
    """When it expires, in seconds since the epoch by the store's clock."""

    revoked: bool
    """Whether its grant was revoked."""

    grant: Grant
    """The grant that it was issued from."""

    rotation: Rotation
    """Of a refresh token: where it stands; ``Rotation()`` for every other."""

    scope: str | None
    """Its scope, where it is narrower than the grant's; None: the grant's."""

    dpop_jkt: str | None
    """The thumbprint of the key that it is bound to (RFC 9449 §6); None: a bearer token. A store
    that forgets it makes a bearer token of it."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it may be used for: its own scope, or the grant's."""
        text = self.grant.scope if self.scope is None else self.scope
        return tuple(text.split())


# From the core.


def new_grant(new: _native.NewGrant) -> NewGrant:
    """A grant to be written, as it crossed."""
    return NewGrant(
        grant=grant(new.grant), code_hash=bytes(new.code_hash), lifetime_s=new.lifetime_s
    )


def new_tokens(tokens: list[_native.NewToken]) -> tuple[NewToken, ...]:
    """Tokens to be written, as they crossed."""
    return tuple(
        NewToken(
            kind=_KINDS[token.kind],
            token_hash=bytes(token.token_hash),
            lifetime_s=token.lifetime_s,
            scope=token.scope,
            dpop_jkt=token.dpop_jkt,
        )
        for token in tokens
    )


def token_row(row: _native.TokenRow) -> TokenRow:
    """A token that was found good, as it crossed back."""
    return TokenRow(
        kind=_KINDS[row.kind],
        expires_at=row.expires_at,
        revoked=row.revoked,
        grant=grant(row.grant),
        # Refresh tokens pass nowhere, and of access tokens there is nothing else to say.
        rotation=Rotation(),
        scope=row.scope,
        dpop_jkt=row.dpop_jkt,
    )


def grant(native: _native.Grant) -> Grant:
    """A grant, as it crossed."""
    return Grant(
        grant_id=native.grant_id,
        client_id=native.client_id,
        subject=native.subject,
        redirect_uri=native.redirect_uri,
        redirect_uri_was_sent=native.redirect_uri_was_sent,
        code_challenge=native.code_challenge,
        scope=native.scope,
        resource=native.resource,
        refreshable=native.refreshable,
        terms=Terms(
            dpop_jkt=native.terms.dpop_jkt,
            nonce=native.terms.nonce,
            auth_time=native.terms.auth_time,
            acr=native.terms.acr,
            authorization_details=native.terms.authorization_details,
        ),
    )


# To the core. What a store gives is looked at first: 0 is no False, and None no number.


def found_grant(row: object) -> _native.GrantRow | None:
    """What `find` found."""
    if row is None:
        return None
    if not isinstance(row, GrantRow):
        raise arguments.wrong_type("the row", "a GrantRow or None", row)
    return _native.GrantRow(
        grant=_to_core(row.grant),
        expires_at=seconds("expires_at", row.expires_at),
        used=arguments.flag("used", row.used),
        revoked=arguments.flag("revoked", row.revoked),
        # More than the core can hold is as burnt.
        mismatches=min(arguments.whole("mismatches", row.mismatches, _MOST), 2**32 - 1),
    )


def found_token(row: object) -> _native.TokenRow | None:
    """What `find_token` found."""
    if row is None:
        return None
    if not isinstance(row, TokenRow):
        raise arguments.wrong_type("the row", "a TokenRow or None", row)
    kinds = [kind for kind, name in _KINDS.items() if name == row.kind]
    if len(kinds) != 1:
        raise ValueError(f"kind is neither 'access' nor 'refresh': {row.kind!r}")
    return _native.TokenRow(
        kind=kinds[0],
        expires_at=seconds("expires_at", row.expires_at),
        revoked=arguments.flag("revoked", row.revoked),
        grant=_to_core(row.grant),
        rotation=_rotation(row.rotation),
        scope=arguments.optional_text("scope", row.scope),
        dpop_jkt=arguments.optional_text("dpop_jkt", row.dpop_jkt),
    )


def seconds(name: str, given: object) -> int:
    """A time of the store's clock."""
    return arguments.whole(name, given, _MOST)


def _to_core(grant: object) -> _native.Grant:
    if not isinstance(grant, Grant):
        raise arguments.wrong_type("grant", "a Grant", grant)
    return _native.Grant(
        grant_id=arguments.text("grant_id", grant.grant_id),
        client_id=arguments.text("client_id", grant.client_id),
        subject=arguments.text("subject", grant.subject),
        redirect_uri=arguments.text("redirect_uri", grant.redirect_uri),
        redirect_uri_was_sent=arguments.flag("redirect_uri_was_sent", grant.redirect_uri_was_sent),
        code_challenge=arguments.optional_text("code_challenge", grant.code_challenge),
        scope=arguments.text("scope", grant.scope),
        resource=arguments.optional_text("resource", grant.resource),
        refreshable=arguments.flag("refreshable", grant.refreshable),
        terms=_terms(grant.terms),
    )


def _terms(terms: object) -> _native.Terms:
    if not isinstance(terms, Terms):
        raise arguments.wrong_type("terms", "Terms", terms)
    at = terms.auth_time
    return _native.Terms(
        dpop_jkt=arguments.optional_text("dpop_jkt", terms.dpop_jkt),
        nonce=arguments.optional_text("nonce", terms.nonce),
        auth_time=None if at is None else seconds("auth_time", at),
        acr=arguments.optional_text("acr", terms.acr),
        authorization_details=arguments.optional_text(
            "authorization_details", terms.authorization_details
        ),
    )


def _rotation(rotation: object) -> _native.Rotation:
    if not isinstance(rotation, Rotation):
        raise arguments.wrong_type("rotation", "a Rotation", rotation)
    position: object = rotation.position
    if position == "newest":
        return _native.Rotation.NEWEST()
    if position == "predecessor":
        return _native.Rotation.PREDECESSOR(rotated_at=seconds("rotated_at", rotation.rotated_at))
    if position == "older":
        return _native.Rotation.OLDER()
    raise ValueError(f"position is none of a rotation: {position!r}")
