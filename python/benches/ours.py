"""The jobs by ProofKey. What a program keeps between sign-ins is made before they are measured."""

import http.client
import io

import inputs
import proofkey
from proofkey import _driver, _http, _http_sync, _native

BODY = inputs.TOKEN_RESPONSE.encode()
HEADERS = tuple(inputs.HEADERS.items())
SETTINGS = {
    "issuer": inputs.ISSUER,
    "authorization_endpoint": inputs.AUTHORIZATION_ENDPOINT,
    "token_endpoint": inputs.TOKEN_ENDPOINT,
    "iss_promised": True,
    "client_id": inputs.CLIENT_ID,
    "scopes": inputs.SCOPES,
}
RESOURCE = "https://api.example/notes"
URL = RESOURCE + "/1"
_sent_to = ""


def _browse(url: str) -> None:
    """Stands in for the browser."""
    global _sent_to
    _sent_to = url


class _Receiver:
    """Stands in for the loopback receiver: the redirect is there at once."""

    @classmethod
    def bind(cls, host: object, port: int, path: str) -> "_Receiver":
        return cls()

    def port(self) -> int:
        return inputs.PORT

    def wait(self, milliseconds: int) -> object:
        return _native.Received.REDIRECT(uri=inputs.redirect(inputs.state_of(_sent_to)))

    def release(self) -> None:
        pass


class Wire:
    """Stands in for a connection: it takes everything and has the answer ready."""

    _ANSWER = b"".join(
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
            b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY),
            BODY,
        )
    )

    def sendall(self, data: bytes) -> None:
        pass

    def makefile(self, *_: object, **__: object) -> io.BytesIO:
        return io.BytesIO(self._ANSWER)

    def settimeout(self, seconds: object) -> None:
        pass

    def close(self) -> None:
        pass


def _connect(connection: http.client.HTTPConnection) -> None:
    connection.sock = Wire()


def _answer(request: object, cancel: object) -> object:
    return _http.answered(200, HEADERS, BODY)


_client = proofkey.Client(**SETTINGS, browser=_browse)
_signed_in = proofkey.Client(**SETTINGS, resource=RESOURCE, browser=_browse)
_exchange = _http_sync.exchange
_driver.LoopbackReceiver = _Receiver
http.client.HTTPSConnection.connect = _connect


def client() -> str:
    """The client; its HTTP exchange is answered instead of made."""
    _http_sync.exchange = _answer
    return _client.sign_in().expose_access_token()


def client_wire() -> str:
    """The client, with its thread and urllib; the connection is a stand-in."""
    _http_sync.exchange = _exchange
    return _client.sign_in().expose_access_token()


def header() -> str:
    """The header of a request, from tokens that are at hand."""
    return _signed_in.authorization(URL)


def session() -> str:
    """A session, for programs that bring browser and HTTP themselves."""
    with proofkey.PkceSession.begin(**SETTINGS, redirect_uri=inputs.REDIRECT_URI) as pending:
        redirect = inputs.redirect(inputs.state_of(pending.authorization_url()))
        request = pending.complete(redirect)
    request.http_request().expose_body()
    return request.tokens(200, HEADERS, BODY).expose_access_token()


def pair() -> str:
    """A verifier and its challenge, both as text."""
    made = proofkey.pair()
    made.expose_verifier()
    return made.challenge


def verify() -> bool:
    """One call and nothing else."""
    return proofkey.verify(inputs.VERIFIER, inputs.CHALLENGE)


_http_sync.exchange = _answer
_signed_in.sign_in()
