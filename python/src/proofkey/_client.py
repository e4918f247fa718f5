"""The client for programs that wait."""

from __future__ import annotations

from types import TracebackType

from . import _loop_sync
from ._errors import closed
from ._settings import ClientSettings
from ._tokens import TokenSet


class Client(ClientSettings):
    """A public client of one authorization server. It holds settings and no secret, and may be
    shared between threads: each sign-in stands for itself.
    """

    def sign_in(self) -> TokenSet:
        """Signs the user in: opens the browser, waits for the redirect, redeems the code.

        Where the endpoints were not given it first asks the issuer for its metadata (RFC 8414),
        once an hour; each document has 15 s. It returns when the user is done: at most after the
        timeout, and 30 s for the exchange. Ctrl-C ends it and closes what it opened.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        if self._closed:
            raise closed("Client")
        discovery = self._discovery()
        if discovery is not None:
            self._found(_loop_sync.run(discovery))
        return TokenSet(_loop_sync.run(self._flow(), self._browser))

    def close(self) -> None:
        """Ends the client: later sign-ins are refused. Those that run are not touched."""
        self._closed = True

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
