"""An authorization server over a database of one's own. The core judges; what is here asks the
store what the core wants to know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from . import _native
from ._server_answers import (
    Answer,
    AuthorizationRequest,
    Granted,
    Page,
    Redirect,
    Refused,
    access,
    answer,
)
from ._server_endpoints import Endpoints
from ._server_exchange import Exchange, Report, T
from ._server_policy import ClientRecord, Demands, Policy
from ._server_proofs import Proof, ProofRules
from ._server_store import AsyncGrantStore, GrantStore

Clients = Callable[[str], "ClientRecord | None"]
"""Knows the clients by their identifiers; None for one that nobody knows."""

AsyncClients = Callable[[str], Awaitable["ClientRecord | None"]]
"""As `Clients`, for asyncio."""


class AuthorizationServer(Endpoints):
    """The endpoints of an authorization server, as functions over what a request brings. It opens
    no socket and knows no web framework; what it is asked is answered from the store.

    Any thread may use it, and several at once.
    """

    __slots__ = ("_clients", "_store")

    def __init__(
        self,
        policy: Policy,
        store: GrantStore,
        clients: Clients,
        *,
        proofs: ProofRules | None = None,
        on_store_error: Report | None = None,
    ) -> None:
        """`proofs` is what is asked of proofs of possession (RFC 9449), for which the store must be
        a `ProofStore`; with one that is none, no proofs are taken and no token is bound.

        `on_store_error` is told which call of the store failed, and by what; without it that is
        logged to ``proofkey.server``. Whatever it does, nothing is issued: what it raises is raised
        in place of the answer."""
        super().__init__(policy, store, on_store_error, proofs)
        self._store = store
        self._clients = clients

    def authorization_request(self, query: str) -> AuthorizationRequest | Page | Redirect:
        """Judges the query of an authorization request (RFC 6749 §4.1.1) as it came, without its
        ``?``. A request that is good is to be shown to the user, with the host of its redirect; the
        answer of the user's form is judged by this once more."""
        named = self._named(query)
        if isinstance(named, Page):
            return named
        return self._judged(query, named, self._clients(named))

    def approve(
        self,
        request: AuthorizationRequest,
        subject: str,
        scopes: Sequence[str] | None = None,
        *,
        auth_time: int | None = None,
        acr: str | None = None,
    ) -> Redirect:
        """The user `subject` allows it, or some of its scopes: puts the grant and gives the
        location with the code. Where the store fails, there is an error in it and no code. The
        request is used up.

        `auth_time` is when the user signed in, in seconds since the epoch, and `acr` how, where the
        server can say: a resource may demand it (RFC 9470). The latter counts with the former."""
        flow = self._issue(request, subject, scopes, auth_time, acr)
        return _redirect(_serve(flow, self._store))

    def token(
        self,
        body: bytes,
        content_type: str | None,
        authorization: str | None = None,
        proof: Proof | None = None,
    ) -> Answer:
        """Answers a POST to the token endpoint (RFC 6749 §3.2): the body, ``Content-Type`` and
        ``Authorization`` as they came, and the proofs of possession, if it takes any."""
        flow = self._redeem(body, content_type, authorization, proof)
        # What shows a traceback with its variables finds neither code nor token here.
        del body, authorization, proof
        return answer(_serve(flow, self._store))

    def revoke(
        self, body: bytes, content_type: str | None, authorization: str | None = None
    ) -> Answer:
        """Answers a POST to the revocation endpoint (RFC 7009): a token that is given back ends its
        grant, with all its tokens."""
        flow = self._give_back(body, content_type, authorization)
        del body, authorization
        return answer(_serve(flow, self._store))

    def check(
        self,
        authorization: str | None,
        audience: str,
        required_scopes: Sequence[str] = (),
        proof: Proof | None = None,
        demands: Demands | None = None,
    ) -> Granted | Refused:
        """Whether a request may pass at a resource (RFC 6750): ``Authorization`` as it came, the
        resource's own URI, and the proofs of possession, if it takes any. A token that was asked
        for without a resource (RFC 8707) is for every resource of its server."""
        flow = self._look(authorization, audience, required_scopes, proof, demands)
        del authorization, proof
        return access(_serve(flow, self._store))


class AsyncAuthorizationServer(Endpoints):
    """As `AuthorizationServer`, for asyncio and whatever awaits.

    A cancel is never kept from the caller. It ends the call where it waits for the store: nothing
    is issued, and a code that was being claimed may be used up. What a replay would have revoked
    stays until the next one; shield `token` where a client's going away cancels its request.
    """

    __slots__ = ("_clients", "_store")

    def __init__(
        self,
        policy: Policy,
        store: AsyncGrantStore,
        clients: AsyncClients,
        *,
        proofs: ProofRules | None = None,
        on_store_error: Report | None = None,
    ) -> None:
        """As `AuthorizationServer`. `on_store_error` is not awaited."""
        super().__init__(policy, store, on_store_error, proofs)
        self._store = store
        self._clients = clients

    async def authorization_request(self, query: str) -> AuthorizationRequest | Page | Redirect:
        """As `AuthorizationServer.authorization_request`."""
        named = self._named(query)
        if isinstance(named, Page):
            return named
        return self._judged(query, named, await self._clients(named))

    async def approve(
        self,
        request: AuthorizationRequest,
        subject: str,
        scopes: Sequence[str] | None = None,
        *,
        auth_time: int | None = None,
        acr: str | None = None,
    ) -> Redirect:
        """As `AuthorizationServer.approve`."""
        flow = self._issue(request, subject, scopes, auth_time, acr)
        return _redirect(await _await(flow, self._store))

    async def token(
        self,
        body: bytes,
        content_type: str | None,
        authorization: str | None = None,
        proof: Proof | None = None,
    ) -> Answer:
        """As `AuthorizationServer.token`."""
        flow = self._redeem(body, content_type, authorization, proof)
        del body, authorization, proof
        return answer(await _await(flow, self._store))

    async def revoke(
        self, body: bytes, content_type: str | None, authorization: str | None = None
    ) -> Answer:
        """As `AuthorizationServer.revoke`."""
        flow = self._give_back(body, content_type, authorization)
        del body, authorization
        return answer(await _await(flow, self._store))

    async def check(
        self,
        authorization: str | None,
        audience: str,
        required_scopes: Sequence[str] = (),
        proof: Proof | None = None,
        demands: Demands | None = None,
    ) -> Granted | Refused:
        """As `AuthorizationServer.check`."""
        flow = self._look(authorization, audience, required_scopes, proof, demands)
        del authorization, proof
        return access(await _await(flow, self._store))


def _serve(flow: Exchange[T], store: GrantStore) -> T:
    """Asks the store what the flow wants to know, to the end."""
    call = flow.begin()
    while call is not None:
        try:
            given = getattr(store, call.name)(*call.given)
        except Exception as error:
            call = flow.failed(error)
        else:
            call = flow.answered(given)
    return flow.outcome()


async def _await(flow: Exchange[T], store: AsyncGrantStore) -> T:
    """As `_serve`. A cancel is no `Exception`, and passes."""
    call = flow.begin()
    while call is not None:
        try:
            given = await getattr(store, call.name)(*call.given)
        except Exception as error:
            call = flow.failed(error)
        else:
            call = flow.answered(given)
    return flow.outcome()


def _redirect(outcome: _native.IssueOutcome) -> Redirect:
    return Redirect(outcome.location, None, outcome.grant_id, outcome.issued)
