"""Waits for a flight from asyncio, from any number of event loops at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

from ._flight import Flight

_T = TypeVar("_T")


async def wait(flight: Flight[_T]) -> _T:
    """Waits, and gives what came of it. A cancel ends this wait alone, at once."""
    future, watcher = _landing(flight)
    try:
        await future
    finally:
        flight.forget(watcher)
        flight.leave()
    return flight.result()


async def fly(flight: Flight[_T]) -> _T:
    """Begins and waits, for work that is the caller's alone: a cancel comes out as it went in, when
    nothing is left open and what must be finished is."""
    flight.start()
    future, watcher = _landing(flight)
    cancelled: asyncio.CancelledError | None = None
    try:
        while not future.done():
            try:
                await asyncio.wait({future})
            except asyncio.CancelledError as error:
                cancelled = cancelled or error
                flight.cancel()
    finally:
        flight.forget(watcher)
        flight.leave()
    if cancelled is not None:
        raise cancelled
    return flight.result()


def _landing(flight: Flight[_T]) -> tuple[asyncio.Future[None], Callable[[], object]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def settle() -> None:
        if not future.done():
            future.set_result(None)

    def landed() -> None:
        # A loop that is closed refuses: then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle)

    flight.watch(landed)
    return future, landed
