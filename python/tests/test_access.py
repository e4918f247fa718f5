"""From an address to a token that stays fresh, against the development server and against issuers
that misbehave."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import urllib.error
import urllib.request
from typing import Any

import proofkey
import pytest
from conftest import Clock, Counters
from peers import LONG, NO_PROXY, PATHS, Issuer, approving, respond, tokens
from proofkey import (
    AsyncClient,
    Client,
    FixConfiguration,
    MemoryStore,
    ProofKeyError,
    Retry,
    SignInAgain,
    UserCancelled,
)

both = pytest.mark.parametrize("way", ["sync", "async"])
Made = Client | AsyncClient


def make(way: str, given: dict[str, Any]) -> Made:
    return (Client if way == "sync" else AsyncClient)(**given)


def ask(client: Made, what: str, *given: Any, **named: Any) -> Any:
    """Calls a method, and waits for it."""
    called = getattr(client, what)(*given, **named)
    return asyncio.run(called) if isinstance(client, AsyncClient) else called


def fetch(url: str, header: str) -> Any:
    """What the resource says to this header."""
    request = urllib.request.Request(url, headers={"Authorization": header})
    with NO_PROXY.open(request, timeout=LONG) as answer:
        return json.load(answer)


@both
def test_an_address_is_enough(way: str, address: dict[str, Any], counters: Counters) -> None:
    """M1 to M8: the issuer, an identifier, a sign-in; afterwards nothing is asked any more."""
    client = make(way, address)
    signed_in = ask(client, "sign_in")
    assert signed_in.resource == address["resource"]
    assert signed_in.client_id.startswith("registered-")
    header = ask(client, "authorization", address["resource"] + "/below?it=too")
    assert fetch(address["resource"], header)["client_id"] == signed_in.client_id
    assert ask(client, "access_token") == signed_in.expose_access_token()
    assert ask(client, "tokens").expires_at == signed_in.expires_at
    assert counters.of("authorization_code") == 1 and counters.of("refresh_token") == 0
    assert client.last_warning is None


@both
def test_what_is_old_is_refreshed(
    way: str, address: dict[str, Any], clock: Clock, counters: Counters
) -> None:
    """P14: once, and the new refresh token is the one that is used the next time."""
    client = make(way, address)
    seen = {ask(client, "sign_in").expose_access_token()}
    for _ in range(3):
        clock.ahead += 3600
        seen.add(ask(client, "access_token"))
        seen.add(ask(client, "access_token"))
    assert len(seen) == 4
    assert counters.of("refresh_token") == 3
    assert fetch(address["resource"], ask(client, "authorization", address["resource"]))


@both
def test_nobody_is_asked_unless_that_is_wanted(
    way: str, address: dict[str, Any], counters: Counters
) -> None:
    client = make(way, address)
    for what in (("access_token",), ("tokens",), ("authorization", address["resource"])):
        with pytest.raises(SignInAgain) as caught:
            ask(client, *what)
        assert caught.value.code == "sign_in_required"
    assert ask(client, "access_token", "browser") == ask(client, "access_token", "never")
    assert counters.of("authorization_code") == 1
    with pytest.raises(FixConfiguration, match=r"^interaction is none of never, auto"):
        ask(make(way, address), "tokens", "perhaps")
    with pytest.raises(FixConfiguration, match=r"^interaction is none of auto, browser, paste"):
        ask(client, "sign_in", interaction="never")


@both
def test_a_token_is_shown_to_its_own_resource_alone(
    way: str, address: dict[str, Any], settings: dict[str, Any]
) -> None:
    """M8, with and without tokens at hand; nobody is asked to sign in for another's sake."""
    opened: list[str] = []
    client = make(way, address | {"browser": opened.append})
    strangers = [
        "https://evil.example/api",
        address["resource"].replace("/api", "/other"),
        address["resource"] + "x",
        address["resource"].replace("127.0.0.1", "localhost"),
        address["resource"] + "/../other",
    ]
    for url in strangers:
        with pytest.raises(FixConfiguration) as caught:
            ask(client, "authorization", url, interaction="browser")
        assert caught.value.code in ("wrong_resource", "invalid_configuration")
    assert opened == []
    client = make(way, address)
    ask(client, "sign_in")
    for url in strangers:
        with pytest.raises(FixConfiguration):
            ask(client, "authorization", url)
    with pytest.raises(TypeError, match=r"^url must be str"):
        ask(make(way, address), "authorization", 7)
    # Without a resource it is for none that could be told.
    del settings["resource"]
    client = make(way, settings)
    ask(client, "sign_in")
    with pytest.raises(FixConfiguration) as caught:
        ask(client, "authorization", address["resource"])
    assert caught.value.code == "wrong_resource"
    assert ask(client, "access_token")


@both
def test_a_header_that_was_refused_is_not_given_again(
    way: str, address: dict[str, Any], counters: Counters
) -> None:
    client = make(way, address)
    ask(client, "sign_in")
    url = address["resource"]
    first = ask(client, "authorization", url)
    second = ask(client, "authorization", url, rejected=first)
    assert first != second and counters.of("refresh_token") == 1
    # Who comes late finds that it was refreshed already.
    assert ask(client, "authorization", url, rejected=first) == second
    assert counters.of("refresh_token") == 1


@both
def test_a_server_that_issues_the_same_token_again(way: str) -> None:
    """Refused or not: there is no other, and asking ends."""
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        resource = site.describes_resource()
        client = make(way, site.client(resource=resource))
        ask(client, "sign_in")
        first = ask(client, "authorization", resource)
        assert ask(client, "authorization", resource, rejected=first) == first
        assert site.asked.count("/token") == 2


@both
def test_a_sign_out(way: str, address: dict[str, Any], server: dict[str, Any]) -> None:
    client = make(way, address)
    ask(client, "sign_in")
    header = ask(client, "authorization", address["resource"])
    ended = ask(client, "sign_out")
    assert (ended.revoked, ended.warning) == (True, None)
    with pytest.raises(SignInAgain) as caught:
        ask(client, "access_token")
    assert caught.value.code == "sign_in_required"
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(server["resource"], header)
    refused.value.close()
    again = ask(client, "sign_out")
    assert (again.revoked, again.warning) == (None, None)
    assert "revoked=None" in repr(again)


@both
def test_a_sign_out_that_the_server_does_not_hear_of(way: str) -> None:
    with Issuer() as site:
        site.describes()
        client = make(way, site.client())
        ask(client, "sign_in")
        ended = ask(client, "sign_out")
        assert ended.revoked is False and isinstance(ended.warning, ProofKeyError)
        assert str(client.last_warning) == str(ended.warning)
        with pytest.raises(SignInAgain):
            ask(client, "access_token")


@both
def test_a_refresh_that_fails_while_the_old_token_is_good(
    way: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Threat "refresh loses tokens": nothing but invalid_grant does."""
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        resource = site.describes_resource()
        client = make(way, site.client(resource=resource))
        ask(client, "sign_in")
        clock.ahead += 50
        site.answers["/token"] = respond(b"{}", "503 Busy")
        with caplog.at_level(logging.WARNING, "proofkey"):
            assert ask(client, "access_token") == "canary-token-0000000001"
            assert ask(client, "authorization", resource) == "Bearer canary-token-0000000001"
        assert isinstance(client.last_warning, Retry)
        assert client.last_warning.code == "server_unavailable"
        assert "server_unavailable" in caplog.text and "canary" not in caplog.text
        clock.ahead += 20
        with pytest.raises(Retry):
            ask(client, "access_token")
        site.answers["/token"] = respond(tokens(2))
        assert ask(client, "access_token") == "canary-token-0000000002"
        assert client.last_warning is None
        clock.ahead += 50
        site.answers["/token"] = respond(b'{"error":"invalid_grant"}', "400 Bad Request")
        with pytest.raises(SignInAgain) as caught:
            ask(client, "access_token")
        assert caught.value.code == "invalid_grant"
        with pytest.raises(SignInAgain) as caught:
            ask(client, "access_token")
        assert caught.value.code == "sign_in_required"


@both
@pytest.mark.parametrize(
    ("confirm", "asked"),
    [(None, None), (["127.0.0.1"], False), ([], False), ("right", True), ("hook", True)],
)
def test_who_is_trusted(way: str, confirm: Any, asked: bool | None) -> None:
    """Threat: a hostile resource names a hostile authorization server."""
    seen: list[tuple[str, str]] = []

    def hook(issuer_host: str, resource_host: str) -> bool:
        seen.append((issuer_host, resource_host))
        return True

    with Issuer() as site:
        site.describes()
        host = site.issuer.removeprefix("http://")
        given = site.client(resource=site.describes_resource())
        del given["issuer"]
        given["confirm"] = {"right": [host.upper()], "hook": hook}.get(str(confirm), confirm)
        client = make(way, given)
        if asked is False:
            with pytest.raises(UserCancelled) as caught:
                ask(client, "sign_in")
            assert caught.value.code == "issuer_refused" and host in str(caught.value)
            assert "/token" not in site.asked
        else:
            assert ask(client, "sign_in")
        assert seen == ([(host, host)] if confirm == "hook" else [])


@both
@pytest.mark.parametrize("answer", [None, 1, "yes", ValueError("not today")])
def test_nothing_but_true_is_trust(way: str, answer: Any) -> None:
    def hook(issuer_host: str, resource_host: str) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with Issuer() as site:
        site.describes()
        given = site.client(resource=site.describes_resource(), confirm=hook)
        del given["issuer"]
        with pytest.raises(ValueError if isinstance(answer, Exception) else UserCancelled):
            ask(make(way, given), "sign_in")


@both
def test_more_parameters_reach_the_server(way: str) -> None:
    opened: list[str] = []

    def browser(url: str) -> None:
        opened.append(url)
        approving(url)

    with Issuer() as site:
        site.describes()
        given = site.client(browser=browser, extra_parameters={"prompt": "login"})
        ask(make(way, given), "sign_in")
    assert opened[0].endswith("&prompt=login")


@both
def test_a_closed_client_gives_nothing(way: str, address: dict[str, Any]) -> None:
    client = make(way, address)
    ask(client, "sign_in")
    if isinstance(client, Client):
        client.close()
    else:
        asyncio.run(client.aclose())
    url = address["resource"]
    for call in (["tokens"], ["access_token"], ["authorization", url], ["sign_out"], ["resume"]):
        with pytest.raises(FixConfiguration) as caught:
            ask(client, *call)
        assert caught.value.code == "closed"


@both
def test_clients_share_a_store(way: str, address: dict[str, Any], counters: Counters) -> None:
    """And what is at hand in one is not shown to another account."""
    store = MemoryStore()
    ask(make(way, address | {"store": store}), "sign_in")
    other = make(way, address | {"store": store})
    assert ask(other, "access_token")
    stranger = make(way, address | {"store": store, "account": "somebody-else"})
    with pytest.raises(SignInAgain):
        ask(stranger, "access_token")
    assert counters.of("authorization_code") == 1
    ask(other, "sign_out")


@both
def test_what_was_ended_does_not_come_back(way: str, clock: Clock) -> None:
    """A refresh that lands after a sign-out does not bring its tokens."""
    asked, go_on = threading.Event(), threading.Event()

    def late(connection: socket.socket) -> None:
        asked.set()
        assert go_on.wait(LONG)
        respond(tokens(2))(connection)

    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = make(way, site.client())
        ask(client, "sign_in")
        clock.ahead += 60
        site.answers["/token"] = late
        errors: list[object] = []

        def refresh() -> None:
            errors.append(ask(client, "access_token"))

        refreshing = threading.Thread(target=refresh, daemon=True)
        refreshing.start()
        assert asked.wait(LONG)
        # It waits for the lock that the refresh holds.
        ending = threading.Thread(target=ask, args=(client, "sign_out"), daemon=True)
        ending.start()
        go_on.set()
        refreshing.join(LONG)
        ending.join(LONG)
        with pytest.raises(SignInAgain):
            ask(client, "access_token")


def test_the_metadata_is_kept_for_the_next_sign_in() -> None:
    with Issuer() as site:
        site.describes()
        client = Client(**site.client())
        client.sign_in()
        client.sign_out()
        client.sign_in()
        assert site.asked.count(PATHS["oauth"]) == 1


def test_the_types_are_public() -> None:
    for name in ("SignedOut", "Store", "Lock", "FileStore", "MemoryStore"):
        assert name in proofkey.__all__
