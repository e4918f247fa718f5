"""The development server at its strictest: pushed requests, bound tokens with nonces, devices, who
signed in, and resources that demand more."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from conftest import browser
from peers import visit
from proofkey import DeviceCode, FixConfiguration, MemoryStore
from proofkey.httpx import Auth
from signing import Signer, der
from test_possession import fetch, get, kind, send, sign_in

both = pytest.mark.parametrize("way", ["sync", "async"])


def approve(code: DeviceCode) -> None:
    """The user, on another device."""
    assert code.verification_uri_complete is not None
    assert visit(code.verification_uri_complete) == 200


@pytest.fixture
def strict(strict_server: dict[str, Any]) -> dict[str, Any]:
    """What a program knows that is told an address alone."""
    return {
        "resource": strict_server["resource"],
        "client_name": "The tests",
        "scopes": ["openid", "read"],
        "dpop": "required",
        "browser": browser,
        "on_device_code": approve,
        "timeout": 60,
    }


@both
@pytest.mark.parametrize("device", [False, True], ids=["browser", "device"])
@pytest.mark.parametrize("by_signer", [False, True], ids=["ours", "signer"])
def test_from_an_address_to_the_end(
    way: str, device: bool, by_signer: bool, strict: dict[str, Any]
) -> None:
    if by_signer:
        strict |= {"signer": Signer(der), "dpop_key": "agent-key"}
    client = kind(way)(**strict, store=MemoryStore())
    made = client.sign_in(device=device)
    tokens = asyncio.run(made) if way == "async" else made
    assert tokens.token_type == "DPoP"
    assert tokens.identity is not None and tokens.identity.subject == "developer"
    url = strict["resource"]
    assert fetch(way, client, url) == 200
    assert send(way, httpx2, Auth(client), url, 2) == [200, 200]
    # What somebody has who has the token alone.
    stolen = tokens.expose_access_token()
    for scheme in ("Bearer", "DPoP"):
        assert get(url, {"Authorization": f"{scheme} {stolen}"})[0] == 401
    made = client.sign_out()
    done = asyncio.run(made) if way == "async" else made
    assert done.revoked and visit(done.end_session_url) == 200


@both
def test_a_token_that_was_taken_is_refreshed_with_its_key(way: str, strict: dict[str, Any]) -> None:
    client = kind(way)(**strict)
    before = sign_in(way, client).expose_access_token()
    made = client._tokens if way == "sync" else client._tokens_async
    rejected = client._held._fingerprint()
    after = asyncio.run(made("never", rejected)) if way == "async" else made("never", rejected)
    assert after.expose_access_token() != before
    assert fetch(way, client, strict["resource"]) == 200


@both
def test_resources_that_demand_more(way: str, strict: dict[str, Any]) -> None:
    client = kind(way)(**strict)
    sign_in(way, client)
    url = strict["resource"]
    assert fetch(way, client, url + "/admin") in (401, 403)
    assert fetch(way, client, url + "/admin", interaction="browser") == 200
    assert send(way, httpx2, Auth(client, "browser"), url + "/fresh") == [200]
    with pytest.raises(FixConfiguration) as caught:
        fetch(way, client, url + "/greedy", interaction="browser")
    assert caught.value.code == "step_up_refused"
    limited = kind(way)(**strict, scope_ceiling=["openid", "read"])
    sign_in(way, limited)
    with pytest.raises(FixConfiguration) as caught:
        fetch(way, limited, url + "/admin", interaction="browser")
    assert caught.value.code == "scope_ceiling"
