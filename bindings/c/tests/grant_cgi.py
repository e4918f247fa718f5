"""The example over SQLite, run as a web server would: one process a request, many at once.

usage: grant_cgi.py EXAMPLE
"""

import base64
import hashlib
import json
import os
import secrets
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

DEADLINE = 60
AT_ONCE = 32
EXAMPLE = sys.argv[1]
FORM = "application/x-www-form-urlencoded"
REDIRECT_URI = "http://127.0.0.1:4711/callback"


class Answer(NamedTuple):
    """What a CGI program said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def read(cls, said: bytes) -> "Answer":
        head, _, body = said.partition(b"\r\n\r\n")
        fields = (line.partition(": ") for line in head.decode().split("\r\n"))
        headers = {name.lower(): value for name, _, value in fields}
        assert int(headers["content-length"]) == len(body), said
        return cls(int(headers.pop("status")), headers, body)

    def error(self) -> str:
        return json.loads(self.body)["error"]


class Server:
    """The example over a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "grants.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "GRANT_DATABASE": str(self.database),
            "GRANT_URL": "https://as.example",
        } | {name: os.environ[name] for name in os.environ if name.endswith("_OPTIONS")}

    def start(self, method: str, path: str, **more: str) -> subprocess.Popen[bytes]:
        variables = {"REQUEST_METHOD": method, "PATH_INFO": path, **more}
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        return subprocess.Popen([EXAMPLE], env=self.environment | variables, **pipes)

    def get(self, path: str, **more: str) -> Answer:
        return self.finish(self.start("GET", path, **more), b"")

    def post(self, path: str, form: dict[str, str], **more: str) -> Answer:
        return self.finish(*self.posted(path, form, **more))

    def posted(
        self, path: str, form: dict[str, str], **more: str
    ) -> tuple[subprocess.Popen[bytes], bytes]:
        body = urlencode(form).encode()
        length = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))} | more
        return self.start("POST", path, **length), body

    @staticmethod
    def finish(running: subprocess.Popen[bytes], body: bytes) -> Answer:
        said, complained = running.communicate(body, timeout=DEADLINE)
        assert running.returncode == 0, (running.returncode, complained)
        return Answer.read(said)

    def allow(self, **query: str) -> subprocess.CompletedProcess[str]:
        command = [EXAMPLE, "allow", urlencode(query), "alice"]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=DEADLINE
        )

    def code(self) -> dict[str, str]:
        """A token request's form for a fresh code."""
        verifier = secrets.token_urlsafe(32)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        allowed = self.allow(
            response_type="code",
            client_id="agent",
            redirect_uri=REDIRECT_URI,
            scope="read",
            code_challenge=challenge,
            code_challenge_method="S256",
        )
        assert allowed.returncode == 0, allowed.stderr
        location = urlsplit(allowed.stdout.strip())
        answered = parse_qs(location.query)
        assert location.netloc == "127.0.0.1:4711" and answered["iss"] == ["https://as.example"]
        return {
            "grant_type": "authorization_code",
            "client_id": "agent",
            "redirect_uri": REDIRECT_URI,
            "code": answered["code"][0],
            "code_verifier": verifier,
        }

    def bearer(self, token: str) -> Answer:
        return self.get("/api", HTTP_AUTHORIZATION=f"Bearer {token}")


def a_code_becomes_tokens_that_are_refreshed_and_revoked(server: Server) -> None:
    form = server.code()
    wrong = server.post("/token", form | {"code_verifier": "w" * 43})
    assert (wrong.status, wrong.error()) == (400, "invalid_grant")
    first = server.post("/token", form)
    assert (first.status, first.headers["cache-control"]) == (200, "no-store"), first
    tokens = json.loads(first.body)
    passed = server.bearer(tokens["access_token"])
    assert (passed.status, passed.body) == (200, b"alice")
    assert server.get("/api").headers["www-authenticate"] == "Bearer"

    refresh = {"grant_type": "refresh_token", "client_id": "agent"}
    second = server.post("/token", refresh | {"refresh_token": tokens["refresh_token"]})
    newer = json.loads(second.body)
    assert second.status == 200 and server.bearer(newer["access_token"]).status == 200
    given = {"client_id": "agent", "token": newer["refresh_token"]}
    assert server.post("/revoke", given).status == 200
    assert server.bearer(newer["access_token"]).status == 401


def of_many_processes_one_wins(server: Server) -> None:
    form = server.code()
    running = [server.posted("/token", form) for _ in range(AT_ONCE)]
    answers = [server.finish(*one) for one in running]
    assert sorted(answer.status for answer in answers) == [200] + [400] * (AT_ONCE - 1)
    winner = next(answer for answer in answers if answer.status == 200)
    assert server.bearer(json.loads(winner.body)["access_token"]).status == 401


def what_is_wrong_is_refused(server: Server) -> None:
    form = server.code()
    assert server.get("/token").status == 405
    assert server.get("/").status == 404
    assert server.post("/token", form, CONTENT_LENGTH="70000").status == 413
    assert server.post("/token", form, CONTENT_LENGTH="x").status == 413
    assert server.post("/token", form, CONTENT_TYPE="application/json").status == 400
    proof = server.post("/token", form, HTTP_DPOP="a, b")
    assert (proof.status, proof.error()) == (400, "invalid_dpop_proof")
    nowhere = server.allow(client_id="agent", redirect_uri="https://evil.example/")
    assert nowhere.returncode == 1 and not nowhere.stdout and "redirect_uri" in nowhere.stderr
    bare = server.allow(client_id="agent", redirect_uri=REDIRECT_URI, response_type="code")
    assert "error=invalid_request" in bare.stdout


def a_database_that_cannot_be_opened_is_said_to_be(server: Server) -> None:
    assert stat.S_IMODE(server.database.stat().st_mode) == 0o600
    lost = server.get("/api", GRANT_DATABASE=str(server.database.parent))
    assert lost.status == 503


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        a_code_becomes_tokens_that_are_refreshed_and_revoked(server)
        of_many_processes_one_wins(server)
        what_is_wrong_is_refused(server)
        a_database_that_cannot_be_opened_is_said_to_be(server)


main()
