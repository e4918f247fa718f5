"""A server that reads the token request and cuts the line: exactly one request arrives (P14).

usage: cut_line.py EXAMPLE
"""

import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

requests: list[str] = []


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        back = urlencode({"code": "c-1", "state": query["state"]})
        self.send_response(303)
        self.send_header("Location", f"{query['redirect_uri']}?{back}")
        self.end_headers()

    def do_POST(self) -> None:
        requests.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        browser = Path(folder, "browser")
        browser.write_text(
            '#!/bin/sh\nexec curl -sS -L --max-redirs 5 --max-time 20 -o /dev/null "$1"\n'
        )
        browser.chmod(0o700)
        answer = subprocess.run(
            [sys.argv[1], base, f"{base}/authorize", f"{base}/token", "agent", f"{base}/api"],
            env={**os.environ, "BROWSER": str(browser)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    server.shutdown()
    assert answer.returncode == 1, answer
    assert "did not answer" in answer.stderr, answer.stderr
    assert len(requests) == 1, requests
    sent = parse_qs(requests[0])
    assert sent["code"] == ["c-1"], sent
    # What went wrong shows neither the code nor the verifier.
    assert sent["code_verifier"][0] not in answer.stderr, answer.stderr


main()
