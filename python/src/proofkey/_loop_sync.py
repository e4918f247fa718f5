"""Runs a flow to its end for programs that wait."""

from __future__ import annotations

from typing import TypeVar

from . import _browser, _driver
from ._native import Event

_T = TypeVar("_T")

# A wait in Rust does not see Ctrl-C; between two slices of it Python does. In milliseconds.
_SLICE = 200


def run(flow: _driver.Flow[_T], browser: _browser.Browser | None = None) -> _T:
    """Serves the flow, and gives what it ends with. Whatever ends this closes what it opened."""
    tasks = _driver.run(flow)
    task: _driver.Task | None = None
    event: Event | None = None
    try:
        while True:
            try:
                task = next(tasks) if event is None else tasks.send(event)
            except StopIteration as end:
                outcome: _T = end.value
                return outcome
            event = _perform(task, browser)
    finally:
        # After an exception, Ctrl-C among them, the flow ends here and its port is free.
        tasks.close()
        # What shows a traceback with its variables finds neither code nor token here.
        task = event = None


def _perform(task: _driver.Task, browser: _browser.Browser | None) -> Event:
    if isinstance(task, _driver.Send):
        # HTTP and TLS take longest to import, and the user is being waited for before.
        from . import _http_sync

        return _http_sync.exchange(task.request)
    if task.url is not None:
        try:
            _browser.open_url(browser, task.url)
        except _browser.CannotOpen as error:
            return _driver.no_browser(str(error))
    while True:
        left = task.left_ms()
        what = _driver.wait(task.receiver, min(left, _SLICE))
        if left <= _SLICE or not what.is_ELAPSED():
            return what
