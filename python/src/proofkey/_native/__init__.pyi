# The part of the generated layer that the hand-written one uses. The layer itself is made from the
# library when the package is built; a test compares the two.
from collections.abc import Sequence
from enum import Enum

class Family(Enum):
    RETRY = 0
    SIGN_IN_AGAIN = 1
    FIX_CONFIGURATION = 2
    USER_CANCELLED = 3

class ProofKeyError(Exception):
    code: str
    family: Family
    text: str
    advice: str

class Lost(Enum):
    NOT_CONNECTED = 0
    LOST = 1
    TIMED_OUT = 2
    TOO_LARGE = 3

class LoopbackHost(Enum):
    V4 = 0
    V6 = 1
    LOCALHOST = 2

class Header:
    name: str
    value: str
    def __init__(self, *, name: str, value: str) -> None: ...

class HttpRequest:
    method: str
    url: str
    headers: list[Header]
    body: bytes | None
    max_body: int
    timeout_ms: int
    def __init__(
        self,
        *,
        method: str,
        url: str,
        headers: list[Header],
        body: bytes | None,
        max_body: int,
        timeout_ms: int,
    ) -> None: ...

class HttpResponse:
    status: int
    headers: list[Header]
    body: bytes
    def __init__(self, *, status: int, headers: Sequence[Header], body: bytes) -> None: ...

class Event:
    @staticmethod
    def START() -> Event: ...
    @staticmethod
    def LISTENING(port: int) -> Event: ...
    @staticmethod
    def RESPONSE(response: HttpResponse) -> Event: ...
    @staticmethod
    def UNREACHABLE(reason: Lost, detail: str) -> Event: ...
    @staticmethod
    def REDIRECT(uri: str) -> Event: ...
    @staticmethod
    def ELAPSED() -> Event: ...
    @staticmethod
    def FAILED(code: str, detail: str) -> Event: ...
    @staticmethod
    def CANCEL() -> Event: ...
    def is_ELAPSED(self) -> bool: ...

class Step:
    host: LoopbackHost
    port: int
    path: str
    request: HttpRequest
    finish: bool
    url: str
    deadline_ms: int
    def is_LISTEN(self) -> bool: ...
    def is_SEND(self) -> bool: ...
    def is_BROWSE(self) -> bool: ...
    def is_AWAIT(self) -> bool: ...
    def is_DONE(self) -> bool: ...

class Received:
    uri: str
    def is_REDIRECT(self) -> bool: ...
    def is_ELAPSED(self) -> bool: ...
    def is_CANCELLED(self) -> bool: ...

class LoopbackReceiver:
    @classmethod
    def bind(cls, host: LoopbackHost, port: int, path: str) -> LoopbackReceiver: ...
    def port(self) -> int: ...
    def wait(self, deadline_ms: int) -> Received: ...
    def cancel(self) -> None: ...
    def release(self) -> None: ...

class RedirectTarget:
    @staticmethod
    def LOOPBACK(host: LoopbackHost, port: int, path: str) -> RedirectTarget: ...
    @staticmethod
    def FIXED(uri: str) -> RedirectTarget: ...

class SignInConfig:
    client_id: str
    redirect: RedirectTarget
    iss_promised: bool
    scopes: list[str]
    resource: str | None
    browse_timeout_ms: int
    def __init__(
        self,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        iss_promised: bool,
        client_id: str,
        redirect: RedirectTarget,
        scopes: list[str],
        resource: str | None,
        browse_timeout_ms: int,
    ) -> None: ...

class SignIn:
    def __init__(self, config: SignInConfig) -> None: ...
    def advance(self, event: Event, now: int) -> Step: ...
    def outcome(self) -> TokenSet | None: ...

class Provider:
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str | None
    registration_endpoint: str | None
    pushed_authorization_request_endpoint: str | None
    device_authorization_endpoint: str | None
    end_session_endpoint: str | None
    jwks_uri: str | None
    iss_promised: bool
    require_pushed_authorization_requests: bool
    client_id_metadata_document_supported: bool
    code_challenge_methods: list[str] | None
    grant_types: list[str] | None
    scopes: list[str] | None
    token_endpoint_auth_methods: list[str] | None
    dpop_signing_algs: list[str] | None
    metadata_url: str
    fetched_at: int

class ProtectedResource:
    resource: str
    authorization_servers: list[str]
    scopes: list[str] | None
    bearer_methods: list[str] | None
    metadata_url: str
    fetched_at: int

class Support(Enum):
    SUPPORTED = 0
    REQUIRED = 1
    ABSENT = 2
    FORBIDDEN = 3

class Capability:
    name: str
    support: Support
    why: str

class DiscoveryConfig:
    def __init__(
        self,
        *,
        issuer: str | None,
        resource: str | None,
        www_authenticate: list[str],
        allow_missing_s256: list[str],
    ) -> None: ...

class Discovered:
    provider: Provider
    resource: ProtectedResource | None
    scopes: list[str]

class Discovery:
    def __init__(self, config: DiscoveryConfig) -> None: ...
    def advance(self, event: Event, now: int) -> Step: ...
    def outcome(self) -> Discovered | None: ...

class AuthorizationRequest:
    def __init__(
        self,
        *,
        issuer: str,
        authorization_endpoint: str,
        token_endpoint: str,
        iss_promised: bool,
        client_id: str,
        redirect_uri: str,
        scopes: list[str],
        resource: str | None,
    ) -> None: ...

class Completion:
    request: TokenRequest
    code: str
    text: str
    def is_ACCEPTED(self) -> bool: ...
    def is_NOT_OURS(self) -> bool: ...

class PkceSession:
    @classmethod
    def begin(cls, request: AuthorizationRequest) -> PkceSession: ...
    def authorization_url(self) -> str: ...
    def complete(self, redirect: str) -> Completion: ...
    def discard(self) -> None: ...

class TokenRequest:
    def http_request(self) -> HttpRequest: ...
    def tokens(self, response: HttpResponse, now: int) -> TokenSet: ...

class TokenSet:
    def expose_access_token(self) -> str: ...
    def expose_refresh_token(self) -> str | None: ...
    def expires_at(self) -> int | None: ...
    def scopes(self) -> list[str]: ...
    def issuer(self) -> str: ...
    def client_id(self) -> str: ...
    def resource(self) -> str | None: ...

class CodePair:
    def expose_verifier(self) -> str: ...
    def challenge(self) -> str: ...

def pair() -> CodePair: ...
def verify(verifier: str, challenge: str) -> bool: ...
def provider_report(provider: Provider) -> list[Capability]: ...
def provider_is_fresh(provider: Provider, now: int, max_age_s: int) -> bool: ...
def provider_issuer_host(provider: Provider) -> str: ...
def provider_sign_in(
    provider: Provider, client_id: str, redirect: RedirectTarget
) -> SignInConfig: ...
