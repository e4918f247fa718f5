"""A client that checks nothing, so that it shows what each fault does to such a one.

Never a model for anything: whatever a text demands of a client is left out here. It believes what
it is told, follows every redirect, tries again what must not be sent twice, and throws its tokens
away when a refresh fails. What keeps it from doing harm to the machine that runs it is marked as
the test's.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import http.client
import json
import secrets
import threading
import time
import urllib.parse
import zlib
from typing import Any

from receiver import Receiver, Wrong

# The test's: in seconds, and in bytes. More patience or room than this has nobody.
PATIENCE = 4
ROOM = 16 * 1024 * 1024

# The test's: how often it may turn in one place.
TURNS = 20


class Naive:
    """One sign-in of one client at one server."""

    def __init__(self, issuer: str, resource: str, client_id: str) -> None:
        self.issuer, self.resource, self.client_id = issuer, resource, client_id
        self.token_requests = 0
        self.asked = ""
        self.tokens: dict[str, Any] = {}
        self.end = time.monotonic() + PATIENCE

    def _exchange(
        self, method: str, url: str, body: str | None = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        """One request, wherever redirects lead."""
        for _ in range(TURNS):
            parts = urllib.parse.urlsplit(url)
            if parts.hostname != "127.0.0.1":
                raise Wrong(f"sent to {parts.hostname}")  # the test's: nothing leaves the machine
            line = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
            try:
                if body is not None:
                    headers["Content-Type"] = "application/x-www-form-urlencoded"
                target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
                line.request(method, target, body, headers)
                answer = line.getresponse()
                content = self._read(answer)
            finally:
                line.close()
            location = answer.headers["Location"]
            if 300 <= answer.status < 400 and location:
                url = urllib.parse.urljoin(url, location)
                continue
            return answer.status, answer.headers, content
        raise Wrong("hung")

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """All of it, inflated."""
        inflate = zlib.decompressobj(31) if answer.headers["Content-Encoding"] == "gzip" else None
        content = b""
        while part := answer.read1(65536):
            content += inflate.decompress(part, ROOM) if inflate else part
            if len(content) >= ROOM:
                raise Wrong("swollen")  # the test's
            if time.monotonic() > self.end:
                raise Wrong("hung")  # the test's
        # What is left out of what was to come is noticed by this alone.
        answer.read()
        return content

    def _json(self, url: str) -> Any:
        return json.loads(self._exchange("GET", url)[2])

    def _post(self, url: str, form: dict[str, str], **headers: str) -> tuple[int, Any, bytes]:
        if url == self.metadata["token_endpoint"]:
            self.token_requests += 1
        return self._exchange("POST", url, urllib.parse.urlencode(form), **headers)

    def _open(self, url: str) -> None:
        """The browser: whatever the address is, it is opened."""
        scheme = url.partition(":")[0]
        if scheme not in ("http", "https"):
            raise Wrong(f"opened {scheme}:")
        threading.Thread(target=self._visit, args=(url,), daemon=True).start()

    def _visit(self, url: str) -> None:
        try:
            self._exchange("GET", url)
        except Exception:
            return  # The test's: a page that ends nowhere.

    def discover(self) -> None:
        if self.resource:
            path = urllib.parse.urlsplit(self.resource).path
            base = self.resource.removesuffix(path)
            about = self._json(f"{base}/.well-known/oauth-protected-resource{path}")
            self.issuer = about["authorization_servers"][0]
        self.metadata = self._json(f"{self.issuer}/.well-known/oauth-authorization-server")

    def sign_in_with_openid(self) -> None:
        self.sign_in("openid")

    def sign_in_with_proof(self) -> None:
        self.sign_in(proof=True)

    def sign_in_pushed(self) -> None:
        self.sign_in(push=True)

    def sign_in_and_refresh(self) -> None:
        self.sign_in("read openid")
        self.token_requests = 0
        self.refresh()

    def sign_in(self, scope: str = "read", *, push: bool = False, proof: bool = False) -> None:
        """By a redirect."""
        self.asked = scope
        self.discover()
        receiver = Receiver(self.end)
        state = secrets.token_urlsafe()
        verifier = secrets.token_urlsafe(32)
        digest = hashlib.sha256(verifier.encode()).digest()
        request = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": receiver.uri,
            "scope": scope,
            "state": state,
            "nonce": state,
            "resource": self.resource,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        request = {name: value for name, value in request.items() if value}
        if push:
            endpoint = self.metadata["pushed_authorization_request_endpoint"]
            pushed = json.loads(self._post(endpoint, request)[2])
            request = {"client_id": self.client_id, "request_uri": pushed["request_uri"]}
        endpoint = self.metadata["authorization_endpoint"]
        self._open(f"{endpoint}?{urllib.parse.urlencode(request)}")
        answer = receiver.wait()
        if "error" in answer and "code" not in answer:
            raise Wrong(f"showed {answer.get('error_description', answer['error'])!r}")
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": answer["code"],
            "redirect_uri": receiver.uri,
            "code_verifier": verifier,
        }
        self._take(self._redeem(form, proof=proof))

    def _redeem(self, form: dict[str, str], *, proof: bool) -> bytes:
        """Once more where it fails, and with every nonce that is wanted."""
        endpoint = self.metadata["token_endpoint"]
        headers: dict[str, str] = {}
        for turn in range(TURNS):
            try:
                status, fields, body = self._post(endpoint, form, **headers)
            except (OSError, http.client.HTTPException):
                if turn:
                    raise
                continue
            if status >= 500 and not turn:
                continue
            if proof and json.loads(body).get("error") == "use_dpop_nonce":
                headers["DPoP"] = "a-proof-with." + fields["DPoP-Nonce"]
                continue
            return body
        raise Wrong("hung")

    def _take(self, body: bytes) -> None:
        answer = json.loads(body)
        self.tokens = {
            "access": answer["access_token"],
            "refresh": answer.get("refresh_token"),
            "end": datetime.datetime.fromtimestamp(time.time() + answer["expires_in"]),
            "scope": self.asked,
        }
        if "id_token" in answer:
            payload = answer["id_token"].split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
            self.tokens["user"] = claims["sub"]
        # The test's: what the server said of it.
        self.said = answer

    def refresh(self) -> None:
        """Whatever goes wrong, the tokens are thrown away."""
        form = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "refresh_token": self.tokens["refresh"],
        }
        self.tokens = {}
        self._take(self._redeem_again(form))

    def _redeem_again(self, form: dict[str, str]) -> bytes:
        endpoint = self.metadata["token_endpoint"]
        try:
            return self._post(endpoint, form)[2]
        except (OSError, http.client.HTTPException):
            return self._post(endpoint, form)[2]

    def request(self) -> None:
        """The resource, with as many sign-ins as it wants."""
        for _ in range(TURNS):
            self.end = time.monotonic() + PATIENCE
            self.sign_in()
            status, headers, _ = self._exchange(
                "GET", self.resource, Authorization=f"Bearer {self.tokens['access']}"
            )
            if status < 400:
                return
            scheme, _, wants = headers["WWW-Authenticate"].partition(" ")
            for one in wants.split(", "):
                name, value = one.split("=")
                assert name, scheme + value
        raise Wrong("hung")

    def device(self) -> None:
        """By a code that is entered elsewhere."""
        self.asked = "read"
        self.discover()
        endpoint = self.metadata["device_authorization_endpoint"]
        begun = json.loads(self._post(endpoint, {"client_id": self.client_id, "scope": "read"})[2])
        shown = f"open {begun['verification_uri']} and enter {begun['user_code']}"
        if "\x1b" in shown:
            raise Wrong("a terminal obeyed the server")
        scheme = begun["verification_uri"].partition(":")[0]
        if scheme not in ("http", "https"):
            raise Wrong(f"opened {scheme}:")
        interval = begun["interval"]
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_id": self.client_id,
            "device_code": begun["device_code"],
        }
        for _ in range(TURNS):
            status, _, body = self._post(self.metadata["token_endpoint"], form)
            if status == 200:
                return self._take(body)
            # Every refusal is taken for "not yet".
            time.sleep(interval)
        raise Wrong("hung")


MEETS = {
    "sign-in": "sign_in",
    "openid": "sign_in_with_openid",
    "refresh": "sign_in_and_refresh",
    "request": "request",
    "device": "device",
    "dpop": "sign_in_with_proof",
    "push": "sign_in_pushed",
}


def run(meets: str, issuer: str, resource: str, client_id: str) -> str:
    """What went wrong; `nothing` where nothing did."""
    # Who asks the resource begins with it, and so do all that get their tokens for it.
    naive = Naive(issuer, resource if meets == "request" else "", client_id)
    try:
        getattr(naive, MEETS[meets])()
    except Wrong as wrong:
        return str(wrong)
    except (OSError, http.client.HTTPException) as problem:
        return "sent twice" if naive.token_requests > 1 else type(problem).__name__
    except Exception as problem:
        if naive.token_requests > 1:
            return "sent twice"
        lost = meets == "refresh" and not naive.tokens
        return "lost its tokens" if lost else f"crashed: {type(problem).__name__}"
    if naive.token_requests > 1:
        return "sent twice"
    granted = naive.said.get("scope", naive.asked)
    if granted != naive.tokens["scope"]:
        return f"believes {naive.tokens['scope']!r}, has {granted!r}"
    return "accepted"
