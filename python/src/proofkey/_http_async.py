"""One HTTP exchange for asyncio: the same one as without asyncio, on its own thread.

A task would not do, whichever HTTP client it used. `asyncio.shield` keeps the caller's cancel from
it, but `asyncio.run` cancels every task when the program's main coroutine ends, and an HTTP client
that is cancelled closes its connection: the server has used up the code, and its answer is lost. A
thread can be cancelled by nobody.
"""

from __future__ import annotations

import asyncio
import contextlib

from ._http import too_late
from ._http_sync import Exchange
from ._native import Event, HttpRequest


async def exchange(request: HttpRequest) -> Event:
    """Makes an exchange that a cancel ends."""
    running, outcome = _begin(request)
    try:
        return await outcome
    finally:
        running.end("cancelled")


async def exchange_to_its_end(
    request: HttpRequest,
) -> tuple[Event, asyncio.CancelledError | None]:
    """Makes an exchange that nothing but its timeout ends: neither a cancel nor the end of the
    event loop, which waits for it. A cancel that comes meanwhile is given back beside the answer:
    it is the caller's, once the answer is where it belongs."""
    cancelled = None
    _, outcome = _begin(request)
    while not outcome.done():
        try:
            await asyncio.wait({outcome})
        except asyncio.CancelledError as error:
            cancelled = error
    return outcome.result(), cancelled


def _begin(request: HttpRequest) -> tuple[Exchange, asyncio.Future[Event]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Event] = loop.create_future()

    def settle() -> None:
        deadline.cancel()
        if not future.done() and running.outcome is not None:
            future.set_result(running.outcome)

    def settled() -> None:
        # A loop that is closed refuses: then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    running = Exchange(request, settled)
    seconds = request.timeout_ms / 1000
    deadline = loop.call_later(seconds, running.end, too_late(seconds))
    running.start()
    return running, future
