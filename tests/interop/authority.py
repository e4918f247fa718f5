"""A certificate authority of the tests, and a host on this machine that it vouches for."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = ipaddress.ip_address("127.0.0.1")
DAY = datetime.timedelta(days=1)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


class Authority:
    """Its root is `root`, a file in PEM."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = _named("The authority of the tests")
        certificate = self._certificate(self._name, self._key.public_key(), DAY, None)
        self.root = folder / "root.pem"
        self.root.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _certificate(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        valid: datetime.timedelta,
        host: x509.GeneralName | None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 3 * DAY)
            .not_valid_after(now + valid)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def vouches(
        self,
        *,
        valid: datetime.timedelta = DAY,
        host: x509.GeneralName = x509.IPAddress(HERE),  # noqa: B008 - it is never changed
    ) -> ssl.SSLContext:
        """What a server for this host needs, from now on for so long."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(_named("A host"), key.public_key(), valid, host)
        both = self._folder / "host.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        both.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context


class Host:
    """A host that serves one document over TLS, and counts who has read it."""

    def __init__(self, port: int) -> None:
        self.url = f"https://{HERE}:{port}/client.json"
        self.document, self.read = "", 0


@contextlib.contextmanager
def host(context: ssl.SSLContext) -> Iterator[Host]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            standing.read += 1
            body = standing.document.encode()
            self.send_response(200 if self.path == "/client.json" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests say what went wrong."""

    class Server(http.server.ThreadingHTTPServer):
        def finish_request(self, request: object, client_address: object) -> None:
            # Whoever does not trust us ends the handshake, here in the thread of the connection.
            with (
                contextlib.suppress(ssl.SSLError, ConnectionError),
                context.wrap_socket(request, server_side=True) as stream,  # type: ignore[arg-type]
            ):
                Handler(stream, client_address, self)  # type: ignore[arg-type]

    with Server((str(HERE), 0), Handler) as server:
        standing = Host(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield standing
        finally:
            server.shutdown()
            thread.join()
