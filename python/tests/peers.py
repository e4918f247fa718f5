"""What the package talks to in the tests."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from types import TracebackType
from typing import Any

Answer = Callable[[socket.socket], None]

LONG = 30.0
"""No test waits longer for anything, in seconds."""

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def visit(url: str) -> int:
    """Goes where a browser would go, redirects included; the last status."""
    with NO_PROXY.open(url, timeout=LONG) as answer:
        answer.read()
        return int(answer.status)


def parameter(url: str, name: str) -> str:
    """A parameter of a URL's query."""
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)[name][0]


def come_back(url: str, code: str = "canary-code-0123456789") -> None:
    """The user says yes: the browser comes to the program with a code."""
    query = urllib.parse.urlencode({"code": code, "state": parameter(url, "state")})
    visit(f"{parameter(url, 'redirect_uri')}?{query}")


def approving(url: str) -> None:
    """A browser in which the user says yes at once, at no server."""
    threading.Thread(target=come_back, args=(url,), daemon=True).start()


def granted(url: str) -> str:
    """The address at which the user's browser ends, without going there."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    try:
        opener.open(url, timeout=LONG).close()
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("the server did not redirect")


class TokenEndpoint:
    """A token endpoint that answers as it is told, and keeps what it was sent."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self.arrived = threading.Event()
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/token"

    def settings(self, **more: Any) -> dict[str, Any]:
        """What a client needs to end up here."""
        return {
            "issuer": "https://as.example",
            "authorization_endpoint": "https://as.example/authorize",
            "token_endpoint": self.url,
            "client_id": "agent",
            "browser": approving,
            "timeout": 60,
            **more,
        }

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # A visitor may leave at any time.
            with connection, contextlib.suppress(ConnectionError):
                connection.settimeout(LONG)
                self.requests.append(read_request(connection))
                self.arrived.set()
                self._answer(connection)

    def __enter__(self) -> TokenEndpoint:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Closing alone does not wake the accept.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(LONG)
        assert not self._thread.is_alive()


def read_request(connection: socket.socket) -> bytes:
    """One whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    chunked = b"\r\ntransfer-encoding: chunked" in head.lower()
    while len(body) < length or (chunked and not body.endswith(b"0\r\n\r\n")):
        more = connection.recv(65536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body


def respond(body: bytes, status: str = "200 OK", *fields: str) -> Answer:
    """An answer with a body of JSON."""
    # Each connection is closed afterwards: who keeps it may find out too late.
    kind = ["Content-Type: application/json", "Connection: close"]
    head = [f"HTTP/1.1 {status}", *kind, *fields]
    if not any(field.lower().startswith(("content-length", "transfer")) for field in fields):
        head.append(f"Content-Length: {len(body)}")
    return lambda connection: connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)


TOKENS = b'{"access_token":"canary-token-0123456789","token_type":"Bearer","expires_in":60}'


def tokens(number: int, **more: Any) -> bytes:
    """An answer with tokens that are told from others by a number."""
    return json.dumps(
        {
            "access_token": f"canary-token-{number:010}",
            "token_type": "Bearer",
            "expires_in": 60,
            "refresh_token": f"canary-refresh-{number:010}",
            **more,
        }
    ).encode()


PATHS = {
    "oauth": "/.well-known/oauth-authorization-server",
    "openid": "/.well-known/openid-configuration",
    "resource": "/.well-known/oauth-protected-resource/notes",
}
"""Where an issuer's documents are, and that of its resource `/notes`."""


class Issuer(TokenEndpoint):
    """An issuer that answers by path; what is not there is a 404."""

    def __init__(self, **answers: Answer) -> None:
        super().__init__(lambda connection: self._by_path()(connection))
        self.answers: dict[str, Answer] = {"/token": respond(TOKENS)}
        self.answers |= {PATHS[name]: answer for name, answer in answers.items()}

    @property
    def issuer(self) -> str:
        return self.url.removesuffix("/token")

    @property
    def asked(self) -> list[str]:
        """The paths, in their order."""
        return [request.split(b" ")[1].decode() for request in self.requests]

    def describes(self, **changed: Any) -> None:
        """Puts its own metadata where RFC 8414 wants it."""
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": "https://as.example/authorize",
            "token_endpoint": self.url,
            "code_challenge_methods_supported": ["S256"],
            **changed,
        }
        given = {name: value for name, value in document.items() if value is not None}
        self.answers[PATHS["oauth"]] = respond(json.dumps(given).encode())

    def describes_resource(self, **changed: Any) -> str:
        """Puts the metadata of its resource where RFC 9728 wants it; the resource."""
        document = {
            "resource": self.issuer + "/notes",
            "authorization_servers": [self.issuer],
            **changed,
        }
        self.answers[PATHS["resource"]] = respond(json.dumps(document).encode())
        return self.issuer + "/notes"

    def client(self, **more: Any) -> dict[str, Any]:
        """What a client needs that is told the issuer alone."""
        return {"issuer": self.issuer, "client_id": "agent", "browser": approving, **more}

    def _by_path(self) -> Answer:
        return self.answers.get(self.asked[-1], respond(b"{}", "404 Not Found"))
