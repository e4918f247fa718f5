"""The tokens of one sign-in."""

from __future__ import annotations

import time

from . import _native
from ._crossing import crossing

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ._identity import Identity


class TokenSet:
    """The tokens of one sign-in. They stay in Rust, which wipes them when this object goes.

    It shows no token when it is printed, and can be neither copied nor pickled: whoever wants a
    token asks for it by a method whose name says so.
    """

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.TokenSet) -> None:
        self._native = native

    def expose_access_token(self) -> str:
        """The access token, for requests to its resource and to no other. Python cannot wipe the
        text that is given out; do not keep it."""
        return crossing(self._native.expose_access_token)

    def expose_refresh_token(self) -> str | None:
        """The refresh token, if the server issued one."""
        return crossing(self._native.expose_refresh_token)

    @property
    def expires_at(self) -> int | None:
        """When the access token expires, in seconds since the epoch; None where the server did not
        say."""
        return crossing(self._native.expires_at)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that were granted, which may be fewer than were asked for."""
        return tuple(crossing(self._native.scopes))

    @property
    def requested_scopes(self) -> tuple[str, ...]:
        """The scopes that the last sign-in asked for."""
        return tuple(crossing(self._native.requested_scopes))

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """The scopes that were asked for and not granted."""
        return tuple(crossing(self._native.missing_scopes))

    @property
    def token_type(self) -> str:
        """``Bearer``, or ``DPoP`` where the access token is bound to a key (RFC 9449 §5)."""
        return crossing(self._native.token_type)

    @property
    def identity(self) -> Identity | None:
        """Who signed in; None where the scope ``openid`` was not asked for, or the server did not
        say in a way that could be verified."""
        found = crossing(self._native.identity)
        if found is None:
            return None
        from ._identity import identity

        return identity(found)

    @property
    def authorization_details(self) -> list[Any] | None:
        """The authorization details that were granted (RFC 9396 §7), read from JSON; None where
        there are none."""
        text = crossing(self._native.authorization_details)
        if text is None:
            return None
        import json

        found: list[Any] = json.loads(text)
        return found

    @property
    def missing_authorization_details(self) -> tuple[str, ...]:
        """The types of the authorization details that were asked for and of which none was granted
        (RFC 9396 §7), each once. Those of one type may still differ from what was asked for."""
        return tuple(crossing(self._native.missing_authorization_details))

    @property
    def issuer(self) -> str:
        """Who issued them."""
        return crossing(self._native.issuer)

    @property
    def client_id(self) -> str:
        """Whom they were issued to."""
        return crossing(self._native.client_id)

    @property
    def resource(self) -> str | None:
        """The resource that was asked for (RFC 8707)."""
        return crossing(self._native.resource)

    def _is_fresh(self, now: int) -> bool:
        return crossing(self._native.is_fresh, now)

    def _fingerprint(self) -> bytes:
        return crossing(self._native.fingerprint)

    def _authorization(self, url: str, now: int) -> str | None:
        return crossing(self._native.authorization, url, now)

    def _authorization_now(self, url: str) -> str:
        """As `_authorization`, of tokens that a flow has just given: they can be used, although
        they may be about to expire."""
        return crossing(self._native.authorization_now, url)

    def _authorize_now(
        self, method: str, url: str, nonces: _native.DpopNonces
    ) -> _native.Authorized:
        return crossing(self._native.authorize_now, method, url, int(time.time()), nonces)

    def _judged(
        self, call: _native.ResourceCall, status: int, www_authenticate: list[str]
    ) -> _native.Reaction:
        """What an answer means that a request with them got."""
        requested, granted = self._native.requested_scopes, self._native.scopes
        return crossing(
            call.answered, status, www_authenticate, crossing(requested), crossing(granted)
        )

    def __repr__(self) -> str:
        return (
            f"<TokenSet issuer={self.issuer!r} client_id={self.client_id!r} "
            f"scopes={self.scopes!r} expires_at={self.expires_at!r}>"
        )

    def __copy__(self) -> NoReturn:
        raise TypeError("a TokenSet cannot be copied: pass it on, or sign in again")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a TokenSet cannot be pickled: a file is no place for tokens")
