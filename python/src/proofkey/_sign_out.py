"""What came of a sign-out."""

from __future__ import annotations

from . import _native
from ._crossing import from_native
from ._errors import ProofKeyError


class SignedOut:
    """Nothing is kept here any more."""

    __slots__ = ("end_session_url", "revoked", "warning")

    def __init__(
        self,
        revoked: bool | None,
        warning: ProofKeyError | None,
        end_session_url: str | None = None,
    ) -> None:
        self.revoked: bool | None = revoked
        """Whether the server has revoked the tokens; None where there were none."""
        self.warning: ProofKeyError | None = warning
        """Why it has not, as the error that it would have been."""
        self.end_session_url: str | None = end_session_url
        """Where the user's browser ends the session that it may still have with the server (OpenID
        Connect RP-Initiated Logout); None where the server has none, or it is not known who signed
        in. Opening it is the program's part. It names the user, so it belongs into the browser and
        into no log."""

    def __repr__(self) -> str:
        return f"<SignedOut revoked={self.revoked!r} warning={self.warning!r}>"


def signed_out(outcome: _native.AccessOutcome) -> SignedOut:
    """What crossed, as what is given out."""
    warning = None if outcome.warning is None else from_native(outcome.warning)
    return SignedOut(outcome.revoked, warning, outcome.end_session_url)
