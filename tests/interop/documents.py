#!/usr/bin/env python3
"""A client that is named by the address of a document about it, which the authorization server
fetches over TLS: at the development server, and at npm oidc-provider, which others wrote.

usage: documents.py PROGRAM

PROGRAM is the program `proofkey`. The document is what `ClientDocument` writes; its host's
certificate is by an authority of these tests, which the servers trust by their environment: by
SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. This Python has the package proofkey. The last line is
"N passed, N failed".
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from authority import Authority, Host, host
from browser import Browser, InProcess
from cryptography import x509
from harness import Server, run, same, served, started
from proofkey import Client, ClientDocument
from signers import Program, file_store

SERVERS = ("proofkey", "oidc_provider")


@contextlib.contextmanager
def ours(program: str, environment: dict[str, str]) -> Iterator[Server]:
    """The development server."""
    options = ["--port", "0", "--auto-approve", "--client-documents", "loopback"]
    command = [program, "serve", "--json", *options]
    with started(command, ends_by_signal=True, environment=environment) as said:
        named = {
            name: str(said[name])
            for name in ("issuer", "authorization_endpoint", "token_endpoint", "resource")
        }
        yield Server(name="proofkey", notes=named["resource"], iss_promised=True, **named)


class Tests:
    """Each method ``test_…`` is one test at each server that trusts the authority, each
    ``stranger_…`` one at each that does not."""

    def __init__(self, program: str, folder: Path, authority: Authority) -> None:
        self.folder, self.authority = folder, authority
        self.program = Program([program])

    def store(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    @contextlib.contextmanager
    def _host(self, **certificate: object) -> Iterator[Host]:
        with host(self.authority.vouches(**certificate)) as standing:  # type: ignore[arg-type]
            document = ClientDocument(
                standing.url,
                client_name="An agent with a page",
                redirect_uris=["http://127.0.0.1/callback"],
            )
            standing.document = document.to_json()
            yield standing

    def _reads_as(self, server: Server, token: str, client: str) -> None:
        """The resource takes the token, and it was issued to this client."""
        answer = Browser().get(server.notes, token=token)
        same(answer.status, 200)
        about = json.loads(answer.body)
        same(about.get("client", about.get("client_id")), client)

    def _refused(self, server: Server, url: str, expected: str) -> None:
        """The server does not send the user back to a client that it could not ask about."""

        def shown(target: str) -> None:
            page = Browser().get(target)
            same((page.status, expected in page.body), (400, True))
            raise ConnectionError("the browser is closed")

        settings = {"client_document": url, "store": file_store(self.store()), "browser": shown}
        with Client(server.resource, **settings) as client:
            try:
                client.sign_in()
            except ConnectionError:
                return
        raise AssertionError("it has signed in")

    def test_the_program_is_known_by_its_document(self, server: Server) -> None:
        # M4
        store = self.store()
        with self._host() as standing:
            self.program.sign_in(server, store, "--client-document", standing.url)
            self._reads_as(server, self.program.token(server, store), standing.url)
            same(standing.read, 1)

    def test_python_is_known_by_its_document(self, server: Server) -> None:
        # M4
        browser = InProcess(iss_promised=server.iss_promised)
        with self._host() as standing:
            settings = {"client_document": standing.url, "store": file_store(self.store())}
            with Client(server.resource, browser=browser, **settings) as client:
                client.sign_in()
                self._reads_as(server, client.access_token(), standing.url)
            browser.done()
            same(standing.read, 1)

    def test_a_certificate_that_has_expired_is_not_believed(self, server: Server) -> None:
        with self._host(valid=datetime.timedelta(days=-1)) as standing:
            self._refused(server, standing.url, self._unproven(server))
            same(standing.read, 0)

    def test_a_certificate_of_another_host_is_not_believed(self, server: Server) -> None:
        with self._host(host=x509.DNSName("other.example")) as standing:
            self._refused(server, standing.url, self._unproven(server))
            same(standing.read, 0)

    def test_a_document_of_another_address_is_not_believed(self, server: Server) -> None:
        # draft-ietf-oauth-client-id-metadata-document §4.1
        with self._host() as standing:
            standing.document = standing.document.replace("/client.json", "/other.json")
            expected = {
                "proofkey": "does not describe a public client of this address",
                "oidc_provider": "client_id does not match the expected value",
            }
            self._refused(server, standing.url, expected[server.name])
            same(standing.read > 0, True)

    def stranger_an_authority_that_is_not_trusted_vouches_for_nobody(self, server: Server) -> None:
        with self._host() as standing:
            self._refused(server, standing.url, self._unproven(server))
            same(standing.read, 0)

    def _unproven(self, server: Server) -> str:
        return {
            "proofkey": "is at a server that cannot prove who it is",
            "oidc_provider": "client_id metadata document fetch failed",
        }[server.name]

    def all(self, server: Server, kind: str) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test of the kind at this server with its name."""
        for name in vars(Tests):
            if name.startswith(f"{kind}_"):
                what = f"{server.name}: {name.removeprefix(f'{kind}_')}"
                yield what, functools.partial(getattr(self, name), server)


def main() -> int:
    (program,) = sys.argv[1:]
    os.environ["RUST_LOG"] = "warn"

    def standing(name: str, trusted: dict[str, str]) -> contextlib.AbstractContextManager[Server]:
        if name == "proofkey":
            return ours(program, trusted)
        return served(name, environment=trusted)

    def all_servers() -> Iterator[tuple[str, Callable[[], None]]]:
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(Path(folder))
            tests = Tests(program, Path(folder), authority)
            root = str(authority.root)
            trusted = {"SSL_CERT_FILE": root, "NODE_EXTRA_CA_CERTS": root}
            for name in SERVERS:
                with standing(name, trusted) as server:
                    yield from tests.all(server, "test")
                with standing(name, {}) as server:
                    yield from tests.all(server, "stranger")

    return run(all_servers())


sys.exit(main())
