"""The client for programs that wait."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from . import _browser, _driver
from ._errors import closed
from ._native import Event
from ._settings import Settings
from ._tokens import TokenSet

# A wait in Rust does not see Ctrl-C; between two slices of it Python does. In milliseconds.
_SLICE = 200


class Client:
    """A public client of one authorization server. It holds settings and no secret, and may be
    shared between threads: each sign-in stands for itself.
    """

    def __init__(
        self,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        client_id: str,
        scopes: Sequence[str] = (),
        resource: str | None = None,
        redirect_uri: str | None = None,
        port: int | None = None,
        redirect_path: str | None = None,
        iss_promised: bool = False,
        browser: _browser.Browser | None = None,
        timeout: float = 300,
    ) -> None:
        """Checks the settings; nothing else happens yet.

        Args:
            issuer: The authorization server's identifier, exactly as the server writes it.
            authorization_endpoint: Where the user is sent.
            token_endpoint: Where the code is redeemed.
            client_id: The public client's identifier.
            scopes: What is asked for; nothing leaves it to the server.
            resource: The resource that the tokens are for (RFC 8707).
            redirect_uri: A loopback address such as ``http://127.0.0.1/callback``; without a port
                the system chooses one. It stands in for `port` and `redirect_path`.
            port: A fixed port on 127.0.0.1. By default the system chooses one.
            redirect_path: The path of the redirect. By default ``/callback``.
            iss_promised: Whether the server's metadata promises ``iss`` in its answers (RFC 9207
                §3).
            browser: A program that gets the address as its only argument, or a function that opens
                or shows it. By default the program that ``BROWSER`` names, else the system's
                browser.
            timeout: How long the user may take, in seconds, from 1 to 3600.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
            FixConfiguration: A setting cannot be used; the message names it.
        """
        self._settings = Settings(
            issuer=issuer,
            authorization_endpoint=authorization_endpoint,
            token_endpoint=token_endpoint,
            client_id=client_id,
            scopes=scopes,
            resource=resource,
            redirect_uri=redirect_uri,
            port=port,
            redirect_path=redirect_path,
            iss_promised=iss_promised,
            browser=browser,
            timeout=timeout,
        )
        self._closed = False

    def sign_in(self) -> TokenSet:
        """Signs the user in: opens the browser, waits for the redirect, redeems the code.

        It returns when the user is done: at most after the timeout, and 30 s for the exchange.
        Ctrl-C ends it and closes what it opened.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        if self._closed:
            raise closed("Client")
        tasks = _driver.run(self._settings.flow())
        task: _driver.Task | None = None
        event: Event | None = None
        try:
            while True:
                try:
                    task = next(tasks) if event is None else tasks.send(event)
                except StopIteration as end:
                    return TokenSet(end.value)
                event = self._perform(task)
        finally:
            # After an exception, Ctrl-C among them, the flow ends here and its port is free.
            tasks.close()
            # What shows a traceback with its variables finds neither code nor token here.
            task = event = None

    def _perform(self, task: _driver.Task) -> Event:
        if isinstance(task, _driver.Send):
            # HTTP and TLS take longest to import, and the user is being waited for before.
            from . import _http_sync

            return _http_sync.exchange(task.request)
        if task.url is not None:
            try:
                _browser.open_url(self._settings.browser, task.url)
            except _browser.CannotOpen as error:
                return _driver.no_browser(str(error))
        while True:
            left = task.left_ms()
            what = _driver.wait(task.receiver, min(left, _SLICE))
            if left <= _SLICE or not what.is_ELAPSED():
                return what

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
