"""The Django example: a whole sign-in at it, its store under the public suite, and the race."""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import proofkey
import pytest
from conftest import PROGRAM
from django_site import EXAMPLE, PASSWORD, USER
from grants import FORM
from peers import LONG, NO_PROXY
from proofkey import Client, pair


@contextmanager
def site(folder: Path, *options: str) -> Iterator[str]:
    """The example at work: its issuer."""
    program = str(Path(__file__).with_name("django_site.py"))
    process = subprocess.Popen(
        [sys.executable, program, str(folder), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin and process.stdout
        port = process.stdout.readline().strip()
        assert port, "the example did not start"
        yield f"http://127.0.0.1:{port}"
        process.stdin.close()
        assert process.wait(LONG) == 0


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site(tmp_path_factory.mktemp("django")) as ready:
        yield ready


class Browser:
    """A user's browser with its cookies, in which the user signs in and says yes, or no."""

    def __init__(
        self,
        decision: str = "allow",
        scopes: Callable[[str], bool] = bool,
        *handlers: urllib.request.BaseHandler,
    ) -> None:
        self._decision = decision
        self._scopes = scopes
        self.pages: list[str] = []
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        no_proxy = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(no_proxy, cookies, *handlers)

    def __call__(self, url: str) -> None:
        threading.Thread(target=self.go, args=(url,), daemon=True).start()

    def go(self, url: str, form: list[tuple[str, str]] | None = None) -> None:
        """Goes on until there is no form any more."""
        body = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(url, body, timeout=LONG) as answer:
            page, here = answer.read().decode(), answer.url
        self.pages.append(page)
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        filled = [(name, html.unescape(value)) for name, value in fields]
        if 'name="password"' in page:
            self.go(here, [*filled, ("username", USER), ("password", PASSWORD)])
        elif 'name="decision"' in page:
            asked = re.findall(r'name="scope" value="([^"]+)"', page)
            chosen = [("scope", scope) for scope in asked if self._scopes(scope)]
            self.go(here, [*filled, *chosen, ("decision", self._decision)])


def client(issuer: str, browser: Browser, **settings: Any) -> Client:
    return Client(f"{issuer}/notes", client_id="agent", browser=browser, timeout=60, **settings)


def notes(header: str, issuer: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{issuer}/notes", headers={"Authorization": header})
    with NO_PROXY.open(request, timeout=LONG) as answer:
        said: dict[str, Any] = json.load(answer)
    return said


def test_a_user_signs_in(issuer: str) -> None:
    """From the resource's address to its notes: metadata, login, consent, code, token, refresh, the
    end. P26, P28: the page shows where the answer goes, and escapes what comes from outside."""
    browser = Browser()
    with client(issuer, browser) as agent:
        tokens = agent.sign_in(interaction="browser")
        assert tokens.scopes == ("notes.read",)
        header = agent.authorization(f"{issuer}/notes")
        said = notes(header, issuer)
        assert (said["client"], said["notes"]) == ("agent", ["Water the plants"])
        again = agent.authorization(f"{issuer}/notes", rejected=header)
        assert again != header and notes(again, issuer) == said
        assert agent.sign_out().revoked
    with pytest.raises(urllib.error.HTTPError) as refused:
        notes(again, issuer)
    with refused.value as answer:
        assert answer.status == 401 and "invalid_token" in answer.headers["WWW-Authenticate"]
    login, consent, *_ = browser.pages
    assert "password" in login
    assert "<strong>127.0.0.1:" in consent and "The &lt;tests&gt;" in consent


def test_a_stolen_token_serves_nobody(issuer: str) -> None:
    """P28: tokens that are bound to a key, from sign-in to refresh."""
    resource = f"{issuer}/notes"
    with client(issuer, Browser(), dpop="required") as agent:
        assert agent.sign_in(interaction="browser").token_type == "DPoP"
        request = agent.authorize("GET", resource)
        for _ in range(2):
            mine = request.headers
            assert sent(issuer, "/notes", None, **mine)[0] == 200
            assert sent(issuer, "/notes", None, **mine)[0] == 401, "a proof was used twice"
            stolen = mine["Authorization"].partition(" ")[2]
            for headers in (
                {"Authorization": f"DPoP {stolen}"},
                {"Authorization": f"Bearer {stolen}"},
            ):
                status, fields, _ = sent(issuer, "/notes", None, **headers)
                assert status == 401
                where = f'resource_metadata="{issuer}/.well-known/oauth-protected-resource/notes"'
                assert where in fields["WWW-Authenticate"]
            # The second round is after a refresh, for which the key is proven as well.
            demand = {"WWW-Authenticate": 'DPoP error="invalid_token"'}
            assert request.again(401, demand)
            assert request.headers["Authorization"] != mine["Authorization"]
            request = agent.authorize("GET", resource)


def test_a_user_signs_in_anew(issuer: str) -> None:
    """Once, where the client asks for it; and where nobody may be asked, nobody is."""
    browser = Browser()
    for extra, logins in (({}, 1), ({}, 1), ({"prompt": "login"}, 2), ({"max_age": "0"}, 3)):
        with client(issuer, browser, extra_parameters=extra) as agent:
            agent.sign_in(interaction="browser")
        assert sum("password" in page for page in browser.pages) == logins, extra
    with (
        client(issuer, browser, extra_parameters={"prompt": "none"}) as agent,
        pytest.raises(proofkey.ProofKeyError, match="consent_required"),
    ):
        agent.sign_in(interaction="browser")


def test_a_user_grants_less_or_nothing(issuer: str) -> None:
    less = Browser(scopes=lambda scope: scope == "notes.read")
    with client(issuer, less, scopes=["notes.read", "notes.write"]) as agent:
        assert agent.sign_in(interaction="browser").missing_scopes == ("notes.write",)
    with client(issuer, Browser("deny")) as agent, pytest.raises(proofkey.UserCancelled):
        agent.sign_in(interaction="browser")


def test_the_program_signs_in(issuer: str, tmp_path: Path) -> None:
    """`proofkey login`, whose browser is a program of ours."""
    browser = tmp_path / "browser"
    tests = Path(__file__).parent
    browser.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(tests)!r})\n"
        "from test_django import Browser\nBrowser().go(sys.argv[1])\n"
    )
    browser.chmod(0o700)
    environment = {**os.environ, "PROOFKEY_STORE": str(tmp_path / "store")}

    def proofkey_(*given: str) -> str:
        done = subprocess.run(
            [PROGRAM, *given],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    proofkey_("login", f"{issuer}/notes", "--client-id", "agent", "--browser", str(browser))
    assert "Water the plants" in proofkey_("fetch", f"{issuer}/notes")


def sent(issuer: str, path: str, body: bytes | None, **fields: str) -> tuple[int, Any, bytes]:
    """Status, fields and body of an answer; no redirect is followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    request = urllib.request.Request(f"{issuer}{path}", body, fields)
    try:
        with opener.open(request, timeout=LONG) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.status, answer.headers, answer.read()


QUERY = {
    "response_type": "code",
    "client_id": "agent",
    "redirect_uri": "http://127.0.0.1:1/callback",
    "code_challenge_method": "S256",
    "scope": "notes.read",
    "state": "s-0123456789",
}


@pytest.mark.parametrize(
    ("path", "body", "fields", "status", "error"),
    [
        ("/token", b"", {}, 400, b"invalid_request"),
        ("/token", b"{}", {"Content-Type": "application/json"}, 400, b"invalid_request"),
        ("/token", b"grant_type=authorization_code", {"Content-Type": FORM}, 400, b"client_id"),
        ("/token", b"\xff", {"Content-Type": FORM}, 400, b"invalid_request"),
        ("/token", b"grant_type=x", {"Authorization": "Basic eDp5"}, 401, b"invalid_client"),
        ("/token", b"x" * 3_000_000, {"Content-Type": FORM}, 400, b""),
        ("/token", None, {}, 405, b""),
        ("/revoke", b"", {}, 400, b"invalid_request"),
        ("/revoke", b"token=t&client_id=agent", {"Content-Type": FORM}, 200, b""),
        ("/authorize", None, {}, 400, b"client_id"),
        ("/authorize?client_id=nobody", None, {}, 400, b"not known here"),
        ("/authorize?client_id=agent&redirect_uri=https://evil.example/", None, {}, 400, b"<h1>"),
        ("/notes", None, {}, 401, b""),
        ("/notes", None, {"Authorization": "Bearer x"}, 401, b""),
        ("/notes", None, {"Authorization": "Bearer "}, 400, b""),
    ],
)
def test_bad_input_gets_its_error(
    issuer: str, path: str, body: bytes | None, fields: dict[str, str], status: int, error: bytes
) -> None:
    """P26, P29: never a redirect, never a 500."""
    got, headers, said = sent(issuer, path, body, **fields)
    assert got == status and error in said, said
    assert "Location" not in headers
    if path.startswith("/authorize"):
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_form_that_is_not_ours_is_refused(issuer: str) -> None:
    """P28: the consent form carries a token against forged requests."""
    browser = Browser("no answer")
    query = urllib.parse.urlencode(QUERY | {"code_challenge": pair().challenge})
    url = f"{issuer}/authorize?{query}"
    with pytest.raises(urllib.error.HTTPError) as forged:
        browser.go(url, [("decision", "allow"), ("scope", "notes.read")])
    with forged.value as answer:
        assert answer.status == 403


class Redirected(Browser):
    """A browser that keeps where it is sent in the end, for nobody listens there."""

    def __init__(self) -> None:
        outer = self

        class Keep(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *given: Any) -> urllib.request.Request | None:
                *_, code, _message, _fields, url = given
                if not url.startswith("http://127.0.0.1:1/"):
                    return super().redirect_request(*given)
                assert code == 303
                outer.end = url
                return None

        super().__init__("allow", bool, Keep())
        self.end = ""

    def token_request(self, issuer: str) -> bytes:
        """What redeems a code for which the user has said yes."""
        pkce = pair()
        query = urllib.parse.urlencode(QUERY | {"code_challenge": pkce.challenge})
        with pytest.raises(urllib.error.HTTPError) as sent_away:
            self.go(f"{issuer}/authorize?{query}")
        sent_away.value.close()
        found = urllib.parse.parse_qs(urllib.parse.urlsplit(self.end).query)
        form = {
            "grant_type": "authorization_code",
            "client_id": "agent",
            "code": found["code"][0],
            "redirect_uri": QUERY["redirect_uri"],
            "code_verifier": pkce.expose_verifier(),
        }
        return urllib.parse.urlencode(form).encode()


def race(issuer: str, redeemers: int) -> list[tuple[int, bytes]]:
    """Status and body of each who redeems one code, all at once, with everything right."""
    body = Redirected().token_request(issuer)
    together = threading.Barrier(redeemers)

    def redeem(_: int) -> tuple[int, bytes]:
        together.wait(LONG)
        status, _fields, said = sent(issuer, "/token", body, **{"Content-Type": FORM})
        return status, said

    with ThreadPoolExecutor(redeemers) as pool:
        return list(pool.map(redeem, range(redeemers)))


def test_of_64_redeemers_one_gets_a_token(issuer: str) -> None:
    """P24, CVE-2026-47386: real requests, each over a connection of its own."""
    for _ in range(3):
        answers = race(issuer, 64)
        won = [said for status, said in answers if status == 200]
        assert len(won) == 1
        assert {status for status, _ in answers} == {200, 400}
        # A valid replay revokes, also what the winner had.
        token = json.loads(won[0])["access_token"]
        status, _fields, _said = sent(issuer, "/notes", None, Authorization=f"Bearer {token}")
        assert status == 401


def test_a_naive_store_gives_a_token_to_each(tmp_path: Path) -> None:
    """The control: the same race at a store that reads, looks and writes."""
    with site(tmp_path, "16") as issuer:
        assert [status for status, _ in race(issuer, 16)] == [200] * 16


def test_the_examples_own_tests_pass(tmp_path: Path) -> None:
    """Its store is held to the public suite, on a database of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", "test", "--verbosity", "2"],
        cwd=EXAMPLE,
        env={**os.environ, "DATABASE_URL": f"sqlite://{tmp_path}/db.sqlite3?synchronous=off"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 2 tests" in done.stderr and "skipped" not in done.stderr


def test_the_migrations_are_the_models(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=EXAMPLE,
        env={**os.environ, "DATABASE_URL": f"sqlite://{tmp_path}/db.sqlite3?synchronous=off"},
        check=True,
        timeout=120,
    )
