"""The client for programs that wait."""

from __future__ import annotations

from types import TracebackType

from . import _native
from ._access import AccessClient, landed_tokens
from ._flights import check_interaction
from ._request import AuthorizedRequest, run
from ._sign_out import SignedOut, signed_out
from ._tokens import TokenSet

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._flights import Asking, Interaction, Receiving


class Client(AccessClient):
    """Access to one resource, or to what one issuer's tokens are good for: from an address to a
    token that stays fresh.

    It may be shared between threads. What waits here shows Ctrl-C at once and loses nothing by it:
    an answer of the server that must not be lost is awaited and kept all the same.
    """

    def sign_in(
        self, *, interaction: Asking = "auto", resumable: bool = False, device: bool = False
    ) -> TokenSet:
        """Signs the user in, whatever is kept, and keeps what comes: finds the servers, opens the
        browser, waits for the redirect, redeems the code.

        It returns when the user is done: at most after the timeout, 15 s for each document that is
        asked for, and 30 s for the exchange. Each call is a sign-in of its own. Ctrl-C ends it and
        closes what it opened; while the code is being redeemed, once the answer is there.

        Args:
            interaction: How the user is asked. ``browser``: on this machine. ``paste``: the address
                is shown, and the user pastes the one where the browser ended. ``auto``: the
                browser, if there is one, else the other at a terminal. ``device``: a code is shown,
                and the user enters it wherever there is a browser (RFC 8628). Only for programs
                without one: who is talked into entering somebody else's code signs them in.
            resumable: Whether `resume` can take it up when this program has been ended meanwhile.
            device: The same as ``interaction="device"``.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        return landed_tokens(self._sign_in(interaction, resumable, device).fly())

    def resume(
        self, redirect: str | None = None, *, interaction: Receiving = "browser"
    ) -> TokenSet:
        """Finishes a sign-in that an earlier run of the program began with ``resumable=True`` and
        with the same settings. Once: of two that try, one succeeds.

        Args:
            redirect: The address where the browser ended, if it started this run of the program.
                Else it is waited for, at the same port as before.
            interaction: ``paste`` asks the user for it.

        Raises:
            SignInAgain: ``nothing_pending``, ``session_expired``, and what ends a sign-in.
            ProofKeyError: As for `sign_in`.
        """
        flight = self._resumption(redirect, interaction)
        # What shows a traceback with its variables finds no code here.
        redirect = None
        return landed_tokens(flight.fly())

    def tokens(self, interaction: Interaction = "never") -> TokenSet:
        """Tokens that are fresh: those at hand, else those that are kept, refreshed where they must
        be. Without `interaction` the user is not asked.

        All who wait for it, threads and tasks, wait for one and the same flow; who stops waiting
        stops for itself.

        Args:
            interaction: Whether the user may be asked where there is no other way, and how.

        Raises:
            SignInAgain: ``sign_in_required`` and others: only the user can help.
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        return self._tokens(interaction)

    def access_token(self, interaction: Interaction = "never") -> str:
        """The access token of `tokens`, for requests to its own resource and to no other; see
        `authorization`. Python cannot wipe the text that is given out: ask each time."""
        return self._tokens(interaction).expose_access_token()

    def authorization(
        self, url: str, *, interaction: Interaction = "never", rejected: str | None = None
    ) -> str:
        """The value of the header field ``Authorization`` for a request to `url`, which must lie in
        the client's resource: a token is shown to its own resource alone. For tokens that are bound
        to a key it is not enough: see `authorize`.

        Args:
            url: Where the request goes.
            interaction: Whether the user may be asked for a sign-in, and how.
            rejected: A value that this gave before and that the resource has answered by 401: it is
                not given again. Repeat the request once; if it is refused once more, give up.

        Raises:
            FixConfiguration: ``wrong_resource``: the request goes elsewhere.
            ProofKeyError: As for `tokens`.
        """
        if rejected is None:
            header = self._header(url)
            if header is not None:
                return header
        refused = self._refused(url, rejected)
        return self._tokens(interaction, refused)._authorization_now(url)

    def authorize(
        self, method: str, url: str, *, interaction: Interaction = "never"
    ) -> AuthorizedRequest:
        """The header fields for a request to `url`, and what its answer means for the token: for
        tokens that are bound to a key, each request needs a proof of its own (RFC 9449), and a
        resource may demand more than the token has.

        Where the user may be asked and nobody has signed in, the first try is sent without a token:
        the answer says where to sign in and for what (RFC 9728 §5).

        Args:
            method: The method of the request.
            url: Where it goes; it must lie in the client's resource.
            interaction: Whether the user may be asked for a sign-in, and how.

        Raises:
            FixConfiguration: ``wrong_resource``: the request goes elsewhere.
            ProofKeyError: As for `tokens`, and ``signing_failed``.
        """
        check_interaction(interaction)
        request = AuthorizedRequest(self, method, url, interaction)
        run(request.first())
        return request

    def sign_out(self) -> SignedOut:
        """Ends the sign-in: the server is told to revoke (RFC 7009), and whatever it says, nothing
        is kept here any more. The browser may still know the user: see `SignedOut.end_session_url`.

        Raises:
            ProofKeyError: The store failed, or was in use for 45 s.
        """
        return signed_out(self._own_flight(_native.Goal.SIGN_OUT).fly())

    def close(self) -> None:
        """Ends the client: later calls are refused. What runs is not touched, and what is kept
        stays."""
        self._close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
