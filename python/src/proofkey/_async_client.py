"""The client for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from . import _browser, _driver, _native
from ._crossing import crossing
from ._errors import ProofKeyError, closed
from ._native import Event
from ._settings import ClientSettings
from ._tokens import TokenSet

_T = TypeVar("_T")


class AsyncClient(ClientSettings):
    """As `Client`, for asyncio. It may serve many sign-ins at once."""

    async def sign_in(self) -> TokenSet:
        """Signs the user in: opens the browser, waits for the redirect, redeems the code.

        A cancel ends the wait for the user at once. While the code is being redeemed it waits for
        the answer, at most 30 s: the server may have used up the code. In both cases it ends in
        `asyncio.CancelledError` and nothing is left open. So does the end of the event loop:
        `asyncio.run` cancels what still runs and waits for it. Only a loop that is stopped and
        closed by hand does not wait: then the exchange runs to its end on its own thread, nobody
        gets the answer, and asyncio says that a pending task was destroyed.

        Raises:
            ProofKeyError: One of its four families, which say what can be done about it.
        """
        if self._closed:
            raise closed("AsyncClient")
        tasks = _driver.run(self._flow())
        cancelled: asyncio.CancelledError | None = None
        tokens: _native.TokenSet | None = None
        task: _driver.Task | None = None
        event: Event | None = None
        try:
            while True:
                try:
                    task = next(tasks) if event is None else tasks.send(event)
                except StopIteration as end:
                    tokens = end.value
                    break
                # The flow hears of a cancel where that still matters to it, and of the answer where
                # there is one; it may have something left to do after either.
                event, late = await self._perform(task)
                cancelled = late or cancelled
        except ProofKeyError:
            if cancelled is None:
                raise
        finally:
            tasks.close()
            # What shows a traceback with its variables finds neither code nor token here.
            task = event = None
        if cancelled is not None:
            raise cancelled
        if tokens is None:
            raise closed("AsyncClient")
        return TokenSet(tokens)

    async def _perform(self, task: _driver.Task) -> tuple[Event, asyncio.CancelledError | None]:
        """The event, and the cancel that came meanwhile."""
        # HTTP and TLS take longest to import, and the user is being waited for before.
        from . import _http_async

        try:
            if isinstance(task, _driver.Wait):
                return await self._redirect(task), None
            if not task.finish:
                return await _http_async.exchange(task.request), None
        except asyncio.CancelledError as cancelled:
            return Event.CANCEL(), cancelled
        return await _http_async.exchange_to_its_end(task.request)

    async def _redirect(self, task: _driver.Wait) -> Event:
        url, browser = task.url, self._browser
        if url is not None:
            try:
                await _in_thread("browser", lambda: _browser.open_url(browser, url))
            except _browser.CannotOpen as error:
                return _driver.no_browser(str(error))
        waiting = _in_thread("wait", lambda: _driver.wait(task.receiver, task.left_ms()))
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            # Ends the wait at once; when its thread has gone nothing of it is left.
            crossing(task.receiver.cancel)
            await _settled(waiting)
            raise

    async def aclose(self) -> None:
        """Ends the client: later sign-ins are refused. Those that run are not touched."""
        self._closed = True

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


async def _settled(future: asyncio.Future[_T]) -> None:
    """Waits until the future is done, whoever cancels. Only for what ends by itself."""
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            continue


def _in_thread(name: str, call: Callable[[], _T]) -> asyncio.Future[_T]:
    """Calls in a thread of its own. asyncio's executor has few, and each sign-in would hold one
    for as long as its user takes."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def run() -> None:
        try:
            result = call()
        except BaseException as error:
            deliver = functools.partial(future.set_exception, error)
        else:
            deliver = functools.partial(future.set_result, result)

        def settle() -> None:
            if not future.done():
                deliver()

        # A loop that is closed refuses: then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    threading.Thread(target=run, name=f"proofkey-{name}", daemon=True).start()
    return future
