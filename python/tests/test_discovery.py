"""Clients that are given an issuer alone, and `discover`: against the development server and
against issuers that misbehave."""

from __future__ import annotations

import asyncio
import dataclasses
import pickle
import socket
import threading
import time
from typing import Any

import pytest
from peers import LONG, PATHS, Answer, Issuer, approving, parameter, respond
from proofkey import (
    AsyncClient,
    Client,
    Discovered,
    FixConfiguration,
    ProofKeyError,
    Retry,
    SignInAgain,
    TokenSet,
    _driver,
    _native,
    discover,
    discover_async,
)
from test_sign_in import sign_in

both = pytest.mark.parametrize("way", ["sync", "async"])


def find(way: str, **given: Any) -> Discovered:
    return discover(**given) if way == "sync" else asyncio.run(discover_async(**given))


@both
def test_an_issuer_is_enough(way: str, server: dict[str, Any], settings: dict[str, Any]) -> None:
    """P12: the endpoints, and that answers carry iss, come from the metadata."""
    for name in ("authorization_endpoint", "token_endpoint", "iss_promised"):
        del settings[name]
    tokens = sign_in(way, settings)
    assert (tokens.issuer, tokens.resource) == (server["issuer"], server["resource"])
    assert len(tokens.expose_access_token()) > 20


@both
def test_what_a_server_says_of_itself(way: str, server: dict[str, Any]) -> None:
    found = find(way, issuer=server["issuer"])
    provider = found.provider
    assert (found.resource, found.scopes) == (None, ())
    assert provider.issuer == server["issuer"]
    assert provider.issuer_host == server["issuer"].removeprefix("http://")
    assert provider.authorization_endpoint == server["authorization_endpoint"]
    assert provider.token_endpoint == server["token_endpoint"]
    assert provider.metadata_url == server["issuer"] + PATHS["oauth"]
    assert abs(provider.fetched_at - time.time()) < LONG
    assert provider.scopes is not None and set(server["scopes"]) <= set(provider.scopes)
    assert provider.code_challenge_methods == ("S256",)
    assert provider.revocation_endpoint == server["revocation_endpoint"]
    assert provider.registration_endpoint == server["registration_endpoint"]
    assert provider.dpop_signing_algs == ("ES256",)
    said = {line.feature: line.support for line in provider.report}
    assert said == {
        "s256": "supported",
        "iss": "required",
        "par": "supported",
        "dpop": "supported",
        "device": "supported",
        "registration": "supported",
        "client_documents": "supported",
        "revocation": "supported",
    }
    assert "RFC 9207" in provider.capability("iss").why
    with pytest.raises(KeyError):
        provider.capability("telepathy")


def test_what_was_found_is_a_value(server: dict[str, Any]) -> None:
    found = discover(issuer=server["issuer"])
    assert pickle.loads(pickle.dumps(found)) == found and len({found, found}) == 1
    for thing, name in [(found, "scopes"), (found.provider, "issuer")]:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, "another")


@both
def test_from_a_resource_and_its_401(way: str) -> None:
    """M1, M7: the resource names its issuer; the scopes of the 401 win over those that it lists."""
    with Issuer() as site:
        site.describes()
        resource = site.describes_resource(scopes_supported=["notes.read", "notes.write"])
        listed = find(way, resource=resource)
        assert listed.scopes == ("notes.read", "notes.write")
        assert listed.resource is not None
        assert listed.resource.authorization_servers == (site.issuer,)
        assert listed.resource.bearer_methods is None
        demanded = find(way, resource=resource, www_authenticate=['Bearer scope="notes.read"'])
        assert demanded.scopes == ("notes.read",)
        assert demanded.provider.issuer == site.issuer
        with pytest.raises(FixConfiguration) as caught:
            find(way, resource=resource, issuer="https://as.example")
        assert caught.value.code == "issuer_not_listed"


@both
def test_the_metadata_is_asked_for_once_an_hour(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = time.time()
    monkeypatch.setattr(time, "time", lambda: clock)

    def signs_in(site: Issuer, client: Client | AsyncClient) -> list[str]:
        before = len(site.asked)
        if isinstance(client, Client):
            client.sign_in()
        else:
            asyncio.run(client.sign_in())
        return site.asked[before:]

    with Issuer() as site:
        site.describes()
        client = (Client if way == "sync" else AsyncClient)(**site.client())
        assert site.asked == [], "nothing is asked before the first sign-in"
        assert signs_in(site, client) == [PATHS["oauth"], "/token"]
        clock += 3599
        assert signs_in(site, client) == ["/token"]
        clock += 1
        assert signs_in(site, client) == [PATHS["oauth"], "/token"]
        # The clock was set back.
        clock -= 60
        assert signs_in(site, client) == [PATHS["oauth"], "/token"]


@both
@pytest.mark.parametrize("scopes", [[], ["notes.read"]])
def test_the_callers_scopes_win(way: str, scopes: list[str]) -> None:
    """M6, M7: else those that the resource lists are asked for; the resource is, always."""
    opened: list[str] = []

    def browser(url: str) -> None:
        opened.append(url)
        approving(url)

    with Issuer() as site:
        site.describes(scopes_supported=["other"])
        resource = site.describes_resource(scopes_supported=["notes.read", "notes.write"])
        sign_in(way, site.client(scopes=scopes, resource=resource, browser=browser))
    assert parameter(opened[0], "scope") == ("notes.read" if scopes else "notes.read notes.write")
    assert parameter(opened[0], "resource") == resource


def test_the_callers_timeout_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []

    def over(receiver: object, milliseconds: int) -> object:
        waits.append(milliseconds)
        return _native.Event.ELAPSED()

    monkeypatch.setattr(_driver, "wait", over)
    with Issuer() as site, pytest.raises(SignInAgain) as caught:
        site.describes()
        sign_in("async", site.client(timeout=60, browser=lambda url: None))
    assert caught.value.code == "redirect_timeout"
    assert 0 < waits[0] <= 60_000


@both
@pytest.mark.parametrize("who", ["metadata", "caller"])
def test_an_answer_without_the_promised_iss_is_refused(way: str, who: str) -> None:
    """P10: promised by the metadata, or by the caller where the metadata is silent."""
    by_metadata = True if who == "metadata" else None
    with Issuer() as site:
        site.describes(authorization_response_iss_parameter_supported=by_metadata)
        by_hand = {
            "authorization_endpoint": "https://as.example/authorize",
            "token_endpoint": site.url,
            "iss_promised": True,
        }
        with pytest.raises(FixConfiguration) as caught:
            sign_in(way, site.client(**by_hand if who == "caller" else {}))
        assert caught.value.code == "issuer_missing"
        assert "/token" not in site.asked


@both
def test_the_second_place_is_asked_when_the_first_has_nothing(way: str) -> None:
    with Issuer() as site:
        site.describes()
        site.answers[PATHS["openid"]] = site.answers.pop(PATHS["oauth"])
        assert find(way, issuer=site.issuer).provider.metadata_url.endswith(PATHS["openid"])
        assert site.asked == [PATHS["oauth"], PATHS["openid"]]


LARGE = b"{" + b" " * 65535 + b"}"
FOREIGN = b'{"issuer":"https://evil.example"}'


@both
@pytest.mark.parametrize(
    ("answer", "code", "family", "places"),
    [
        (respond(b"{}", "302 Found", "Location: /elsewhere"), "redirect_refused", None, 1),
        (
            respond(b"{}", "307 Temporary Redirect", "Location: /elsewhere"),
            "redirect_refused",
            0,
            1,
        ),
        (respond(FOREIGN), "metadata_issuer_mismatch", FixConfiguration, 1),
        (respond(LARGE), "unreachable", Retry, 1),
        (respond(LARGE, "200 OK", "Transfer-Encoding: identity"), "unreachable", Retry, 1),
        (respond(LARGE[1:]), "invalid_metadata", FixConfiguration, 2),
        (respond(b"{}", "500 Oops"), "server_unavailable", Retry, 1),
        (respond(b"{}", "429 Slow Down"), "server_unavailable", Retry, 1),
        (respond(b"{}", "404 Not Found"), "metadata_not_found", FixConfiguration, 2),
        (respond(b"\xff\xfe"), "invalid_metadata", FixConfiguration, 2),
        (lambda connection: connection.close(), "unreachable", Retry, 1),
    ],
)
def test_answers_that_are_none(
    way: str, answer: Answer, code: str, family: Any, places: int
) -> None:
    """P11, P12, P15: nothing is followed, nothing larger than allowed is kept, and no browser
    opens."""
    opened: list[str] = []
    with Issuer(oauth=answer, openid=answer) as site:
        for call in (
            lambda: sign_in(way, site.client(browser=opened.append)),
            lambda: find(way, issuer=site.issuer),
        ):
            before = len(site.asked)
            with pytest.raises(family or ProofKeyError) as caught:
                call()
            assert caught.value.code == code
            assert caught.value.advice and "canary" not in str(caught.value)
            assert len(site.asked) - before == places
        assert "/elsewhere" not in site.asked
    assert opened == []


@both
def test_a_foreign_issuer_is_shown(way: str) -> None:
    with (
        Issuer(oauth=respond(FOREIGN)) as site,
        pytest.raises(FixConfiguration, match=r"evil\.example"),
    ):
        find(way, issuer=site.issuer)


@both
def test_a_server_that_does_not_promise_s256(way: str) -> None:
    """M3: refused, unless an exception is made for this issuer by name."""
    with Issuer() as site:
        site.describes(code_challenge_methods_supported=None)
        with pytest.raises(FixConfiguration) as caught:
            sign_in(way, site.client())
        assert caught.value.code == "pkce_unsupported"
        with pytest.raises(FixConfiguration):
            find(way, issuer=site.issuer, allow_missing_s256=["https://as.example"])
        found = find(way, issuer=site.issuer, allow_missing_s256=[site.issuer])
        assert found.provider.capability("s256").support == "absent"
        tokens = sign_in(way, site.client(allow_missing_s256=True))
        assert isinstance(tokens, TokenSet)


@both
def test_nobody_listens(way: str) -> None:
    with Issuer() as site:
        issuer = site.issuer
    with pytest.raises(Retry) as caught:
        find(way, issuer=issuer)
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize("what", ["client", "discover"])
def test_a_cancel_ends_discovery_at_once(what: str) -> None:
    release = threading.Event()
    opened: list[str] = []

    def silent(connection: socket.socket) -> None:
        # Nothing is said until the asker has gone.
        assert connection.recv(1) == b""
        release.set()

    async def main(site: Issuer) -> None:
        if what == "client":
            waiting = AsyncClient(**site.client(browser=opened.append)).sign_in()
            task: asyncio.Task[Any] = asyncio.create_task(waiting)
        else:
            task = asyncio.create_task(discover_async(issuer=site.issuer))
        await asyncio.to_thread(site.arrived.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), LONG)
        assert task.cancelled()

    with Issuer(oauth=silent) as site:
        asyncio.run(main(site))
        assert release.wait(LONG), "the connection was left open"
        assert site.asked == [PATHS["oauth"]]
    assert opened == []


@both
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", 7),
        ("issuer", b"https://as.example"),
        ("resource", ["https://api.example"]),
        ("www_authenticate", "Bearer"),
        ("www_authenticate", [None]),
        ("allow_missing_s256", True),
    ],
)
def test_a_wrong_type_names_the_parameter(way: str, name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=rf"^{name}(\[\d\])? must be .*, not \w+$"):
        find(way, **{"issuer": "https://as.example"} | {name: value})


@both
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "issuer"),
        ({"issuer": "http://as.example"}, "issuer"),
        ({"issuer": "https://as.example/?q"}, "issuer"),
        ({"resource": "https://api.example/#f"}, "resource"),
        ({"issuer": "https://as.example", "allow_missing_s256": ["x"]}, "allow_missing_s256"),
        ({"issuer": "https://as.example/\ud800"}, "issuer"),
    ],
)
def test_a_start_that_cannot_be_used(way: str, given: dict[str, Any], field: str) -> None:
    with pytest.raises(FixConfiguration, match=rf"^{field} ") as caught:
        find(way, **given)
    assert caught.value.code == "invalid_configuration"
