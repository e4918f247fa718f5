"""What the authorization servers of both kinds share: everything that does not wait."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Literal

from . import _arguments as arguments
from . import _native
from . import _server_exchange as exchange
from . import _server_policy as policies
from . import _server_proofs as possession
from ._crossing import crossing
from ._server_answers import AuthorizationRequest, Page, Redirect
from ._server_exchange import Exchange, Report
from ._server_policy import ClientRecord, Demands, Policy
from ._server_proofs import Proof, ProofRules

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


class Endpoints:
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
