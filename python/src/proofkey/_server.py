"""An authorization server over a database of one's own. The core judges; what is here asks the
store what the core wants to know."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from . import _arguments as arguments
from . import _native
from . import _server_exchange as exchange
from . import _server_policy as policies
from . import _server_proofs as possession
from ._crossing import crossing
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
from ._server_exchange import Exchange, Report, T
from ._server_policy import ClientRecord, Demands, Policy
from ._server_proofs import Proof, ProofRules
from ._server_store import AsyncGrantStore, GrantStore

Clients = Callable[[str], "ClientRecord | None"]
"""Knows the clients by their identifiers; None for one that nobody knows."""

AsyncClients = Callable[[str], Awaitable["ClientRecord | None"]]
"""As `Clients`, for asyncio."""

Why = Literal[
    "denied",
    "nobody_signed_in",
    "consent_needed",
    "account_needed",
    "interaction_needed",
    "authentication_unmet",
    "unavailable",
    "failed",
]
"""Why a request comes to nothing. ``denied``: the user, or the server, does not allow it (RFC 6749
§4.1.2.1). ``…_needed`` and ``nobody_signed_in``: that would have to be asked, and nobody may be
(OpenID Connect Core §3.1.2.6). ``authentication_unmet``: the user cannot sign in as the request
demands (RFC 9470 §5). ``unavailable``: later the server may serve it. ``failed``: it cannot."""

_WHY: dict[Why, _native.Decline] = {
    "denied": _native.Decline.DENIED,
    "nobody_signed_in": _native.Decline.LOGIN_REQUIRED,
    "consent_needed": _native.Decline.CONSENT_REQUIRED,
    "account_needed": _native.Decline.ACCOUNT_SELECTION_REQUIRED,
    "interaction_needed": _native.Decline.INTERACTION_REQUIRED,
    "authentication_unmet": _native.Decline.UNMET_AUTHENTICATION,
    "unavailable": _native.Decline.TEMPORARILY_UNAVAILABLE,
    "failed": _native.Decline.SERVER_ERROR,
}

_LOG = logging.getLogger("proofkey.server")


class _Endpoints:
    """What both servers share: everything that does not wait."""

    __slots__ = ("__weakref__", "_policy", "_report", "_rules")

    def __init__(
        self,
        policy: Policy,
        store: object,
        on_store_error: Report | None,
        proofs: ProofRules | None,
    ) -> None:
        exchange.check_store(store, remembers=proofs is not None)
        self._policy = policies.policy(policy)
        self._report = on_store_error or _log
        # Without a memory a proof could be used twice (RFC 9449 §11.1): then none is taken.
        takes_proofs = callable(getattr(store, "remember", None))
        self._rules = possession.rules(proofs or ProofRules()) if takes_proofs else None
        # The core looks at the settings here, so that a wrong one is found when the server starts.
        proof = possession.presented(self._rules, None)
        crossing(_native.Redeem, b"", None, None, self._policy, proof)

    def _named(self, query: str) -> str | Page:
        """The client that a request names."""
        named = crossing(_native.client_of, arguments.text("query", query))
        return named.client_id if named.is_NAMED() else Page(named.error, named.description)

    def _judged(
        self, query: str, named: str, client: ClientRecord | None
    ) -> AuthorizationRequest | Page | Redirect:
        # Who is unknown has no redirect URI, so that it is a page whatever the request says.
        record = client or ClientRecord(client_id=named, name="", redirect_uris=())
        judged = crossing(_native.judge_request, query, policies.client(record), self._policy)
        if judged.is_PAGE():
            unknown = "the client is not known here"
            return Page(judged.error, judged.description if client else unknown)
        if judged.is_REDIRECT():
            return Redirect(judged.location, judged.error)
        if client is None:
            raise AssertionError("a client that nobody knows was accepted")
        return AuthorizationRequest(judged.request, client)

    def deny(self, request: AuthorizationRequest, why: Why = "denied") -> Redirect:
        """It comes to nothing, because the user said no, or for another reason: where to send the
        browser. The request is used up."""
        if why not in _WHY:
            raise ValueError(f"why must be one of {', '.join(_WHY)}")
        return Redirect(crossing(_request(request).decline, _WHY[why], self._policy))

    def _issue(
        self,
        request: AuthorizationRequest,
        subject: str,
        scopes: Sequence[str] | None,
        auth_time: int | None,
        acr: str | None,
    ) -> Exchange[_native.IssueOutcome]:
        at = None if auth_time is None else arguments.whole("auth_time", auth_time, 2**53)
        approval = _native.Approval(
            subject=arguments.text("subject", subject),
            scopes=arguments.texts("scopes", request.scopes if scopes is None else scopes),
            auth_time=at,
            acr=arguments.optional_text("acr", acr),
        )
        flow = crossing(_native.Issue, _request(request), approval, self._policy)
        return Exchange(flow, self._report)

    def _redeem(
        self, body: bytes, content_type: str | None, authorization: str | None, proof: Proof | None
    ) -> Exchange[_native.TokenAnswer]:
        given = _posted(body, content_type, authorization)
        shown = possession.presented(self._rules, proof)
        return Exchange(crossing(_native.Redeem, *given, self._policy, shown), self._report)

    def _give_back(
        self, body: bytes, content_type: str | None, authorization: str | None
    ) -> Exchange[_native.TokenAnswer]:
        given = _posted(body, content_type, authorization)
        return Exchange(crossing(_native.RevokeToken, *given), self._report)

    def _look(
        self,
        authorization: str | None,
        audience: str,
        required_scopes: Sequence[str],
        proof: Proof | None,
        demands: Demands | None,
    ) -> Exchange[_native.TokenAccess]:
        asked = demands or Demands()
        age = asked.max_age_s
        flow = crossing(
            _native.CheckToken,
            arguments.optional_text("authorization", authorization),
            arguments.text("audience", audience),
            arguments.texts("required_scopes", required_scopes),
            _native.CheckDemands(
                authentication=_native.Authentication(
                    acr_values=arguments.texts("acr_values", asked.acr_values),
                    max_age_s=None if age is None else arguments.whole("max_age_s", age, 2**53),
                ),
                metadata_url=arguments.optional_text("metadata_url", asked.metadata_url),
                proof=possession.presented(self._rules, proof),
            ),
        )
        return Exchange(flow, self._report)


class AuthorizationServer(_Endpoints):
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
        server can say: a resource may demand it (RFC 9470)."""
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


class AsyncAuthorizationServer(_Endpoints):
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


def _log(call: str, error: Exception) -> None:
    _LOG.error("the grant store failed in %s: nothing was issued", call, exc_info=error)


def _request(request: object) -> _native.GrantRequest:
    if not isinstance(request, AuthorizationRequest):
        raise arguments.wrong_type("request", "an AuthorizationRequest", request)
    return request._native


def _posted(
    body: object, content_type: object, authorization: object
) -> tuple[bytes, str | None, str | None]:
    if not isinstance(body, bytes):
        raise arguments.wrong_type("body", "bytes", body)
    return (
        body,
        arguments.optional_text("content_type", content_type),
        arguments.optional_text("authorization", authorization),
    )


def _redirect(outcome: _native.IssueOutcome) -> Redirect:
    return Redirect(outcome.location, None, outcome.grant_id, outcome.issued)
