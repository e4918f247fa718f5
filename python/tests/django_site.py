"""The Django example, served on a port of the system's choice. Says which one in its first line,
and ends when its standard input does.

    django_site.py FOLDER [READERS]

With a number of readers its store is a naive one: it reads, looks, and writes. All readers meet
before the first of them writes, so that a race is lost each time and not by luck.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "django_server"
USER, PASSWORD = "ada", "canary-password"


def main(folder: str, readers: str = "") -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadedWSGIServer):
        # All that race may knock at once.
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Quiet)
    port = server.server_address[1]
    sys.path.insert(0, str(EXAMPLE))
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    os.environ["ISSUER"] = f"http://127.0.0.1:{port}"
    os.environ["DATABASE_URL"] = f"sqlite://{folder}/db.sqlite3?synchronous=off"

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    server.set_app(get_wsgi_application())
    call_command("migrate", verbosity=0)
    os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    mail = "ada@example.org"
    call_command("createsuperuser", "--noinput", username=USER, email=mail, verbosity=0)
    client = ["agent", "--name", "The <tests>", "--redirect-uri", "http://127.0.0.1/callback"]
    scopes = ["--scope", "notes.read", "--scope", "notes.write"]
    call_command("add_client", *client, *scopes, verbosity=0)
    if readers:
        be_naive(int(readers))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(port, flush=True)
    sys.stdin.read()


def be_naive(readers: int) -> None:
    from django.conf import settings
    from grants import kit
    from grants.models import Grant
    from grants.store import DjangoGrantStore
    from proofkey.server import AuthorizationServer, Policy

    together = threading.Barrier(readers)

    class Naive(DjangoGrantStore):
        def claim(self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: Any) -> bool:
            grant = Grant.objects.get(grant_id=grant_id, code_hash=code_hash)
            together.wait(60)
            if grant.used:
                return False
            grant.used = True
            grant.save()
            self._write(grant_id, 0, tokens)
            return True

    kit.server = AuthorizationServer(Policy(issuer=settings.ISSUER), Naive(), kit.find_client)


if __name__ == "__main__":
    main(*sys.argv[1:])
