"""Proofs of possession (RFC 9449) at a server of one's own."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from types import SimpleNamespace
from typing import Any

import proofkey
import pytest
from grants import CALLS, ISSUER, RESOURCE, Kit, failing
from proofkey.server import (
    AsyncMemoryGrantStore,
    AuthorizationServer,
    Granted,
    MemoryGrantStore,
    Policy,
    Proof,
    ProofRules,
    Refused,
)
from signing import Key, base64url

TOKEN = f"{ISSUER}/token"
WAYS = pytest.mark.parametrize("way", ["sync", "async"])


def field(key: Key, method: str, url: str, token: str | None = None, **claims: Any) -> str:
    """A proof (§4.2)."""
    said = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
    if token is not None:
        said["ath"] = base64url(hashlib.sha256(token.encode()).digest())
    parts = [{"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk}, said | claims]
    signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{base64url(key.sign(signed.encode()))}"


def at_token(key: Key, **claims: Any) -> Proof:
    return Proof([field(key, "POST", TOKEN, **claims)], "POST", TOKEN)


def at_resource(key: Key, token: str, **claims: Any) -> Proof:
    return Proof([field(key, "GET", RESOURCE, token, **claims)], "GET", RESOURCE)


def check(kit: Kit, token: str, proof: Proof | None, scheme: str = "DPoP") -> Any:
    return kit.ask("check", f"{scheme} {token}", RESOURCE, ["read"], proof)


@WAYS
def test_a_bound_token_passes_with_its_key_alone(way: str) -> None:
    """P28: with a new proof of the key, for this request and this token."""
    kit, key = Kit(way), Key()
    answer = kit.redeem(*kit.code(), at_token(key))
    said = json.loads(answer.body)
    assert (answer.status, said["token_type"]) == (200, "DPoP")
    token = said["access_token"]
    proof = at_resource(key, token)
    granted = check(kit, token, proof)
    assert isinstance(granted, Granted) and granted.token.dpop_jkt == key.thumbprint
    for refused, error in (
        (check(kit, token, proof), "used before"),
        (check(kit, token, None), "no proof"),
        (check(kit, token, at_resource(key, token), "Bearer"), "no bearer token"),
        (check(kit, token, at_resource(Key(), token)), "another key"),
        (check(kit, token, at_resource(key, "another")), "ath"),
        (check(kit, token, at_resource(key, token, htm="POST")), "htm"),
        (check(kit, token, at_resource(key, token, htu=TOKEN)), "htu"),
        (check(kit, token, at_resource(key, token, iat=1)), "iat"),
        (check(kit, token, Proof(proof.fields * 2, "GET", RESOURCE)), "more than one"),
        (check(kit, token, Proof(["nonsense"], "GET", RESOURCE)), "not_a_proof"),
    ):
        assert isinstance(refused, Refused) and refused.status == 401, error
        assert error in refused.headers["WWW-Authenticate"], refused

    thief = kit.refresh(said["refresh_token"], at_token(Key()))
    assert (thief.status, thief.audit) == (400, "wrong_key")
    assert kit.refresh(said["refresh_token"]).audit == "proof_missing"
    assert kit.refresh(said["refresh_token"], at_token(key)).status == 200


@WAYS
def test_a_code_is_pinned_to_a_key(way: str) -> None:
    """RFC 9449 §10: the store keeps the terms of a grant."""
    kit, key = Kit(way), Key()
    sent, verifier = kit.approved(dpop_jkt=key.thumbprint)
    code = sent.location.partition("code=")[2].partition("&")[0]
    assert kit.redeem(code, verifier).audit == "proof_missing"
    assert kit.redeem(code, verifier, at_token(Key())).audit == "wrong_key"
    assert kit.redeem(code, verifier, at_token(key)).status == 200


@WAYS
def test_proofs_may_be_required(way: str) -> None:
    """Who forgets to hand the proofs on is refused, not let through."""
    kit, key = Kit(way, proofs=ProofRules(required=True)), Key()
    code, verifier = kit.code()
    assert kit.redeem(code, verifier).audit == "proof_missing"
    assert kit.redeem(code, verifier, Proof([], "POST", TOKEN)).audit == "proof_missing"
    token = json.loads(kit.redeem(code, verifier, at_token(key)).body)["access_token"]
    plain = json.loads(Kit(way, kit.store).redeem(*kit.code()).body)["access_token"]
    refused = check(kit, plain, None, "Bearer")
    assert refused.status == 401 and refused.headers["WWW-Authenticate"].startswith("DPoP ")
    assert isinstance(check(kit, token, at_resource(key, token)), Granted)


@WAYS
def test_nonces_may_be_demanded(way: str) -> None:
    """§8: every node of the server knows those of the others, by the key."""
    rules = ProofRules(nonce_key=secrets.token_bytes(32))
    kit, key = Kit(way, proofs=rules), Key()
    node = Kit(way, kit.store, proofs=rules)
    code, verifier = kit.code()
    refused = kit.redeem(code, verifier, at_token(key))
    assert (refused.status, refused.audit) == (400, "nonce_demanded")
    assert b"use_dpop_nonce" in refused.body
    demanded = refused.headers["DPoP-Nonce"]
    answer = node.redeem(code, verifier, at_token(key, nonce=demanded))
    assert answer.status == 200
    token = json.loads(answer.body)["access_token"]
    again = check(kit, token, at_resource(key, token))
    assert again.status == 401 and "use_dpop_nonce" in again.headers["WWW-Authenticate"]
    proof = at_resource(key, token, nonce=again.headers["DPoP-Nonce"])
    assert isinstance(check(kit, token, proof), Granted)
    other = Kit(way, kit.store, proofs=ProofRules(nonce_key=secrets.token_bytes(32)))
    assert check(other, token, at_resource(key, token, nonce=demanded)).status == 401


@WAYS
@pytest.mark.parametrize("after", [False, True])
def test_a_memory_that_fails_lets_nothing_through(way: str, after: bool) -> None:
    """P29"""
    inner = MemoryGrantStore() if way == "sync" else AsyncMemoryGrantStore()
    told: list[str] = []
    good, key = Kit(way, inner), Key()
    bad = Kit(
        way, failing(inner, "remember", after), on_store_error=lambda call, error: told.append(call)
    )
    code, verifier = good.code()
    answer = bad.redeem(code, verifier, at_token(key))
    assert (answer.status, answer.audit) == (500, "store_failed")
    token = json.loads(good.redeem(code, verifier, at_token(key)).body)["access_token"]
    assert check(bad, token, at_resource(key, token)).status == 503
    assert told == ["remember", "remember"]


def test_without_a_memory_no_proof_is_taken() -> None:
    inner = MemoryGrantStore()
    plain = SimpleNamespace(**{name: getattr(inner, name) for name in CALLS})
    kit, key = Kit("sync", plain), Key()
    answer = kit.redeem(*kit.code(), at_token(key))
    assert json.loads(answer.body)["token_type"] == "Bearer"
    bound = json.loads(Kit("sync", inner).redeem(*kit.code(), at_token(key)).body)["access_token"]
    assert check(kit, bound, at_resource(key, bound)).status == 401
    with pytest.raises(TypeError, match="remember"):
        Kit("sync", plain, proofs=ProofRules())


def test_a_memory_is_bounded_and_forgets_nothing_too_early() -> None:
    now = [1_000_000.0]
    store = MemoryGrantStore(max_proofs=2, clock=lambda: now[0])
    assert store.remember("a", 10) and store.remember("b", 20)
    with pytest.raises(OverflowError):
        store.remember("c", 10)
    assert not store.remember("a", 10)
    now[0] += 10
    assert store.remember("c", 10), "that of `a` is over"
    assert not store.remember("b", 10)


def test_rules_that_are_none_are_refused() -> None:
    store, policy = MemoryGrantStore(), Policy(issuer=ISSUER)
    for rules in (
        ProofRules(nonce_key=b"short"),
        ProofRules(nonce_key=bytes(32), nonce_lifetime_s=0),
        ProofRules(window_s=-1),
    ):
        with pytest.raises(proofkey.FixConfiguration):
            AuthorizationServer(policy, store, {}.get, proofs=rules)
    with pytest.raises(TypeError, match="nonce_key"):
        AuthorizationServer(
            policy,
            store,
            {}.get,
            proofs=ProofRules(nonce_key="x" * 32),  # type: ignore[arg-type]
        )
    kit = Kit("sync")
    with pytest.raises(TypeError, match="proof must be"):
        kit.ask("token", b"", None, None, "a field")
    key = secrets.token_bytes(32)
    proof = at_token(Key())
    assert proof.fields[0].startswith("eyJ"), "the control"
    shown = f"{ProofRules(nonce_key=key)} {proof}"
    assert repr(key) not in shown and "eyJ" not in shown
