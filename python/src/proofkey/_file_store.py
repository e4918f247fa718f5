"""The store in files: one folder for this user, shared with the program ``proofkey`` and with
every language."""

from __future__ import annotations

import contextlib
import os
import time
import warnings

from . import _arguments as arguments
from . import _native
from ._crossing import crossing, from_store
from ._errors import FixConfiguration
from ._store import Lock, Sealed

# How long another program may take to ask the keyring, in seconds: it may ask the user.
_KEYRING_PATIENCE = 60.0
_SLICE_MS = 200


class FileStore(Sealed):
    """Keeps tokens in a folder of this user, sealed, for all programs that name the same folder: a
    sign-in of the program ``proofkey`` or of another language serves this one.

    The key that the files are sealed under lies in the system's keyring, if the package
    ``proofkey[keyring]`` is installed and a keyring answers when the folder is first used; else in
    a file beside them, for which a warning is given: that keeps other users away, and no program of
    the same user. Where it lies is decided once for a folder.

    It may be shared by clients, threads and processes, also over a fork.
    """

    __slots__ = ("_key", "_native", "_warned")

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        """Opens the folder, and makes it if it is not there.

        Args:
            folder: By default ``PROOFKEY_STORE`` where it is set, else this user's own, such as
                ``~/.local/share/proofkey``.

        Raises:
            TypeError: `folder` is no path.
            FixConfiguration: ``store_insecure`` or ``store_denied``: others can write there, or
                this user cannot.
            Retry: ``store_full``, ``store_failed``.
        """
        if folder is None:
            place = crossing(_native.default_store_folder)
        elif isinstance(folder, (str, os.PathLike)):
            place = arguments.text("folder", os.fspath(folder))
        else:
            raise arguments.wrong_type("folder", "a path", folder)
        self._native = crossing(_native.FileStore.open, place)
        self._key: _native.DataKey | None = None
        self._warned = False
        kept = crossing(self._native.key_place)
        if kept is _native.KeyPlace.FILE or (
            kept is _native.KeyPlace.UNDECIDED and not _is_installed()
        ):
            self._warn()

    @property
    def folder(self) -> str:
        """The folder, by its real path."""
        return crossing(self._native.folder)

    def load(self, key: str) -> tuple[int, bytes] | None:
        """See `Store.load`. The value is sealed."""
        found = crossing(self._native.load, key)
        return None if found is None else (found.revision, found.value)

    def swap(self, key: str, revision: int | None, value: bytes | None) -> bool:
        """See `Store.swap`."""
        return crossing(self._native.swap, key, revision, value)

    def lock(self, key: str, timeout: float) -> Lock | None:
        """See `Store.lock`. It is the system's: free when its holder dies."""
        lock = crossing(self._native.lock, key, max(0, round(timeout * 1000)))
        return None if lock is None else _Held(lock)

    def _data_key(self) -> _native.DataKey:
        # Two threads that find it at once find the same.
        if self._key is None:
            self._key = self._find_key()
        return self._key

    def _find_key(self) -> _native.DataKey:
        kept = crossing(self._native.key_place)
        if kept is _native.KeyPlace.UNDECIDED:
            self._decide_keyring()
            kept = crossing(self._native.key_place)
        if kept is _native.KeyPlace.KEYRING:
            return self._keyring_key()
        if kept is _native.KeyPlace.UNDECIDED:
            # On a thread of ours; where warnings are errors it would be nobody's.
            with contextlib.suppress(KeyFileWarning):
                self._warn()
        return crossing(self._native.file_key)

    def _keyring_key(self) -> _native.DataKey:
        """Never a new one: what is sealed would be lost."""
        try:
            found = _ask()
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            raise from_store("keyring_unavailable", detail) from None
        if found is None:
            raise from_store("keyring_unavailable", "it has no such entry")
        return crossing(_native.DataKey.from_text, found)

    def _decide_keyring(self) -> None:
        """Puts the key into the keyring, if one answers; else the file has it. One program at a
        time makes the entry."""
        if not _is_installed():
            return
        account = crossing(_native.keyring_entry).account
        end = time.monotonic() + _KEYRING_PATIENCE
        lock = None
        while lock is None and time.monotonic() < end:
            lock = crossing(self._native.lock, account, _SLICE_MS)
        if lock is None:
            raise from_store("store_busy", "")
        try:
            if _has_entry():
                crossing(self._native.decide_keyring)
        finally:
            crossing(lock.release)

    def _warn(self) -> None:
        if self._warned:
            return
        self._warned = True
        warnings.warn(
            "the key of the token store lies in a file beside it, which keeps other users away "
            "and is no encryption; install proofkey[keyring] before the folder is first used, "
            "and the system's keyring keeps it",
            KeyFileWarning,
            stacklevel=3,
        )

    def __repr__(self) -> str:
        return f"<FileStore {self.folder!r}>"


class _Held:
    """A lock of a `FileStore`."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.FileLock) -> None:
        self._native = native

    def release(self) -> None:
        crossing(self._native.release)


class KeyFileWarning(UserWarning):
    """The key of a `FileStore` lies in a file beside what is sealed under it."""


def _is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("keyring") is not None


def _ask() -> str | None:
    """What the keyring has; what it raises is its own."""
    from importlib import import_module

    entry = crossing(_native.keyring_entry)
    found: str | None = import_module("keyring").get_password(entry.service, entry.account)
    return found


def _has_entry() -> bool:
    """Whether the keyring has a key by now. One that takes everything and keeps nothing is none."""
    from importlib import import_module

    entry = crossing(_native.keyring_entry)
    fresh = crossing(crossing(_native.DataKey.generate).expose_text)
    try:
        if _ask() is None:
            import_module("keyring").set_password(entry.service, entry.account, fresh)
        found = _ask()
    except Exception:
        return False
    try:
        return found is not None and bool(crossing(_native.DataKey.from_text, found))
    except FixConfiguration as error:
        if error.code == "internal_error":
            raise
        return False
