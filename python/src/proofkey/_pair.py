"""The pair of RFC 7636 on its own, and its verification."""

from __future__ import annotations

from . import _arguments as arguments
from . import _native
from ._crossing import crossing

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class CodePair:
    """A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on
    their own. The verifier stays in Rust, which wipes it when this object goes."""

    __slots__ = ("__weakref__", "_native")

    def __init__(self, native: _native.CodePair) -> None:
        self._native = native

    @property
    def challenge(self) -> str:
        """43 characters; the method is S256, always."""
        return crossing(self._native.challenge)

    def expose_verifier(self) -> str:
        """The verifier. Python cannot wipe the text that is given out; do not keep it."""
        return crossing(self._native.expose_verifier)

    def __repr__(self) -> str:
        return f"<CodePair challenge={self.challenge!r}>"

    def __copy__(self) -> NoReturn:
        raise TypeError("a CodePair cannot be copied: each sign-in has its own")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a CodePair cannot be pickled: it holds a secret")


def pair() -> CodePair:
    """A new pair, from the operating system's generator.

    Raises:
        Retry: The generator failed. There is no fallback.
    """
    return CodePair(crossing(_native.pair))


def verify(verifier: str, challenge: str) -> bool:
    """Whether the challenge is that of the verifier: the authorization server's check (RFC 7636
    §4.6), in constant time.

    Raises:
        FixConfiguration: A text is outside the grammar of RFC 7636.
    """
    verifier = arguments.text("verifier", verifier)
    challenge = arguments.text("challenge", challenge)
    return crossing(_native.verify, verifier, challenge)
