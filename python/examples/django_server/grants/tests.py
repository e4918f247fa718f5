"""The store is held to what it must promise, over connections of 64 threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.test import TransactionTestCase
from proofkey.server import testing

from grants import models
from grants.store import DjangoGrantStore, forget_expired


@contextmanager
def store() -> Iterator[DjangoGrantStore]:
    """For one thread: Django gives each a connection of its own."""
    try:
        yield DjangoGrantStore()
    finally:
        connections.close_all()


class StoreTests(TransactionTestCase):
    def test_the_store_keeps_its_promises(self) -> None:
        for check in testing.CHECKS:
            with self.subTest(check.__name__):
                check(testing.Subject(store))

    def test_what_has_expired_is_forgotten(self) -> None:
        testing.check_store(store, threads=2)
        kept = set(models.Grant.objects.filter(tokens__isnull=False).values_list("pk", flat=True))
        models.Token.objects.filter(grant__in=sorted(kept)[1:]).delete()
        models.Grant.objects.update(expires_at="2000-01-01T00:00:00Z")
        everything = models.Grant.objects.count()
        self.assertEqual(forget_expired(), everything - 1)
        self.assertEqual(models.Grant.objects.get().pk, sorted(kept)[0])
