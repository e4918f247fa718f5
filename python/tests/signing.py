"""P-256 in the tests' own words (FIPS 186-5 §6.4, SP 800-186): a key that no library of ours has
made, for signers and for ID tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def _add(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % _P == 0:
            return None
        slope = (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, _P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P)
    x = (slope**2 - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _times(number: int, point: Any) -> Any:
    product = None
    while number:
        if number & 1:
            product = _add(product, point)
        point, number = _add(point, point), number >> 1
    return product


def base64url(data: bytes) -> str:
    """Without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Key:
    """A private key."""

    def __init__(self) -> None:
        self._secret = secrets.randbelow(_N - 1) + 1
        x, y = _times(self._secret, _G)
        self.x, self.y = x.to_bytes(32, "big"), y.to_bytes(32, "big")

    @property
    def point(self) -> bytes:
        """SEC 1 §2.3.3."""
        return b"\x04" + self.x + self.y

    @property
    def jwk(self) -> dict[str, str]:
        """RFC 7518 §6.2.1."""
        return {"kty": "EC", "crv": "P-256", "x": base64url(self.x), "y": base64url(self.y)}

    @property
    def thumbprint(self) -> str:
        """RFC 7638."""
        members = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return base64url(hashlib.sha256(members.encode()).digest())

    def sign(self, data: bytes) -> bytes:
        """64 bytes (RFC 7518 §3.4)."""
        digest = int.from_bytes(hashlib.sha256(data).digest(), "big")
        once = secrets.randbelow(_N - 1) + 1
        r = _times(once, _G)[0] % _N
        s = pow(once, -1, _N) * (digest + r * self._secret) % _N
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jws(self, payload: dict[str, Any]) -> str:
        """A JSON Web Token with this payload (RFC 7519)."""
        parts = [{"alg": "ES256", "kid": "k-1"}, payload]
        signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{base64url(self.sign(signed.encode()))}"


def der(raw: bytes) -> bytes:
    """A signature as platforms give it (RFC 3279 §2.2.3)."""
    numbers = b""
    for part in (raw[:32], raw[32:]):
        value = part.lstrip(b"\0") or b"\0"
        value = (b"\0" if value[0] & 0x80 else b"") + value
        numbers += bytes([2, len(value)]) + value
    return bytes([0x30, len(numbers)]) + numbers


class Signer:
    """A place that keeps one key, as a program would bring it."""

    def __init__(self, spelt: Any = bytes) -> None:
        self.key = Key()
        self.asked: list[str] = []
        self.spelt = spelt

    def public_key(self, key_id: str) -> bytes:
        self.asked.append(f"public_key {key_id}")
        return self.key.point

    def sign(self, key_id: str, data: bytes) -> bytes:
        self.asked.append(f"sign {key_id}")
        signature: bytes = self.spelt(self.key.sign(data))
        return signature
