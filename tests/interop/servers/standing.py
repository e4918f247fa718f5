"""What the servers in Python share: how they begin and end."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading

# A client that was known beforehand, and one for whom what comes for a code lives for a second, and
# what comes by a refresh for an hour: so a refresh is seen without waiting for long. The second may
# also register itself under this name.
KNOWN = ("proofkey-agent", "proofkey-brief")
BRIEF = "proofkey-brief"


def listening() -> tuple[socket.socket, str]:
    """A socket on a port that the system chose, and the issuer there. The port comes first, because
    the issuer holds it."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def ready(**said: str | bool) -> None:
    """Says so in one line of JSON. From here on the process ends when its standard input does, so
    it never outlives the program that started it, however that ends."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    print(json.dumps(said), flush=True)


def lifetime(name: str | None, grant: str) -> int:
    """Of an access token, in seconds."""
    return 1 if name == BRIEF and grant == "authorization_code" else 3600


def is_known_redirect(redirect_uri: str) -> bool:
    """RFC 8252 §7.3: any port of the loopback address."""
    host, _, rest = redirect_uri.removeprefix("http://").partition(":")
    port, _, path = rest.partition("/")
    return (host, port.isdecimal(), path) == ("127.0.0.1", True, "callback")
