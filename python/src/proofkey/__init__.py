"""ProofKey signs users in with OAuth 2 and PKCE (RFC 7636), for programs that cannot keep a secret.

::

    from proofkey import Client

    client = Client("https://mcp.example/mcp", client_name="My agent")
    header = client.authorization("https://mcp.example/mcp", interaction="auto")

The protocol is in Rust, once for five languages; what is here opens the browser and speaks HTTP.
Each name is loaded when it is first used, so that importing this costs nothing.
"""

from __future__ import annotations

# As type checkers know it; importing typing takes longer than all of this file.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from ._async_client import AsyncClient
    from ._client import Client
    from ._client_document import ClientDocument
    from ._device import DeviceCode
    from ._discover import discover, discover_async
    from ._errors import FixConfiguration, ProofKeyError, Retry, SignInAgain, UserCancelled
    from ._file_store import FileStore, KeyFileWarning
    from ._identity import Identity
    from ._pair import CodePair, pair, verify
    from ._provider import Capability, Discovered, ProtectedResource, Provider
    from ._request import AsyncAuthorizedRequest, AuthorizedRequest
    from ._seal import DataKey
    from ._session import HttpRequest, NotOurs, PkceSession, TokenRequest
    from ._sign_out import SignedOut
    from ._signer import Signer
    from ._store import Lock, MemoryStore, Store
    from ._tokens import TokenSet

__all__ = [
    "AsyncAuthorizedRequest",
    "AsyncClient",
    "AuthorizedRequest",
    "Capability",
    "Client",
    "ClientDocument",
    "CodePair",
    "DataKey",
    "DeviceCode",
    "Discovered",
    "FileStore",
    "FixConfiguration",
    "HttpRequest",
    "Identity",
    "KeyFileWarning",
    "Lock",
    "MemoryStore",
    "NotOurs",
    "PkceSession",
    "ProofKeyError",
    "ProtectedResource",
    "Provider",
    "Retry",
    "SignInAgain",
    "SignedOut",
    "Signer",
    "Store",
    "TokenRequest",
    "TokenSet",
    "UserCancelled",
    "discover",
    "discover_async",
    "pair",
    "verify",
]

_WHERE = {
    "AsyncAuthorizedRequest": "_request",
    "AsyncClient": "_async_client",
    "AuthorizedRequest": "_request",
    "Capability": "_provider",
    "Client": "_client",
    "ClientDocument": "_client_document",
    "CodePair": "_pair",
    "DataKey": "_seal",
    "DeviceCode": "_device",
    "Discovered": "_provider",
    "FileStore": "_file_store",
    "FixConfiguration": "_errors",
    "HttpRequest": "_session",
    "Identity": "_identity",
    "KeyFileWarning": "_file_store",
    "Lock": "_store",
    "MemoryStore": "_store",
    "NotOurs": "_session",
    "PkceSession": "_session",
    "ProofKeyError": "_errors",
    "ProtectedResource": "_provider",
    "Provider": "_provider",
    "Retry": "_errors",
    "SignInAgain": "_errors",
    "SignedOut": "_sign_out",
    "Signer": "_signer",
    "Store": "_store",
    "TokenRequest": "_session",
    "TokenSet": "_tokens",
    "UserCancelled": "_errors",
    "discover": "_discover",
    "discover_async": "_discover",
    "pair": "_pair",
    "verify": "_pair",
}


if not TYPE_CHECKING:  # Else every misspelt name would pass the type checkers.

    def __getattr__(name: str) -> object:
        if name not in _WHERE:
            raise AttributeError(f"module 'proofkey' has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
