"""An issuer and its resource that bind tokens to keys (RFC 9449), and judge each proof."""

from __future__ import annotations

import json
import time
from typing import Any

from peers import Issuer, respond, tokens
from proofkey import Client
from proofkey import _native as native


class BoundSite(Issuer):
    """The endpoint `/token` and the resource `/notes`. They are one origin, so they want the same
    nonce (RFC 9449 §8.2)."""

    def __init__(self, nonces: bool = True, **metadata: Any) -> None:
        super().__init__()
        self.nonce = "nonce-1" if nonces else None
        self.describes(dpop_signing_alg_values_supported=["ES256"], **metadata)
        self.resource = self.describes_resource()
        self.issued = 0
        self.token_type = "DPoP"
        self.more: dict[str, Any] = {}
        self.keys: list[str] = []
        """The thumbprint of each good proof's key."""
        self.identifiers: set[str] = set()
        self.refused: list[str] = []
        """What was wrong with each other."""
        self.scheme: list[str] = []
        self.answers["/token"] = self._token
        self.answers["/notes"] = self._notes

    def bound_client(self, kind: Any = Client, **more: Any) -> Any:
        return kind(**self.client(resource=self.resource, **{"dpop": "required"} | more))

    def rotate(self) -> None:
        """From now on another nonce is wanted."""
        assert self.nonce is not None
        self.nonce += "+"

    def field(self, name: str) -> str | None:
        """A header field of the newest request; None where it has none."""
        head = self.requests[-1].partition(b"\r\n\r\n")[0].decode()
        fields = [line.partition(":") for line in head.split("\r\n")[1:]]
        found = [value.strip() for key, _, value in fields if key.lower() == name.lower()]
        assert len(found) < 2
        return found[0] if found else None

    def _proves(self, path: str, method: str, access_token: str | None) -> bool:
        field = self.field("dpop")
        if field is None:
            self.refused.append("none")
            return False
        url, now = self.issuer + path, int(time.time())
        judged = native.check_dpop_proof(field, method, url, access_token, self.nonce, now, 300)
        if judged.is_REFUSED():
            self.refused.append(judged.code)
            return False
        assert judged.jti not in self.identifiers, "a proof came twice"
        self.identifiers.add(judged.jti)
        self.keys.append(judged.thumbprint)
        return True

    def _fields(self) -> list[str]:
        return [] if self.nonce is None else [f"DPoP-Nonce: {self.nonce}"]

    def _token(self, connection: Any) -> None:
        if self.token_type == "DPoP" and not self._proves("/token", "POST", None):
            body = json.dumps({"error": "use_dpop_nonce"}).encode()
            respond(body, "400 Bad Request", *self._fields())(connection)
            return
        self.issued += 1
        respond(tokens(self.issued, token_type=self.token_type, **self.more))(connection)

    def _notes(self, connection: Any) -> None:
        scheme, _, token = (self.field("authorization") or "").partition(" ")
        self.scheme.append(scheme)
        fields = self._fields()
        if token != f"canary-token-{self.issued:010}":
            error = ', error="invalid_token"' if token else ""
            demand = f'WWW-Authenticate: DPoP algs="ES256"{error}'
            respond(b"{}", "401 Unauthorized", demand, *fields)(connection)
        elif not self._proves("/notes", "GET", token):
            demand = 'WWW-Authenticate: DPoP error="use_dpop_nonce"'
            respond(b"{}", "401 Unauthorized", demand, *fields)(connection)
        else:
            respond(b'"here you are"', "200 OK", *fields)(connection)
