"""A process that signs in again and again, and says by how much it has grown. It takes some twenty
seconds, so it runs beside all other tests."""

from __future__ import annotations

import subprocess
import sys

ROUNDS = 100_000
TEST = "test_memory_stays_flat"
"""Which looks at it, after all others."""

PROGRAM = """
import gc, json, resource, time
from proofkey import PkceSession

settings = dict(
    issuer="https://as.example",
    authorization_endpoint="https://as.example/authorize",
    token_endpoint="https://as.example/token",
    client_id="agent",
    redirect_uri="https://app.example/callback",
)
fields = [("Content-Type", "application/json")]
body = b'{"access_token":"a-token","token_type":"Bearer","expires_in":60}'

def sign_in():
    session = PkceSession.begin(**settings)
    url = session.authorization_url()
    state = url.split("&state=")[1].split("&")[0]
    redirect = f"https://app.example/callback?code=c-1&state={state}"
    request = session.complete(redirect)
    request.http_request()
    assert request.tokens(200, fields, body).expose_access_token() == "a-token"

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

for _ in range(ROUNDS // 5):
    sign_in()
before = resident()
for _ in range(ROUNDS):
    sign_in()
print(resident() - before)
"""


def begin() -> subprocess.Popen[str]:
    """The process, which prints bytes."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("ROUNDS", str(ROUNDS))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
