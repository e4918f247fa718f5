"""What stands between programs and the development server: it passes everything on, counts the
refreshes, and can hold one."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import threading
import urllib.parse
from collections.abc import Iterator
from enum import Enum

from harness import DEADLINE


class Hold(Enum):
    """What is done to the next refresh."""

    NOTHING = 0
    REQUEST = 1  # The server never gets it.
    ANSWER = 2  # The server has answered; the program does not get it before it is let go.


class Between:
    """`held` is set when a refresh is held; setting `let_go` ends that."""

    def __init__(self) -> None:
        between = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = DEADLINE

            def do_GET(self) -> None:
                between._pass_on(self)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Nothing is written."""

        # All processes come at once.
        http.server.ThreadingHTTPServer.request_queue_size = 256
        self._front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._front.server_port
        self.target = 0
        self._lock = threading.Lock()
        self.let_go = threading.Event()
        self.begin()

    def begin(self, hold: Hold = Hold.NOTHING) -> None:
        """Counts anew, and lets go what is held."""
        self.let_go.set()
        self._hold = hold
        self.refreshes = 0
        self.held, self.let_go = threading.Event(), threading.Event()

    @contextlib.contextmanager
    def standing(self) -> Iterator[None]:
        thread = threading.Thread(target=self._front.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.let_go.set()
            self._front.shutdown()
            self._front.server_close()

    def _pass_on(self, request: http.server.BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        hold = self._arrived(body) if request.command == "POST" else Hold.NOTHING
        request.close_connection = True
        if hold is Hold.REQUEST:
            self._wait()
            return
        server = http.client.HTTPConnection("127.0.0.1", self.target, timeout=DEADLINE)
        with contextlib.closing(server):
            # The server wants the name that it is known by.
            server.putrequest(request.command, request.path, skip_host=True)
            for name, value in request.headers.items():
                server.putheader(name, value)
            server.endheaders(body)
            answer = server.getresponse()
            content = answer.read()
        if hold is Hold.ANSWER:
            self._wait()
        # Whoever was killed meanwhile does not take it.
        with contextlib.suppress(ConnectionError):
            request.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    request.send_header(name, value)
            request.send_header("Content-Length", str(len(content)))
            request.send_header("Connection", "close")
            request.end_headers()
            request.wfile.write(content)

    def _arrived(self, body: bytes) -> Hold:
        """Counts a refresh, and says what is done to it."""
        form = urllib.parse.parse_qs(body.decode())
        if form.get("grant_type") != ["refresh_token"]:
            return Hold.NOTHING
        with self._lock:
            self.refreshes += 1
            hold, self._hold = self._hold, Hold.NOTHING
            return hold

    def _wait(self) -> None:
        let_go = self.let_go
        self.held.set()
        let_go.wait(DEADLINE)
