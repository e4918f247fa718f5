"""What both ways of making an HTTP exchange share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ._native import Event, Header, HttpResponse, Lost

_LOOPBACK = re.compile(r"https?://(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]*)?(?:[/?#]|\Z)")


def is_loopback(url: str) -> bool:
    """What goes to this machine is never shown to a proxy."""
    return _LOOPBACK.match(url) is not None


def answered(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Event:
    """The server's whole answer."""
    fields = [Header(name=clean(name), value=clean(value)) for name, value in headers]
    return Event.RESPONSE(HttpResponse(status=status, headers=fields, body=body))


def unreachable(reason: Lost, detail: str) -> Event:
    """No whole answer came. In doubt it may have arrived: that is the answer that loses nothing."""
    return Event.UNREACHABLE(reason=reason, detail=clean(detail))


def too_late(seconds: float) -> str:
    """The words for a timeout."""
    return f"no whole answer within {seconds:g} s"


def too_large(most: int) -> Event:
    """The answer has more bytes than allowed."""
    return unreachable(Lost.TOO_LARGE, f"more than {most} bytes")


def clean(text: str) -> str:
    """Text of the system as text that can cross: without halves of pairs."""
    return text if text.isascii() else text.encode(errors="replace").decode()
