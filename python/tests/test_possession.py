"""Tokens that are bound to a key (RFC 9449): sign-in, refresh, and each request to the resource."""

from __future__ import annotations

import asyncio
import copy
import pickle
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
from bound import BoundSite
from conftest import Clock
from peers import LONG, NO_PROXY
from proofkey import (
    AsyncAuthorizedRequest,
    AsyncClient,
    AuthorizedRequest,
    Client,
    FixConfiguration,
    MemoryStore,
    SignInAgain,
    TokenSet,
)
from proofkey.httpx import Auth
from signing import Signer, der

both = pytest.mark.parametrize("way", ["sync", "async"])
libraries = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def sign_in(way: str, client: Any) -> TokenSet:
    made = client.sign_in()
    tokens: TokenSet = asyncio.run(made) if way == "async" else made
    return tokens


def kind(way: str) -> Any:
    return Client if way == "sync" else AsyncClient


def get(url: str, headers: dict[str, str]) -> tuple[int, Any]:
    """One request, by the standard library."""
    try:
        answer = NO_PROXY.open(urllib.request.Request(url, headers=headers), timeout=LONG)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        answer.read()
        return answer.status, answer.headers


def fetch(way: str, client: Any, url: str, **given: Any) -> int:
    """What `authorize` is for, with an HTTP client that knows nothing of it; the last status."""
    if way == "sync":
        request = client.authorize("GET", url, **given)
        status, fields = get(url, request.headers)
        while request.again(status, fields):
            status, fields = get(url, request.headers)
        return status

    async def main() -> int:
        request = await client.authorize("GET", url, **given)
        status, fields = get(url, request.headers)
        while await request.again(status, fields):
            status, fields = get(url, request.headers)
        return status

    return asyncio.run(main())


def send(way: str, library: Any, auth: Auth, url: str, times: int = 1) -> list[int]:
    if way == "sync":
        with library.Client(auth=auth, trust_env=False) as http:
            return [http.get(url).status_code for _ in range(times)]

    async def main() -> list[int]:
        async with library.AsyncClient(auth=auth, trust_env=False) as http:
            return [(await http.get(url)).status_code for _ in range(times)]

    return asyncio.run(main())


@both
def test_a_key_of_ours(way: str, clock: Clock) -> None:
    """Made for the sign-in and kept with its tokens: the refresh and each request are proven by the
    same; nonces are heard from both servers, each request is repeated once for a new one."""
    store = MemoryStore()
    with BoundSite() as site:
        client = site.bound_client(kind(way), store=store)
        tokens = sign_in(way, client)
        assert tokens.token_type == "DPoP"
        assert site.refused == ["nonce_missing"], "at the token endpoint, once"
        assert fetch(way, client, site.resource) == 200
        assert len(site.refused) == 1, "the client's requests know what its flows have heard"
        site.rotate()
        for _ in range(2):
            assert fetch(way, client, site.resource) == 200
        assert site.refused[1:] == ["nonce"], "and at the resource, once"
        clock.ahead += 61
        assert fetch(way, site.bound_client(kind(way), store=store), site.resource) == 200
        assert site.refused[2:] == ["nonce_missing"], "another client has heard of none"
        assert len(set(site.keys)) == 1 and site.issued == 2
        assert set(site.scheme) == {"DPoP"}


@both
@libraries
def test_by_httpx(way: str, library: Any, clock: Clock) -> None:
    with BoundSite() as site:
        client = site.bound_client(kind(way))
        auth = Auth(client, "browser")
        # The first is sent without a token; its 401 leads to the sign-in, and holds the nonce.
        assert send(way, library, auth, site.resource, 2) == [200, 200]
        assert site.scheme == ["", "DPoP", "DPoP"] and site.refused == []
        site.rotate()
        assert send(way, library, auth, site.resource, 2) == [200, 200]
        assert site.refused == ["nonce"]
        clock.ahead += 61
        assert send(way, library, auth, site.resource) == [200]
        assert len(set(site.keys)) == 1


@both
def test_a_server_that_wants_another_nonce_each_time(way: str) -> None:
    with BoundSite() as site:
        client = site.bound_client(kind(way))
        sign_in(way, client)
        original = site._notes

        def never_content(connection: Any) -> None:
            site.rotate()
            original(connection)

        site.answers["/notes"] = never_content
        with pytest.raises(FixConfiguration) as caught:
            fetch(way, client, site.resource)
        assert caught.value.code == "step_up_refused" and site.asked.count("/notes") == 2


@both
@pytest.mark.parametrize("spelt", [bytes, der], ids=["raw", "der"])
def test_a_key_that_somebody_else_keeps(way: str, spelt: Any) -> None:
    signer = Signer(spelt)
    with BoundSite() as site:
        client = site.bound_client(kind(way), signer=signer, dpop_key="agent-key")
        sign_in(way, client)
        assert fetch(way, client, site.resource) == 200
        assert send(way, httpx2, Auth(client), site.resource) == [200]
        assert set(site.keys) == {signer.key.thumbprint}
        assert signer.asked[0] == "public_key agent-key"
        assert set(signer.asked[1:]) == {"sign agent-key"}


class Failing(Signer):
    """One that fails at a call."""

    def __init__(self, call: str, how: Any) -> None:
        super().__init__()
        self.call, self.how = call, how

    def public_key(self, key_id: str) -> bytes:
        return self._do("public_key", super().public_key(key_id))

    def sign(self, key_id: str, data: bytes) -> bytes:
        return self._do("sign", super().sign(key_id, data))

    def _do(self, call: str, given: bytes) -> Any:
        if call != self.call:
            return given
        if isinstance(self.how, Exception):
            raise self.how
        return self.how


@both
@pytest.mark.parametrize("call", ["public_key", "sign"])
@pytest.mark.parametrize(
    ("how", "words"),
    [
        (OSError("the card was removed"), "OSError: the card was removed"),
        (StopIteration("at the end"), "StopIteration"),
        (b"no such bytes", "P-256"),
        ("text", "gives bytes, not str"),
    ],
    ids=["raises", "stops", "garbage", "text"],
)
def test_a_signer_that_fails(way: str, call: str, how: Any, words: str) -> None:
    """At the sign-in, and at a request: the sign-in is another, not the program's end."""
    with BoundSite(nonces=False) as site:
        signer = Failing(call, how)
        client = site.bound_client(kind(way), signer=signer, dpop_key="k")
        with pytest.raises(SignInAgain) as caught:
            sign_in(way, client)
        assert caught.value.code == "signing_failed" and words in str(caught.value)
        if call == "public_key":
            return
        signer.call = "none"
        sign_in(way, client)
        signer.call = call
        for request in (
            lambda: fetch(way, client, site.resource),
            lambda: send(way, httpx2, Auth(client), site.resource),
        ):
            with pytest.raises(SignInAgain) as caught:
                request()
            assert caught.value.code == "signing_failed"
            assert words in str(caught.value)
            assert "canary-" not in str(caught.value)
        assert "/notes" not in site.asked


@both
def test_a_program_without_the_signer(way: str) -> None:
    """The store is shared with a program that has it."""
    store = MemoryStore()
    with BoundSite(nonces=False) as site:
        sign_in(way, site.bound_client(kind(way), store=store, signer=Signer(), dpop_key="k"))
        client = site.bound_client(kind(way), store=store)
        with pytest.raises(SignInAgain, match="this client has no signer"):
            fetch(way, client, site.resource)


@both
def test_tokens_that_are_not_bound(way: str) -> None:
    """P15: reported, and refused where it was demanded."""
    with BoundSite() as site:
        site.token_type = "Bearer"
        with pytest.raises(FixConfiguration) as caught:
            sign_in(way, site.bound_client(kind(way)))
        assert caught.value.code == "token_not_bound"
        client = site.bound_client(kind(way), dpop="preferred")
        tokens = sign_in(way, client)
        assert tokens.token_type == "Bearer"
        site.describes()
        with pytest.raises(FixConfiguration) as caught:
            sign_in(way, site.bound_client(kind(way)))
        assert caught.value.code == "dpop_unsupported"


@both
def test_a_bound_token_is_no_bearer_token(way: str) -> None:
    with BoundSite() as site:
        client = site.bound_client(kind(way))
        sign_in(way, client)
        with pytest.raises(SignInAgain) as caught:
            made = client.authorization(site.resource)
            if way == "async":
                asyncio.run(made)
        assert caught.value.code == "signing_failed" and "canary" not in str(caught.value)


@both
def test_no_other_request_gets_a_token(way: str) -> None:
    """M8."""
    with BoundSite() as site:
        client = site.bound_client(kind(way))
        sign_in(way, client)
        for elsewhere in (site.issuer + "/other", "https://elsewhere.example/notes"):
            for interaction in ("never", "browser"):
                with pytest.raises(FixConfiguration) as caught:
                    fetch(way, client, elsewhere, interaction=interaction)
                assert caught.value.code == "wrong_resource"


def test_a_request_shows_no_token() -> None:
    with BoundSite(nonces=False) as site:
        client = site.bound_client()
        client.sign_in()
        request = client.authorize("GET", site.resource + "?q=1")
        assert request.headers["Authorization"].startswith("DPoP canary-")
        assert repr(request) == f"<AuthorizedRequest GET {site.resource}?q=1>"
        assert isinstance(request, AuthorizedRequest)
        for spread in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="it holds a token"):
                spread(request)
        asynchronous = site.bound_client(AsyncClient, store=client._store)
        made = asyncio.run(asynchronous.authorize("GET", site.resource))
        assert isinstance(made, AsyncAuthorizedRequest)


class Slow(Signer):
    """One that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = True
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def _take_time(self) -> None:
        if self.slow:
            self.begun.set()
            assert self.go_on.wait(LONG)

    def public_key(self, key_id: str) -> bytes:
        self._take_time()
        return super().public_key(key_id)

    def sign(self, key_id: str, data: bytes) -> bytes:
        self._take_time()
        return super().sign(key_id, data)


def test_a_cancel_does_not_wait_for_the_signer() -> None:
    signer = Slow()

    async def cancelled(call: Callable[[], Any]) -> None:
        signer.begun.clear()
        task = asyncio.create_task(call())
        assert await asyncio.to_thread(signer.begun.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), LONG)

    async def main(site: BoundSite) -> None:
        client = site.bound_client(AsyncClient, signer=signer, dpop_key="k")
        await cancelled(client.sign_in)
        assert "/token" not in site.asked
        signer.slow = False
        await client.sign_in()
        signer.slow = True
        await cancelled(lambda: client.authorize("GET", site.resource))
        signer.go_on.set()

    with BoundSite(nonces=False) as site:
        asyncio.run(main(site))
        assert "/notes" not in site.asked


@pytest.mark.parametrize("slow", ["public_key", "sign"])
def test_ctrl_c_does_not_wait_for_the_signer(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = Slow()
    go_on = signer.go_on

    def interrupted(*given: Any) -> bytes:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        assert go_on.wait(LONG)
        return b""

    signer.slow = False
    monkeypatch.setattr(signer, slow, interrupted)
    with BoundSite(nonces=False) as site:
        client = site.bound_client(signer=signer, dpop_key="k")
        before = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            client.sign_in()
        assert time.monotonic() - before < LONG and site.issued == 0
        go_on.set()


@pytest.mark.parametrize("made", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"dpop": "maybe"}, FixConfiguration, "dpop is none of never, preferred, required"),
        ({"dpop": True}, TypeError, "dpop must be str, not bool"),
        ({"dpop": None}, TypeError, "dpop must be str, not NoneType"),
        ({"push": 1}, TypeError, "push must be bool, not int"),
        ({"signer": 7}, TypeError, "signer must be an object with public_key and sign, not int"),
        ({"dpop_key": 7}, TypeError, "dpop_key must be str, not int"),
        ({"dpop_key": "k", "dpop": "required"}, FixConfiguration, "signer is missing"),
        ({"signer": Signer(), "dpop": "required"}, FixConfiguration, "dpop_key is missing"),
        ({"signer": Signer(), "dpop_key": "k"}, FixConfiguration, "signer is given, and dpop is"),
        (
            {"signer": Signer(), "dpop_key": "k" * 257, "dpop": "required"},
            FixConfiguration,
            "dpop_key is empty or longer",
        ),
        ({"scope_ceiling": "notes"}, TypeError, "scope_ceiling must be a list of str, not str"),
        ({"jwks_uri": "https://a.example/k"}, FixConfiguration, "jwks_uri is given without"),
    ],
)
def test_bad_input(made: Any, given: dict[str, Any], error: Any, words: str) -> None:
    with pytest.raises(error, match=f"^{words}"):
        made("https://api.example", client_id="a", **given)


@both
def test_bad_requests(way: str) -> None:
    with BoundSite(nonces=False) as site:
        client = site.bound_client(kind(way))
        sign_in(way, client)

        def authorize(*given: Any, **named: Any) -> Any:
            made = client.authorize(*given, **named)
            return asyncio.run(made) if way == "async" else made

        with pytest.raises(TypeError, match=r"^method must be str"):
            authorize(7, site.resource)
        with pytest.raises(TypeError, match=r"^url must be str"):
            authorize("GET", None)
        with pytest.raises(FixConfiguration, match=r"^interaction is none of"):
            authorize("GET", site.resource, interaction="perhaps")
        request = authorize("GET", site.resource)

        def again(*given: Any) -> Any:
            made = request.again(*given)
            return asyncio.run(made) if way == "async" else made

        with pytest.raises(TypeError, match=r"^status must be int, not str"):
            again("200", {})
        with pytest.raises(FixConfiguration, match=r"^status is not between"):
            again(-1, {})
        for headers in (None, "a: b", [b"a: b"], [("a", b"b")], 7):
            with pytest.raises(TypeError, match=r"^headers must be header fields with names"):
                again(200, headers)
        assert again(200, {"DPoP-Nonce": "n\ud800"}) is False
