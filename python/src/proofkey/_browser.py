"""Opens the user's browser: one program, one argument, never a shell (CVE-2025-6514)."""

from __future__ import annotations

import os
import re
import sys

from ._arguments import wrong_type

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Union

    Browser = Union[str, "os.PathLike[str]", Callable[[str], object]]
    """A program that gets the URL as its only argument, or a function that opens or shows it."""


class CannotOpen(Exception):
    """No browser could be opened; says why."""


def checked(browser: object) -> Browser | None:
    """The setting ``browser``, if it is one."""
    if browser is None or isinstance(browser, (str, os.PathLike)) or callable(browser):
        return browser
    raise wrong_type("browser", "a program's path or a function", browser)


def is_there(browser: Browser | None) -> bool:
    """Whether this machine has a browser, as far as can be told without opening one."""
    if browser is not None or os.environ.get("BROWSER"):
        return True
    if sys.platform in ("darwin", "win32", "cygwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def open_url(browser: Browser | None, url: str) -> None:
    """Opens the URL, which is checked first. Raises `CannotOpen`.

    Without a setting the environment variable ``BROWSER`` names **one** program; lists and
    templates (``a:b``, ``x %s``) are not expanded, for that is how addresses have ended up in
    shells. Without that it is the system's default browser.
    """
    _check(url)
    if browser is None:
        browser = os.environ.get("BROWSER") or None
    if browser is None:
        _open_default(url)
    elif isinstance(browser, (str, os.PathLike)):
        _launch(os.fspath(browser), url)
    else:
        try:
            browser(url)
        except StopIteration as error:
            # Neither a generator nor a future can carry it.
            raise RuntimeError("the browser function has raised StopIteration") from error


def _open_default(url: str) -> None:
    if not is_there(None):
        # Else it would start one for terminals, in a program that may use the terminal itself.
        raise CannotOpen(_NONE)
    import webbrowser

    try:
        opened = webbrowser.open(url)
    except (webbrowser.Error, OSError) as error:
        raise CannotOpen(f"the system's browser: {error}") from None
    if not opened:
        raise CannotOpen(_NONE)


_NONE = 'no browser was found on this machine; with interaction="paste" one elsewhere will do'


def _launch(program: str, url: str) -> None:
    """Starts the program beside this one; it may run for as long as the user keeps the window."""
    import subprocess
    import threading

    quiet = subprocess.DEVNULL
    try:
        # Not shell: a list, with the address as one item. A session of its own: Ctrl-C in this
        # program's terminal is not meant for the browser.
        child = subprocess.Popen(
            [program, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotOpen(f"the program {program!r}: {reason}") from None
    # Somebody must take note of its end, or it stays in the process table.
    threading.Thread(target=child.wait, name="proofkey-browser", daemon=True).start()


_LOCAL = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]*)?(?:[/?#]|\Z)")
_IN_A_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_LONGEST = 16 * 1024


def _check(url: str) -> None:
    """Only https, http only to loopback (M9), and only characters that a URI has (RFC 3986 §2): no
    space, no control character, no quote, nothing that begins with ``-``."""
    if url.startswith("http://"):
        if not _LOCAL.match(url):
            raise CannotOpen("the sign-in address is http and not on loopback; expected https")
    elif not url.startswith("https://"):
        raise CannotOpen("the sign-in address is not an https URL")
    if not _IN_A_URI.fullmatch(url):
        raise CannotOpen("the sign-in address has a character that does not belong in a URL")
    if len(url) > _LONGEST:
        raise CannotOpen("the sign-in address is longer than 16 KiB")
