"""`proofkey.httpx.Auth` and `proofkey.mcp.auth`, with the clients of httpx and httpx2, sync and
async."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import proofkey.mcp
import pytest
from conftest import Clock, Counters
from peers import Answer, Issuer, approving, respond, tokens
from proofkey import AsyncClient, Client, FixConfiguration, Retry, SignInAgain
from proofkey.httpx import Auth

libraries = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
both = pytest.mark.parametrize("way", ["sync", "async"])


def send(way: str, library: Any, auth: Auth, *requests: dict[str, Any]) -> list[Any]:
    """Requests by one client; what came of the last of them."""
    if way == "sync":
        with library.Client(auth=auth, trust_env=False) as http:
            return [http.request(**{"method": "GET"} | each) for each in requests]

    async def main() -> list[Any]:
        async with library.AsyncClient(auth=auth, trust_env=False) as http:
            return [await http.request(**{"method": "GET"} | each) for each in requests]

    return asyncio.run(main())


class Resource(Issuer):
    """An issuer and its resource, which takes one token and answers all others by 401."""

    def __init__(self) -> None:
        super().__init__()
        self.describes()
        self.resource = self.describes_resource()
        self.takes = "canary-token-0000000001"
        self.demands = "Bearer"
        self.bodies: list[bytes] = []
        self.headers: list[bytes | None] = []
        self.answers["/token"] = respond(tokens(1))
        self.answers["/notes/1"] = self.answers["/notes"] = self._protected

    def _protected(self, connection: Any) -> None:
        head, _, body = self.requests[-1].partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization:")]
        self.headers.append(lines[0].partition(b": ")[2] if lines else None)
        self.bodies.append(body)
        if self.headers[-1] == b"Bearer " + self.takes.encode():
            answer: Answer = respond(b'"here you are"')
        else:
            answer = respond(b'"no"', "401 Unauthorized", f"WWW-Authenticate: {self.demands}")
        answer(connection)

    @property
    def requested(self) -> int:
        return len(self.headers)

    def resource_client(self, kind: Any = Client, **more: Any) -> Any:
        return kind(**self.client(resource=self.resource, **more))


@contextmanager
def resource(signed_in: bool = True) -> Iterator[tuple[Resource, Client]]:
    with Resource() as site:
        client = site.resource_client()
        if signed_in:
            client.sign_in()
        yield site, client


@both
@libraries
def test_a_request_carries_the_token(
    way: str, library: Any, address: dict[str, Any], clock: Clock, counters: Counters
) -> None:
    """And an old one is refreshed before it is sent, by clients of either kind."""
    for kind in (Client, AsyncClient):
        client = kind(**address)
        signing_in = client.sign_in()
        if kind is AsyncClient:
            asyncio.run(signing_in)
        auth = Auth(client)
        answers = send(way, library, auth, {"url": address["resource"]})
        clock.ahead += 3600
        answers += send(way, library, auth, {"url": address["resource"]})
        assert [each.status_code for each in answers] == [200, 200]
        assert answers[0].json()["resource"] == address["resource"]
    assert counters.of("refresh_token") == 2


@both
@libraries
def test_a_refusal_refreshes_and_repeats_once(way: str, library: Any) -> None:
    with resource() as (site, client):
        site.takes = "canary-token-0000000002"
        site.answers["/token"] = respond(tokens(2))
        given = {"url": site.resource + "/1", "method": "POST", "content": b"a body"}
        (answer,) = send(way, library, Auth(client), given)
        assert answer.status_code == 200
        assert site.bodies == [b"a body"] * 2
        # Refused again: that is the answer.
        site.takes = "another"
        site.answers["/token"] = respond(tokens(3))
        (answer,) = send(way, library, Auth(client), given)
        assert answer.status_code == 401
        assert site.requested == 4 and site.asked.count("/token") == 3


@both
@libraries
def test_a_body_that_cannot_be_repeated(way: str, library: Any) -> None:
    """The 401 is the answer; the next request has the new token."""
    with resource() as (site, client):
        site.takes = "canary-token-0000000002"
        site.answers["/token"] = respond(tokens(2))

        def parts() -> Iterator[bytes]:
            yield b"streamed"

        async def async_parts() -> Any:
            yield b"streamed"

        streamed = {"url": site.resource, "method": "POST"}
        auth = Auth(client)
        for status in (401, 200):
            content = parts() if way == "sync" else async_parts()
            (answer,) = send(way, library, auth, streamed | {"content": content})
            assert answer.status_code == status
        assert site.requested == 2 and site.asked.count("/token") == 2


@both
@libraries
def test_no_other_request_gets_the_token(way: str, library: Any) -> None:
    """M8."""
    with resource() as (site, client):
        for interaction in ("never", "browser"):
            with pytest.raises(FixConfiguration) as caught:
                send(way, library, Auth(client, interaction), {"url": site.issuer + "/other"})
            assert caught.value.code == "wrong_resource"
        assert "/other" not in site.asked


@both
@libraries
def test_what_cannot_be_had_is_an_error(way: str, library: Any) -> None:
    with resource(signed_in=False) as (site, client):
        with pytest.raises(SignInAgain) as caught:
            send(way, library, Auth(client), {"url": site.resource})
        assert caught.value.code == "sign_in_required" and site.requested == 0
        client.sign_in()
        site.takes = "another"
        site.answers["/token"] = respond(b"{}", "503 Busy")
        with pytest.raises(Retry):
            send(way, library, Auth(client), {"url": site.resource})


@both
@libraries
def test_the_resource_says_where_to_sign_in_and_for_what(way: str, library: Any) -> None:
    """M1, M7: the first request is sent without a token, and its 401 is read by the core."""
    opened: list[str] = []

    def browser(url: str) -> None:
        opened.append(url)
        approving(url)

    with Resource() as site:
        elsewhere = site.issuer + "/described/elsewhere"
        site.answers["/described/elsewhere"] = site.answers.pop(
            "/.well-known/oauth-protected-resource/notes"
        )
        site.demands = f'Bearer resource_metadata="{elsewhere}", scope="notes.read"'
        given = site.client(resource=site.resource, browser=browser)
        del given["issuer"]
        auth = Auth(Client(**given), "browser")
        answers = send(way, library, auth, {"url": site.resource}, {"url": site.resource})
        assert [each.status_code for each in answers] == [200, 200]
        assert site.headers == [None, *[b"Bearer canary-token-0000000001"] * 2]
        assert "/described/elsewhere" in site.asked
    assert len(opened) == 1 and "scope=notes.read&" in opened[0] + "&"


@both
def test_a_resource_that_asks_for_nothing_gets_no_sign_in(way: str) -> None:
    with Resource() as site:
        site.answers["/notes"] = respond(b'"open to all"')
        client = site.resource_client(browser=lambda url: pytest.fail("nobody was to be asked"))
        (answer,) = send(way, httpx2, Auth(client, "browser"), {"url": site.resource})
        assert answer.status_code == 200


@both
def test_a_streamed_body_is_not_sent_in_vain(way: str) -> None:
    """It could not be repeated after the 401: so the user is asked first."""
    with Resource() as site:
        auth = Auth(site.resource_client(), "browser")

        async def async_parts() -> Any:
            yield b"streamed"

        content: Any = iter([b"streamed"]) if way == "sync" else async_parts()
        given = {"url": site.resource, "method": "POST", "content": content}
        (answer,) = send(way, httpx2, auth, given)
        assert answer.status_code == 200 and site.requested == 1


@both
def test_many_requests_and_one_refresh(way: str, clock: Clock) -> None:
    async def main(site: Resource, auth: Auth) -> list[int]:
        async with httpx2.AsyncClient(auth=auth, trust_env=False) as http:
            answers = await asyncio.gather(*(http.get(site.resource) for _ in range(20)))
            return [each.status_code for each in answers]

    with resource() as (site, client):
        site.takes = "canary-token-0000000002"
        site.answers["/token"] = respond(tokens(2))
        if way == "async":
            clock.ahead += 61
        # All old at once, or all refused at once.
        assert asyncio.run(main(site, Auth(client))) == [200] * 20
        assert site.asked.count("/token") == 2


def test_an_mcp_server(address: dict[str, Any]) -> None:
    """From its address alone."""
    given = {name: address[name] for name in ("client_name", "browser")}

    async def main() -> list[Any]:
        auth = proofkey.mcp.auth(address["resource"], **given)
        async with httpx2.AsyncClient(auth=auth, trust_env=False) as http:
            return [await http.post(address["resource"], json={"n": n}) for n in range(2)]

    answers = asyncio.run(main())
    assert [each.status_code for each in answers] == [200, 200]
    assert {each.json()["resource"] for each in answers} == {address["resource"]}
    with pytest.raises(TypeError, match="scopes must be"):
        proofkey.mcp.auth(address["resource"], scopes=7)
    with pytest.raises(FixConfiguration, match=r"^interaction is none of"):
        proofkey.mcp.auth(address["resource"], interaction="perhaps")  # type: ignore[arg-type]


def test_its_settings_are_those_of_a_client() -> None:
    """As type checkers see them: all but the resource."""
    tree = ast.parse(Path(proofkey.mcp.__file__).read_text(encoding="utf-8"))
    (typed,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    names = {ast.unparse(each.target) for each in typed.body if isinstance(each, ast.AnnAssign)}
    assert names == {*inspect.signature(AsyncClient).parameters} - {"resource"}


def test_a_client_is_wanted(address: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"^client must be a Client or an AsyncClient"):
        Auth("https://api.example")  # type: ignore[arg-type]
    auth = Auth(Client(**address))
    assert repr(auth).startswith("<Auth <Client 'http://127.0.0.1")
    assert isinstance(auth, httpx.Auth) and isinstance(auth, httpx2.Auth)


def test_the_example(address: dict[str, Any], tmp_path: Path, counters: Counters) -> None:
    """It asks once; the second run finds what the first has kept."""
    root = Path(__file__).parents[2]
    for browser in (root / "tests" / "lib" / "visit_browser", "/nowhere/a-browser"):
        said = subprocess.run(
            [sys.executable, root / "python" / "examples" / "httpx_notes.py", address["resource"]],
            env=os.environ | {"BROWSER": str(browser), "PROOFKEY_STORE": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert json.loads(said.stdout)["resource"] == address["resource"]
    assert counters.of("authorization_code") == 1


@pytest.mark.parametrize("there", [["httpx"], ["httpx2"], []])
def test_one_of_the_two_is_enough(there: list[str]) -> None:
    program = f"""
import importlib.util, sys
find = importlib.util.find_spec
there = {there!r}
importlib.util.find_spec = lambda name: find(name) if name in there else None
for name in {{"httpx", "httpx2"}} - set(there):
    sys.modules[name] = None
try:
    from proofkey.httpx import Auth
    print(*(base.__module__.split(".")[0] for base in Auth.__mro__[2:-1]))
except ImportError as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    expected = there or ["proofkey.httpx needs httpx or httpx2: pip install 'proofkey[httpx]'"]
    assert said.stdout.splitlines() == expected
    assert json.dumps(said.stderr) == '""'
