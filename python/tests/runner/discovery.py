"""What servers say about themselves: vectors, and the discovery of the transcripts."""

from __future__ import annotations

from typing import Any

from proofkey import _native as native

from . import client
from .words import body, text, word

URL = "https://fetched.example/metadata"


def well_known(data: dict[str, Any]) -> str:
    try:
        if data.get("issuer") is not None:
            urls = native.authorization_server_urls(data["issuer"])
        else:
            urls = native.protected_resource_urls(data["resource"])
    except native.ProofKeyError as error:
        return client.misconfigured(error)
    return "ok" + "".join(word("url", url) for url in urls)


_ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "registration_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "jwks_uri",
)
_LISTS = {
    "grant_types": "grant_types",
    "scopes": "scopes",
    "auth_methods": "token_endpoint_auth_methods",
}


def metadata(data: dict[str, Any]) -> str:
    issuer, exception = data["issuer"], data["allow_missing_s256"]
    try:
        provider = native.read_provider(issuer, body(data), exception, URL, 0)
    except native.ProofKeyError as error:
        return refused(error, data)
    assert (provider.issuer, provider.metadata_url, provider.fetched_at) == (issuer, URL, 0)
    words = [word(name, getattr(provider, name)) for name in _ENDPOINTS]
    for name, member in _LISTS.items():
        listed = getattr(provider, member)
        words.append(word(name, None if listed is None else " ".join(listed)))
    words += [word(name, support) for name, support in report(provider).items()]
    return "ok" + "".join(words)


def report(provider: native.Provider) -> dict[str, str]:
    lines = native.provider_report(provider)
    for line in lines:
        assert line.why and line.feature.name.lower() == line.name
    return {line.name: line.support.name.lower() for line in lines}


def resource_metadata(data: dict[str, Any]) -> str:
    try:
        found = native.read_protected_resource(data["resource"], body(data), URL, 0)
        issuer = native.protected_resource_issuer(found, data["issuer"])
    except native.ProofKeyError as error:
        return refused(error, data)
    assert found.resource == data["resource"]
    scopes = " ".join(native.protected_resource_scopes(found))
    return "ok" + word("issuer", issuer) + word("scopes", scopes)


def refused(error: native.ProofKeyError, data: dict[str, Any]) -> str:
    if any(never in f"{error.text} {error!r}" for never in data.get("never_shown", [])):
        return f"shown {error.code}"
    if not all(part in error.text for part in data.get("shown", [])):
        return f"not_shown {error.code}"
    return f"error {error.code}"


def www_authenticate(data: dict[str, Any]) -> str:
    parsed = native.parse_challenges([text(field) for field in data["fields"]])
    words = []
    for challenge in parsed.list:
        words += [word("challenge", challenge.scheme), word("token68", challenge.token68)]
        for parameter in challenge.parameters:
            # A name is written like a value.
            name = word("", parameter.name).removeprefix(" =")
            words.append(word(name, parameter.value))
    words += [word("defect", defect) for defect in parsed.defects]
    demand = parsed.demand
    if demand is not None:
        words += [
            word("demand", demand.scheme),
            word("resource_metadata", demand.resource_metadata),
            word("scope", None if demand.scopes is None else " ".join(demand.scopes)),
            word("error", demand.error),
            word("acr_values", None if demand.acr_values is None else " ".join(demand.acr_values)),
            word("max_age", None if demand.max_age is None else str(demand.max_age)),
        ]
    return "".join(words).lstrip() or "none"


class Discovery:
    """The flow of the same name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._flow = native.Discovery(
            native.DiscoveryConfig(
                issuer=config["issuer"],
                resource=config["resource"],
                www_authenticate=config["www_authenticate"],
                allow_missing_s256=config["allow_missing_s256"],
            )
        )

    def advance(self, happened: dict[str, Any], now: int) -> dict[str, Any]:
        return client.step(self._flow.advance(client.event(happened), now))

    def outcome(self) -> tuple[dict[str, Any], str] | None:
        found = self._flow.outcome()
        if found is None:
            return None
        provider, resource = found.provider, found.resource
        words = (
            word("issuer", provider.issuer)
            + word("resource", None if resource is None else resource.resource)
            + word("scope", " ".join(found.scopes))
        )
        return {
            "issuer": provider.issuer,
            "issuer_host": native.provider_issuer_host(provider),
            "authorization_endpoint": provider.authorization_endpoint,
            "token_endpoint": provider.token_endpoint,
            "registration_endpoint": provider.registration_endpoint,
            "iss_promised": provider.iss_promised,
            "metadata_url": provider.metadata_url,
            "fetched_at": provider.fetched_at,
            "report": report(provider),
            "resource": None if resource is None else resource.resource,
            "resource_metadata_url": None if resource is None else resource.metadata_url,
            "scopes": found.scopes,
        }, words.lstrip()
