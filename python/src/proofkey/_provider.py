"""What discovery finds: plain data, which holds no secret and cannot be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import _native
from ._crossing import crossing

Support = Literal["supported", "required", "absent", "forbidden"]

_SUPPORT: dict[_native.Support, Support] = {
    _native.Support.SUPPORTED: "supported",
    _native.Support.REQUIRED: "required",
    _native.Support.ABSENT: "absent",
    _native.Support.FORBIDDEN: "forbidden",
}


@dataclass(frozen=True)
class Capability:
    """What a server's metadata says of one feature."""

    feature: str
    """The stable name: ``s256``, ``iss``, ``par``, ``dpop``, ``device``, ``registration``,
    ``client_documents``, ``revocation``."""

    support: Support
    """``supported``: it may be used. ``required``: it must be used, or will be insisted on.
    ``absent``: the metadata does not offer it. ``forbidden``: the metadata rules it out."""

    why: str
    """Why, with the text that rules."""


@dataclass(frozen=True)
class Provider:
    """An authorization server, as its metadata describes it (RFC 8414 §2)."""

    issuer: str
    """The issuer, byte for byte the one that was asked for."""

    issuer_host: str
    """Its host and port: what a user is shown before the browser opens."""

    authorization_endpoint: str
    """Where the user is sent."""

    token_endpoint: str
    """Where codes and refresh tokens are redeemed."""

    revocation_endpoint: str | None
    """Where tokens are revoked (RFC 7009)."""

    registration_endpoint: str | None
    """Where clients register (RFC 7591)."""

    pushed_authorization_request_endpoint: str | None
    """Where authorization requests are pushed (RFC 9126)."""

    device_authorization_endpoint: str | None
    """Where device codes come from (RFC 8628)."""

    end_session_endpoint: str | None
    """Where the user signs out (OpenID Connect RP-Initiated Logout)."""

    jwks_uri: str | None
    """Where the signing keys are."""

    iss_promised: bool
    """Whether every authorization response carries ``iss`` (RFC 9207 §3)."""

    require_pushed_authorization_requests: bool
    """Whether authorization requests must be pushed (RFC 9126 §5)."""

    client_id_metadata_document_supported: bool
    """Whether a client may be named by the URL of its document."""

    code_challenge_methods: tuple[str, ...] | None
    """The methods of PKCE that are promised; None where the metadata names none."""

    grant_types: tuple[str, ...] | None
    """The grants; None where the metadata names none."""

    scopes: tuple[str, ...] | None
    """Some or all scopes; None where the metadata names none."""

    token_endpoint_auth_methods: tuple[str, ...] | None
    """How clients prove who they are; None where the metadata does not say. Nothing is decided by
    it."""

    dpop_signing_algs: tuple[str, ...] | None
    """The algorithms for DPoP proofs (RFC 9449 §5.1); None where the metadata names none."""

    metadata_url: str
    """Where the document was."""

    fetched_at: int
    """When it was fetched, in seconds since the epoch."""

    report: tuple[Capability, ...]
    """The capability report: one line a feature, always in the same order."""

    def capability(self, feature: str) -> Capability:
        """The line of one feature. `KeyError` for a name that is none."""
        for line in self.report:
            if line.feature == feature:
                return line
        raise KeyError(feature)


@dataclass(frozen=True)
class ProtectedResource:
    """A protected resource, as its metadata describes it (RFC 9728 §2)."""

    resource: str
    """The resource, byte for byte the one that was asked for (RFC 8707)."""

    authorization_servers: tuple[str, ...]
    """The issuers of tokens that it takes; may be empty. Not checked, but for the one that was
    chosen."""

    scopes: tuple[str, ...] | None
    """The scopes that it lists; None where it lists none."""

    bearer_methods: tuple[str, ...] | None
    """How it takes tokens; None where it does not say."""

    metadata_url: str
    """Where the document was."""

    fetched_at: int
    """When it was fetched, in seconds since the epoch."""


@dataclass(frozen=True)
class Discovered:
    """What discovery found."""

    provider: Provider
    """The authorization server."""

    resource: ProtectedResource | None
    """The protected resource, where discovery started from one."""

    scopes: tuple[str, ...]
    """The scopes to ask for: those of the 401, else those that the resource lists, else none."""


def discovered(found: _native.Discovered) -> Discovered:
    """What crossed, as what is given out."""
    resource = found.resource
    return Discovered(
        provider=_provider(found.provider),
        resource=None if resource is None else _resource(resource),
        scopes=tuple(found.scopes),
    )


def _provider(found: _native.Provider) -> Provider:
    return Provider(
        issuer=found.issuer,
        issuer_host=crossing(_native.provider_issuer_host, found),
        authorization_endpoint=found.authorization_endpoint,
        token_endpoint=found.token_endpoint,
        revocation_endpoint=found.revocation_endpoint,
        registration_endpoint=found.registration_endpoint,
        pushed_authorization_request_endpoint=found.pushed_authorization_request_endpoint,
        device_authorization_endpoint=found.device_authorization_endpoint,
        end_session_endpoint=found.end_session_endpoint,
        jwks_uri=found.jwks_uri,
        iss_promised=found.iss_promised,
        require_pushed_authorization_requests=found.require_pushed_authorization_requests,
        client_id_metadata_document_supported=found.client_id_metadata_document_supported,
        code_challenge_methods=_frozen(found.code_challenge_methods),
        grant_types=_frozen(found.grant_types),
        scopes=_frozen(found.scopes),
        token_endpoint_auth_methods=_frozen(found.token_endpoint_auth_methods),
        dpop_signing_algs=_frozen(found.dpop_signing_algs),
        metadata_url=found.metadata_url,
        fetched_at=found.fetched_at,
        report=tuple(
            Capability(feature=line.name, support=_SUPPORT[line.support], why=line.why)
            for line in crossing(_native.provider_report, found)
        ),
    )


def _resource(found: _native.ProtectedResource) -> ProtectedResource:
    return ProtectedResource(
        resource=found.resource,
        authorization_servers=tuple(found.authorization_servers),
        scopes=_frozen(found.scopes),
        bearer_methods=_frozen(found.bearer_methods),
        metadata_url=found.metadata_url,
        fetched_at=found.fetched_at,
    )


def _frozen(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
