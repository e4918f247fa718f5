"""A sign-in on another device (RFC 8628)."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from peers import LONG, TOKENS, Issuer, respond
from proofkey import (
    AsyncClient,
    Client,
    DeviceCode,
    FixConfiguration,
    ProofKeyError,
    SignInAgain,
    UserCancelled,
    _browser,
    _driver,
    _paste,
)

both = pytest.mark.parametrize("way", ["sync", "async"])
GRANT = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"


def refusal(code: str) -> Any:
    return respond(json.dumps({"error": code}).encode(), "400 Bad Request")


class Site(Issuer):
    """An issuer whose users sign in on another device."""

    def __init__(self, *answers: Any, **changed: Any) -> None:
        super().__init__()
        self.shown: list[DeviceCode] = []
        self.later = [*answers]
        self.answers["/token"] = self._in_turn
        self._changed = changed

    def __enter__(self) -> Site:
        super().__enter__()
        self.describes(device_authorization_endpoint=self.issuer + "/device")
        code = {
            "device_code": "canary-device-0123456789",
            "user_code": "WDJB-MJHT",
            "verification_uri": self.issuer + "/enter",
            "verification_uri_complete": self.issuer + "/enter?user_code=WDJB-MJHT",
            "expires_in": 600,
            "interval": 5,
        } | self._changed
        self.answers["/device"] = respond(json.dumps(code).encode())
        return self

    def device_client(self, kind: Any = Client, **more: Any) -> Any:
        return kind(**self.client(on_device_code=self.shown.append, **more))

    def _in_turn(self, connection: Any) -> None:
        (self.later.pop(0) if self.later else respond(TOKENS))(connection)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long was to be waited each time; nothing is."""
    asked: list[int] = []
    monkeypatch.setattr(_driver, "pause", lambda woken, seconds: asked.append(round(seconds)))
    return asked


def sign_in(way: str, site: Site, **more: Any) -> Any:
    if way == "sync":
        return site.device_client().sign_in(**more)
    return asyncio.run(site.device_client(AsyncClient).sign_in(**more))


@both
@pytest.mark.parametrize("given", [{"device": True}, {"interaction": "device"}])
def test_the_code_is_shown_and_the_server_asked_at_its_pace(
    way: str, given: dict[str, Any], pauses: list[int]
) -> None:
    pending, slower = refusal("authorization_pending"), refusal("slow_down")
    with Site(pending, slower, pending) as site:
        tokens = sign_in(way, site, **given)
        assert tokens.expose_access_token() == "canary-token-0123456789"
        assert pauses == [5, 5, 10, 10]
        (code,) = site.shown
        assert (code.user_code, code.expires_in_s) == ("WDJB-MJHT", 600)
        assert code.verification_uri == site.issuer + "/enter"
        assert code.verification_uri_complete == site.issuer + "/enter?user_code=WDJB-MJHT"
        assert "never enter a code that somebody sent you" in code.advice
        polled = [request for request in site.requests if GRANT in request]
        assert len(polled) == 4 and all(b"canary-device-0123456789" in each for each in polled)


@both
def test_a_token_by_another_device(way: str, pauses: list[int]) -> None:
    """And what is kept needs no device any more."""
    with Site() as site:
        if way == "sync":
            client = site.device_client()
            assert client.access_token(interaction="device") == client.access_token()
        else:
            asynchronous = site.device_client(AsyncClient)

            async def main() -> list[str]:
                first = await asynchronous.access_token(interaction="device")
                return [first, await asynchronous.access_token()]

            assert len(set(asyncio.run(main()))) == 1
        assert len(site.shown) == 1


def test_it_is_shown_on_standard_error(
    pauses: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    with Site() as site:
        Client(**site.client()).sign_in(device=True)
        shown = capsys.readouterr()
    assert shown.out == ""
    for part in ("WDJB-MJHT", "/enter\n", "/enter?user_code=", "within 10 min", "never enter"):
        assert part in shown.err
    assert "canary" not in shown.err


def test_without_standard_error(pauses: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    with Site() as site, pytest.raises(FixConfiguration, match=r"^on_device_code is missing"):
        Client(**site.client()).sign_in(device=True)


def test_it_is_never_chosen_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threat "Device-code phishing": neither where there is no browser, nor with a terminal."""
    monkeypatch.setattr(_browser, "is_there", lambda browser: False)
    with Site() as site:
        for terminal in (False, True):
            monkeypatch.setattr(_paste, "is_possible", lambda terminal=terminal: terminal)
            client = Client(**site.client(on_device_code=site.shown.append) | {"browser": None})
            for interaction in ("auto", "browser"):
                with pytest.raises(ProofKeyError):
                    client.sign_in(interaction=interaction)
        assert "/device" not in site.asked and site.shown == []


@both
@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        ("access_denied", UserCancelled, "access_denied"),
        ("expired_token", SignInAgain, "device_code_expired"),
    ],
)
def test_the_user_says_no_or_nothing(
    way: str, answer: str, error: Any, code: str, pauses: list[int]
) -> None:
    with Site(refusal(answer)) as site, pytest.raises(error) as caught:
        sign_in(way, site, device=True)
    assert caught.value.code == code


@both
def test_the_code_expires_while_it_is_waited_for(way: str, pauses: list[int]) -> None:
    never = [refusal("authorization_pending")] * 3
    with Site(*never, expires_in=15) as site, pytest.raises(SignInAgain) as caught:
        sign_in(way, site, device=True)
    assert caught.value.code == "device_code_expired" and pauses == [5, 5, 5]


@pytest.mark.parametrize(
    "changed",
    [
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri_complete": "file:///etc/passwd"},
        {"user_code": "\u001b[2J"},
    ],
)
def test_what_may_not_be_shown(changed: dict[str, Any], pauses: list[int]) -> None:
    with Site(**changed) as site, pytest.raises(ProofKeyError) as caught:
        sign_in("sync", site, device=True)
    assert site.shown == [] and pauses == [] and caught.value.code == "malformed_response"


def test_a_server_without_it(pauses: list[int]) -> None:
    with Site() as site:
        site.describes()
        with pytest.raises(FixConfiguration) as caught:
            sign_in("sync", site, device=True)
    assert caught.value.code == "device_unsupported"


def test_the_endpoint_by_hand(pauses: list[int]) -> None:
    with Site() as site:
        given = {
            "authorization_endpoint": site.issuer + "/authorize",
            "token_endpoint": site.url,
            "device_authorization_endpoint": site.issuer + "/device",
        }
        site.device_client(**given).sign_in(device=True)
        assert site.asked == ["/device", "/token"]


def test_a_function_that_fails_ends_the_sign_in(pauses: list[int]) -> None:
    def show(code: DeviceCode) -> None:
        raise ValueError("no display")

    with Site() as site:
        client = Client(**site.client(on_device_code=show))
        with pytest.raises(ValueError, match="no display"):
            client.sign_in(device=True)
        assert "/token" not in site.asked


@both
@pytest.mark.parametrize("nth", [0, 1, 2], ids=["shown", "first-wait", "wait"])
def test_a_cancel_ends_the_wait_at_once(
    way: str, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C, or asyncio's cancel: while the code is shown, and in either wait."""
    begun = threading.Event()
    waits: list[threading.Event] = []
    go_on = threading.Event()
    pause = _driver.pause

    def interrupt() -> None:
        begun.set()
        if way == "sync":
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def watched(woken: threading.Event, seconds: float) -> None:
        waits.append(woken)
        if len(waits) == nth:
            interrupt()
            pause(woken, LONG)
            assert woken.is_set(), "the cancel has ended it"

    def show(code: DeviceCode) -> None:
        if nth == 0:
            interrupt()
            assert go_on.wait(LONG)

    monkeypatch.setattr(_driver, "pause", watched)
    with Site(*[refusal("authorization_pending")] * 3) as site:
        given = site.client(on_device_code=show)
        before = time.monotonic()
        if way == "sync":
            with pytest.raises(KeyboardInterrupt):
                Client(**given).sign_in(device=True)
        else:
            asyncio.run(_cancelled(AsyncClient(**given).sign_in, begun))
        assert time.monotonic() - before < LONG
        go_on.set()
        assert site.asked.count("/token") == max(0, nth - 1)


async def _cancelled(call: Callable[..., Any], begun: threading.Event) -> None:
    task = asyncio.create_task(call(device=True))
    assert await asyncio.to_thread(begun.wait, LONG)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_bad_input(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"^on_device_code must be a function, not int"):
        kind("https://api.example", client_id="a", on_device_code=7)
    client = kind("https://api.example", client_id="a")

    def call(**given: Any) -> None:
        made = client.sign_in(**given)
        if kind is AsyncClient:
            asyncio.run(made)

    with pytest.raises(TypeError, match=r"^device must be bool"):
        call(device=1)
    with pytest.raises(FixConfiguration, match=r"^device and interaction name two ways"):
        call(device=True, interaction="paste")
    with pytest.raises(
        FixConfiguration, match=r"^interaction is none of auto, browser, paste, device"
    ):
        call(interaction="phone")
    with pytest.raises(FixConfiguration, match=r"^resumable cannot be with device"):
        call(device=True, resumable=True)
    with pytest.raises(FixConfiguration, match=r"^interaction is none of auto, browser, paste\."):
        made = client.resume(interaction="device")
        if kind is AsyncClient:
            asyncio.run(made)
