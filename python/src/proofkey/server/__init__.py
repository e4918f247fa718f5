"""An authorization server over a database of one's own, by the judgment that all of ProofKey
shares.

::

    from proofkey.server import AuthorizationServer, ClientRecord, Policy

    server = AuthorizationServer(
        Policy(issuer="https://as.example"), store=MyGrantStore(), clients=my_clients
    )
    answer = server.token(request.body, request.content_type)

The store is yours: seven methods over the tables that you have (`GrantStore`). It is held to what
it must promise by `proofkey.server.testing`.
"""

from __future__ import annotations

from .._server import AsyncAuthorizationServer, AsyncClients, AuthorizationServer, Clients
from .._server_answers import (
    Answer,
    AuthorizationRequest,
    Granted,
    Issuance,
    Page,
    Redirect,
    Refused,
)
from .._server_endpoints import Why
from .._server_exchange import Report
from .._server_memory import AsyncMemoryGrantStore, MemoryGrantStore
from .._server_policy import ClientRecord, Demands, Policy, Profile
from .._server_proofs import Proof, ProofRules
from .._server_rows import Grant, GrantRow, NewGrant, NewToken, Rotation, Terms, TokenKind, TokenRow
from .._server_store import AsyncGrantStore, AsyncProofStore, GrantStore, ProofStore

__all__ = [
    "Answer",
    "AsyncAuthorizationServer",
    "AsyncClients",
    "AsyncGrantStore",
    "AsyncMemoryGrantStore",
    "AsyncProofStore",
    "AuthorizationRequest",
    "AuthorizationServer",
    "ClientRecord",
    "Clients",
    "Demands",
    "Grant",
    "GrantRow",
    "GrantStore",
    "Granted",
    "Issuance",
    "MemoryGrantStore",
    "NewGrant",
    "NewToken",
    "Page",
    "Policy",
    "Profile",
    "Proof",
    "ProofRules",
    "ProofStore",
    "Redirect",
    "Refused",
    "Report",
    "Rotation",
    "Terms",
    "TokenKind",
    "TokenRow",
    "Why",
]
