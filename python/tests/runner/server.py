"""The authorization server's half: vectors, the store of one row, and the flows of the
transcripts."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from proofkey import _native as native

from .words import body, form, located, once, text, word

_PROFILES = {"oauth20": native.Profile.OAUTH20, "oauth21": native.Profile.OAUTH21}
_STEPS = ("Put", "Find", "Claim", "Count", "Revoke", "FindToken", "Rotate", "Remember", "Done")
_KINDS = {"access": native.TokenKind.ACCESS, "refresh": native.TokenKind.REFRESH}


def sha256(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()


def policy(data: dict[str, Any]) -> native.Policy:
    numbers = (
        *("code_lifetime_s", "access_token_lifetime_s", "refresh_token_lifetime_s"),
        *("reuse_window_s", "max_mismatches"),
    )
    return native.Policy(
        issuer=data["issuer"],
        profile=_PROFILES[data["profile"]],
        **{name: data[name] for name in numbers if data.get(name) is not None},
        open_scopes=data.get("open_scopes") or [],
        details_types=data.get("details_types") or [],
    )


def client_record(data: dict[str, Any]) -> native.ClientRecord:
    return native.ClientRecord(
        client_id=data["client_id"],
        name="The agent",
        redirect_uris=data["redirect_uris"],
        scopes=data["scopes"],
        may_refresh=data.get("may_refresh", False),
    )


_POLICY = {"issuer": "https://as.example", "profile": "oauth21"}


def _judged(query: str, client: dict[str, Any], issuer: str) -> native.Judged:
    rules = policy({**_POLICY, "issuer": issuer})
    return native.judge_request(query, client_record(client), rules)


def redirect_match(data: dict[str, Any]) -> str:
    return str(native.redirect_uri_matches(data["registered"], data["sent"])).lower()


def authorization_request(data: dict[str, Any]) -> str:
    query = text(data["query"])
    named = native.client_of(query)
    if named.is_PAGE():
        return f"page {named.error}"
    judged = _judged(query, data["client"], data["issuer"])
    if judged.is_PAGE():
        return f"page {judged.error}"
    if judged.is_REDIRECT():
        return _refused(judged.location, judged.error)
    details = judged.request.details()
    # The state is seen in what goes back.
    answer = dict(form(_after(judged.request.deny(policy({**_POLICY, "issuer": data["issuer"]})))))
    return (
        "accepted"
        + word("redirect_uri", details.redirect_uri)
        + word("scope", " ".join(details.scopes))
        + word("state", answer.get("state"))
        + word("resource", details.resource)
        + word("dpop_jkt", details.dpop_jkt)
        + word("acr_values", _joined(details.acr_values))
        + word("max_age", None if details.max_age is None else str(details.max_age))
        + word("prompt", _joined(details.prompt))
        + word("login_hint", details.login_hint)
        + word("ui_locales", _joined(details.ui_locales))
        + word("nonce", details.nonce)
        + word("authorization_details", details.authorization_details)
    )


def _joined(values: list[str]) -> str | None:
    """A list that is empty is absent."""
    return " ".join(values) or None


def _after(url: str) -> str:
    return url.partition("?")[2]


def _refused(location: str, error: str) -> str:
    base, _, query = location.partition("?")
    answers = ("error", "error_description", "state", "iss")
    own = [part for part in query.split("&") if part.partition("=")[0] not in answers]
    given = dict(form(query))
    assert given["error"] == error
    return (
        f"redirect {error}"
        + word("to", "?".join([base, "&".join(own)]) if own else base)
        + word("state", given.get("state"))
        + word("iss", given.get("iss"))
    )


_TERMS = ("dpop_jkt", "nonce", "auth_time", "acr", "authorization_details")


def _grant(data: dict[str, Any], subject: str | None = None) -> native.Grant:
    terms = data.get("terms") or {}
    return native.Grant(
        grant_id=data["grant_id"],
        client_id=data["client_id"],
        subject=subject or data["subject"],
        redirect_uri=data["redirect_uri"],
        redirect_uri_was_sent=data["redirect_uri_was_sent"],
        code_challenge=data["code_challenge"],
        scope=data["scope"],
        resource=data["resource"],
        refreshable=data.get("refreshable", False),
        terms=native.Terms(**{member: terms.get(member) for member in _TERMS}),
    )


def _row(data: dict[str, Any], grant: native.Grant) -> native.GrantRow:
    return native.GrantRow(
        grant=grant,
        expires_at=data["expires_at"],
        used=data["used"],
        revoked=data["revoked"],
        mismatches=data["mismatches"],
    )


def name(step: native.StoreStep) -> str:
    """The step's name."""
    kinds = {"FindToken": "FIND_TOKEN"}
    return next(
        known for known in _STEPS if getattr(step, f"is_{kinds.get(known, known.upper())}")()
    )


class Store:
    """One row; every write is conditional, as the steps say."""

    def __init__(self, data: dict[str, Any] | None, now: int) -> None:
        self._row = None if data is None else _row(data, _grant(data, "user-1"))
        self._hash = None if data is None else sha256(data["code"])
        self._now = now
        self.calls: list[str] = []

    def answer(self, step: native.StoreStep) -> native.StoreEvent:
        called = name(step)
        self.calls.append(called)
        row = self._row if self._row and self._row.grant.grant_id == step.grant_id else None
        event = native.StoreEvent
        if called == "Find":
            found = row if self._hash == step.code_hash else None
            return event.FOUND(grant=found, now=self._now)
        if called == "Claim":
            assert len(step.tokens) == 1
            claimed = (
                row is not None
                and self._hash == step.code_hash
                and not (row.used or row.revoked)
                and row.mismatches < step.max_mismatches
                and row.expires_at > self._now
            )
            if claimed:
                row.used = True
            return event.CLAIMED(claimed=claimed)
        assert called in ("Count", "Revoke"), called
        if row is not None and called == "Count":
            row.mismatches += 1
        elif row is not None:
            row.revoked = True
        return event.OK()


def token_request(data: dict[str, Any]) -> str:
    rules = policy({"issuer": "https://as.example", "profile": data["profile"]})
    flow = native.Redeem(body(data), data["content_type"], data["authorization"], rules)
    store = Store(data["grant"], data["now"])
    step = flow.advance(native.StoreEvent.START())
    while not step.is_DONE():
        step = flow.advance(store.answer(step))
    answer = flow.outcome()
    said = json.loads(answer.body)
    verdict = str(answer.status)
    if "error" in said:
        verdict += f" {said['error']}"
    else:
        assert said["token_type"] == "Bearer"
        verdict += word("scope", said["scope"])
    return verdict + word("audit", answer.audit) + word("calls", "/".join(store.calls) or "none")


def _event(data: dict[str, Any]) -> native.StoreEvent:
    event = native.StoreEvent
    found, token = data.get("grant"), data.get("token")
    return {
        "Start": lambda: event.START(),
        "Ok": lambda: event.OK(),
        "Failed": lambda: event.FAILED(),
        "Stored": lambda: event.STORED(stored=data["stored"]),
        "Claimed": lambda: event.CLAIMED(claimed=data["claimed"]),
        "Remembered": lambda: event.REMEMBERED(remembered=data["remembered"]),
        "Rotated": lambda: event.ROTATED(rotated=data["rotated"]),
        "Found": lambda: event.FOUND(
            grant=None if found is None else _row(found, _grant(found["grant"])), now=data["now"]
        ),
        "FoundToken": lambda: event.FOUND_TOKEN(
            token=None if token is None else _token_row(token), now=data["now"]
        ),
    }[data["name"]]()


def _token_row(data: dict[str, Any]) -> native.TokenRow:
    rotation = native.Rotation
    return native.TokenRow(
        kind=_KINDS[data["kind"]],
        expires_at=data["expires_at"],
        revoked=data["revoked"],
        grant=_grant(data["grant"]),
        rotation={
            "newest": lambda: rotation.NEWEST(),
            "predecessor": lambda: rotation.PREDECESSOR(rotated_at=data["rotated_at"]),
            "older": lambda: rotation.OLDER(),
        }[data.get("rotation") or "newest"](),
        scope=data.get("scope"),
        dpop_jkt=data.get("dpop_jkt"),
    )


def _step(step: native.StoreStep) -> dict[str, Any]:
    called = name(step)
    seen: dict[str, Any] = {"name": called}
    if called == "Put":
        new, grant = step.grant, step.grant.grant
        members = ("grant_id", "client_id", "subject", "redirect_uri", "redirect_uri_was_sent")
        more = ("code_challenge", "scope", "resource", "refreshable")
        seen["grant"] = {member: getattr(grant, member) for member in members + more}
        seen["grant"]["terms"] = {member: getattr(grant.terms, member) for member in _TERMS}
        seen.update(code_hash=new.code_hash.hex(), lifetime_s=new.lifetime_s)
    elif called == "Remember":
        seen.update(proof=step.name, lifetime_s=step.lifetime_s)
    elif called != "Done":
        seen["grant_id"] = step.grant_id
    if called in ("Find", "Claim"):
        seen["code_hash"] = step.code_hash.hex()
    if called in ("FindToken", "Rotate"):
        seen["token_hash"] = step.token_hash.hex()
    if called == "Claim":
        seen["max_mismatches"] = step.max_mismatches
    if called == "Rotate":
        seen["reuse_window_s"] = step.reuse_window_s
    if called in ("Claim", "Rotate"):
        seen["tokens"] = [_new_token(new) for new in step.tokens]
    return seen


def _new_token(new: native.NewToken) -> dict[str, Any]:
    return {
        "kind": new.kind.name.lower(),
        "token_hash": new.token_hash.hex(),
        "lifetime_s": new.lifetime_s,
        "scope": new.scope,
        "dpop_jkt": new.dpop_jkt,
    }


class _Flow:
    flow: Any

    def advance(self, event: dict[str, Any], now: int) -> dict[str, Any]:
        return _step(self.flow.advance(_event(event)))


class Issue(_Flow):
    """The flow of the same name; a denial has no turns, only an outcome."""

    def __init__(self, config: dict[str, Any]) -> None:
        rules = policy(config["policy"])
        judged = native.judge_request(text(config["query"]), client_record(config["client"]), rules)
        self._denied = None
        if config.get("deny"):
            self._denied = judged.request.deny(rules)
            return
        if config.get("decline"):
            why = native.Decline[config["decline"].upper()]
            self._denied = judged.request.decline(why, rules)
            return
        approve = config["approve"]
        approval = native.Approval(
            subject=approve["subject"],
            scopes=approve["scopes"],
            auth_time=approve.get("auth_time"),
            acr=approve.get("acr"),
        )
        self.flow = native.Issue(judged.request, approval, rules)

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        if hasattr(self, "flow"):
            outcome = self.flow.outcome()
            if outcome is None:
                return None
            location, issued = outcome.location, outcome.issued
        else:
            location, self._denied, issued = self._denied, None, False
            if location is None:
                return None
        error = dict(form(_after(location))).get("error")
        seen = {"issued": issued, "location": located(location)}
        return seen, "issued" if error is None else f"refused {error}"


def _proof(config: dict[str, Any]) -> native.RequestProof | None:
    """The proofs of a request, where the configuration has such."""
    data = config.get("proof")
    if data is None:
        return None
    given: dict[str, Any] = {
        name: data[name] for name in ("required", "window_s", "nonce_lifetime_s") if name in data
    }
    if "nonce_key" in data:
        given["nonce_key"] = data["nonce_key"].encode()
    return native.RequestProof(
        fields=data["fields"],
        method=data["method"],
        url=data["url"],
        now=data["now"],
        rules=native.ProofRules(**given),
    )


class Redeem(_Flow):
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.flow = native.Redeem(
            text(config["body"]).encode(),
            config.get("content_type"),
            config.get("authorization"),
            policy(config["policy"]),
            _proof(config),
        )

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        return _answered(self.flow.outcome())


class Revoke(_Flow):
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.flow = native.RevokeToken(
            text(config["body"]).encode(), config.get("content_type"), config.get("authorization")
        )

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        return _answered(self.flow.outcome())


def _answered(answer: native.TokenAnswer | None) -> tuple[dict[str, Any], str] | None:
    """What an endpoint answers. An empty body is absent."""
    if answer is None:
        return None
    said = json.loads(answer.body) if answer.body else None
    error = f" {said['error']}" if said and "error" in said else ""
    fields = [(field.name.lower(), field.value) for field in answer.headers]
    seen = {
        "status": answer.status,
        "headers": once(fields),
        "body": said,
        "audit": answer.audit,
        "issued": answer.issued and _issued(answer.issued),
    }
    return seen, f"{answer.status}{error}" + word("audit", answer.audit)


def _issued(issued: native.Issuance) -> dict[str, Any]:
    return {
        "grant_id": issued.grant.grant_id,
        "nonce": issued.grant.terms.nonce,
        "scope": issued.scope,
        "access_token_hash": issued.access_token_hash.hex(),
    }


def _demands(config: dict[str, Any]) -> native.CheckDemands | None:
    proof, data = _proof(config), config.get("demands")
    if data is None:
        return None if proof is None else native.CheckDemands(proof=proof)
    authentication = native.Authentication(
        acr_values=data.get("acr_values") or [], max_age_s=data.get("max_age_s")
    )
    return native.CheckDemands(
        authentication=authentication, metadata_url=data.get("metadata_url"), proof=proof
    )


class CheckToken(_Flow):
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.flow = native.CheckToken(
            config.get("authorization"),
            config["audience"],
            config["required_scopes"],
            _demands(config),
        )

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        access = self.flow.outcome()
        if access is None:
            return None
        headers = once([(field.name.lower(), field.value) for field in access.headers])
        if access.is_REFUSED():
            seen = {
                "granted": False,
                "status": access.status,
                "www_authenticate": access.www_authenticate,
                "headers": headers,
            }
            return seen, f"refused {access.status}"
        grant = access.token.grant
        words = word("client_id", grant.client_id) + word("subject", grant.subject)
        seen = {
            "granted": True,
            "client_id": grant.client_id,
            "subject": grant.subject,
            "dpop_jkt": access.token.dpop_jkt,
            "headers": headers,
        }
        return seen, "granted" + words
