#!/usr/bin/env python3
"""Runs the Android sample's code at a development server: android_run.py PROOFKEY COMMAND...

It passes when the command prints the answer of the server's resource, which only a token opens.
"""

import json
import subprocess
import sys

SECONDS = 60


def main() -> int:
    proofkey, *command = sys.argv[1:]
    options = ["--port", "0", "--auto-approve", "--json", "--client-id", "sample"]
    server = subprocess.Popen(
        [proofkey, "serve", *options, "--redirect-uri", "http://127.0.0.1/callback"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        issuer = json.loads(server.stdout.readline())["issuer"]
        ran = subprocess.run(
            [*command, issuer, "sample"], capture_output=True, text=True, timeout=SECONDS
        )
    finally:
        server.terminate()
        server.wait(SECONDS)
    print(ran.stdout, ran.stderr)
    if ran.returncode != 0:
        return 1
    answer = json.loads(ran.stdout)
    return 0 if answer.get("client_id") == "sample" else 1


if __name__ == "__main__":
    sys.exit(main())
