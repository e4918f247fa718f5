"""Registers a public client."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from grants.models import Client


class Command(BaseCommand):
    help = "Registers a public client"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("--name", required=True, help="for the consent page")
        parser.add_argument("--redirect-uri", action="append", required=True)
        parser.add_argument("--scope", action="append", default=[])

    def handle(self, **given: Any) -> None:
        _, created = Client.objects.update_or_create(
            client_id=given["client_id"],
            defaults={
                "name": given["name"],
                "redirect_uris": given["redirect_uri"],
                "scopes": given["scope"],
            },
        )
        if given["verbosity"] == 0:
            return
        done = "registered" if created else "changed"
        self.stdout.write(f"{given['client_id']} is {done}; users sign in at {settings.RESOURCE}")
