"""The authorization server over a store of one's own: what it answers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import proofkey
import pytest
from grants import AGENT, ISSUER, RESOURCE, Kit, query
from proofkey import pair
from proofkey.server import (
    AuthorizationRequest,
    AuthorizationServer,
    Demands,
    Granted,
    MemoryGrantStore,
    NewGrant,
    Page,
    Policy,
    Redirect,
    Refused,
    Terms,
    TokenRow,
    Why,
)

WAYS = pytest.mark.parametrize("way", ["sync", "async"])


@WAYS
def test_a_grant_lives_its_life(way: str) -> None:
    kit = Kit(way)
    tokens = kit.signed_in()
    granted = kit.check(tokens["access_token"], "read")
    assert isinstance(granted, Granted)
    assert (granted.subject, granted.scopes) == ("user", ("read",))
    assert granted.token.grant.client_id == "agent"
    lacking = kit.check(tokens["access_token"], "write")
    assert isinstance(lacking, Refused) and lacking.status == 403
    assert 'scope="write"' in lacking.headers["WWW-Authenticate"]
    nobody = kit.ask("check", None, RESOURCE)
    assert (nobody.status, nobody.headers) == (401, {"WWW-Authenticate": "Bearer"})

    refreshed = kit.refresh(tokens["refresh_token"])
    assert (refreshed.status, refreshed.audit) == (200, "refreshed")
    assert refreshed.headers["Cache-Control"] == "no-store"
    again = kit.refresh(tokens["refresh_token"])
    assert (again.status, again.audit) == (400, "reuse_revoked")
    assert kit.check(tokens["access_token"]).status == 401


@WAYS
def test_a_valid_replay_revokes_and_another_does_not(way: str) -> None:
    """P24"""
    kit = Kit(way)
    code, verifier = kit.code()
    assert kit.redeem(code, pair().expose_verifier()).audit == "mismatch"
    first = kit.redeem(code, verifier)
    assert first.status == 200
    token = first.body.decode().split('"')[3]
    assert kit.redeem(code, pair().expose_verifier()).audit == "replay_refused"
    assert isinstance(kit.check(token), Granted)
    assert kit.redeem(code, verifier).audit == "replay_revoked"
    assert kit.check(token).status == 401


@WAYS
def test_a_token_is_given_back(way: str) -> None:
    kit = Kit(way)
    tokens = kit.signed_in()
    answer = kit.give_back(tokens["refresh_token"])
    assert (answer.status, answer.body, answer.audit) == (200, b"", "token_revoked")
    assert kit.check(tokens["access_token"]).status == 401


@WAYS
def test_requests_are_judged(way: str) -> None:
    """P20, P26: nothing is redirected to an address that is not the client's."""
    kit = Kit(way)
    challenge = pair().challenge

    def judged(**changed: str) -> Any:
        return kit.ask("authorization_request", query(challenge, **changed))

    good = judged()
    assert isinstance(good, AuthorizationRequest)
    assert (good.client, good.scopes, good.resource) == (AGENT, ("read",), RESOURCE)
    assert good.redirect_host == "127.0.0.1:49152"
    for changed in (
        {"client_id": "stranger"},
        {"client_id": ""},
        {"redirect_uri": "https://evil.example/callback"},
        {"client_id": "stranger", "redirect_uri": "https://evil.example/"},
    ):
        page = judged(**changed)
        assert isinstance(page, Page) and page.status == 400, changed
        assert "evil" not in page.description + page.error
    for changed in ({"code_challenge_method": "plain"}, {"code_challenge": ""}, {"scope": "admin"}):
        refused = judged(**changed)
        assert isinstance(refused, Redirect) and refused.error and not refused.issued, changed
        assert refused.location.startswith("http://127.0.0.1:49152/callback?error=")
    denied = kit.ask("deny", good)
    assert denied.status == 303 and "error=" in denied.location and "code=" not in denied.location


@WAYS
def test_a_request_serves_one_answer(way: str) -> None:
    kit = Kit(way)
    challenge = pair().challenge
    request = kit.ask("authorization_request", query(challenge))
    assert kit.ask("approve", request, "user").issued
    for name, given in (("approve", ("user",)), ("deny", ())):
        with pytest.raises(proofkey.ProofKeyError, match="ended"):
            kit.ask(name, request, *given)
    wider = kit.ask("authorization_request", query(challenge))
    with pytest.raises(proofkey.FixConfiguration, match="not asked for"):
        kit.ask("approve", wider, "user", ["read", "admin"])


@WAYS
def test_what_is_answered_shows_no_secret(way: str) -> None:
    kit = Kit(way)
    sent, verifier = kit.approved()
    code = sent.location.partition("code=")[2].partition("&")[0]
    answer = kit.redeem(code, verifier)
    token = answer.body.decode().split('"')[3]
    assert len(token) > 40, "the control"
    request = kit.ask("authorization_request", query(pair().challenge))
    for value in (sent, answer, request, kit.server, kit.check(token), kit.ask("deny", request)):
        text = f"{value} {value!r}"
        assert code not in text and token not in text and "canary" not in text, type(value)


def test_a_server_is_made_of_what_it_needs() -> None:
    store, clients = MemoryGrantStore(), {}.get
    for policy in (
        Policy(issuer="no address"),
        Policy(issuer=ISSUER, profile="oauth3"),  # type: ignore[arg-type]
        Policy(issuer=ISSUER, code_lifetime_s=-1),
        Policy(issuer=ISSUER, max_mismatches=2**32),
    ):
        with pytest.raises(proofkey.FixConfiguration):
            AuthorizationServer(policy, store, clients)
    for wrong in (object(), None):
        with pytest.raises(TypeError, match="find_token"):
            AuthorizationServer(Policy(issuer=ISSUER), wrong, clients)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="policy"):
        AuthorizationServer(ISSUER, store, clients)  # type: ignore[arg-type]
    kit = Kit("sync")
    with pytest.raises(TypeError, match="body must be bytes"):
        kit.ask("token", "grant_type=x", None)
    with pytest.raises(TypeError, match="AuthorizationRequest"):
        kit.ask("deny", "request")


def test_the_lifetimes_are_the_policys() -> None:
    now = [1_000_000.0]
    policy = Policy(
        issuer=ISSUER,
        code_lifetime_s=30,
        access_token_lifetime_s=100,
        refresh_token_lifetime_s=0,
        max_mismatches=1,
    )
    kit = Kit("sync", MemoryGrantStore(clock=lambda: now[0]), policy=policy)
    code, verifier = kit.code()
    now[0] += 30
    assert kit.redeem(code, verifier).audit == "expired"
    tokens = kit.signed_in()
    assert tokens["expires_in"] == 100 and "refresh_token" not in tokens
    now[0] += 99
    assert isinstance(kit.check(tokens["access_token"]), Granted)
    now[0] += 1
    assert kit.check(tokens["access_token"]).status == 401
    code, verifier = kit.code()
    assert kit.redeem(code, pair().expose_verifier()).audit == "mismatch"
    assert kit.redeem(code, verifier).audit == "burnt"


def test_a_store_in_memory_is_bounded() -> None:
    """Expired grants make room, one with a token that is valid does not; tokens are bounded too."""
    now = [1_000_000.0]
    store = MemoryGrantStore(max_grants=3, max_tokens=4, clock=lambda: now[0])
    kit = Kit("sync", store)
    tokens = kit.signed_in()
    assert kit.approved()[0].issued and kit.approved()[0].issued
    full, _ = kit.approved()
    assert not full.issued and "code=" not in full.location
    now[0] += 60
    assert kit.approved()[0].issued
    assert isinstance(kit.check(tokens["access_token"]), Granted)
    answer = kit.refresh(tokens["refresh_token"])
    assert answer.status == 200
    newest = answer.body.decode().split('"refresh_token":"')[1].split('"')[0]
    assert kit.refresh(newest).audit == "reuse_revoked", "no room for more tokens"


def test_rows_know_their_scopes() -> None:
    assert NewGrant.__doc__ and TokenRow.__doc__
    kit = Kit("sync")
    token = kit.signed_in()["access_token"]
    row = kit.check(token).token
    assert dataclasses.replace(row, scope="").scopes == ()
    assert dataclasses.replace(row, scope="a b").scopes == ("a", "b")


@WAYS
def test_a_request_comes_to_nothing_for_a_reason(way: str) -> None:
    kit = Kit(way)

    def denied(why: str) -> str:
        request = kit.ask("authorization_request", query(pair().challenge, prompt="none"))
        assert request.prompt == ("none",)
        location: str = kit.ask("deny", request, why).location
        return parse_qs(urlsplit(location).query)["error"][0]

    said = {why: denied(why) for why in get_args(Why)}
    assert said["denied"] == "access_denied"
    assert said["nobody_signed_in"] == "login_required"
    assert said["consent_needed"] == "consent_required"
    assert said["account_needed"] == "account_selection_required"
    assert said["interaction_needed"] == "interaction_required"
    assert said["authentication_unmet"] == "unmet_authentication_requirements"
    assert said["unavailable"] == "temporarily_unavailable"
    assert said["failed"] == "server_error"
    request = kit.ask("authorization_request", query(pair().challenge))
    with pytest.raises(ValueError, match="why must be one of denied"):
        kit.ask("deny", request, "because")


@WAYS
def test_a_resource_demands_a_sign_in(way: str) -> None:
    """RFC 9470: when and how the user signed in is kept with the grant."""
    kit = Kit(way)
    pkce, now = pair(), int(time.time())
    request = kit.ask(
        "authorization_request", query(pkce.challenge, acr_values="strong weak", max_age="600")
    )
    assert (request.acr_values, request.max_age) == (("strong", "weak"), 600)
    sent = kit.ask("approve", request, "user", None, auth_time=now - 100, acr="strong")
    code = parse_qs(urlsplit(sent.location).query)["code"][0]
    token = json.loads(kit.redeem(code, pkce.expose_verifier()).body)["access_token"]

    def passes(**demands: Any) -> Any:
        return kit.ask("check", f"Bearer {token}", RESOURCE, ["read"], None, Demands(**demands))

    granted = passes(acr_values=["other", "strong"], max_age_s=200)
    assert isinstance(granted, Granted) and granted.headers == {}
    assert granted.token.grant.terms == Terms(auth_time=now - 100, acr="strong")
    for demands in ({"max_age_s": 50}, {"acr_values": ["stronger"]}):
        refused = passes(**demands)
        assert isinstance(refused, Refused) and refused.status == 401
        challenge = refused.headers["WWW-Authenticate"]
        assert "insufficient_user_authentication" in challenge
    where = f"{RESOURCE}.well-known/oauth-protected-resource"
    nobody = kit.ask("check", None, RESOURCE, ["read"], None, Demands(metadata_url=where))
    assert nobody.headers["WWW-Authenticate"] == (
        f'Bearer scope="read", resource_metadata="{where}"'
    )


@WAYS
def test_details_are_granted_and_told_again(way: str) -> None:
    """RFC 9396"""
    policy = Policy(issuer=ISSUER, open_scopes=["help"], details_types=["payment"])
    kit = Kit(way, policy=policy)
    details = '[{"amount":"1","type":"payment"}]'
    pkce = pair()
    asked = query(pkce.challenge, authorization_details=details, scope="help")
    request = kit.ask("authorization_request", asked)
    assert (request.authorization_details, request.scopes) == (details, ("help",))
    sent = kit.ask("approve", request, "user")
    code = parse_qs(urlsplit(sent.location).query)["code"][0]
    said = json.loads(kit.redeem(code, pkce.expose_verifier()).body)
    assert said["authorization_details"] == json.loads(details)
    other = query(pkce.challenge, authorization_details='[{"type":"access"}]')
    assert isinstance(kit.ask("authorization_request", other), Redirect)


@WAYS
def test_an_id_token_goes_beside_the_others(way: str) -> None:
    """OpenID Connect Core §3.1.3.3: what it has to say is known from the answer."""
    kit = Kit(way)
    pkce = pair()
    request = kit.ask("authorization_request", query(pkce.challenge, nonce="canary-nonce"))
    sent = kit.ask("approve", request, "user", auth_time=1_000_000)
    code = parse_qs(urlsplit(sent.location).query)["code"][0]
    answer = kit.redeem(code, pkce.expose_verifier())
    issued = answer.issued
    assert issued and issued.first and issued.scope == "read"
    assert (issued.grant.subject, issued.grant.terms.nonce) == ("user", "canary-nonce")
    said = json.loads(answer.body)
    assert issued.access_token_hash == hashlib.sha256(said["access_token"].encode()).digest()
    signed = "e30.e30.AA"
    both = answer.with_id_token(signed)
    assert json.loads(both.body) == {**said, "id_token": signed}
    assert said["access_token"] not in repr(both)
    with pytest.raises(proofkey.FixConfiguration):
        answer.with_id_token('e30","x":"')
    refreshed = kit.refresh(said["refresh_token"])
    assert refreshed.issued and not refreshed.issued.first
    refused = kit.redeem(code, pkce.expose_verifier())
    assert refused.issued is None and refused.with_id_token(signed) == refused
