"""The access flow of the transcripts, and the vectors of what it stands on."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from proofkey import _native as native

from . import client
from .words import body, located, text, word


class Access:
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        key, rejected = config["data_key"], config["rejected"]
        run = native.AccessRun(
            key=None if key is None else native.DataKey.from_text(key),
            rejected=None if rejected is None else hashlib.sha256(rejected.encode()).digest(),
            www_authenticate=config["www_authenticate"],
            redirect_uri=config["redirect"],
            device=config.get("device", False),
            step_up=_step_up(config.get("step_up")),
        )
        self._flow = native.Access(_config(config), native.Goal[config["goal"].upper()], run)

    def advance(self, happened: dict[str, Any], now: int) -> dict[str, Any]:
        return client.step(self._flow.advance(client.event(happened), now))

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        outcome = self._flow.outcome()
        if outcome is None:
            return None
        source = None if outcome.source is None else outcome.source.name.lower()
        warning = None if outcome.warning is None else outcome.warning.code
        tokens = outcome.tokens
        seen: dict[str, Any] = {} if tokens is None else client.token_members(tokens)
        seen |= {
            "source": source,
            "stored": outcome.stored,
            "revoked": outcome.revoked,
            "warning": warning,
        }
        url = outcome.end_session_url
        seen["end_session_url"] = None if url is None else located(url)
        bound = identity = None
        if tokens is not None:
            bound, identity = tokens.token_type(), tokens.identity()
            seen |= {
                "token_type": bound,
                "requested_scopes": tokens.requested_scopes(),
                "missing_scopes": tokens.missing_scopes(),
                "authorization_details": tokens.authorization_details(),
                "missing_authorization_details": tokens.missing_authorization_details(),
            }
        seen["subject"] = None if identity is None else identity.subject
        words = (
            word("source", source)
            + word("stored", str(outcome.stored).lower())
            + word("revoked", None if outcome.revoked is None else str(outcome.revoked).lower())
            + ("" if tokens is None else client.token_words(tokens))
            + word("warning", warning)
            + word("type", None if bound == "Bearer" else bound)
            + word("subject", seen["subject"])
        )
        return seen, words.lstrip()


def _config(data: dict[str, Any]) -> native.AccessConfig:
    endpoints = data["endpoints"]
    if endpoints is not None:
        endpoints = native.Endpoints(
            authorization_endpoint=endpoints["authorization_endpoint"],
            token_endpoint=endpoints["token_endpoint"],
            revocation_endpoint=endpoints.get("revocation_endpoint"),
            pushed_authorization_request_endpoint=endpoints.get(
                "pushed_authorization_request_endpoint"
            ),
            device_authorization_endpoint=endpoints.get("device_authorization_endpoint"),
            jwks_uri=endpoints.get("jwks_uri"),
            end_session_endpoint=endpoints.get("end_session_endpoint"),
            iss_promised=endpoints["iss_promised"],
        )
    return native.AccessConfig(
        issuer=data["issuer"],
        resource=data["resource"],
        endpoints=endpoints,
        client_id=data["client_id"],
        client_document=data["client_document"],
        client_name=data["client_name"],
        scopes=data["scopes"],
        scope_ceiling=data.get("scope_ceiling"),
        account=data["account"],
        redirect=client.redirect_target(data),
        paste=data["paste"],
        browse_timeout_ms=data["browse_timeout_ms"],
        extra_parameters=client.extra_parameters(data),
        allow_missing_s256=data["allow_missing_s256"],
        resumable=data["resumable"],
        dpop=native.Dpop[data.get("dpop", "never").upper()],
        dpop_key=data.get("dpop_key"),
        push=data.get("push", False),
    )


def _step_up(data: dict[str, Any] | None) -> native.StepUp | None:
    if data is None:
        return None
    return native.StepUp(
        scopes=data["scopes"],
        acr_values=data["acr_values"],
        max_age=data["max_age"],
        resource_metadata=None,
        www_authenticate=[],
    )


def client_document(data: dict[str, Any]) -> str:
    url = text(data["url"])
    try:
        read = native.read_client_document(url, body(data))
        again = native.client_document_json(read).encode()
        read = native.read_client_document(url, again)
    except native.ProofKeyError as error:
        if error.code != "invalid_metadata":
            return f"error {error.code}"
        # "… document: MEMBER what is wrong with it"; the only member of two words is the whole.
        said = error.text.split(": ")[1]
        member = "the body" if said.startswith("the body ") else said.split(" ")[0]
        return f"error {error.code}" + word("member", member)
    return (
        "ok"
        + word("name", read.client_name)
        + word("page", read.client_uri)
        + word("redirect_uris", " ".join(read.redirect_uris))
        + word("scopes", " ".join(read.scopes))
    )


def sealed_session(data: dict[str, Any]) -> str:
    key = native.DataKey.from_text(data["data_key"])
    sealed = base64.b64decode(data["sealed"], validate=True)
    names = (data["issuer"], data["client_id"], data["redirect_uri"], data["now"])
    try:
        session = native.PkceSession.open(key, sealed, *names)
    except native.ProofKeyError as error:
        return f"error {error.code}"
    sent = located(session.authorization_url())["parameters"]
    return "ok" + word("state", sent["state"]) + word("code_challenge", sent["code_challenge"])


def authorization(data: dict[str, Any]) -> str:
    answer = (b'{"access_token":"at-1","token_type":"Bearer","expires_in":3600}', 1000)
    tokens = client.tokens_for(data["resource"], *answer)
    try:
        value = tokens.authorization(text(data["url"]), data["now"])
    except native.ProofKeyError as error:
        return f"error {error.code}"
    return "refresh" if value is None else "ok" + word("authorization", value)
