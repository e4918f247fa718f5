"""The example that keeps its tokens: signs in once, refreshes under the lock, and shares its store.

usage: token.py PROOFKEY EXAMPLE

First against `proofkey serve`, with curl in the browser's place; then against a resource that
refuses the first token although it looks good; then against one that takes no token without a proof
of its key, from a sign-in on another device. The development server checks proofs too, and demands
more.
"""

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

DEADLINE = 60
AT_ONCE = 8
BROWSER = '#!/bin/sh\nexec curl -sS -L --max-redirs 5 --max-time 20 -o /dev/null "$1"\n'

PROOFKEY, EXAMPLE = sys.argv[1:]


class Program:
    """The example over a store of its own."""

    def __init__(self, folder: Path) -> None:
        browser = folder / "browser"
        browser.write_text(BROWSER)
        browser.chmod(0o700)
        self.environment = {
            **os.environ,
            "BROWSER": str(browser),
            "PROOFKEY_STORE": str(folder / "store"),
        }

    def start(self, *arguments: str) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([EXAMPLE, *arguments], env=self.environment, text=True, **pipes)

    def shares(self, resource: str) -> str:
        """What the program `proofkey` finds in the same store."""
        told = subprocess.run(
            [PROOFKEY, "token", resource],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    def says(self, *arguments: str) -> str:
        return finished(self.start(*arguments))

    def fails(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, told = process.communicate(timeout=DEADLINE)
        assert (process.returncode, out) == (1, ""), (process.returncode, out, told)
        return told


def finished(process: subprocess.Popen) -> str:
    out, told = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, told
    return out.strip()


@contextmanager
def development_server(folder: Path, *options: str) -> Iterator[dict]:
    log = folder / "log"
    serve = [PROOFKEY, "serve", "--port", "0", "--auto-approve", "--json", *options]
    with log.open("w") as to, subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=to) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()
            server.wait(timeout=10)


def against_the_development_server(folder: Path) -> None:
    program = Program(folder)
    # An access token that is old soon; every refresh token is good once.
    with development_server(folder, "--access-token-lifetime", "1", "--reuse-window", "0") as ready:
        resource = ready["resource"]
        assert "sign" in program.fails(resource)
        status, body = program.says("-b", "-n", "an example", resource, resource).split(" ", 1)
        assert (status, json.loads(body)["subject"]) == ("200", "developer"), body
        # From here on nobody is asked: the address alone finds what is kept, and it is refreshed.
        first = program.says(resource)
        until = time.monotonic() + DEADLINE
        while program.says(resource) == first:
            assert time.monotonic() < until, "the token was not refreshed"
        # However many programs find it old at once: a refresh token that is sent twice would end
        # the grant.
        for _ in range(2):
            started = [program.start(resource) for _ in range(AT_ONCE)]
            assert all(finished(process) for process in started)
        told = program.fails(resource, ready["issuer"] + "/elsewhere")
        assert "resource" in told, told
    records = [path for path in (folder / "store").iterdir() if path.name.startswith("record-")]
    assert records and not any(first.encode() in path.read_bytes() for path in records)


class Fussy(BaseHTTPRequestHandler):
    """An authorization server and a resource that does not take the first token."""

    issued: ClassVar[list[str]] = []
    asked: ClassVar[list[str]] = []
    everyone = threading.Condition()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        base = f"http://{self.headers['Host']}"
        if url.path == "/.well-known/oauth-protected-resource/api":
            return self.answer(200, {"resource": f"{base}/api", "authorization_servers": [base]})
        if url.path == "/.well-known/oauth-authorization-server":
            return self.answer(
                200,
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "code_challenge_methods_supported": ["S256"],
                },
            )
        if url.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            back = urlencode({"code": "c-1", "state": query["state"]})
            return self.answer(303, {}, ("Location", f"{query['redirect_uri']}?{back}"))
        if url.path != "/api":
            return self.answer(404, {})
        sent = self.headers["Authorization"]
        with self.everyone:
            self.asked.append(sent)
            self.everyone.notify_all()
        if sent == "Bearer at-1":
            return self.answer(401, {}, ("WWW-Authenticate", 'Bearer error="invalid_token"'))
        return self.answer(200, {"token": sent})

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        with self.everyone:
            self.issued.append(sent["grant_type"][0])
            number = len(self.issued)
            if number == 2:
                # The refresh is answered when all want one.
                self.everyone.wait_for(self.all_were_refused, timeout=DEADLINE / 2)
        answer = {"access_token": f"at-{number}", "refresh_token": f"rt-{number}"}
        self.answer(200, {**answer, "token_type": "Bearer", "expires_in": 3600})

    def all_were_refused(self) -> bool:
        return self.asked.count("Bearer at-1") == AT_ONCE

    def answer(self, status: int, body: dict, *fields: tuple[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), *fields):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def against_a_resource_that_refuses(folder: Path) -> None:
    program = Program(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Fussy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    resource = f"http://127.0.0.1:{server.server_port}/api"
    assert program.says("-b", "-c", "agent", resource) == "at-1"
    assert program.shares(resource) == "at-1"
    # Each is refused the first token once; one of them refreshes, and all take what it got.
    started = [program.start(resource, resource) for _ in range(AT_ONCE)]
    answers = {finished(process) for process in started}
    assert program.shares(resource) == "at-2"
    server.shutdown()
    assert answers == {'200 {"token": "Bearer at-2"}'}, answers
    assert Fussy.issued == ["authorization_code", "refresh_token"], Fussy.issued
    assert Fussy.asked.count("Bearer at-1") == AT_ONCE, Fussy.asked


def against_a_server_that_binds(folder: Path) -> None:
    """Pushed requests, proofs with nonces, a resource that demands more, and a device."""
    strict = ("--require-par", "--require-dpop", "--dpop-nonce", "--device-interval", "0")
    with development_server(folder, *strict) as ready:
        resource = ready["resource"]
        program = Program(folder)
        signing_in = ("-b", "-n", "an example")
        assert program.says(*signing_in, resource, resource).startswith("200 ")
        # What it demands is not asked for without a word, and with one it is.
        wanting = program.start(resource, resource + "/admin")
        out, told = wanting.communicate(timeout=DEADLINE)
        assert (wanting.returncode, out[:4]) == (0, "403 "), (out, told)
        assert "another sign-in" in told, told
        assert program.says(*signing_in, resource, resource + "/admin").startswith("200 ")
        assert program.says(resource, resource + "/admin").startswith("200 ")

        other = folder / "other"
        other.mkdir()
        device = Program(other).start("--device", "-n", "an example", resource, resource)
        for line in device.stderr:
            if found := re.search(r"Open (\S+) and enter the code (\S+)", line):
                break
        page = f"{found[1]}?{urlencode({'user_code': found[2]})}"
        with build_opener(ProxyHandler({})).open(page, timeout=DEADLINE) as answer:
            assert answer.status == 200
        assert finished(device).startswith("200 ")


class Bound(Fussy):
    """A server for devices, and a resource: both want proofs, and a nonce in them."""

    CODE = "canary-device-code"
    polls: ClassVar[list[dict]] = []
    proofs: ClassVar[list[dict]] = []

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path == "/.well-known/oauth-authorization-server":
            return self.answer(
                200,
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "device_authorization_endpoint": f"{base}/device_authorization",
                    "code_challenge_methods_supported": ["S256"],
                    "dpop_signing_alg_values_supported": ["ES256"],
                },
            )
        if self.path != "/api":
            return super().do_GET()
        proof = self.proof("GET", f"{base}/api")
        assert self.headers["Authorization"] == "DPoP at-1", self.headers["Authorization"]
        assert proof["ath"] == encoded(hashlib.sha256(b"at-1").digest()), proof
        if proof.get("nonce") != "r-1":
            return self.demand(401, {}, "r-1")
        return self.answer(200, {"taken": "at-1"})

    def do_POST(self) -> None:
        base = f"http://{self.headers['Host']}"
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/device_authorization":
            code = {"device_code": self.CODE, "user_code": "WDJB-MJHT", "interval": 0}
            uri = {"verification_uri": f"{base}/device", "expires_in": 60}
            return self.answer(200, {**code, **uri})
        assert sent["device_code"] == [self.CODE], sent
        proof = self.proof("POST", f"{base}/token")
        if proof.get("nonce") != "n-1":
            return self.demand(400, {"error": "use_dpop_nonce"}, "n-1")
        self.polls.append(proof)
        if len(self.polls) == 1:
            return self.answer(400, {"error": "authorization_pending"})
        return self.answer(200, {"access_token": "at-1", "token_type": "DPoP"})

    def proof(self, method: str, url: str) -> dict:
        """What the proof of this request says; its signature is for the development server."""
        header, payload = (
            json.loads(base64.urlsafe_b64decode(part + "=="))
            for part in self.headers["DPoP"].split(".")[:2]
        )
        assert (header["typ"], header["alg"]) == ("dpop+jwt", "ES256"), header
        assert "d" not in header["jwk"], "the private half"
        assert (payload["htm"], payload["htu"]) == (method, url), payload
        self.proofs.append({**payload, "jwk": header["jwk"]})
        return payload

    def demand(self, status: int, body: dict, nonce: str) -> None:
        challenge = ("WWW-Authenticate", 'DPoP error="use_dpop_nonce"')
        self.answer(status, body, challenge, ("DPoP-Nonce", nonce))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def against_a_resource_that_wants_proofs(folder: Path) -> None:
    program = Program(folder)
    # A proxy that nobody listens at: what lies on this machine is asked without it.
    nobody = socket.socket()
    nobody.bind(("127.0.0.1", 0))
    for name in ("no_proxy", "NO_PROXY"):
        program.environment.pop(name, None)
    program.environment["http_proxy"] = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    process = program.start("--device", "-c", "agent", f"{base}/api", f"{base}/api")
    out, told = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out.strip()) == (0, '200 {"taken": "at-1"}'), (out, told)
    assert "WDJB-MJHT" in told, told
    assert f"{base}/device" in told, told
    assert "never enter a code that somebody sent you" in told, told
    assert Bound.CODE not in told + out, told
    # The key is kept with the token: it serves the next run too, and nobody is asked.
    assert program.says(f"{base}/api", f"{base}/api") == '200 {"taken": "at-1"}'
    server.shutdown()
    nobody.close()
    assert len(Bound.polls) == 2, Bound.polls
    assert len({json.dumps(proof["jwk"]) for proof in Bound.proofs}) == 1, "one key for all"
    assert len({proof["jti"] for proof in Bound.proofs}) == len(Bound.proofs) == 7, Bound.proofs


for part in (
    against_the_development_server,
    against_a_resource_that_refuses,
    against_a_server_that_binds,
    against_a_resource_that_wants_proofs,
):
    with tempfile.TemporaryDirectory() as made:
        part(Path(made))
print("kept, refreshed, refused, shared, bound")
