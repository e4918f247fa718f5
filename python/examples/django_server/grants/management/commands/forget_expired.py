"""Deletes what has expired; to be run by a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from grants.store import forget_expired


class Command(BaseCommand):
    help = "Deletes the grants of which neither the code nor a token is valid any more"

    def handle(self, **_: Any) -> None:
        self.stdout.write(f"{forget_expired()} grants deleted")
