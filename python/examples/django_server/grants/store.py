"""The store of grants over Django's ORM: every write is one conditional statement.

Which statement that is, in SQL, and what happens to those who read first and then write, is told in
docs/grants.md of ProofKey.
"""

from __future__ import annotations

import dataclasses
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Subquery
from django.db.models.functions import Now
from proofkey.server import Grant, GrantRow, NewGrant, NewToken, Rotation, Terms, TokenRow

from .models import Grant as GrantTable
from .models import Proof as ProofTable
from .models import Token as TokenTable


class DjangoGrantStore:
    """A `proofkey.server.ProofStore`."""

    def put(self, grant: NewGrant) -> bool:
        columns = dataclasses.asdict(grant.grant)
        _, created = GrantTable.objects.get_or_create(
            grant_id=columns.pop("grant_id"),
            defaults={
                **columns.pop("terms"),
                **columns,
                "code_hash": grant.code_hash,
                "expires_at": after(grant.lifetime_s),
            },
        )
        return created

    def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        found = GrantTable.objects.filter(grant_id=grant_id, code_hash=code_hash)
        row = found.annotate(now=after(0)).first()
        if row is None:
            # Nobody compares anything with this one.
            return None, int(time.time())
        return (
            GrantRow(
                grant=grant_of(row),
                expires_at=seconds(row.expires_at),
                used=row.used,
                revoked=row.revoked,
                mismatches=row.mismatches,
            ),
            seconds(row.now),
        )

    def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        # The claim is the one UPDATE: of all that try, the database lets one change the row. Its
        # tokens go with it, all or none. `durable` refuses to be part of a larger transaction that
        # could still be rolled back when the tokens have been sent.
        with transaction.atomic(durable=True):
            claimed = GrantTable.objects.filter(
                grant_id=grant_id,
                code_hash=code_hash,
                used=False,
                revoked=False,
                mismatches__lt=max_mismatches,
                expires_at__gt=after(0),
            ).update(used=True)
            if claimed == 1:
                self._write(grant_id, 0, tokens)
        return claimed == 1

    def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        grants = GrantTable.objects.filter(grant_id=grant_id, revoked=False)
        generation = Subquery(
            TokenTable.objects.filter(
                grant_id=grant_id, token_hash=token_hash, kind="refresh", expires_at__gt=after(0)
            ).values("generation")
        )
        with transaction.atomic(durable=True):
            # Whoever begins the next generation has won.
            begun = grants.filter(generation=generation).update(
                generation=F("generation") + 1, rotated_at=after(0)
            )
            if not begun:
                # The immediate predecessor, while the window is open, gets a sibling of the newest.
                grants = grants.filter(
                    generation=generation + 1,
                    rotated_at__lte=after(0),
                    rotated_at__gt=after(-reuse_window_s),
                )
            # Locked: nobody begins another generation before these tokens are in this one.
            newest = grants.select_for_update().values_list("generation", flat=True).first()
            if newest is not None:
                self._write(grant_id, newest, tokens)
        return newest is not None

    def count(self, grant_id: str) -> None:
        GrantTable.objects.filter(grant_id=grant_id).update(mismatches=F("mismatches") + 1)

    def revoke(self, grant_id: str) -> None:
        GrantTable.objects.filter(grant_id=grant_id).update(revoked=True)

    def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        found = TokenTable.objects.filter(grant_id=grant_id, token_hash=token_hash)
        row = found.select_related("grant").annotate(now=after(0)).first()
        if row is None:
            return None, int(time.time())
        grant = row.grant
        began = seconds(grant.rotated_at) if grant.rotated_at else 0
        return (
            TokenRow(
                kind=row.kind,
                expires_at=seconds(row.expires_at),
                revoked=grant.revoked,
                grant=grant_of(grant),
                rotation=Rotation.of(row.kind, row.generation, grant.generation, began),
                scope=row.scope,
                dpop_jkt=row.dpop_jkt,
            ),
            seconds(row.now),
        )

    def remember(self, name: str, lifetime_s: int) -> bool:
        # Of all that insert one name, the primary key lets one.
        ProofTable.objects.filter(name=name, expires_at__lte=after(0)).delete()
        _, new = ProofTable.objects.get_or_create(
            name=name, defaults={"expires_at": after(lifetime_s)}
        )
        return new

    @staticmethod
    def _write(grant_id: str, generation: int, tokens: tuple[NewToken, ...]) -> None:
        TokenTable.objects.bulk_create(
            TokenTable(
                grant_id=grant_id,
                token_hash=token.token_hash,
                kind=token.kind,
                expires_at=after(token.lifetime_s),
                scope=token.scope,
                dpop_jkt=token.dpop_jkt,
                generation=generation,
            )
            for token in tokens
        )


def forget_expired() -> int:
    """Deletes the grants of which neither the code nor a token is valid any more, and the proofs
    that are too old to be used. A grant with a valid token stays: a revocation must have something
    to mark."""
    ProofTable.objects.filter(expires_at__lte=after(0)).delete()
    valid = TokenTable.objects.filter(grant_id=models.OuterRef("grant_id"), expires_at__gt=after(0))
    expired = GrantTable.objects.filter(~models.Exists(valid), expires_at__lte=after(0))
    return expired.delete()[1].get("grants.Grant", 0)


def after(lifetime_s: int) -> models.Expression:
    """So many seconds after the database's clock. Also with 0: SQLite compares times as texts, and
    so all of them are written in one way."""
    return Now() + timedelta(seconds=lifetime_s)


def seconds(when: datetime) -> int:
    return int(when.timestamp())


def grant_of(row: GrantTable) -> Grant:
    def of(kind: type[Any]) -> dict[str, Any]:
        names = [field.name for field in dataclasses.fields(kind) if field.name != "terms"]
        return {name: getattr(row, name) for name in names}

    return Grant(**of(Grant), terms=Terms(**of(Terms)))
