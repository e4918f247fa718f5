"""Who signed in (OpenID Connect), what was granted, and requests that are pushed (RFC 9126)."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import pickle
import time
from typing import Any

import pytest
from peers import Issuer, approving, parameter, respond, tokens
from proofkey import Client, Identity, SignInAgain
from signing import Key
from test_possession import kind, sign_in

both = pytest.mark.parametrize("way", ["sync", "async"])


class OpenId(Issuer):
    """An issuer that says who signed in."""

    def __init__(self) -> None:
        super().__init__()
        self.key = Key()
        self.claims: dict[str, Any] = {}
        self.granted: dict[str, Any] = {}
        self.opened: list[str] = []
        self.describes(
            jwks_uri=self.issuer + "/keys",
            end_session_endpoint=self.issuer + "/logout",
        )
        keys = {"keys": [{**self.key.jwk, "kid": "k-1"}]}
        self.answers["/keys"] = respond(json.dumps(keys).encode())
        self.answers["/token"] = self._token

    def openid_client(self, of: Any = Client, **more: Any) -> Any:
        given = {"scopes": ["openid", "notes.read"], "browser": self._browse}
        return of(**self.client(**given | more))

    def _browse(self, url: str) -> None:
        self.opened.append(url)
        approving(url)

    def _token(self, connection: Any) -> None:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "sub": "canary-subject",
            "aud": "agent",
            "iat": now,
            "exp": now + 600,
            "nonce": parameter(self.opened[-1], "nonce"),
            "name": "Ada canary",
            "amr": ["pwd"],
        } | self.claims
        answer = tokens(1, id_token=self.key.jws(said), **self.granted)
        respond(answer)(connection)


@both
def test_who_signed_in(way: str) -> None:
    with OpenId() as site:
        site.claims = {"email": "canary@as.example", "email_verified": True, "locale": "en"}
        client = site.openid_client(kind(way))
        who = sign_in(way, client).identity
        assert isinstance(who, Identity)
        assert (who.issuer, who.subject, who.name) == (site.issuer, "canary-subject", "Ada canary")
        assert (who.audience, who.amr, who.acr) == (("agent",), ("pwd",), None)
        assert (who.email, who.email_verified, who.claims["locale"]) == (
            "canary@as.example",
            True,
            "en",
        )
        assert repr(who) == f"Identity(issuer={site.issuer!r})" and "canary" not in str(who)
        with pytest.raises(dataclasses.FrozenInstanceError):
            who.subject = "another"  # type: ignore[misc]
        assert pickle.loads(pickle.dumps(who)) == who and hash(who)
        # It is kept with the tokens.
        kept = site.openid_client(store=client._store).tokens()
        assert kept.identity == who


@both
def test_a_sign_out_ends_the_browsers_session_too(way: str) -> None:
    with OpenId() as site:
        client = site.openid_client(kind(way))
        sign_in(way, client)
        made = client.sign_out()
        done = asyncio.run(made) if way == "async" else made
        assert done.end_session_url.startswith(site.issuer + "/logout?")
        assert parameter(done.end_session_url, "client_id") == "agent"
        assert done.end_session_url not in repr(done) and "hint" not in repr(done)
        made = client.sign_out()
        done = asyncio.run(made) if way == "async" else made
        assert done.end_session_url is None


@both
def test_one_who_cannot_be_believed(way: str) -> None:
    with OpenId() as site:
        site.claims = {"aud": "another"}
        with pytest.raises(SignInAgain) as caught:
            sign_in(way, site.openid_client(kind(way)))
        assert caught.value.code == "id_token_refused" and "canary" not in str(caught.value)


@both
def test_nobody_was_asked(way: str) -> None:
    with OpenId() as site:
        site.answers["/token"] = respond(tokens(1))
        client = site.openid_client(kind(way), scopes=["notes.read"])
        found = sign_in(way, client)
        assert found.identity is None and found.authorization_details is None
        made = client.sign_out()
        assert (asyncio.run(made) if way == "async" else made).end_session_url is None


@both
def test_what_was_granted(way: str) -> None:
    with OpenId() as site:
        details = [{"type": "notes", "actions": ["read"], "limit": 1.5}]
        site.granted = {"scope": "openid", "authorization_details": details}
        found = sign_in(way, site.openid_client(kind(way)))
        assert found.scopes == ("openid",)
        assert found.requested_scopes == ("openid", "notes.read")
        assert found.missing_scopes == ("notes.read",)
        assert found.authorization_details == details
        assert found.missing_authorization_details == ()
        assert found.token_type == "Bearer"
        # What was asked for and not granted is told by its type (RFC 9396 §7).
        asked = {"authorization_details": '[{"type":"payment"},{"type":"notes"}]'}
        found = sign_in(way, site.openid_client(kind(way), extra_parameters=asked))
        assert found.missing_authorization_details == ("payment",)


@both
@pytest.mark.parametrize("by_hand", [False, True])
def test_the_request_is_pushed(way: str, by_hand: bool) -> None:
    """RFC 9126: the browser sees a name of the request and nothing of it."""
    with Issuer() as site:
        opened: list[str] = []

        def browse(url: str) -> None:
            """The server knows the request, and the browser comes back."""
            opened.append(url)
            body = site.requests[-1].partition(b"\r\n\r\n")[2].decode()
            approving("https://as.example/?" + body)

        places = {
            "authorization_endpoint": site.issuer + "/authorize",
            "token_endpoint": site.url,
            "pushed_authorization_request_endpoint": site.issuer + "/par",
        }
        site.describes(**{name: url for name, url in places.items() if name != "token_endpoint"})
        pushed = {"request_uri": "urn:canary:1", "expires_in": 60}
        site.answers["/par"] = respond(json.dumps(pushed).encode(), "201 Created")
        given = site.client(browser=browse, push=True) | (places if by_hand else {})
        sign_in(way, kind(way)(**given))
        (url,) = opened
        assert url == f"{site.issuer}/authorize?client_id=agent&request_uri=urn%3Acanary%3A1"
        assert site.asked[-2:] == ["/par", "/token"] and b"code_challenge=" in site.requests[-2]
