"""A resource that demands more than the token has (RFC 6750 §3.1, RFC 9470; M7, A31)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import proofkey.mcp
import pytest
from peers import Issuer, approving, parameter, respond, tokens
from proofkey import AsyncClient, Client, FixConfiguration
from proofkey.httpx import Auth
from test_possession import fetch, kind, send

both = pytest.mark.parametrize("way", ["sync", "async"])
MORE = 'Bearer error="insufficient_scope", scope="notes.write"'


class Demanding(Issuer):
    """A resource that has its demands; the tokens have every scope that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.describes()
        self.resource = self.describes_resource()
        self.asked_for: list[str] = []
        """The address of each sign-in."""
        self.demands: list[tuple[str, str]] = []
        """What is answered to the next requests that have a token: status, challenge."""
        self.answers["/notes"] = self._notes
        self.answers["/token"] = self._token

    def demanding_client(self, of: Any = Client, **more: Any) -> Any:
        given = {"resource": self.resource, "scopes": ["notes.read"], "browser": self.browse}
        return of(**self.client(**given | more))

    def browse(self, url: str) -> None:
        self.asked_for.append(url)
        approving(url)

    @property
    def scopes(self) -> list[str]:
        """The scopes of each sign-in."""
        return [parameter(url, "scope") for url in self.asked_for]

    def _token(self, connection: Any) -> None:
        scope = self.scopes[-1] if self.scopes else "notes.read"
        respond(tokens(len(self.asked_for), scope=scope))(connection)

    def _notes(self, connection: Any) -> None:
        if b"\r\nauthorization: bearer " not in self.requests[-1].lower():
            respond(b"{}", "401 Unauthorized", "WWW-Authenticate: Bearer")(connection)
        elif self.demands:
            status, challenge = self.demands.pop(0)
            respond(b'"more"', status, f"WWW-Authenticate: {challenge}")(connection)
        else:
            respond(b'"here you are"')(connection)


@contextmanager
def signed_in(way: str, **more: Any) -> Iterator[tuple[Demanding, Any]]:
    with Demanding() as site:
        client = site.demanding_client(kind(way), **more)
        made = client.sign_in()
        if way == "async":
            asyncio.run(made)
        yield site, client


@both
@pytest.mark.parametrize("by", ["authorize", "httpx"])
def test_the_union_is_asked_for(way: str, by: str) -> None:
    """What was asked for before, and what is demanded; then the request is repeated."""
    with signed_in(way) as (site, client):
        site.demands = [("403 Forbidden", MORE)]
        if by == "authorize":
            assert fetch(way, client, site.resource, interaction="browser") == 200
        else:
            assert send(way, httpx2, Auth(client, "browser"), site.resource) == [200]
        assert site.scopes == ["notes.read", "notes.read notes.write"]
        made = client.tokens()
        tokens = asyncio.run(made) if way == "async" else made
        assert tokens.scopes == tokens.requested_scopes == ("notes.read", "notes.write")
        assert tokens.missing_scopes == ()


@both
def test_the_program_has_the_answer_where_nobody_may_be_asked(way: str) -> None:
    with signed_in(way) as (site, client):
        for by in ("authorize", "httpx"):
            site.demands = [("403 Forbidden", MORE)]
            if by == "authorize":
                assert fetch(way, client, site.resource) == 403
            else:
                assert send(way, httpx2, Auth(client), site.resource) == [403]
        assert site.scopes == ["notes.read"]


@both
def test_a_ceiling_is_not_passed(way: str) -> None:
    with signed_in(way, scope_ceiling=["notes.read", "notes.write"]) as (site, client):
        site.demands = [("403 Forbidden", MORE), ("403 Forbidden", MORE.replace("write", "admin"))]
        with pytest.raises(FixConfiguration, match=r"notes\.admin") as caught:
            fetch(way, client, site.resource, interaction="browser")
        assert caught.value.code == "scope_ceiling"
        assert site.scopes == ["notes.read", "notes.read notes.write"]


@both
def test_nor_by_the_first_sign_in(way: str) -> None:
    """M7: who names no scopes asks for those that the resource lists, below the ceiling."""
    with Demanding() as site:
        site.describes_resource(scopes_supported=["notes.admin", "notes.read"])
        client = site.demanding_client(kind(way), scopes=[], scope_ceiling=["notes.read"])
        made = client.sign_in()
        if way == "async":
            asyncio.run(made)
        assert site.scopes == ["notes.read"]
        # Nothing of what is listed may be asked for: the user is not asked either.
        client = site.demanding_client(kind(way), scopes=[], scope_ceiling=[])
        with pytest.raises(FixConfiguration, match=r"notes\.admin") as caught:
            fetch(way, client, site.resource, interaction="browser")
        assert caught.value.code == "scope_ceiling" and len(site.scopes) == 1
        with pytest.raises(FixConfiguration, match="scope_ceiling") as caught:
            site.demanding_client(kind(way), scope_ceiling=["notes.write"])
        assert caught.value.code == "invalid_configuration"


@both
def test_a_resource_that_demands_for_ever(way: str) -> None:
    with signed_in(way) as (site, client):
        site.demands = [
            ("403 Forbidden", f'Bearer error="insufficient_scope", scope="s-{n}"') for n in range(9)
        ]
        with pytest.raises(FixConfiguration) as caught:
            send(way, httpx2, Auth(client, "browser"), site.resource)
        assert caught.value.code == "step_up_refused"
        assert site.scopes[1:] == ["notes.read s-0", "notes.read s-0 s-1"]


@both
def test_a_better_authentication(way: str) -> None:
    """RFC 9470: what is demanded goes into the authorization request."""
    with signed_in(way) as (site, client):
        demand = 'Bearer error="insufficient_user_authentication", acr_values="gold", max_age=60'
        site.demands = [("401 Unauthorized", demand)]
        assert fetch(way, client, site.resource, interaction="browser") == 200
        url = site.asked_for[1]
        assert (parameter(url, "acr_values"), parameter(url, "max_age")) == ("gold", "60")
        assert site.scopes == ["notes.read"] * 2


def test_many_requests_and_one_step_up() -> None:
    async def main(site: Demanding, client: AsyncClient) -> list[int]:
        await client.sign_in()
        site.demands = [("403 Forbidden", MORE)] * 10
        async with httpx2.AsyncClient(auth=Auth(client, "browser"), trust_env=False) as http:
            answers = await asyncio.gather(*(http.get(site.resource) for _ in range(10)))
            return [each.status_code for each in answers]

    with Demanding() as site:
        assert asyncio.run(main(site, site.demanding_client(AsyncClient))) == [200] * 10
        assert site.scopes == ["notes.read", "notes.read notes.write"]


def test_one_who_hears_of_it_late() -> None:
    """Another's sign-in for the same will do; another's refresh will not."""
    demand = {"WWW-Authenticate": MORE}
    with signed_in("sync") as (site, client):
        first, late = (client.authorize("GET", site.resource, interaction="browser") for _ in "ab")
        assert first.again(403, demand) and late.again(403, demand)
        assert first.headers == late.headers and len(site.asked_for) == 2
    with signed_in("sync") as (site, client):
        late = client.authorize("GET", site.resource, interaction="browser")
        site.answers["/token"] = respond(tokens(7, scope="notes.read"))
        client._tokens("never", client._held._fingerprint())
        site.answers["/token"] = site._token
        assert late.again(403, demand) and len(site.asked_for) == 2


@both
def test_a_body_that_cannot_be_repeated(way: str) -> None:
    """The refusal is the answer; the next request has the better token."""
    with signed_in(way) as (site, client):
        site.demands = [("403 Forbidden", MORE)]

        async def async_parts() -> Any:
            yield b"streamed"

        def content() -> Any:
            return iter([b"streamed"]) if way == "sync" else async_parts()

        auth = Auth(client, "browser")
        for status in (403, 200):
            if way == "sync":
                with httpx2.Client(auth=auth, trust_env=False) as http:
                    assert http.post(site.resource, content=content()).status_code == status
            else:

                async def post() -> int:
                    async with httpx2.AsyncClient(auth=auth, trust_env=False) as http:
                        return int((await http.post(site.resource, content=content())).status_code)

                assert asyncio.run(post()) == status
        assert len(site.scopes) == 2


def test_an_mcp_server_demands_more() -> None:
    """A31: from its address alone, the union of what was asked for and what is demanded."""

    async def main(site: Demanding, **more: Any) -> list[int]:
        given = {"client_id": "agent", "browser": site.browse, "scopes": ["notes.read"]}
        auth = proofkey.mcp.auth(site.resource, **given, **more)
        async with httpx2.AsyncClient(auth=auth, trust_env=False) as http:
            first = await http.post(site.resource, json={"n": 1})
            site.demands = [("403 Forbidden", MORE)]
            return [first.status_code, (await http.post(site.resource, json={})).status_code]

    with Demanding() as site:
        assert asyncio.run(main(site)) == [200, 200]
        assert site.scopes == ["notes.read", "notes.read notes.write"]
    with Demanding() as site, pytest.raises(FixConfiguration) as caught:
        asyncio.run(main(site, scope_ceiling=["notes.read"]))
    assert caught.value.code == "scope_ceiling" and site.scopes == ["notes.read"]
