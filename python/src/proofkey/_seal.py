"""The key that what is kept is sealed under."""

from __future__ import annotations

from . import _arguments as arguments
from . import _native
from ._crossing import crossing

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class DataKey:
    """32 bytes that seal what may lie on a disk (XChaCha20-Poly1305), for `PkceSession.seal`. They
    stay in Rust, which wipes them when this object goes."""

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.DataKey) -> None:
        """Use `generate` or `from_text`."""
        self._native = native

    @classmethod
    def generate(cls) -> DataKey:
        """A new key, from the operating system's generator.

        Raises:
            Retry: The generator failed. There is no fallback.
        """
        return cls(crossing(_native.DataKey.generate))

    @classmethod
    def from_text(cls, text: str) -> DataKey:
        """The key of this text: base64url without padding of 32 bytes.

        Raises:
            TypeError: `text` is no ``str``.
            FixConfiguration: It is no such text.
        """
        return cls(crossing(_native.DataKey.from_text, arguments.text("text", text)))

    def expose_text(self) -> str:
        """The key as base64url, for a keyring. Python cannot wipe the text that is given out."""
        return crossing(self._native.expose_text)

    def __repr__(self) -> str:
        return "<DataKey>"

    def __copy__(self) -> NoReturn:
        raise TypeError("a DataKey cannot be copied: pass it on")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a DataKey cannot be pickled: keep its text in a keyring")
