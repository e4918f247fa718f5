"""A panic in every export that the package calls is a `ProofKeyError`, whichever way it is reached.

For the package that is built with the feature `test-panic`; run by `test_panics.py`, which looks at
what this prints: one line a failure on standard output, and nothing on standard error.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib.machinery
import inspect
import os
import re
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import proofkey
from bound import BoundSite
from grants import Kit, query
from peers import LONG, TOKENS, Issuer, TokenEndpoint, come_back, parameter, respond
from proofkey import (
    AsyncClient,
    Client,
    ClientDocument,
    DataKey,
    FileStore,
    MemoryStore,
    PkceSession,
    TokenRequest,
    TokenSet,
    _driver,
)
from proofkey._native import proofkey as layer
from signing import Signer

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
    waits = threading.Event()
    wait = _driver.wait

    def watched(receiver: Any, milliseconds: int) -> Any:
        waits.set()
        return wait(receiver, milliseconds)

    async def main() -> None:
        client = AsyncClient(**settings | {"browser": lambda url: None})
        task = asyncio.create_task(client.sign_in())
        await asyncio.to_thread(waits.wait, LONG)
        task.cancel()
        await task

    _driver.wait = watched
    try:
        asyncio.run(main())
    finally:
        _driver.wait = wait


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
    more = (
        *("token_type", "identity", "requested_scopes", "missing_scopes", "authorization_details"),
        "missing_authorization_details",
    )
    for name in ("expires_at", "scopes", "issuer", "client_id", "resource", *more):
        yield f"TokenSet.{name}", lambda name=name: getattr(tokens, name)
        if name not in ("resource", *more):
            yield f"TokenSet.{name}", lambda: repr(tokens)
    yield "check_access", lambda: Client(**settings)
    yield "check_access", lambda: AsyncClient(**settings)
    for way in (sync_sign_in, async_sign_in):
        for name in ("Access.new", "Access.advance", "Access.outcome", "DataKey.generate"):
            yield name, lambda way=way: way(settings)
        for name in ("bind", "port", "wait", "release"):
            yield f"LoopbackReceiver.{name}", lambda way=way: way(settings)
    yield "LoopbackReceiver.cancel", lambda: cancelled_sign_in(settings)
    yield from kept_cases(settings)


def kept_cases(settings: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    """What is done with tokens that are at hand, and with what is put away."""
    url = "https://api.example/notes"
    given = settings | {"resource": url}
    clients = Client(**given), AsyncClient(**given)
    clients[0].sign_in()
    asyncio.run(clients[1].sign_in())
    header = clients[0].authorization(url)
    ways: list[Callable[..., object]] = [
        lambda what, *more, **named: getattr(clients[0], what)(*more, **named),
        lambda what, *more, **named: asyncio.run(getattr(clients[1], what)(*more, **named)),
    ]
    for way in ways:
        yield "TokenSet.is_fresh", lambda way=way: way("tokens")
        yield "TokenSet.expose_access_token", lambda way=way: way("access_token")
        yield "TokenSet.authorization", lambda way=way: way("authorization", url)
    other = "what was held before"
    yield "TokenSet.authorization_now", lambda: clients[0].authorization(url, rejected=other)
    yield "TokenSet.fingerprint", lambda: clients[0].authorization(url, rejected=header)
    yield "check_resource", lambda: Client(**given).authorization(url)
    for way in ways:
        yield "check_resource", lambda way=way: way("authorize", "GET", url)
        yield "TokenSet.authorize_now", lambda way=way: way("authorize", "GET", url)
    yield "DpopNonces.new", lambda: Client(**given)
    nonce = [("DPoP-Nonce", "n-1")]
    for name in ("DpopNonces.heard", "ResourceCall.new", "ResourceCall.answered"):
        yield name, lambda: clients[0].authorize("GET", url).again(401, nonce)
        yield name, lambda: asyncio.run(answered(clients[1], url, nonce))
    key = DataKey.generate()
    yield "DataKey.generate", DataKey.generate
    yield "DataKey.from_text", lambda: DataKey.from_text("A" * 43)
    yield "DataKey.expose_text", key.expose_text
    begun = session()
    sealed = begun.seal(key, 2**40)
    yield "PkceSession.seal", lambda: session().seal(key, 2**40)
    names = {"issuer": "https://as.example", "client_id": "agent", "redirect_uri": URI}
    yield "PkceSession.open", lambda: PkceSession.open(key, sealed, **names)
    document = ClientDocument("https://agent.example/c.json", client_name="A", redirect_uris=[URI])
    yield "client_document_json", document.to_json


async def answered(client: AsyncClient, url: str, fields: list[tuple[str, str]]) -> bool:
    return await (await client.authorize("GET", url)).again(401, fields)


def bound_cases(site: BoundSite) -> Iterator[tuple[str, Call]]:
    """Requests that somebody else's key signs for, and one that cannot be signed for."""
    store = MemoryStore()
    given = {"store": store, "dpop_key": "k", "browser": browser}
    client = site.bound_client(**given, signer=Signer())
    client.sign_in()
    asynchronous = site.bound_client(AsyncClient, **given, signer=client._signer)
    broken = site.bound_client(store=store)
    yield "UnsignedProof.signed", lambda: client.authorize("GET", site.resource)
    yield (
        "UnsignedProof.signed",
        lambda: asyncio.run(asynchronous.authorize("GET", site.resource)),
    )
    yield "UnsignedProof.signed", lambda: broken.authorize("GET", site.resource)


class Keyring(types.ModuleType):
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.__spec__ = importlib.machinery.ModuleSpec("keyring", None)
        self.entry: str | None = None

    def get_password(self, service: str, account: str) -> str | None:
        return self.entry

    def set_password(self, service: str, account: str, text: str) -> None:
        self.entry = text


def folder_cases(settings: dict[str, Any], folder: Path) -> Iterator[tuple[str, Call]]:
    """A store in files; what goes wrong inside comes out of the client's call."""

    def at(name: str, fails: str) -> Call:
        """A new folder with a sign-in, and a call that uses it."""
        store = FileStore(folder / name / fails)
        return Client(**settings, store=store).sign_in

    os.environ["PROOFKEY_STORE"] = str(folder / "default")
    yield "default_store_folder", FileStore
    yield "FileStore.open", lambda: FileStore(folder / "open")
    yield "FileStore.key_place", lambda: FileStore(folder / "place")
    yield "FileStore.file_key", at("file", "key")
    made = FileStore(folder / "kept")
    yield "FileStore.folder", lambda: made.folder
    yield "FileStore.load", lambda: made.load("a")
    yield "FileStore.swap", lambda: made.swap("a", None, b"")
    yield "FileStore.lock", lambda: made.lock("a", 0)
    held = made.lock("b", 0)
    assert held is not None
    yield "FileLock.release", held.release
    client = Client(**settings, store=made)
    # In the flow, where a store that fails costs no tokens; a mistake of ours is told.
    yield "FileStore.swap", client.sign_in
    client.sign_in()
    yield "FileStore.load", Client(**settings, store=made).tokens
    sys.modules["keyring"] = Keyring()
    yield "keyring_entry", at("ring", "entry")
    yield "FileStore.decide_keyring", at("ring", "decide")
    yield "DataKey.from_text", at("ring", "text")
    yield "DataKey.expose_text", at("ring", "new")
    yield "store_error", Client(**settings, store=Full()).tokens


class Full(MemoryStore):
    """A store of the program's own, which has no room."""

    def load(self, key: str) -> Any:
        raise proofkey.Retry("store_full", "it is full", "Make room.")


def discovery_cases(site: Issuer) -> Iterator[tuple[str, Call]]:
    """As `cases`, for what an issuer says of itself."""
    finds: list[Call] = [
        lambda: proofkey.discover(issuer=site.issuer),
        lambda: asyncio.run(proofkey.discover_async(issuer=site.issuer)),
    ]
    for name in ("Discovery.new", "Discovery.advance", "Discovery.outcome"):
        for call in finds:
            yield name, call
    for name in ("provider_report", "provider_issuer_host"):
        for call in finds:
            yield name, call


def server_cases(way: str) -> Iterator[tuple[str, Call]]:
    """The endpoints of an authorization server, in one of the two ways."""
    kit = Kit(way)
    challenge = proofkey.pair().challenge

    def judged() -> Any:
        return kit.ask("authorization_request", query(challenge))

    for name in ("client_of", "judge_request", "GrantRequest.details"):
        yield name, judged
    asked = judged()
    yield "GrantRequest.decline", lambda: kit.ask("deny", asked)
    yield "Redeem.new", lambda: Kit(way)
    for name in ("new", "advance", "outcome"):
        granting, (code, verifier), tokens = judged(), kit.code(), kit.signed_in()
        yield f"Issue.{name}", lambda asked=granting: kit.ask("approve", asked, "user")
        yield f"Redeem.{name}", lambda code=code, verifier=verifier: kit.redeem(code, verifier)
        token = tokens["access_token"]
        yield f"CheckToken.{name}", lambda token=token: kit.check(token)
        yield f"RevokeToken.{name}", lambda token=token: kit.give_back(token)
    answer = kit.redeem(*kit.code())
    yield "body_with_id_token", lambda: answer.with_id_token("e30.e30.AA")


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
    warnings.simplefilter("ignore", proofkey.KeyFileWarning)
    with (
        TokenEndpoint(respond(TOKENS)) as endpoint,
        Issuer() as site,
        BoundSite(nonces=False) as bound,
        tempfile.TemporaryDirectory() as folder,
    ):
        site.describes()
        settings = endpoint.settings(browser=browser)
        for name, call in chain(
            cases(settings),
            discovery_cases(site),
            bound_cases(bound),
            folder_cases(settings, Path(folder)),
            server_cases("sync"),
            server_cases("async"),
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
