"""A sign-in on another device (RFC 8628): what the user is shown on this one."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from . import _native
from ._errors import FixConfiguration


@dataclass(frozen=True)
class DeviceCode:
    """Where the user goes, and what to enter there. It is for the person in front of this device
    alone."""

    user_code: str
    """What to enter."""

    verification_uri: str
    """Where to enter it, with any browser."""

    verification_uri_complete: str | None
    """The same with the code in it, for a QR code; the user compares the code all the same
    (RFC 8628 §3.3.1)."""

    expires_in_s: int
    """How long the code is good for, in seconds."""

    advice: str
    """What to tell the user against phishing, in one sentence (RFC 8628 §5.4)."""


def given_out(native: _native.DeviceCode) -> DeviceCode:
    """What crossed, as what is given out."""
    return DeviceCode(
        user_code=native.user_code,
        verification_uri=native.verification_uri,
        verification_uri_complete=native.verification_uri_complete,
        expires_in_s=native.expires_in_s,
        advice=native.advice,
    )


def show(code: DeviceCode) -> None:
    """Shows it on standard error."""
    if sys.stderr is None:
        raise FixConfiguration(
            "invalid_configuration",
            "on_device_code is missing, and this program has no standard error to show a code on",
            "Give a function that shows the code to the user.",
        )
    minutes = -(-code.expires_in_s // 60)
    lines = [
        f"\nTo sign in, open this address on any device within {minutes} min:",
        f"  {code.verification_uri}",
        "and enter the code:",
        f"  {code.user_code}",
    ]
    if code.verification_uri_complete is not None:
        lines += [
            "Or open this one, and see that it shows the same code:",
            f"  {code.verification_uri_complete}",
        ]
    sys.stderr.write("\n\n".join([*lines, code.advice]) + "\n\n")
    sys.stderr.flush()
