"""A real sign-in: the example against `proofkey serve`, with curl in the browser's place.

usage: sign_in.py PROOFKEY EXAMPLE
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSER = '#!/bin/sh\nexec curl -sS -L --max-redirs 5 --max-time 20 -o /dev/null "$1"\n'


def main() -> None:
    proofkey, example = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        browser = Path(folder, "browser")
        browser.write_text(BROWSER)
        browser.chmod(0o700)
        serve = [proofkey, "serve", "--port", "0", "--auto-approve", "--json"]
        log = Path(folder, "log")
        with (
            log.open("w") as to,
            subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=to) as server,
        ):
            try:
                # The line comes when the server listens; the end of the pipe comes when it fails.
                ready = json.loads(server.stdout.readline())
                names = (
                    "issuer",
                    "authorization_endpoint",
                    "token_endpoint",
                    "client_id",
                    "resource",
                )
                answer = subprocess.run(
                    [example, *(ready[name] for name in names), "read"],
                    env={**os.environ, "BROWSER": str(browser)},
                    capture_output=True,
                    text=True,
                    timeout=60,
                )
            finally:
                server.terminate()
                server.wait(timeout=10)
        told = log.read_text()
    assert answer.returncode == 0, answer.stderr
    status, body = answer.stdout.split(" ", 1)
    assert status == "200", answer.stdout
    resource = json.loads(body)
    assert resource["subject"] == "developer", resource
    assert resource["scope"] == "read", resource
    # P14: one token request, and no second.
    assert told.count("a token request arrived") == 1, told
    print(answer.stdout.strip())


main()
