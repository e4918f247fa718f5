"""Whole sign-ins, against the development server and against token endpoints that misbehave."""

from __future__ import annotations

import asyncio
import copy
import http.client
import json
import pickle
import socket
import threading
import time
import urllib.request
from typing import Any

import pytest
from peers import LONG, NO_PROXY, TOKENS, TokenEndpoint, respond, visit
from proofkey import (
    AsyncClient,
    Client,
    FixConfiguration,
    ProofKeyError,
    Retry,
    SignInAgain,
    TokenSet,
    UserCancelled,
)


def sign_in(way: str, settings: dict[str, Any]) -> TokenSet:
    if way == "sync":
        with Client(**settings) as client:
            return client.sign_in()

    async def main() -> TokenSet:
        async with AsyncClient(**settings) as client:
            return await client.sign_in()

    return asyncio.run(main())


both = pytest.mark.parametrize("way", ["sync", "async"])


@both
def test_a_sign_in_gives_a_token_that_the_resource_takes(
    way: str, server: dict[str, Any], settings: dict[str, Any]
) -> None:
    tokens = sign_in(way, settings | {"scopes": server["scopes"][:1]})
    assert tokens.issuer == server["issuer"]
    assert tokens.client_id == server["client_id"]
    assert tokens.resource == server["resource"]
    assert tokens.scopes == tuple(server["scopes"][:1])
    assert tokens.expires_at is not None and tokens.expires_at > time.time()
    request = urllib.request.Request(server["resource"])
    request.add_header("Authorization", f"Bearer {tokens.expose_access_token()}")
    with NO_PROXY.open(request, timeout=LONG) as answer:
        assert json.load(answer)["client_id"] == server["client_id"]


@both
@pytest.mark.parametrize("place", [{"redirect_uri": "http://[::1]/callback"}, {"port": 0}])
def test_the_place_of_the_redirect_can_be_named(
    way: str, place: dict[str, Any], settings: dict[str, Any]
) -> None:
    assert sign_in(way, settings | place).expose_access_token()


@both
def test_a_browser_program_gets_the_address_as_its_only_argument(
    way: str, settings: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threat: an address that reaches a shell (CVE-2025-6514)."""
    import sys

    program = tmp_path / "a browser; touch $(pwned)"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, urllib.request\n"
        "assert len(sys.argv) == 2\n"
        "opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
        "opener.open(sys.argv[1], timeout=30).read()\n"
    )
    program.chmod(0o755)
    assert sign_in(way, settings | {"browser": program}).expose_access_token()
    monkeypatch.setenv("BROWSER", str(program))
    assert sign_in(way, settings | {"browser": None}).expose_access_token()


@both
def test_a_token_set_is_neither_shown_nor_copied(way: str, settings: dict[str, Any]) -> None:
    tokens = sign_in(way, settings)
    secret = tokens.expose_access_token()
    for shown in (repr(tokens), str(tokens), f"{tokens}", f"{tokens!r} {tokens!s}"):
        assert secret not in shown and "TokenSet" in shown
    for take in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="TokenSet cannot be"):
            take(tokens)
    assert not hasattr(tokens, "__dict__")


@both
@pytest.mark.parametrize(
    "browser", ["/nowhere/a-browser", "a-browser-of-no-name", lambda url: visit("nowhere:")]
)
def test_a_browser_that_cannot_be_opened(way: str, browser: Any, settings: dict[str, Any]) -> None:
    if callable(browser):
        # What the caller's own function raises is the caller's.
        with pytest.raises(urllib.request.URLError):
            sign_in(way, settings | {"browser": browser})
        return
    with pytest.raises(FixConfiguration) as caught:
        sign_in(way, settings | {"browser": browser})
    assert caught.value.code == "browser_failed"
    assert "No such file" in str(caught.value) and "browser program" in caught.value.advice


@both
def test_a_port_in_use_says_so(way: str, settings: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Retry) as caught:
            sign_in(way, settings | {"port": port})
    assert caught.value.code == "port_in_use" and str(port) in str(caught.value)


@both
def test_nobody_comes(way: str, settings: dict[str, Any]) -> None:
    with pytest.raises(SignInAgain) as caught:
        sign_in(way, settings | {"browser": lambda url: None, "timeout": 1})
    assert caught.value.code == "redirect_timeout"


@both
def test_noise_ends_nothing(way: str, settings: dict[str, Any]) -> None:
    """P6: a redirect without our state is not an answer."""
    from peers import parameter

    def noisy(url: str) -> None:
        def go() -> None:
            visit(parameter(url, "redirect_uri") + "?code=stolen&state=guessed")
            visit(url)

        threading.Thread(target=go, daemon=True).start()

    assert sign_in(way, settings | {"browser": noisy}).expose_access_token()


@both
def test_the_user_says_no(way: str, settings: dict[str, Any]) -> None:
    from peers import parameter

    def refusing(url: str) -> None:
        back = f"?error=access_denied&state={parameter(url, 'state')}&iss={settings['issuer']}"
        threading.Thread(
            target=visit, args=(parameter(url, "redirect_uri") + back,), daemon=True
        ).start()

    with pytest.raises(UserCancelled) as caught:
        sign_in(way, settings | {"browser": refusing})
    assert caught.value.code == "access_denied"
    assert caught.value.family == "user_cancelled"


@both
def test_a_cut_line_sends_nothing_twice(way: str) -> None:
    """P14: a server that reads the token request and cuts the line gets exactly one."""
    with TokenEndpoint(lambda connection: None) as endpoint:
        with pytest.raises(Retry) as caught:
            sign_in(way, endpoint.settings())
        assert caught.value.code == "unreachable"
        assert len(endpoint.requests) == 1
        assert endpoint.requests[0].startswith(b"POST /token HTTP/1.1\r\n")


@both
def test_what_is_sent_is_what_the_core_wrote(way: str) -> None:
    with TokenEndpoint(respond(TOKENS)) as endpoint:
        sign_in(way, endpoint.settings())
    head, _, body = endpoint.requests[0].partition(b"\r\n\r\n")
    names = sorted(line.split(b":")[0].lower() for line in head.split(b"\r\n")[1:])
    assert names == [
        b"accept",
        b"accept-encoding",
        b"connection",
        b"content-length",
        b"content-type",
        b"host",
    ]
    assert b"code=canary-code-0123456789" in body


@both
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (respond(b"", "302 Found", "Location: http://127.0.0.1:1/"), "redirect_refused"),
        (respond(b"x", "200 OK", "Content-Length: 70000"), "unreachable"),
        (respond(TOKENS[:9], "200 OK", f"Content-Length: {len(TOKENS)}"), "unreachable"),
        (respond(b"x" * 70000, "200 OK", "Transfer-Encoding: identity"), "unreachable"),
        (respond(b"zz\r\n", "200 OK", "Transfer-Encoding: chunked"), "unreachable"),
        (respond(TOKENS, "200 OK\r\nX: " + "x" * 70000), "unreachable"),
        (lambda connection: connection.sendall(b"\x00\xff\r\n\r\n"), "unreachable"),
        (respond(b"{}", "503 Busy"), "server_unavailable"),
        (respond(b'{"error":"invalid_grant"}', "400 Bad Request"), "invalid_grant"),
        (respond(b"\xff\xfe"), "malformed_response"),
    ],
)
def test_answers_that_are_none(way: str, answer: Any, code: str) -> None:
    """P14, P15: nothing is followed, nothing larger than allowed is kept, a part is no answer."""
    with TokenEndpoint(answer) as endpoint:
        with pytest.raises(ProofKeyError) as caught:
            sign_in(way, endpoint.settings())
        assert caught.value.code == code
        assert len(endpoint.requests) == 1


@both
def test_nobody_listens_at_the_token_endpoint(way: str) -> None:
    with TokenEndpoint(respond(TOKENS)) as endpoint:
        settings = endpoint.settings()
    with pytest.raises(Retry) as caught:
        sign_in(way, settings)
    assert caught.value.code == "unreachable"
    assert "no connection could be made" in str(caught.value)


@both
def test_no_proxy_sees_what_goes_to_this_machine(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with TokenEndpoint(respond(TOKENS)) as endpoint:
        assert sign_in(way, endpoint.settings()).expose_access_token()


def test_a_program_that_debugs_http_prints_no_secret(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with TokenEndpoint(respond(TOKENS)) as endpoint:
        sign_in("sync", endpoint.settings())
    shown = capfd.readouterr()
    assert "canary" not in shown.out + shown.err


def test_many_at_once_on_one_client(settings: dict[str, Any]) -> None:
    async def main() -> list[TokenSet]:
        async with AsyncClient(**settings) as client:
            return await asyncio.gather(*(client.sign_in() for _ in range(20)))

    tokens = asyncio.run(main())
    assert len({each.expose_access_token() for each in tokens}) == 20


@both
def test_a_closed_client_says_what_to_do(way: str, settings: dict[str, Any]) -> None:
    async def use_late() -> None:
        client = AsyncClient(**settings)
        await client.aclose()
        await client.sign_in()

    with pytest.raises(FixConfiguration, match="closed") as caught:
        if way == "sync":
            with Client(**settings) as client:
                pass
            client.sign_in()
        else:
            asyncio.run(use_late())
    assert caught.value.code == "closed"
