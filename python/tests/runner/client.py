"""The client's half: vectors, and the sign-in of the transcripts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from proofkey import _native as native

from .words import body, form, located, once, parameter, text, word

_HOSTS = {
    "127.0.0.1": native.LoopbackHost.V4,
    "[::1]": native.LoopbackHost.V6,
    "localhost": native.LoopbackHost.LOCALHOST,
}
_STEPS = (
    *("Listen", "Send", "Confirm", "Browse", "Await"),
    *("ShowCode", "Wait", "Key", "Sign"),
    *("Lock", "Load", "Swap", "Unlock", "Done"),
)
_LOST = {reason.name.lower(): reason for reason in native.Lost}


def s256(verifier: str) -> str:
    """RFC 7636 §4.2, by another implementation than ours."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def pair(data: dict[str, Any]) -> str:
    try:
        made = native.CodePair.parse(text(data["verifier"]))
        return "ok" + word("challenge", made.challenge())
    except native.ProofKeyError as error:
        return f"error {error.code}"


def challenge(data: dict[str, Any]) -> str:
    try:
        return "ok" + word("challenge", native.parse_challenge(data["challenge"]))
    except native.ProofKeyError as error:
        return f"error {error.code}"


def verification(data: dict[str, Any]) -> str:
    try:
        # The challenge is read first.
        return str(native.verify(data["verifier"], data["challenge"])).lower()
    except native.ProofKeyError as error:
        return f"error {error.code}"


def session(data: dict[str, Any], redirect_uri: str) -> native.PkceSession:
    request = native.AuthorizationRequest(
        issuer=data.get("issuer") or "https://as.example",
        authorization_endpoint="https://as.example/authorize",
        token_endpoint="https://as.example/token",
        iss_promised=data.get("iss_promised", False),
        client_id="agent",
        redirect_uri=redirect_uri,
        scopes=data.get("scopes") or [],
        resource=data.get("resource"),
    )
    return native.PkceSession.begin(request)


def redirect(data: dict[str, Any]) -> str:
    waiting = session(data, data["redirect_uri"])
    url = waiting.authorization_url()
    state = parameter(url, "state")
    arrived = text(data["redirect"])
    for name, value in {
        "state": state,
        "state_percent": "".join(f"%{byte:02X}" for byte in state.encode()),
        "state_cut": state[:-1],
        "state_swapcase": state.swapcase(),
        "challenge": parameter(url, "code_challenge"),
    }.items():
        arrived = arrived.replace(f"{{{name}}}", value)
    try:
        completion = waiting.complete(arrived)
    except native.ProofKeyError as error:
        return f"ended {error.code}"
    if completion.is_NOT_OURS():
        assert waiting.authorization_url() == url, "noise has spent the session"
        return f"not_ours {completion.code}"
    sent = completion.request.http_request().body
    return "accepted" + word("code", once(form(sent.decode()))["code"])


def headers(pairs: list[list[str]]) -> list[native.Header]:
    return [native.Header(name=name, value=value) for name, value in pairs]


def token_words(tokens: native.TokenSet) -> str:
    return (
        word("access_token", tokens.expose_access_token())
        + word("refresh_token", tokens.expose_refresh_token())
        + word("expires_at", tokens.expires_at())
        + word("scope", " ".join(tokens.scopes()))
    )


def redeeming(data: dict[str, Any]) -> native.TokenRequest:
    """A session of these settings has got its code."""
    waiting = session(data, "https://app.example/callback")
    state = parameter(waiting.authorization_url(), "state")
    return waiting.complete(f"https://app.example/callback?code=c-1&state={state}").request


def tokens_for(resource: str | None, answer: bytes, now: int) -> native.TokenSet:
    """A sign-in for this resource got this answer."""
    fields = headers([["Content-Type", "application/json"]])
    response = native.HttpResponse(status=200, headers=fields, body=answer)
    return redeeming({"resource": resource}).tokens(response, now)


def token_response(data: dict[str, Any]) -> str:
    request = redeeming(data)
    response = native.HttpResponse(
        status=data["status"], headers=headers(data["headers"]), body=body(data)
    )
    try:
        tokens = request.tokens(response, data["now"])
    except native.ProofKeyError as error:
        shown = any(never in f"{error.text} {error!r}" for never in data.get("never_shown", []))
        return f"{'shown' if shown else 'error'} {error.code}"
    return "ok" + token_words(tokens)


def redirect_target(data: dict[str, Any]) -> native.RedirectTarget:
    """Where the redirect arrives: `redirect_uri` or `listen`."""
    listen = data.get("listen")
    if listen is None:
        return native.RedirectTarget.FIXED(uri=data["redirect_uri"])
    return native.RedirectTarget.LOOPBACK(
        host=_HOSTS[listen["host"]], port=listen["port"], path=listen["path"]
    )


def extra_parameters(data: dict[str, Any]) -> list[native.Parameter]:
    """More parameters of the authorization request; none where the member is absent."""
    pairs = data.get("extra_parameters") or []
    return [native.Parameter(name=name, value=value) for name, value in pairs]


def sign_in_config(data: dict[str, Any]) -> native.SignInConfig:
    return native.SignInConfig(
        issuer=data["issuer"],
        authorization_endpoint=data["authorization_endpoint"],
        token_endpoint=data["token_endpoint"],
        iss_promised=data["iss_promised"],
        client_id=data["client_id"],
        redirect=redirect_target(data),
        scopes=data["scopes"],
        resource=data["resource"],
        browse_timeout_ms=data["browse_timeout_ms"],
        extra_parameters=extra_parameters(data),
    )


def configuration(data: dict[str, Any]) -> str:
    try:
        native.SignIn(sign_in_config(data))
    except native.ProofKeyError as error:
        return misconfigured(error)
    return "ok"


def misconfigured(error: native.ProofKeyError) -> str:
    # The message begins with the field's name; no other error has one.
    field = error.text.split(" ")[0] if error.code == "invalid_configuration" else None
    return f"error {error.code}" + word("field", field)


def event(data: dict[str, Any]) -> native.Event:
    events = native.Event
    name = data["name"]
    if name == "Response":
        return events.RESPONSE(
            native.HttpResponse(
                status=data["status"], headers=headers(data["headers"]), body=body(data)
            )
        )
    if name == "Unreachable":
        return events.UNREACHABLE(reason=_LOST[data["reason"]], detail=data["detail"])
    if name == "Loaded":
        value = data["value"]
        return events.LOADED(
            revision=data["revision"],
            value=None if value is None else base64.b64decode(value, validate=True),
        )
    return {
        "Start": lambda: events.START(),
        "Listening": lambda: events.LISTENING(port=data["port"]),
        "Redirect": lambda: events.REDIRECT(uri=text(data["uri"])),
        "Elapsed": lambda: events.ELAPSED(),
        "Dismissed": lambda: events.DISMISSED(),
        "Allowed": lambda: events.ALLOWED(),
        "Refused": lambda: events.REFUSED(),
        "PublicKey": lambda: events.PUBLIC_KEY(sec1=_decoded(data["sec1"])),
        "Signed": lambda: events.SIGNED(signature=_decoded(data["signature"])),
        "Locked": lambda: events.LOCKED(),
        "Busy": lambda: events.BUSY(),
        "Swapped": lambda: events.SWAPPED(swapped=data["swapped"]),
        "Ok": lambda: events.OK(),
        "Failed": lambda: events.FAILED(code=data["code"], detail=data["detail"]),
        "Cancel": lambda: events.CANCEL(),
    }[name]()


def step(given: native.Step) -> dict[str, Any]:
    name = next(known for known in _STEPS if getattr(given, f"is_{_upper(known)}")())
    seen: dict[str, Any] = {"name": name}
    if name == "Listen":
        host = {value: key for key, value in _HOSTS.items()}[given.host]
        return seen | {"host": host, "port": given.port, "path": given.path}
    if name == "Send":
        return seen | {"finish": given.finish, "request": _request(given.request)}
    if name == "Browse":
        return seen | {
            "url": located(given.url),
            "redirect_uri": given.redirect_uri,
            "deadline_ms": given.deadline_ms,
        }
    if name == "Await":
        # Empty where there was no redirect yet.
        return seen | {"deadline_ms": given.deadline_ms, "refused": given.code or None}
    if name == "Confirm":
        return seen | {"issuer_host": given.issuer_host, "resource_host": given.resource_host}
    if name == "ShowCode":
        shown = ("user_code", "verification_uri", "verification_uri_complete", "expires_in_s")
        assert given.code.advice
        return (
            seen | {part: getattr(given.code, part) for part in shown} | {"poll_ms": given.poll_ms}
        )
    if name == "Wait":
        return seen | {"millis": given.millis}
    if name == "Key":
        return seen | {"key_id": given.key_id, "alg": given.alg}
    if name == "Sign":
        return seen | {"key_id": given.key_id, "alg": given.alg, "input": signed(given.input)}
    if name == "Lock":
        return seen | {"key": given.key, "deadline_ms": given.deadline_ms}
    if name in ("Load", "Unlock"):
        return seen | {"key": given.key}
    if name == "Swap":
        value = None if given.value is None else base64.b64encode(given.value).decode()
        return seen | {"key": given.key, "revision": given.revision, "value": value}
    assert name == "Done", given
    return seen


def _upper(name: str) -> str:
    """A variant's name as the generated layer spells it."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).upper()


def signed(given: str) -> dict[str, Any]:
    """A signed text: its parts, read, and the signature where there is one."""
    header, payload, *rest = given.split(".")
    seen = {"header": json.loads(_decoded(header)), "payload": json.loads(_decoded(payload))}
    if rest:
        (seen["signature"],) = rest
    return seen


def _decoded(part: str) -> bytes:
    """Base64url without padding (RFC 4648 §5)."""
    assert "=" not in part
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _request(request: native.HttpRequest) -> dict[str, Any]:
    fields: dict[str, Any] = once([(field.name.lower(), field.value) for field in request.headers])
    if "dpop" in fields:
        fields["dpop"] = signed(fields["dpop"])
    sent = None if request.body is None else request.body.decode()
    is_json = fields.get("content-type") == "application/json"
    return {
        "method": request.method,
        "url": request.url,
        "headers": fields,
        "form": None if sent is None or is_json else once(form(sent)),
        "json": json.loads(sent) if sent is not None and is_json else None,
        "max_body": request.max_body,
        "timeout_ms": request.timeout_ms,
    }


class SignIn:
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._flow = native.SignIn(sign_in_config(config))

    def advance(self, happened: dict[str, Any], now: int) -> dict[str, Any]:
        return step(self._flow.advance(event(happened), now))

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        tokens = self._flow.outcome()
        if tokens is None:
            return None
        return token_members(tokens), token_words(tokens).lstrip()


def token_members(tokens: native.TokenSet) -> dict[str, Any]:
    """What tokens hold, by the format's names."""
    return {
        "access_token": tokens.expose_access_token(),
        "refresh_token": tokens.expose_refresh_token(),
        "expires_at": tokens.expires_at(),
        "scopes": tokens.scopes(),
        "issuer": tokens.issuer(),
        "client_id": tokens.client_id(),
        "resource": tokens.resource(),
    }
