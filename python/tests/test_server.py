"""The authorization server over a store of one's own: what it answers, and that it fails closed."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import time
import traceback
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import proofkey
import pytest
from grants import AGENT, CALLS, ISSUER, RESOURCE, Kit, failing, query
from proofkey import pair
from proofkey.server import (
    AsyncAuthorizationServer,
    AsyncMemoryGrantStore,
    AuthorizationRequest,
    AuthorizationServer,
    Demands,
    Granted,
    GrantRow,
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
from test_hygiene import variables

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
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", CALLS)
def test_a_failing_store_issues_nothing(way: str, after: bool, name: str) -> None:
    """P29: every call is made to fail in turn, before and after it took effect."""
    inner = MemoryGrantStore() if way == "sync" else AsyncMemoryGrantStore()
    told: list[tuple[str, Exception]] = []
    good = Kit(way, inner)
    store = failing(inner, name, after)
    bad = Kit(way, store, on_store_error=lambda call, error: told.append((call, error)))
    if name == "put":
        sent, _ = bad.approved()
        assert not sent.issued and "error=" in sent.location and "code=" not in sent.location
    elif name in ("rotate", "find_token"):
        tokens = good.signed_in()
        answer = bad.refresh(tokens["refresh_token"])
        assert answer.status == 500 and b"token" not in answer.body.replace(b"token_", b"")
        if name == "find_token":
            refused = bad.check(tokens["access_token"])
            assert (refused.status, refused.headers) == (503, {})
            assert bad.give_back(tokens["access_token"]).status == 503
    else:
        code, verifier = good.code()
        if name == "revoke":
            assert good.redeem(code, verifier).status == 200
        wrong = pair().expose_verifier() if name == "count" else verifier
        answer = bad.redeem(code, wrong)
        assert (answer.status, answer.audit) == (500, "store_failed")
        assert b"access" not in answer.body
    assert told and all(call == name and isinstance(error, OSError) for call, error in told)


GRANT = dataclasses.replace  # A row with something in it that is none.


class Nonsense(MemoryGrantStore):
    """A store that gives what its tests make of its answers."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self._made = made

    def find(self, grant_id: str, code_hash: bytes) -> Any:
        return self._made(*super().find(grant_id, code_hash))


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (lambda row, now: row, TypeError),
        (lambda row, now: None, TypeError),
        (lambda row, now: ("row", now), TypeError),
        (lambda row, now: (row, None), TypeError),
        (lambda row, now: (row, float(now)), TypeError),
        (lambda row, now: (row, -1), proofkey.FixConfiguration),
        (lambda row, now: (GRANT(row, used=0), now), TypeError),
        (lambda row, now: (GRANT(row, revoked=None), now), TypeError),
        (lambda row, now: (GRANT(row, mismatches="0"), now), TypeError),
        (lambda row, now: (GRANT(row, grant=None), now), TypeError),
        (
            lambda row, now: (GRANT(row, grant=GRANT(row.grant, code_challenge="short")), now),
            proofkey.ProofKeyError,
        ),
        (lambda row, now: (GRANT(row, grant=GRANT(row.grant, subject="\ud800")), now), Exception),
    ],
)
def test_an_answer_that_is_none_is_a_failure(made: Any, error: type[Exception]) -> None:
    """P29: nothing but True is a yes, and a row that cannot be read is none."""
    told: list[Exception] = []
    kit = Kit("sync", Nonsense(made), on_store_error=lambda call, error: told.append(error))
    answer = kit.redeem(*kit.code())
    assert (answer.status, answer.audit) == (500, "store_failed")
    assert len(told) == 1 and isinstance(told[0], error), told


@pytest.mark.parametrize("given", [None, 1, "yes", [True]])
def test_nothing_but_true_claims(given: Any) -> None:
    class Truthy(MemoryGrantStore):
        def claim(self, *_: Any) -> Any:
            return given

    told: list[Exception] = []
    kit = Kit("sync", Truthy(), on_store_error=lambda call, error: told.append(error))
    assert kit.redeem(*kit.code()).audit == "store_failed"
    assert "claim" in str(told[0]) and "bool" in str(told[0])


def test_a_mismatch_count_is_never_too_large() -> None:
    def many(row: GrantRow | None, now: int) -> Any:
        return row and dataclasses.replace(row, mismatches=2**40), now

    kit = Kit("sync", Nonsense(many))
    assert kit.redeem(*kit.code()).audit == "burnt"


@WAYS
def test_a_failure_is_logged_without_secrets(way: str, caplog: pytest.LogCaptureFixture) -> None:
    """Threat "Secrets in logs": code, verifier, state and token, in logs and in tracebacks."""
    inner = MemoryGrantStore() if way == "sync" else AsyncMemoryGrantStore()
    kit = Kit(way, failing(inner, "claim", False))
    code, verifier = kit.code()
    kit.redeem(code, verifier)
    (record,) = caplog.records
    assert record.name == "proofkey.server" and record.levelno == logging.ERROR
    assert record.exc_info and isinstance(record.exc_info[1], OSError)
    shown = [caplog.text, variables(record.exc_info[1])]

    def refuse(call: str, error: Exception) -> None:
        raise error

    raising = Kit(way, failing(inner, "claim", False), on_store_error=refuse)
    with pytest.raises(OSError, match="gone") as raised:
        raising.redeem(code, verifier)
    shown += [variables(raised.value), "".join(traceback.format_exception(raised.value))]
    grant_id = code.partition(".")[0]
    assert grant_id in shown[1] and grant_id in shown[2], "the control: this is looked at"
    for text in shown:
        assert code not in text and code.partition(".")[2] not in text and verifier not in text


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


def test_a_cancel_passes() -> None:
    """It ends the call where it waits for the store, and is no failure of the store."""
    told: list[str] = []

    async def run() -> None:
        asked = asyncio.Event()

        class Hanging(AsyncMemoryGrantStore):
            async def claim(self, *_: Any) -> bool:
                asked.set()
                await asyncio.Event().wait()
                return True

        kit = Kit("async", Hanging(), on_store_error=lambda call, error: told.append(call))
        code, verifier = await asyncio.to_thread(kit.code)
        body = f"grant_type=authorization_code&client_id=agent&code={code}&code_verifier={verifier}"
        form = "application/x-www-form-urlencoded"
        waiting = asyncio.create_task(kit.server.token(body.encode(), form))
        await asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())
    assert told == []


def test_an_interrupt_passes() -> None:
    class Interrupted(MemoryGrantStore):
        def claim(self, *_: Any) -> bool:
            raise KeyboardInterrupt

    kit = Kit("sync", Interrupted())
    code, verifier = kit.code()
    with pytest.raises(KeyboardInterrupt):
        kit.redeem(code, verifier)


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


def test_a_store_of_the_other_kind_fails_closed() -> None:
    """Its answers are coroutines, or cannot be awaited."""
    told: list[Exception] = []

    def tell(call: str, error: Exception) -> None:
        told.append(error)

    async def clients(client_id: str) -> Any:
        return AGENT

    async def ask() -> Any:
        server = AsyncAuthorizationServer(
            Policy(issuer=ISSUER),
            MemoryGrantStore(),  # type: ignore[arg-type]
            clients,
            on_store_error=tell,
        )
        request = await server.authorization_request(query(pair().challenge))
        assert isinstance(request, AuthorizationRequest)
        return await server.approve(request, "user")

    assert not asyncio.run(ask()).issued
    assert isinstance(told.pop(), TypeError)


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
