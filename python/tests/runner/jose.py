"""ID tokens, key sets, DPoP proofs and signatures."""

from __future__ import annotations

from typing import Any

from proofkey import _native as native

from .discovery import refused
from .words import body, text, word


def id_token(data: dict[str, Any]) -> str:
    try:
        identity = native.verify_id_token(
            text(data["token"]),
            text(data["keys"]).encode(),
            data["issuer"],
            data["client_id"],
            data.get("nonce"),
            data.get("access_token"),
            data["max_age"],
            data["now"],
        )
    except native.ProofKeyError as error:
        return refused(error, data)
    return "unknown_key" if identity is None else "ok" + word("sub", identity.subject)


def key_set(data: dict[str, Any]) -> str:
    try:
        return "ok" + word("keys", native.count_keys(body(data)))
    except native.ProofKeyError as error:
        return f"error {error.code}"


def dpop_proof(data: dict[str, Any]) -> str:
    checked = native.check_dpop_proof(
        text(data["field"]),
        data["method"],
        data["url"],
        data.get("access_token"),
        data.get("nonce"),
        data["now"],
        data["window"],
    )
    if checked.is_REFUSED():
        return f"refused {checked.code}"
    return "ok" + word("thumbprint", checked.thumbprint)


def signature(data: dict[str, Any]) -> str:
    raw = native.raw_signature(bytes.fromhex(data["signature"]))
    return "refused" if raw is None else "ok" + word("raw", raw.hex())
