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
    def DISMISSED() -> Event: ...
    @staticmethod
    def ALLOWED() -> Event: ...
    @staticmethod
    def REFUSED() -> Event: ...
    @staticmethod
    def PUBLIC_KEY(sec1: bytes) -> Event: ...
    @staticmethod
    def SIGNED(signature: bytes) -> Event: ...
    @staticmethod
    def LOCKED() -> Event: ...
    @staticmethod
    def BUSY() -> Event: ...
    @staticmethod
    def LOADED(revision: int, value: bytes | None) -> Event: ...
    @staticmethod
    def SWAPPED(swapped: bool) -> Event: ...
    @staticmethod
    def OK() -> Event: ...
    @staticmethod
    def FAILED(code: str, detail: str) -> Event: ...
    @staticmethod
    def CANCEL() -> Event: ...

class DeviceCode:
    user_code: str
    verification_uri: str
    verification_uri_complete: str | None
    expires_in_s: int
    advice: str

class Step:
    host: LoopbackHost
    port: int
    path: str
    request: HttpRequest
    finish: bool
    url: str
    deadline_ms: int
    text: str
    issuer_host: str
    resource_host: str
    code: DeviceCode
    poll_ms: int
    millis: int
    key_id: str
    input: str
    key: str
    revision: int | None
    value: bytes | None
    def is_LISTEN(self) -> bool: ...
    def is_SEND(self) -> bool: ...
    def is_CONFIRM(self) -> bool: ...
    def is_BROWSE(self) -> bool: ...
    def is_AWAIT(self) -> bool: ...
    def is_SHOW_CODE(self) -> bool: ...
    def is_WAIT(self) -> bool: ...
    def is_KEY(self) -> bool: ...
    def is_SIGN(self) -> bool: ...
    def is_LOCK(self) -> bool: ...
    def is_LOAD(self) -> bool: ...
    def is_SWAP(self) -> bool: ...
    def is_UNLOCK(self) -> bool: ...
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

class Parameter:
    name: str
    value: str
    def __init__(self, *, name: str, value: str) -> None: ...

class Endpoints:
    def __init__(
        self,
        *,
        authorization_endpoint: str,
        token_endpoint: str,
        revocation_endpoint: str | None,
        pushed_authorization_request_endpoint: str | None = None,
        device_authorization_endpoint: str | None = None,
        jwks_uri: str | None = None,
        end_session_endpoint: str | None = None,
        iss_promised: bool,
    ) -> None: ...

class Dpop(Enum):
    NEVER = 0
    PREFERRED = 1
    REQUIRED = 2

class AccessConfig:
    issuer: str | None
    resource: str | None
    client_id: str | None
    scope_ceiling: list[str] | None
    def __init__(
        self,
        *,
        issuer: str | None,
        resource: str | None,
        endpoints: Endpoints | None,
        client_id: str | None,
        client_document: str | None,
        client_name: str | None,
        scopes: list[str],
        scope_ceiling: list[str] | None = None,
        account: str | None,
        redirect: RedirectTarget,
        paste: bool,
        browse_timeout_ms: int,
        extra_parameters: list[Parameter],
        allow_missing_s256: list[str],
        resumable: bool,
        dpop: Dpop,
        dpop_key: str | None = None,
        push: bool = False,
    ) -> None: ...

class DpopNonces:
    def __init__(self) -> None: ...
    def heard(self, url: str, nonce: str) -> bool: ...

class StepUp:
    scopes: list[str]
    acr_values: list[str]
    max_age: int | None
    resource_metadata: str | None
    www_authenticate: list[str]

class Reaction:
    step_up: StepUp
    def is_ACCEPT(self) -> bool: ...
    def is_RETRY(self) -> bool: ...
    def is_REFRESH(self) -> bool: ...
    def is_SIGN_IN(self) -> bool: ...

class ResourceCall:
    def __init__(self, ceiling: list[str] | None) -> None: ...
    def answered(
        self,
        status: int,
        www_authenticate: list[str],
        requested_scopes: list[str],
        granted_scopes: list[str],
    ) -> Reaction: ...

class AccessRun:
    def __init__(
        self,
        *,
        key: DataKey | None = None,
        rejected: bytes | None = None,
        www_authenticate: list[str] = ...,
        redirect_uri: str | None = None,
        known: Discovered | None = None,
        device: bool = False,
        step_up: StepUp | None = None,
        nonces: DpopNonces | None = None,
    ) -> None: ...

class Goal(Enum):
    TOKEN = 0
    TOKEN_OR_SIGN_IN = 1
    SIGN_IN = 2
    RESUME = 3
    SIGN_OUT = 4

class Warning:
    code: str
    family: Family
    text: str
    advice: str

class AccessOutcome:
    tokens: TokenSet | None
    stored: bool
    revoked: bool | None
    warning: Warning | None
    end_session_url: str | None
    discovered: Discovered | None

class Access:
    def __init__(self, config: AccessConfig, goal: Goal, run: AccessRun) -> None: ...
    def advance(self, event: Event, now: int) -> Step: ...
    def outcome(self) -> AccessOutcome | None: ...

class DataKey:
    @classmethod
    def generate(cls) -> DataKey: ...
    @classmethod
    def from_text(cls, text: str) -> DataKey: ...
    def expose_text(self) -> str: ...

class Stored:
    revision: int
    value: bytes

class KeyPlace(Enum):
    UNDECIDED = 0
    KEYRING = 1
    FILE = 2

class KeyringEntry:
    service: str
    account: str

class FileLock:
    def release(self) -> None: ...

class FileStore:
    @classmethod
    def open(cls, folder: str) -> FileStore: ...
    def folder(self) -> str: ...
    def load(self, key: str) -> Stored | None: ...
    def swap(self, key: str, revision: int | None, value: bytes | None) -> bool: ...
    def lock(self, key: str, wait_ms: int) -> FileLock | None: ...
    def key_place(self) -> KeyPlace: ...
    def file_key(self) -> DataKey: ...
    def decide_keyring(self) -> bool: ...

class ClientDocument:
    client_id: str
    def __init__(
        self,
        *,
        client_id: str,
        client_name: str,
        client_uri: str | None,
        redirect_uris: list[str],
        scopes: list[str],
    ) -> None: ...

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
        extra_parameters: list[Parameter] = ...,
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
    def seal(self, key: DataKey, expires_at: int) -> bytes: ...
    @classmethod
    def open(
        cls, key: DataKey, sealed: bytes, issuer: str, client_id: str, redirect_uri: str, now: int
    ) -> PkceSession: ...
    def discard(self) -> None: ...

class TokenRequest:
    def http_request(self) -> HttpRequest: ...
    def tokens(self, response: HttpResponse, now: int) -> TokenSet: ...

class AuthorizationFields:
    authorization: str
    dpop: str | None

class UnsignedProof:
    def signed(self, signature: bytes) -> AuthorizationFields: ...

class Authorized:
    fields: AuthorizationFields
    key_id: str
    input: str
    proof: UnsignedProof
    def is_STALE(self) -> bool: ...
    def is_READY(self) -> bool: ...
    def is_SIGN(self) -> bool: ...

class Identity:
    issuer: str
    subject: str
    audience: list[str]
    issued_at: int
    expires_at: int
    auth_time: int | None
    acr: str | None
    amr: list[str]
    session_id: str | None
    name: str | None
    preferred_username: str | None
    email: str | None
    email_verified: bool | None
    claims: str

class TokenSet:
    def expose_access_token(self) -> str: ...
    def expose_refresh_token(self) -> str | None: ...
    def is_fresh(self, now: int) -> bool: ...
    def authorization(self, url: str, now: int) -> str | None: ...
    def authorization_now(self, url: str) -> str: ...
    def authorize_now(
        self, method: str, url: str, now: int, nonces: DpopNonces | None
    ) -> Authorized: ...
    def token_type(self) -> str: ...
    def identity(self) -> Identity | None: ...
    def requested_scopes(self) -> list[str]: ...
    def missing_scopes(self) -> list[str]: ...
    def authorization_details(self) -> str | None: ...
    def missing_authorization_details(self) -> list[str]: ...
    def fingerprint(self) -> bytes: ...
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
def provider_issuer_host(provider: Provider) -> str: ...
def check_resource(resource: str | None, url: str) -> None: ...
def check_access(config: AccessConfig) -> None: ...
def client_document_json(document: ClientDocument) -> str: ...
def default_store_folder() -> str: ...
def keyring_entry() -> KeyringEntry: ...
def store_error(code: str, detail: str) -> None: ...

# The authorization server's half.

class Profile(Enum):
    OAUTH20 = 0
    OAUTH21 = 1

class Policy:
    def __init__(
        self,
        *,
        issuer: str,
        profile: Profile,
        code_lifetime_s: int = 60,
        access_token_lifetime_s: int = 3600,
        refresh_token_lifetime_s: int = 1209600,
        reuse_window_s: int = 0,
        max_mismatches: int = 5,
        open_scopes: list[str] = ...,
        details_types: list[str] = ...,
    ) -> None: ...

class ClientRecord:
    def __init__(
        self,
        *,
        client_id: str,
        name: str,
        redirect_uris: list[str],
        scopes: list[str],
        may_refresh: bool = False,
    ) -> None: ...

class NamedClient:
    client_id: str
    error: str
    description: str
    def is_NAMED(self) -> bool: ...

class RequestDetails:
    client_id: str
    redirect_uri: str
    scopes: list[str]
    resource: str | None
    authorization_details: str | None
    acr_values: list[str]
    max_age: int | None
    prompt: list[str]
    login_hint: str | None
    ui_locales: list[str]

class Decline(Enum):
    DENIED = 0
    LOGIN_REQUIRED = 1
    CONSENT_REQUIRED = 2
    ACCOUNT_SELECTION_REQUIRED = 3
    INTERACTION_REQUIRED = 4
    UNMET_AUTHENTICATION = 5
    TEMPORARILY_UNAVAILABLE = 6
    SERVER_ERROR = 7

class GrantRequest:
    def details(self) -> RequestDetails: ...
    def decline(self, why: Decline, policy: Policy) -> str: ...

class Judged:
    request: GrantRequest
    error: str
    description: str
    location: str
    def is_ACCEPTED(self) -> bool: ...
    def is_PAGE(self) -> bool: ...
    def is_REDIRECT(self) -> bool: ...

class Terms:
    dpop_jkt: str | None
    nonce: str | None
    auth_time: int | None
    acr: str | None
    authorization_details: str | None
    def __init__(
        self,
        *,
        dpop_jkt: str | None = None,
        nonce: str | None = None,
        auth_time: int | None = None,
        acr: str | None = None,
        authorization_details: str | None = None,
    ) -> None: ...

class Grant:
    grant_id: str
    client_id: str
    subject: str
    redirect_uri: str
    redirect_uri_was_sent: bool
    code_challenge: str | None
    scope: str
    resource: str | None
    refreshable: bool
    terms: Terms
    def __init__(
        self,
        *,
        grant_id: str,
        client_id: str,
        subject: str,
        redirect_uri: str,
        redirect_uri_was_sent: bool,
        code_challenge: str | None,
        scope: str,
        resource: str | None,
        refreshable: bool = False,
        terms: Terms,
    ) -> None: ...

class NewGrant:
    grant: Grant
    code_hash: bytes
    lifetime_s: int

class GrantRow:
    def __init__(
        self, *, grant: Grant, expires_at: int, used: bool, revoked: bool, mismatches: int
    ) -> None: ...

class TokenKind(Enum):
    ACCESS = 0
    REFRESH = 1

class Rotation:
    @staticmethod
    def NEWEST() -> Rotation: ...
    @staticmethod
    def PREDECESSOR(rotated_at: int) -> Rotation: ...
    @staticmethod
    def OLDER() -> Rotation: ...

class NewToken:
    kind: TokenKind
    token_hash: bytes
    lifetime_s: int
    scope: str | None
    dpop_jkt: str | None

class TokenRow:
    kind: TokenKind
    expires_at: int
    revoked: bool
    grant: Grant
    rotation: Rotation
    scope: str | None
    dpop_jkt: str | None
    def __init__(
        self,
        *,
        kind: TokenKind,
        expires_at: int,
        revoked: bool,
        grant: Grant,
        rotation: Rotation,
        scope: str | None = None,
        dpop_jkt: str | None,
    ) -> None: ...

class StoreStep:
    grant: NewGrant
    grant_id: str
    code_hash: bytes
    token_hash: bytes
    max_mismatches: int
    reuse_window_s: int
    tokens: list[NewToken]
    name: str
    lifetime_s: int
    def is_PUT(self) -> bool: ...
    def is_FIND(self) -> bool: ...
    def is_CLAIM(self) -> bool: ...
    def is_COUNT(self) -> bool: ...
    def is_REVOKE(self) -> bool: ...
    def is_FIND_TOKEN(self) -> bool: ...
    def is_ROTATE(self) -> bool: ...
    def is_REMEMBER(self) -> bool: ...
    def is_DONE(self) -> bool: ...

class StoreEvent:
    @staticmethod
    def START() -> StoreEvent: ...
    @staticmethod
    def STORED(stored: bool) -> StoreEvent: ...
    @staticmethod
    def FOUND(grant: GrantRow | None, now: int) -> StoreEvent: ...
    @staticmethod
    def CLAIMED(claimed: bool) -> StoreEvent: ...
    @staticmethod
    def FOUND_TOKEN(token: TokenRow | None, now: int) -> StoreEvent: ...
    @staticmethod
    def ROTATED(rotated: bool) -> StoreEvent: ...
    @staticmethod
    def REMEMBERED(remembered: bool) -> StoreEvent: ...
    @staticmethod
    def OK() -> StoreEvent: ...
    @staticmethod
    def FAILED() -> StoreEvent: ...

class Approval:
    def __init__(
        self,
        *,
        subject: str,
        scopes: list[str],
        auth_time: int | None = None,
        acr: str | None = None,
    ) -> None: ...

class ProofRules:
    def __init__(
        self,
        *,
        required: bool = False,
        window_s: int = 60,
        nonce_key: bytes | None = None,
        nonce_lifetime_s: int = 300,
    ) -> None: ...

class RequestProof:
    def __init__(
        self, *, fields: list[str], method: str, url: str, now: int, rules: ProofRules
    ) -> None: ...

class IssueOutcome:
    location: str
    grant_id: str
    issued: bool

class Issue:
    def __init__(self, request: GrantRequest, approval: Approval, policy: Policy) -> None: ...
    def advance(self, event: StoreEvent) -> StoreStep: ...
    def outcome(self) -> IssueOutcome | None: ...

class Issuance:
    grant: Grant
    scope: str
    access_token_hash: bytes
    first: bool

class TokenAnswer:
    status: int
    headers: list[Header]
    body: bytes
    audit: str
    issued: Issuance | None

class Redeem:
    def __init__(
        self,
        body: bytes,
        content_type: str | None,
        authorization: str | None,
        policy: Policy,
        proof: RequestProof | None = None,
    ) -> None: ...
    def advance(self, event: StoreEvent) -> StoreStep: ...
    def outcome(self) -> TokenAnswer | None: ...

class RevokeToken:
    def __init__(
        self, body: bytes, content_type: str | None, authorization: str | None
    ) -> None: ...
    def advance(self, event: StoreEvent) -> StoreStep: ...
    def outcome(self) -> TokenAnswer | None: ...

class TokenAccess:
    token: TokenRow
    status: int
    headers: list[Header]
    def is_GRANTED(self) -> bool: ...

class Authentication:
    def __init__(self, *, acr_values: list[str] = ..., max_age_s: int | None = None) -> None: ...

class CheckDemands:
    def __init__(
        self,
        *,
        authentication: Authentication | None = None,
        metadata_url: str | None = None,
        proof: RequestProof | None = None,
    ) -> None: ...

class CheckToken:
    def __init__(
        self,
        authorization: str | None,
        audience: str,
        required_scopes: list[str],
        demands: CheckDemands | None = None,
    ) -> None: ...
    def advance(self, event: StoreEvent) -> StoreStep: ...
    def outcome(self) -> TokenAccess | None: ...

def client_of(query: str) -> NamedClient: ...
def judge_request(query: str, client: ClientRecord, policy: Policy) -> Judged: ...
def body_with_id_token(answer: TokenAnswer, id_token: str) -> bytes: ...
