"""Device codes at Authlib's server (RFC 8628), kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from authlib.oauth2.rfc8628 import (
    DeviceAuthorizationEndpoint,
    DeviceCodeGrant,
    DeviceCredentialDict,
)


class User:
    """There is one."""

    def get_user_id(self) -> str:
        return "alice"


class Devices:
    """The codes that were issued, and what their users have said."""

    def __init__(self) -> None:
        self.issued: dict[str, DeviceCredentialDict] = {}
        self.allowed: dict[str, bool] = {}
        # Those for which somebody has asked: too early, as this server sees it.
        self.asked: set[str] = set()

    def page(self, here: str, values: Mapping[str, str]) -> str:
        """The form for the code of a user who allows it, and the link for one who does not."""
        code = values.get("user_code", "")
        if code not in {issued["user_code"] for issued in self.issued.values()}:
            return "Nobody has shown this code."
        if "prompt" in values:
            self.allowed[code] = values["prompt"] == "consent"
            return "Go back to your device."
        code = escape(code)
        return (
            f'<form method="post" action="{here}"><input name="prompt" value="consent">'
            f'<input name="user_code" value="{code}"></form>'
            f'<a href="{here}?user_code={code}&amp;prompt=no">No</a>'
        )


DEVICES = Devices()


class Device(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = ("none",)
    INTERVAL = 1
    uri = ""

    def get_verification_uri(self) -> str:
        return self.uri

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        credential = DeviceCredentialDict(client_id=client_id, scope=scope, **data)
        DEVICES.issued[data["device_code"]] = credential


class DeviceGrant(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def query_device_credential(self, device_code: str) -> DeviceCredentialDict | None:
        return DEVICES.issued.get(device_code)

    def query_user_grant(self, user_code: str) -> tuple[User, bool] | None:
        allowed = DEVICES.allowed.get(user_code)
        # The first question always comes too early for a yes.
        first = user_code not in DEVICES.asked
        DEVICES.asked.add(user_code)
        return None if allowed is None or (allowed and first) else (User(), allowed)

    def should_slow_down(self, credential: DeviceCredentialDict) -> bool:
        return True
