"""One HTTP exchange for asyncio.

What must run to its end goes to a thread: a task can be cancelled by anyone, and at the end of the
event loop all of them are; a thread by nobody. The rest is made by httpx where that is installed
(the extra ``async``), else by a thread as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util

from ._http import answered, is_loopback, too_large, too_late, unreachable
from ._http_sync import Exchange
from ._native import Event, HttpRequest, Lost


async def exchange(request: HttpRequest) -> Event:
    """Makes an exchange that a cancel ends."""
    if importlib.util.find_spec("httpx") is not None:
        return await _by_httpx(request)
    running, outcome = _begin(request)
    try:
        return await outcome
    finally:
        running.end("cancelled")


async def exchange_to_its_end(
    request: HttpRequest,
) -> tuple[Event, asyncio.CancelledError | None]:
    """Makes an exchange that nothing but its timeout ends. A cancel that comes meanwhile is given
    back beside the answer: it is the caller's, once the answer is where it belongs."""
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


async def _by_httpx(request: HttpRequest) -> Event:
    seconds = request.timeout_ms / 1000
    try:
        return await asyncio.wait_for(_streamed(request), seconds)
    except asyncio.TimeoutError:
        # What was sent by then is not known.
        return unreachable(Lost.TIMED_OUT, too_late(seconds))


async def _streamed(request: HttpRequest) -> Event:
    import httpx

    before_sending = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.InvalidURL,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
    )
    # A client for one exchange: no cookie, and no connection that could be found dead and used
    # again.
    client = httpx.AsyncClient(timeout=None, trust_env=not is_loopback(request.url))
    fields = [(field.name, field.value) for field in request.headers]
    try:
        sent = client.build_request(
            request.method,
            request.url,
            headers=[*fields, ("Connection", "close")],
            content=request.body,
        )
        del sent.headers["User-Agent"]
        async with client, contextlib.AsyncExitStack() as stack:
            response = await client.send(sent, stream=True, follow_redirects=False)
            stack.push_async_callback(response.aclose)
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > request.max_body:
                    return too_large(request.max_body)
            return answered(response.status_code, response.headers.multi_items(), bytes(body))
    except before_sending as error:
        return unreachable(Lost.NOT_CONNECTED, type(error).__name__)
    except httpx.HTTPError as error:
        return unreachable(Lost.LOST, type(error).__name__)
