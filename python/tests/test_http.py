"""One HTTP exchange, in both ways it is waited for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from peers import LONG, TOKENS, TokenEndpoint, respond
from proofkey import _http, _http_sync
from proofkey._flight import Cancel
from proofkey._native import Event, Header, HttpRequest, Lost


def request(url: str, **more: Any) -> HttpRequest:
    given = {
        "method": "POST",
        "url": url,
        "headers": [Header(name="Accept", value="application/json")],
        "body": b"a=b",
        "max_body": 1000,
        "timeout_ms": 20_000,
    }
    return HttpRequest(**{**given, **more})


def cancellable(wanted: HttpRequest) -> Event:
    return _http_sync.exchange(wanted, Cancel())


def to_its_end(wanted: HttpRequest) -> Event:
    return _http_sync.exchange(wanted, None)


every = pytest.mark.parametrize("exchange", [cancellable, to_its_end])
Exchange = Callable[[HttpRequest], Event]


@every
def test_an_answer_comes_whole(exchange: Exchange) -> None:
    with TokenEndpoint(respond(TOKENS, "201 Created", "X-Field: \xe4")) as endpoint:
        event = exchange(request(endpoint.url))
    assert event.is_RESPONSE()
    assert (event.response.status, event.response.body) == (201, TOKENS)
    fields = {field.name.lower(): field.value for field in event.response.headers}
    assert fields["content-type"] == "application/json"
    (sent,) = endpoint.requests
    assert sent.endswith(b"\r\n\r\na=b")
    assert b"user-agent" not in sent.lower() and b"python" not in sent.lower()


@every
@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P", "401 U", "500 E"])
def test_every_status_is_an_answer(exchange: Exchange, status: str) -> None:
    fields = ("Location: http://127.0.0.1:1/", "WWW-Authenticate: Basic realm=x")
    with TokenEndpoint(respond(b"x", status, *fields)) as endpoint:
        event = exchange(request(endpoint.url))
    assert event.is_RESPONSE() and event.response.status == int(status[:3])
    assert len(endpoint.requests) == 1


@every
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (respond(b"x" * 1001), Lost.TOO_LARGE),
        (respond(b"x" * 9, "200 OK", "Content-Length: 1001"), Lost.TOO_LARGE),
        (respond(b"7d1\r\n" + b"x" * 2001, "200 OK", "Transfer-Encoding: chunked"), Lost.TOO_LARGE),
        (respond(b"x" * 9, "200 OK", "Content-Length: 10"), Lost.LOST),
        (respond(b"9\r\nxx", "200 OK", "Transfer-Encoding: chunked"), Lost.LOST),
        (lambda connection: None, Lost.LOST),
        (lambda connection: connection.sendall(b"SSH-2.0-x\r\n"), Lost.LOST),
    ],
)
def test_what_is_no_whole_answer(exchange: Exchange, answer: Any, reason: Lost) -> None:
    with TokenEndpoint(answer) as endpoint:
        event = exchange(request(endpoint.url))
        assert len(endpoint.requests) == 1
    assert event.is_UNREACHABLE()
    assert event.reason is reason


@every
def test_a_body_of_exactly_the_limit(exchange: Exchange) -> None:
    with TokenEndpoint(respond(b"x" * 1000)) as endpoint:
        event = exchange(request(endpoint.url))
    assert event.is_RESPONSE() and len(event.response.body) == 1000


@every
def test_the_timeout_holds_for_the_whole_exchange(exchange: Exchange) -> None:
    """A server that sends a byte now and then keeps no socket's timeout from being met."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not over.wait(0.05):
            try:
                connection.sendall(b"x")
            except OSError:
                return

    with TokenEndpoint(drip) as endpoint:
        started = time.monotonic()
        event = exchange(request(endpoint.url, timeout_ms=500))
        took = time.monotonic() - started
        over.set()
    assert event.is_UNREACHABLE() and event.reason is Lost.TIMED_OUT
    assert 0.4 < took < 10


@every
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "ftp://x.invalid/"])
def test_nothing_was_sent(exchange: Exchange, url: str) -> None:
    event = exchange(request(url))
    assert event.is_UNREACHABLE() and event.reason is Lost.NOT_CONNECTED


@every
def test_a_server_without_tls_behind_https_gets_nothing(exchange: Exchange) -> None:
    with TokenEndpoint(lambda connection: None) as endpoint:
        event = exchange(request(endpoint.url.replace("http:", "https:"), timeout_ms=300))
    assert event.is_UNREACHABLE() and event.reason is not Lost.TOO_LARGE
    assert all(b"a=b" not in sent for sent in endpoint.requests)


@every
def test_the_environments_proxy_is_used_but_not_for_this_machine(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TokenEndpoint(respond(TOKENS)) as proxy, TokenEndpoint(respond(TOKENS)) as endpoint:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert exchange(request("http://as.example.invalid/token")).is_RESPONSE()
        assert exchange(request(endpoint.url)).is_RESPONSE()
    assert [sent.split(b" ")[1] for sent in proxy.requests] == [b"http://as.example.invalid/token"]
    assert len(endpoint.requests) == 1


def test_a_cancel_ends_an_exchange_that_may_be_ended() -> None:
    gone = threading.Event()
    events: list[Event] = []

    def wait_for_the_end(connection: socket.socket) -> None:
        if connection.recv(1) == b"":
            gone.set()

    with TokenEndpoint(wait_for_the_end) as endpoint:
        cancel = Cancel()
        wanted = request(endpoint.url)
        asking = threading.Thread(
            target=lambda: events.append(_http_sync.exchange(wanted, cancel)), daemon=True
        )
        asking.start()
        assert endpoint.arrived.wait(LONG)
        cancel.request()
        asking.join(LONG)
        assert gone.wait(LONG), "the connection stayed open"
    assert [str(event) for event in events] == ["Cancel"]


def test_where_no_thread_can_be_had_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As while the interpreter ends."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    with TokenEndpoint(respond(TOKENS)) as endpoint:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        event = to_its_end(request(endpoint.url))
        monkeypatch.undo()
    assert event.is_UNREACHABLE() and event.reason is Lost.NOT_CONNECTED
    assert endpoint.requests == []


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1/x", True),
        ("https://[::1]:8/x", True),
        ("http://localhost:8", True),
        ("http://127.0.0.1.evil.example/", False),
        ("http://127.0.0.1:80@evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("https://as.example/http://127.0.0.1/", False),
    ],
)
def test_what_is_on_this_machine(url: str, local: bool) -> None:
    assert _http.is_loopback(url) is local
