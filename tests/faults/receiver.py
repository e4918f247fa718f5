"""Where the naive client waits for its redirect."""

from __future__ import annotations

import http.server
import time
import urllib.parse


class Wrong(Exception):
    """What went wrong, where it is no exception by itself."""


class Receiver:
    """Takes the first request that comes, whatever it is."""

    def __init__(self, end: float) -> None:
        self._end = end
        self._query: dict[str, str] | None = None
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = urllib.parse.urlsplit(self.path).query
                receiver._query = {n: v[0] for n, v in urllib.parse.parse_qs(query).items()}
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is written."""

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self._server.server_port}/callback"

    def wait(self) -> dict[str, str]:
        with self._server:
            while self._query is None:
                self._server.timeout = self._end - time.monotonic()
                if self._server.timeout <= 0:
                    raise Wrong("hung")  # the test's
                self._server.handle_request()
        return self._query
