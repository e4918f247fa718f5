"""The ID tokens of Authlib's server: ES256, without a name of the key, because there is one."""

from __future__ import annotations

from typing import Any

from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import ECKey

KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})


class IdToken(OpenIDCode):
    """For the tokens that come for a code, and for a device code."""

    def __init__(self, issuer: str) -> None:
        super().__init__(require_nonce=False)
        self._issuer = issuer

    def resolve_client_private_key(self, client: Any) -> ECKey:
        return KEY

    def get_client_algorithm(self, client: Any) -> str:
        return "ES256"

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._issuer, "aud": [client.get_client_id()]}

    def generate_user_info(self, user: Any, scope: str) -> UserInfo:
        return UserInfo(sub=user.get_user_id())


def published() -> dict[str, Any]:
    """The key set (RFC 7517 §5)."""
    return {"keys": [KEY.as_dict(private=False)]}
