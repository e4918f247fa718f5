"""Keys that something else keeps, and signs with."""

from __future__ import annotations

from . import _arguments as arguments
from . import _native
from ._crossing import crossing, from_native
from ._errors import ProofKeyError
from ._http import clean

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class Signer(Protocol):
    """A place that keeps keys so that nobody can copy them: a TPM, a security key, an agent.

    A client that is given one binds its tokens to a key there (RFC 9449), by the name ``dpop_key``.
    Its calls may block, and may come from any thread. What they raise becomes ``signing_failed``;
    its text is shown.
    """

    def public_key(self, key_id: str) -> bytes:
        """Makes the P-256 key of this name if there is none, and gives its public half: the point
        (SEC 1 §2.3.3), compressed or not."""

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Signs `data`, which is not hashed yet, by ES256: 64 bytes (RFC 7518 §3.4), or DER."""


def checked(given: object) -> Signer | None:
    """The setting ``signer``, if it is one."""
    if given is None:
        return None
    if all(callable(getattr(given, name, None)) for name in ("public_key", "sign")):
        return given  # type: ignore[return-value]  # as far as can be seen before it is used
    raise arguments.wrong_type("signer", "an object with public_key and sign", given)


def as_bytes(what: str, given: object) -> bytes:
    """What it gave, if that can cross."""
    if not isinstance(given, bytes):
        raise TypeError(f"{what} gives bytes, not {type(given).__name__}")
    return given


def words(error: Exception) -> str:
    """Why it failed."""
    if isinstance(error, _Nobody):
        return "this client has no signer"
    return clean(f"{type(error).__name__}: {error}")


class _Nobody(Exception):
    """The tokens are bound to a key of another program of the user, which shares the store."""


def public_key(signer: Signer | None, key_id: str) -> bytes:
    """The key of this name."""
    if signer is None:
        raise _Nobody
    return as_bytes("public_key", signer.public_key(key_id))


def signature(signer: Signer | None, key_id: str, text: str) -> bytes:
    """What it signs."""
    if signer is None:
        raise _Nobody
    return as_bytes("sign", signer.sign(key_id, text.encode()))


def failed(proof: _native.UnsignedProof, error: Exception) -> ProofKeyError:
    """That a request could not be signed for, in the core's words; they end in the signer's."""
    try:
        proof.signed(b"")
    except _native.ProofKeyError as refused:
        failure = from_native(refused)
    else:
        raise AssertionError("nothing was taken for a signature")
    if failure.code == "internal_error":
        return failure
    head = failure._message.partition(": ")[0]
    return type(failure)(failure.code, f"{head}: {words(error)}", failure.advice)


def signed(proof: _native.UnsignedProof, given: bytes) -> _native.AuthorizationFields:
    """The header fields with this signature."""
    return crossing(proof.signed, given)
