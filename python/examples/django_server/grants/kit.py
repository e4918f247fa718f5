"""The authorization server of this site: the judgment is ProofKey's, the rows are ours."""

from __future__ import annotations

from django.conf import settings
from proofkey.server import AuthorizationServer, ClientRecord, Policy

from .models import Client
from .store import DjangoGrantStore


def find_client(client_id: str) -> ClientRecord | None:
    known = Client.objects.filter(client_id=client_id).first()
    if known is None:
        return None
    return ClientRecord(
        client_id=known.client_id,
        name=known.name,
        redirect_uris=known.redirect_uris,
        scopes=known.scopes,
        may_refresh=known.may_refresh,
    )


server = AuthorizationServer(Policy(issuer=settings.ISSUER), DjangoGrantStore(), find_client)
