"""Proofs of possession (RFC 9449) at a server: what it asks of them, and what came with a
request."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import _arguments as arguments
from . import _native

_MOST = 2**53


@dataclass(frozen=True, kw_only=True)
class ProofRules:
    """What a server asks of proofs."""

    required: bool = False
    """Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2)."""

    window_s: int = 60
    """How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449
    §11.1)."""

    nonce_key: bytes | None = field(default=None, repr=False)
    """The key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator,
    the same on every node of the server. None: proofs need no nonce."""

    nonce_lifetime_s: int = 300
    """After so many seconds there is a new nonce; the one before it is good for as long again."""


@dataclass(frozen=True)
class Proof:
    """The proofs that came with a request, and the request that they have to be for."""

    fields: Sequence[str] = field(repr=False)
    """The values of its header fields ``DPoP``, each as it came. None proves nothing, and more than
    one is refused (RFC 9449 §4.3)."""

    method: str
    """The request's method."""

    url: str
    """Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not
    compared."""


def rules(given: object) -> _native.ProofRules:
    """The setting ``proofs``, as it crosses."""
    if not isinstance(given, ProofRules):
        raise arguments.wrong_type("proofs", "ProofRules or None", given)
    key = given.nonce_key
    if key is not None and not isinstance(key, bytes):
        raise arguments.wrong_type("nonce_key", "bytes or None", key)
    return _native.ProofRules(
        required=arguments.flag("required", given.required),
        window_s=arguments.whole("window_s", given.window_s, _MOST),
        nonce_key=key,
        nonce_lifetime_s=arguments.whole("nonce_lifetime_s", given.nonce_lifetime_s, _MOST),
    )


def presented(asked: _native.ProofRules | None, given: object) -> _native.RequestProof | None:
    """What came with a request, as it crosses; None where the server takes no proofs."""
    if asked is None:
        return None
    # Who is told of no request proves nothing: where proofs are required, that is refused.
    proof = Proof((), "", "") if given is None else given
    if not isinstance(proof, Proof):
        raise arguments.wrong_type("proof", "a Proof or None", given)
    return _native.RequestProof(
        fields=arguments.texts("fields", proof.fields),
        method=arguments.text("method", proof.method),
        url=arguments.text("url", proof.url),
        now=int(time.time()),
        rules=asked,
    )
