"""Runs a flow to its end for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable
from typing import TypeVar

from . import _browser, _driver
from ._crossing import crossing
from ._errors import ProofKeyError
from ._native import Event

_T = TypeVar("_T")


async def run(flow: _driver.Flow[_T], browser: _browser.Browser | None = None) -> _T:
    """Serves the flow, and gives what it ends with. A cancel comes out as it went in, when nothing
    is left open; what is marked with `finish` is run to its end before."""
    tasks = _driver.run(flow)
    cancelled: asyncio.CancelledError | None = None
    task: _driver.Task | None = None
    event: Event | None = None
    try:
        while True:
            try:
                task = next(tasks) if event is None else tasks.send(event)
            except StopIteration as end:
                if cancelled is not None:
                    break
                outcome: _T = end.value
                return outcome
            # The flow hears of a cancel where that still matters to it, and of the answer where
            # there is one; it may have something left to do after either.
            event, late = await _perform(task, browser)
            cancelled = late or cancelled
    except ProofKeyError:
        if cancelled is None:
            raise
    finally:
        tasks.close()
        # What shows a traceback with its variables finds neither code nor token here.
        task = event = None
    raise cancelled


async def _perform(
    task: _driver.Task, browser: _browser.Browser | None
) -> tuple[Event, asyncio.CancelledError | None]:
    """The event, and the cancel that came meanwhile."""
    # HTTP and TLS take longest to import, and the user is being waited for before.
    from . import _http_async

    try:
        if isinstance(task, _driver.Wait):
            return await _redirect(task, browser), None
        if not task.finish:
            return await _http_async.exchange(task.request), None
    except asyncio.CancelledError as cancelled:
        return Event.CANCEL(), cancelled
    return await _http_async.exchange_to_its_end(task.request)


async def _redirect(task: _driver.Wait, browser: _browser.Browser | None) -> Event:
    url = task.url
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
