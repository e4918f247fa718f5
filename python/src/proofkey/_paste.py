"""A sign-in without a browser: the user opens the address elsewhere, and pastes where it ended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ._flight import Cancel

# No redirect is longer (the core refuses it).
_LONGEST = 64 * 1024


class CannotAsk(Exception):
    """There is no terminal to ask in; says why."""


def is_possible() -> bool:
    """Whether a person sits at this program's terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    try:
        return isatty is not None and bool(isatty())
    except ValueError:  # It is closed.
        return False


def invitation(url: str) -> str:
    """What the user is told first."""
    return (
        f"Open this address in a browser, on this machine or another, and sign in:\n\n{url}\n\n"
        "At the end the browser goes to an address at 127.0.0.1, [::1] or localhost, and may say "
        "that it cannot be reached. Copy that whole address from its address bar and paste it "
        "here.\n"
    )


WARNING = (
    "Paste it nowhere else, and never send it to anyone who asks for it: whoever has it may get "
    "into your account. If somebody else gave you the address above, stop here.\n"
)

QUESTION = "The address where the browser ended (it is not shown): "


class Terminal:
    """The program's terminal: questions on standard error, answers from standard input."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._rest = b""

    def invite(self, url: str | None) -> None:
        """Shows the address, if it is not known already, and what must not be done."""
        self._say("\n" + (invitation(url) if url else "") + WARNING + "\n")

    def refuse(self, why: str) -> None:
        """That was not it."""
        self._say(f"That is not where this sign-in ended ({why}). Try again.\n")

    def line(self, end: float) -> str | None:
        """One line, or None where the caller has gone. `end` is on the monotonic clock.

        Raises:
            CannotAsk: There is no standard input.
            EOFError: The user has closed it.
            TimeoutError: The end has come.
        """
        line = self._read(end)
        return None if line is None else line.decode(errors="replace").strip()

    def _read(self, end: float) -> bytes | None:
        try:
            descriptor = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):
            raise CannotAsk("this program has no standard input to paste into") from None
        if not _is_posix():
            self._say(QUESTION)
            return self._blocking()
        # It is quiet before the question is seen.
        with _quiet(descriptor), _waker(self._cancel) as woken, self._asking():
            line = bytearray()
            while True:
                for place, byte in enumerate(self._rest):
                    if byte in b"\r\n":
                        self._rest = self._rest[place + 1 :]
                        return bytes(line)
                    _typed(line, byte)
                self._rest = b""
                if not _readable(descriptor, woken, end):
                    return None
                self._rest = os.read(descriptor, 4096)
                if not self._rest:
                    raise EOFError
                if len(line) > _LONGEST:
                    line.clear()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._say(QUESTION)
        try:
            yield
        finally:
            self._say("\n")

    def _blocking(self) -> bytes:
        """Where a terminal cannot be waited for beside something else."""
        line = sys.stdin.readline(_LONGEST)
        if not line:
            raise EOFError
        return line.encode(errors="replace")

    def _say(self, text: str) -> None:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()


def _is_posix() -> bool:
    return os.name == "posix"


def _typed(line: bytearray, byte: int) -> None:
    """One byte, as a terminal would take it."""
    if byte in b"\x08\x7f":
        del line[-1:]
    elif byte == 0x15:  # Ctrl-U
        line.clear()
    elif byte == 0x04:  # Ctrl-D
        raise EOFError
    else:
        line.append(byte)


def _readable(descriptor: int, woken: int, end: float) -> bool:
    """Waits until there is something to read; False where the caller has gone."""
    import select

    poll = select.poll()
    for each in (descriptor, woken):
        poll.register(each, select.POLLIN)
    left = end - time.monotonic()
    ready = dict(poll.poll(max(0, round(left * 1000))))
    if woken in ready:
        return False
    if not ready:
        raise TimeoutError
    return True


@contextmanager
def _waker(cancel: Cancel) -> Iterator[int]:
    """A descriptor that can be read once the caller has gone."""
    woken, wake = os.pipe()
    try:
        cancel.waking(lambda: os.write(wake, b"."))
        yield woken
    finally:
        cancel.waking(None)
        os.close(woken)
        os.close(wake)


@contextmanager
def _quiet(descriptor: int) -> Iterator[None]:
    """A terminal that shows nothing of what is typed, because a code stands in it, and that takes
    more than the 1024 or 4096 bytes of a line that it would put together by itself."""
    if not os.isatty(descriptor):
        yield
        return
    import termios

    before = termios.tcgetattr(descriptor)
    mode = list(before)
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(descriptor, termios.TCSADRAIN, mode)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
