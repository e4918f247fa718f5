"""The client for programs that wait."""

from __future__ import annotations

from types import TracebackType

from . import _browser, _driver
from ._errors import closed
from ._native import Event
from ._settings import ClientSettings
from ._tokens import TokenSet

# A wait in Rust does not see Ctrl-C; between two slices of it Python does. In milliseconds.
_SLICE = 200


class Client(ClientSettings):
    """A public client of one authorization server. It holds settings and no secret, and may be
    shared between threads: each sign-in stands for itself.
    """

    def sign_in(self) -> TokenSet:
        """Signs the user in: opens the browser, waits for the redirect, redeems the code.

        It returns when the user is done: at most after the timeout, and 30 s for the exchange.
        Ctrl-C ends it and closes what it opened.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        if self._closed:
            raise closed("Client")
        tasks = _driver.run(self._flow())
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
                _browser.open_url(self._browser, task.url)
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
