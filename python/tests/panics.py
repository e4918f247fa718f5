"""A panic in every export that the package calls is a `ProofKeyError`, whichever way it is reached.

For the package that is built with the feature `test-panic`; run by `test_panics.py`, which looks at
what this prints: one line a failure on standard output, and nothing on standard error.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import proofkey
from peers import TOKENS, Issuer, TokenEndpoint, come_back, parameter, respond
from proofkey import AsyncClient, Client, PkceSession, TokenRequest, TokenSet
from proofkey._native import proofkey as layer

URI = "https://app.example/callback"
FIELDS = [("Content-Type", "application/json")]
Call = Callable[[], object]


def session() -> PkceSession:
    return PkceSession.begin(
        issuer="https://as.example",
        authorization_endpoint="https://as.example/authorize",
        token_endpoint="https://as.example/token",
        client_id="agent",
        redirect_uri=URI,
    )


def request() -> TokenRequest:
    begun = session()
    state = parameter(begun.authorization_url(), "state")
    done = begun.complete(f"{URI}?code=c-1&state={state}")
    assert isinstance(done, TokenRequest)
    return done


def token_set() -> TokenSet:
    return request().tokens(200, FIELDS, TOKENS)


def browser(url: str) -> None:
    """A user who says yes, to a program that may have gone."""

    def go() -> None:
        with contextlib.suppress(OSError):
            come_back(url)

    threading.Thread(target=go, daemon=True).start()


def sync_sign_in(settings: dict[str, Any]) -> None:
    Client(**settings).sign_in()


def async_sign_in(settings: dict[str, Any]) -> None:
    asyncio.run(AsyncClient(**settings).sign_in())


def cancelled_sign_in(settings: dict[str, Any]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        waiting = asyncio.Event()
        opened = {"browser": lambda url: loop.call_soon_threadsafe(waiting.set)}
        task = asyncio.create_task(AsyncClient(**settings | opened).sign_in())
        await waiting.wait()
        # The browser has been opened; now the wait begins.
        while not any(each.name == "proofkey-wait" for each in threading.enumerate()):
            await asyncio.sleep(0)
        task.cancel()
        await task

    asyncio.run(main())


def cases(settings: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    """Every way into Rust: the export, and a call that goes through it."""
    yield "pair", proofkey.pair
    yield "verify", lambda: proofkey.verify("v" * 43, "A" * 43)
    made = proofkey.pair()
    yield "CodePair.expose_verifier", made.expose_verifier
    yield "CodePair.challenge", lambda: made.challenge
    yield "CodePair.challenge", lambda: repr(made)
    yield "PkceSession.begin", session
    begun = session()
    yield "PkceSession.authorization_url", begun.authorization_url
    begun = session()
    yield "PkceSession.complete", lambda: begun.complete(URI)
    yield "PkceSession.discard", session().discard
    left = session()
    yield "PkceSession.discard", lambda: left.__exit__(None, None, None)
    yield "TokenRequest.http_request", request().http_request
    redeeming = request()
    yield "TokenRequest.tokens", lambda: redeeming.tokens(200, FIELDS, TOKENS)
    tokens = token_set()
    yield "TokenSet.expose_access_token", tokens.expose_access_token
    yield "TokenSet.expose_refresh_token", tokens.expose_refresh_token
    for name in ("expires_at", "scopes", "issuer", "client_id", "resource"):
        yield f"TokenSet.{name}", lambda name=name: getattr(tokens, name)
        if name != "resource":
            yield f"TokenSet.{name}", lambda: repr(tokens)
    yield "SignIn.new", lambda: Client(**settings)
    yield "SignIn.new", lambda: AsyncClient(**settings)
    clients = Client(**settings), AsyncClient(**settings)
    yield "SignIn.new", clients[0].sign_in
    yield "SignIn.new", lambda: asyncio.run(clients[1].sign_in())
    for way in (sync_sign_in, async_sign_in):
        for name in ("SignIn.advance", "SignIn.outcome"):
            yield name, lambda way=way: way(settings)
        for name in ("bind", "port", "wait", "release"):
            yield f"LoopbackReceiver.{name}", lambda way=way: way(settings)
    yield "LoopbackReceiver.cancel", lambda: cancelled_sign_in(settings)


def discovery_cases(site: Issuer) -> Iterator[tuple[str, Call]]:
    """As `cases`, for an issuer that is asked for its metadata."""
    settings = site.client(browser=browser)
    finds: list[Call] = [
        lambda: proofkey.discover(issuer=site.issuer),
        lambda: asyncio.run(proofkey.discover_async(issuer=site.issuer)),
    ]
    signs_in: list[Call] = [
        lambda: sync_sign_in(settings),
        lambda: async_sign_in(settings),
    ]
    for name in ("Discovery.new", "Discovery.advance", "Discovery.outcome"):
        for call in finds + signs_in:
            yield name, call
    for name in ("provider_report", "provider_issuer_host"):
        for call in finds:
            yield name, call
    for call in signs_in:
        yield "provider_sign_in", call
    # Only what is known already can be too old.
    known = Client(**settings), AsyncClient(**settings)
    known[0].sign_in()
    asyncio.run(known[1].sign_in())
    yield "provider_is_fresh", known[0].sign_in
    yield "provider_is_fresh", lambda: asyncio.run(known[1].sign_in())


def used() -> set[str]:
    """The exports that the package can call: those of the stub, by which it is type-checked."""
    exports = set(
        re.findall(r"_uniffi_fn_((?:func|method|constructor)_\w+)", inspect.getsource(layer))
    )
    stub = Path(proofkey.__file__).parent / "_native" / "__init__.pyi"
    names = set()
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            members = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
            names |= {f"{node.name}.{'new' if m == '__init__' else m}" for m in members}
    found = {name for name in names if symbols(name) & exports}
    assert len(found) > 20, found
    return found


def symbols(name: str) -> set[str]:
    cls, _, method = name.rpartition(".")
    kinds = ("method", "constructor") if cls else ()
    return {f"{kind}_{cls.lower()}_{method}" for kind in kinds} or {f"func_{name}"}


def check(name: str, call: Call) -> str | None:
    """What is wrong, if anything is."""
    layer.test_panic_in(name)
    try:
        call()
    except proofkey.ProofKeyError as error:
        shown = f"{error!r} {error}"
        if error.code != "internal_error" or "injected" in shown or not error.advice:
            return f"it gave {error.code}: {shown}"
        return None
    except BaseException as error:
        return f"it raised {error!r}"
    finally:
        layer.test_panic_in("")
    return "nothing was raised"


def main() -> int:
    failures = []
    names = set()
    count = 0
    with TokenEndpoint(respond(TOKENS)) as endpoint, Issuer() as site:
        site.describes()
        for name, call in (
            *cases(endpoint.settings(browser=browser)),
            *discovery_cases(site),
        ):
            names.add(name)
            count += 1
            wrong = check(name, call)
            if wrong is not None:
                failures.append(f"{name}: {wrong}")
        # The control: all of it works when nothing panics.
        for way in (sync_sign_in, async_sign_in):
            way(endpoint.settings(browser=browser))
            way(site.client(browser=browser))
    failures += [f"{name}: only one of the stub and this table has it" for name in names ^ used()]
    for failure in failures:
        print(failure)
    print(f"{len(names)} exports, {count} ways")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
