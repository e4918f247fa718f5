"""Wrong types name the parameter; wrong values are typed errors that say what to do."""

from __future__ import annotations

import copy
import json
import pickle
import time
from typing import Any

import proofkey
import pytest
from proofkey import (
    AsyncClient,
    Client,
    ClientDocument,
    DataKey,
    FixConfiguration,
    NotOurs,
    PkceSession,
    ProofKeyError,
    Retry,
    SignInAgain,
    TokenRequest,
    UserCancelled,
    pair,
    verify,
)

GOOD: dict[str, Any] = {
    "issuer": "https://as.example",
    "authorization_endpoint": "https://as.example/authorize",
    "token_endpoint": "https://as.example/token",
    "client_id": "agent",
}
SESSION = GOOD | {"redirect_uri": "https://app.example/callback"}
clients = pytest.mark.parametrize("make", [Client, AsyncClient])
HALF = "https://as.example/\udce4"


@clients
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in GOOD for value in (1, b"bytes", ["list"])),
        ("resource", b"https://api.example"),
        ("client_document", 1),
        ("client_name", b"agent"),
        ("account", 7),
        ("revocation_endpoint", 1),
        ("store", {}),
        ("store", "a folder"),
        ("confirm", "as.example"),
        ("confirm", 7),
        ("confirm", [None]),
        ("extra_parameters", "prompt=login"),
        ("extra_parameters", 7),
        ("extra_parameters", ["prompt"]),
        ("extra_parameters", [("prompt", 1)]),
        ("extra_parameters", {"prompt": None}),
        ("redirect_uri", 5),
        ("redirect_path", b"/callback"),
        ("port", "80"),
        ("port", True),
        ("port", 1.5),
        ("scopes", "read write"),
        ("scopes", b"read"),
        ("scopes", 7),
        ("scopes", ["read", b"write"]),
        ("scopes", [None]),
        ("iss_promised", 1),
        ("iss_promised", "yes"),
        ("allow_missing_s256", "yes"),
        ("browser", 7),
        ("browser", b"firefox"),
        ("timeout", "60"),
        ("timeout", None),
        ("timeout", True),
    ],
)
def test_a_wrong_type_names_the_parameter(make: Any, name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=rf"^{name}(\[\d\])? must be .*, not \w+$"):
        make(**GOOD | {name: value})


@clients
def test_a_setting_that_does_not_exist(make: Any) -> None:
    with pytest.raises(TypeError, match="code_verifier"):
        make(**GOOD, code_verifier="x")
    with pytest.raises(TypeError, match="positional"):
        make("https://mcp.example", "https://as.example")


@clients
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, HALF) for name in GOOD),
        ("scopes", ["a\ud800"]),
        ("resource", HALF),
        ("redirect_path", "/\udfff"),
        ("issuer", "http://as.example"),
        ("issuer", ""),
        ("issuer", None),
        ("client_document", "http://agent.example/c.json"),
        ("client_name", ""),
        ("account", ""),
        ("extra_parameters", {"state": "mine"}),
        ("extra_parameters", [("Client_ID", "other")]),
        ("revocation_endpoint", "ftp://as.example/"),
        ("token_endpoint", None),
        ("authorization_endpoint", None),
        ("token_endpoint", "https://as.example/token#fragment"),
        ("client_id", ""),
        ("client_id", "ä"),
        ("scopes", ["a b"]),
        ("resource", "not a uri"),
        ("port", 65536),
        ("port", -1),
        ("redirect_path", "callback"),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
        ("timeout", -1),
        ("timeout", 0),
        ("timeout", 3601),
        ("redirect_uri", "https://app.example/callback"),
        ("redirect_uri", "http://127.0.0.1"),
        ("redirect_uri", "http://127.0.0.1:99999/callback"),
        ("redirect_uri", "http://127.0.0.1.evil.example/callback"),
        ("redirect_uri", "http://127.0.0.1/callback?a=b"),
        ("redirect_uri", "com.example:/callback"),
    ],
)
def test_a_setting_that_cannot_be_used(make: Any, name: str, value: Any) -> None:
    with pytest.raises(FixConfiguration) as caught:
        make(**GOOD | {name: value})
    error = caught.value
    assert error.code == "invalid_configuration"
    assert error.family == "fix_configuration"
    assert error.advice.endswith(".") and error.advice in str(error)
    core_names = {"timeout": "browse_timeout_ms"}
    assert str(error).startswith((name, core_names.get(name, name)))
    assert error.__cause__ is None and error.__context__ is None


@clients
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://as.example/?query"),
        ("issuer", "http://as.example"),
        ("issuer", "https://as.example/a/../b"),
        ("client_id", ""),
        ("scopes", ["a b"]),
        ("resource", "not a uri"),
        ("timeout", 0),
    ],
)
def test_an_issuer_alone_is_checked_at_once(make: Any, name: str, value: Any) -> None:
    good = {"issuer": "https://as.example", "client_id": "agent"}
    make(**good)
    with pytest.raises(FixConfiguration) as caught:
        make(**good | {name: value})
    assert caught.value.code == "invalid_configuration"
    assert str(caught.value).startswith("browse_timeout_ms" if name == "timeout" else name)


@clients
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "^issuer"),
        ({"iss_promised": True}, "^iss_promised is given without"),
        ({"revocation_endpoint": "https://as.example/revoke"}, "^revocation_endpoint is given"),
        ({"token_endpoint": "https://as.example/token"}, "^authorization_endpoint is missing"),
        ({"allow_missing_s256": True}, "^allow_missing_s256 is True, and no issuer"),
        ({"allow_missing_s256": ["x"]}, "^allow_missing_s256"),
        ({"issuer": "https://as.example", "client_id": ""}, "^client_id"),
        ({"client_id": "agent"}, "^issuer"),
    ],
)
def test_settings_that_do_not_go_together(make: Any, given: Any, message: str) -> None:
    if message != "^issuer":
        given = {"resource": "https://mcp.example/mcp"} | given
    with pytest.raises(FixConfiguration, match=message) as caught:
        make(**given)
    assert caught.value.code == "invalid_configuration"


@clients
def test_an_address_is_enough(make: Any) -> None:
    made = make("https://mcp.example/mcp")
    assert repr(made) == f"<{make.__name__} 'https://mcp.example/mcp'>"
    assert "issuer='https://as.example'" in repr(make(issuer="https://as.example"))


@clients
def test_the_place_of_the_redirect_is_named_once(make: Any) -> None:
    for more in ({"port": 1}, {"redirect_path": "/x"}):
        with pytest.raises(FixConfiguration, match="twice"):
            make(**GOOD, redirect_uri="http://127.0.0.1/callback", **more)


def test_pairs() -> None:
    first, second = pair(), pair()
    assert first.expose_verifier() != second.expose_verifier()
    assert verify(first.expose_verifier(), first.challenge)
    assert not verify(first.expose_verifier(), second.challenge)
    assert first.expose_verifier() not in repr(first)
    for take in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be"):
            take(first)


@pytest.mark.parametrize("bad", [None, 1, b"A" * 43, ["A" * 43]])
def test_verify_wants_text(bad: Any) -> None:
    with pytest.raises(TypeError, match=r"^verifier must be str"):
        verify(bad, "A" * 43)
    with pytest.raises(TypeError, match=r"^challenge must be str"):
        verify("A" * 43, bad)


@pytest.mark.parametrize(
    ("verifier", "challenge", "code"),
    [
        ("too-short", "A" * 43, "invalid_verifier"),
        ("A" * 43, "short", "invalid_challenge"),
        ("A" * 43 + "\0", "A" * 43, "invalid_verifier"),
        ("\udcff" * 43, "A" * 43, "invalid_configuration"),
        ("A" * 10_000_000, "A" * 43, "invalid_verifier"),
    ],
)
def test_verify_judges_the_grammar(verifier: str, challenge: str, code: str) -> None:
    with pytest.raises(FixConfiguration) as caught:
        verify(verifier, challenge)
    assert caught.value.code == code
    assert verifier[:43] not in str(caught.value)


def redirect(session: PkceSession, **more: str) -> str:
    from peers import parameter

    state = parameter(session.authorization_url(), "state")
    query = "&".join(f"{name}={value}" for name, value in more.items())
    return f"{SESSION['redirect_uri']}?state={state}&{query}"


def test_a_session_by_hand() -> None:
    with PkceSession.begin(**SESSION, scopes=["read"]) as session:
        done = session.complete(SESSION["redirect_uri"] + "?code=stolen&state=guessed")
        assert isinstance(done, NotOurs) and done.code == "state_mismatch"
        assert "stolen" not in repr(done)
        done = session.complete(redirect(session, code="canary-code"))
        assert isinstance(done, TokenRequest)
    request = done.http_request()
    assert (request.method, request.url) == ("POST", GOOD["token_endpoint"])
    assert request.timeout == 30 and request.max_body == 65536
    assert b"canary-code" in (request.expose_body() or b"")
    assert "canary" not in repr(request) + repr(done) + repr(session)
    fields = [("Content-Type", "application/json")]
    body = b'{"access_token":"canary-token","token_type":"bearer","expires_in":"60"}'
    tokens = done.tokens(200, fields, body, now=1000)
    assert tokens.expose_access_token() == "canary-token"
    assert (tokens.expires_at, tokens.scopes, tokens.resource) == (1060, ("read",), None)
    assert tokens.expose_refresh_token() is None
    with pytest.raises(FixConfiguration) as caught:
        done.tokens(200, fields, body)
    assert caught.value.code == "flow_ended"
    for take in (copy.copy, pickle.dumps):
        for each in (session, done, request):
            with pytest.raises(TypeError):
                take(each)


def test_a_session_is_used_once() -> None:
    session = PkceSession.begin(**SESSION)
    with pytest.raises(UserCancelled):
        session.complete(redirect(session, error="access_denied"))
    for call in (session.authorization_url, lambda: session.complete("https://app.example/")):
        with pytest.raises(FixConfiguration) as caught:
            call()
        assert caught.value.code == "flow_ended"
    session.discard()
    session.discard()


def test_wrong_types_by_hand() -> None:
    with pytest.raises(TypeError, match=r"^redirect_uri must be str"):
        PkceSession.begin(**SESSION | {"redirect_uri": None})
    session = PkceSession.begin(**SESSION)
    with pytest.raises(TypeError, match=r"^redirect must be str, not bytes"):
        session.complete(b"https://app.example/")  # type: ignore[arg-type]
    request = session.complete(redirect(session, code="c"))
    assert isinstance(request, TokenRequest)
    bad: Any
    for bad in ("200", None, True, 2.0):
        with pytest.raises(TypeError, match=r"^status must be int"):
            request.tokens(bad, [], b"")
    for bad in ([1], [("a", 1)], [("a", b"b")], ["ab"]):
        with pytest.raises(TypeError, match=r"^headers must be pairs"):
            request.tokens(200, bad, b"")
    for bad in ("", None, bytearray()):
        with pytest.raises(TypeError, match=r"^body must be bytes"):
            request.tokens(200, [], bad)
    with pytest.raises(FixConfiguration, match=r"^status"):
        request.tokens(70000, [], b"")
    with pytest.raises(FixConfiguration, match=r"^now"):
        request.tokens(200, [], b"", now=-1)


def test_there_are_four_families() -> None:
    families = {each.family for each in ProofKeyError.__subclasses__()}
    assert families == {"retry", "sign_in_again", "fix_configuration", "user_cancelled"}
    assert set(ProofKeyError.__subclasses__()) == {
        Retry,
        SignInAgain,
        FixConfiguration,
        UserCancelled,
    }
    error = Retry("code", "what was wrong", "What to do.")
    assert str(error) == "what was wrong. What to do."
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args, again.code, again.advice) == (
        Retry,
        error.args,
        "code",
        "What to do.",
    )


def test_a_session_that_is_put_away() -> None:
    key, at = DataKey.generate(), int(time.time()) + 3600
    session = PkceSession.begin(**SESSION)
    url = session.authorization_url()
    sealed = session.seal(key, at)
    names = {name: SESSION[name] for name in ("issuer", "client_id", "redirect_uri")}
    again = PkceSession.open(DataKey.from_text(key.expose_text()), sealed, **names)
    assert again.authorization_url() == url
    done = again.complete(redirect(session, code="c-1"))
    assert isinstance(done, TokenRequest)
    for change in ({"now": at}, {"issuer": "https://other.example"}):
        with pytest.raises(SignInAgain) as caught:
            PkceSession.open(key, sealed, **names | change)
        assert caught.value.code in ("session_expired", "record_unreadable")
    with pytest.raises(SignInAgain):
        PkceSession.open(DataKey.generate(), sealed, **names)
    with pytest.raises(FixConfiguration, match=r"^expires_at"):
        session.seal(key, -1)
    bad: Any
    for bad in (None, key.expose_text(), b"x" * 32):
        with pytest.raises(TypeError, match=r"^key must be DataKey"):
            session.seal(bad, at)
        with pytest.raises(TypeError, match=r"^key must be DataKey"):
            PkceSession.open(bad, sealed, **names)
    with pytest.raises(TypeError, match=r"^sealed must be bytes"):
        PkceSession.open(key, "text", **names)  # type: ignore[arg-type]


def test_more_parameters_stand_beside_ours() -> None:
    for given in ({"prompt": "login"}, [("prompt", "login")]):
        session = PkceSession.begin(**SESSION, extra_parameters=given)
        assert session.authorization_url().endswith("&prompt=login")
    with pytest.raises(FixConfiguration):
        PkceSession.begin(**SESSION, extra_parameters={"state": "mine"})


def test_a_data_key_shows_nothing() -> None:
    key = DataKey.generate()
    text = key.expose_text()
    assert len(text) == 43 and text not in repr(key) + str(key)
    for take in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="DataKey cannot be"):
            take(key)
    with pytest.raises(FixConfiguration):
        DataKey.from_text("short")
    with pytest.raises(TypeError, match=r"^text must be str"):
        DataKey.from_text(b"bytes")  # type: ignore[arg-type]


def test_a_client_document() -> None:
    document = ClientDocument(
        "https://agent.example/client.json",
        client_name="Agent",
        redirect_uris=["http://127.0.0.1/callback"],
        scopes=["read"],
    )
    written = json.loads(document.to_json())
    assert written["client_id"] == "https://agent.example/client.json"
    assert written["client_name"] == "Agent" and written["scope"] == "read"
    with pytest.raises(FixConfiguration) as caught:
        ClientDocument("http://agent.example/", client_name="A", redirect_uris=[]).to_json()
    assert caught.value.code == "invalid_metadata"
    with pytest.raises(TypeError, match=r"^redirect_uris must be a list of str"):
        ClientDocument("https://agent.example/c", client_name="A", redirect_uris="http://x")


def test_every_public_name_is_there() -> None:
    for name in proofkey.__all__:
        assert getattr(proofkey, name).__doc__
    assert set(proofkey.__all__) <= set(dir(proofkey))
    with pytest.raises(AttributeError, match=r"no attribute 'Clinet'"):
        proofkey.Clinet  # noqa: B018
