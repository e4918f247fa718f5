"""Stores: what each promises, what a program's own may do wrong, and the folder that programs
share."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.machinery
import json
import os
import subprocess
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM as PROGRAM_PROOFKEY
from conftest import Clock, Counters
from peers import LONG, Issuer, respond, tokens
from proofkey import (
    AsyncClient,
    Client,
    FileStore,
    FixConfiguration,
    KeyFileWarning,
    MemoryStore,
    ProofKeyError,
    Retry,
    SignInAgain,
    Store,
    _native,
)

quiet = pytest.mark.filterwarnings("ignore::proofkey.KeyFileWarning")


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeyFileWarning)
        return FileStore(tmp_path)


def test_a_store_compares_and_swaps(store: Store) -> None:
    assert store.load("tokens-1") is None
    assert not store.swap("tokens-1", 7, b"early")
    assert store.swap("tokens-1", 0, b"one")
    first = store.load("tokens-1")
    assert first is not None and first[1] == b"one" and first[0] > 0
    assert not store.swap("tokens-1", 0, b"late")
    assert store.swap("tokens-1", first[0], b"two")
    second = store.load("tokens-1")
    assert second is not None and second[1] == b"two" and second[0] != first[0]
    assert not store.swap("tokens-1", first[0], None)
    assert store.swap("tokens-1", None, b"whatever was there")
    assert store.swap("tokens-1", None, None) and store.load("tokens-1") is None
    assert store.swap("tokens-1", None, None) and store.swap("tokens-1", 0, None)
    assert store.load("tokens-2") is None


def test_a_lock_keeps_others_away(store: Store) -> None:
    lock = store.lock("tokens-1", 0)
    assert lock is not None
    assert store.lock("tokens-1", 0.02) is None
    other = store.lock("tokens-2", 0)
    assert other is not None
    other.release()
    taken: list[object] = []
    waiting = threading.Thread(target=lambda: taken.append(store.lock("tokens-1", LONG)))
    waiting.start()
    lock.release()
    waiting.join(LONG)
    assert taken != [None] and len(taken) == 1
    assert "canary" not in repr(store)


def test_of_many_who_swap_one_does(store: Store) -> None:
    written: list[bool] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        start.wait(LONG)
        written.append(store.swap("tokens-1", 0, b"%d" % number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(written) == [False] * 7 + [True]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_nothing_lies_there_in_the_clear(way: str, store: Any, tmp_path: Path) -> None:
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        if way == "sync":
            Client(**site.client(store=store)).sign_in()
        else:
            asyncio.run(AsyncClient(**site.client(store=store)).sign_in())
    if isinstance(store, MemoryStore):
        values = [value for _, value in store._values.values()]
    else:
        values = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(values) > 1
    assert all(b"canary" not in value for value in values)


# A store of the program's own.


class Own:
    """A store that a program might write, over a dictionary; what it is told to do goes wrong."""

    def __init__(self, **wrong: Any) -> None:
        self.values: dict[str, tuple[int, bytes]] = {}
        self.wrong = wrong
        self.held: list[str] = []
        self.released: list[str] = []

    def _maybe(self, call: str, good: Any) -> Any:
        wrong = self.wrong.get(call, good)
        if isinstance(wrong, BaseException):
            raise wrong
        return wrong

    def load(self, key: str) -> Any:
        return self._maybe("load", self.values.get(key))

    def swap(self, key: str, revision: int | None, value: bytes | None) -> Any:
        if self._maybe("swap", True) is not True:
            return self.wrong["swap"]
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = (self.values.get(key, (0, b""))[0] + 1, value)
        return True

    def lock(self, key: str, timeout: float) -> Any:
        assert timeout <= 0.2, "a cancel would not be seen"
        lock = self._maybe("lock", types.SimpleNamespace(release=lambda: self._release(key)))
        self.held.append(key)
        return lock

    def _release(self, key: str) -> None:
        self.released.append(key)
        self._maybe("release", None)


def test_a_program_can_bring_its_own(clock: Clock) -> None:
    """What it is given to keep is not sealed: it must keep it from others."""
    own = Own()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = Client(**site.client(store=own))
        client.sign_in()
        assert any(b"canary-token" in value for _, value in own.values.values())
        clock.ahead += 61
        site.answers["/token"] = respond(tokens(2))
        assert Client(**site.client(store=own)).access_token() == "canary-token-0000000002"
    assert len(own.held) == 1 and own.held == own.released


FAILS: list[tuple[Any, str, type[ProofKeyError]]] = [
    (OSError(28, "No space left on device"), "store_failed", Retry),
    (ValueError("half of a pair \udcff"), "store_failed", Retry),
    (Retry("store_full", "it is full", "Make room."), "store_full", Retry),
    (FixConfiguration("store_denied", "no", "Ask."), "store_denied", FixConfiguration),
    (Retry("a_code_of_its_own", "odd", "Wait."), "store_failed", Retry),
]


@pytest.mark.parametrize("call", ["load", "lock"])
@pytest.mark.parametrize(("wrong", "code", "family"), FAILS)
def test_a_call_that_fails(
    call: str, wrong: Any, code: str, family: type[ProofKeyError], clock: Clock
) -> None:
    """Before the server is asked: nothing is sent, and what is kept stays."""
    own = Own()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = Client(**site.client(store=own))
        client.sign_in()
        clock.ahead += 61
        before = dict(own.values)
        own.wrong = {call: wrong}
        with pytest.raises(family) as caught:
            client.access_token()
        assert caught.value.code == code
        assert site.asked.count("/token") == 1 and own.values == before
        # The program's words are shown, and who says them once.
        assert str(caught.value).count("token store") == 1
        own.wrong = {}
        site.answers["/token"] = respond(tokens(2))
        assert client.access_token() == "canary-token-0000000002"


@pytest.mark.parametrize(("wrong", "code", "family"), FAILS)
@pytest.mark.parametrize("when", ["sign_in", "refresh"])
def test_what_cannot_be_written_is_given_all_the_same(
    when: str, wrong: Any, code: str, family: type[ProofKeyError], clock: Clock
) -> None:
    own = Own()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = Client(**site.client(store=own))
        if when == "refresh":
            client.sign_in()
            clock.ahead += 61
            site.answers["/token"] = respond(tokens(2))
        own.wrong = {"swap": wrong}
        got = client.sign_in() if when == "sign_in" else client.tokens()
        assert got.expose_access_token().startswith("canary-token")
        assert isinstance(client.last_warning, family) and client.last_warning.code == code
        # It is the only copy, and it is used.
        assert client.access_token() == got.expose_access_token()


@pytest.mark.parametrize(
    "wrong",
    [
        *((0, b"x"), (-1, b"x"), (2**64, b"x"), (True, b"x"), ("1", b"x"), (1, "text")),
        *((1, None), (1,), 7, "no"),
    ],
)
def test_a_load_that_gives_something_else(wrong: Any) -> None:
    own = Own(load=wrong)
    with Issuer() as site, pytest.raises(Retry) as caught:
        site.describes()
        Client(**site.client(store=own)).access_token()
    assert caught.value.code == "store_failed"


@pytest.mark.parametrize("wrong", [None, 1, "yes"])
def test_a_swap_that_says_nothing_has_not_written(wrong: Any) -> None:
    with Issuer() as site:
        site.describes()
        client = Client(**site.client(store=Own(swap=wrong)))
        client.sign_in()
    assert client.last_warning is not None and client.last_warning.code == "store_failed"


def test_a_lock_that_cannot_be_given_back_costs_no_token(clock: Clock) -> None:
    own = Own()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = Client(**site.client(store=own))
        client.sign_in()
        clock.ahead += 61
        own.wrong = {"release": OSError("gone")}
        site.answers["/token"] = respond(tokens(2))
        assert client.access_token() == "canary-token-0000000002"


def test_a_store_that_asks_to_end_the_program(clock: Clock) -> None:
    """What is no error of the store comes out as it went in, and the lock is given back."""
    own = Own()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        client = Client(**site.client(store=own))
        client.sign_in()
        clock.ahead += 61
        own.wrong = {"swap": SystemExit(3)}
        with pytest.raises(SystemExit):
            client.access_token()
        assert own.held == own.released


# The folder.


@quiet
def test_programs_share_a_folder(
    address: dict[str, Any], tmp_path: Path, clock: Clock, counters: Counters
) -> None:
    """One signs in, the others find it; of two that refresh at once one does."""
    Client(**address, store=FileStore(tmp_path)).sign_in()
    clock.ahead += 3600
    clients = [Client(**address, store=FileStore(tmp_path)) for _ in range(4)]
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda each=each: got.append(each.access_token()))
        for each in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(got) == 4 and len(set(got)) == 1
    assert counters.of("refresh_token") == 1
    clients[0].sign_out()
    with pytest.raises(SignInAgain):
        Client(**address, store=FileStore(tmp_path)).access_token()


PROGRAM = """
import json, sys, warnings
from proofkey import Client, FileStore

warnings.simplefilter("ignore")
client = Client(**json.loads(sys.argv[1]), store=FileStore())
print(len(client.access_token()))
"""


@quiet
def test_another_process_finds_it_in_the_default_folder(
    address: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "of this user"
    monkeypatch.setenv("PROOFKEY_STORE", str(folder))
    store = FileStore()
    assert store.folder == str(folder.resolve()) and str(folder) in repr(store)
    signed_in = Client(**address, store=store).sign_in()
    given = {name: address[name] for name in ("resource", "client_name")}
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(given)],
        check=True,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert int(said.stdout) == len(signed_in.expose_access_token())


REFRESH = """
import json, sys, time, warnings
from proofkey import Client, FileStore

warnings.simplefilter("ignore")
real = time.time
time.time = lambda: real() + 3600
client = Client(**json.loads(sys.argv[1]), store=FileStore(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
print(client.access_token(), flush=True)
"""


@quiet
def test_of_many_processes_one_refreshes(
    address: dict[str, Any], tmp_path: Path, counters: Counters
) -> None:
    """Threat "refresh race"."""
    Client(**address, store=FileStore(tmp_path)).sign_in()
    given = {name: address[name] for name in ("resource", "client_name")}
    with contextlib.ExitStack() as stack:
        children = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", REFRESH, json.dumps(given), str(tmp_path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(6)
        ]
        for child in children:
            assert child.stdout is not None and child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        said = {child.stdout.readline() for child in children if child.stdout is not None}
    assert len(said) == 1 and len(said.pop()) > 20
    assert counters.of("refresh_token") == 1


VISIT = Path(__file__).parents[2] / "tests" / "lib" / "visit_browser"


@quiet
def test_the_program_and_this_package_share_a_folder(
    address: dict[str, Any], tmp_path: Path, counters: Counters
) -> None:
    """A sign-in of the one serves the other, and the end that one makes is the end for both."""
    resource = address["resource"]
    client = Client(**address, store=FileStore(tmp_path))

    def program(*what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM_PROOFKEY, *what],
            env=os.environ | {"PROOFKEY_STORE": str(tmp_path), "BROWSER": str(VISIT)},
            capture_output=True,
            text=True,
            timeout=2 * LONG,
            check=False,
        )

    assert program("login", resource).returncode == 0
    shared = client.access_token()
    assert program("token", resource).stdout.strip() == shared
    assert counters.of("authorization_code") == 1
    client.sign_out()
    assert program("token", resource).returncode == 1
    client.sign_in()
    assert program("token", resource).stdout.strip() == client.access_token() != shared
    assert program("logout", resource).returncode == 0
    with pytest.raises(SignInAgain):
        Client(**address, store=FileStore(tmp_path)).access_token()


@pytest.mark.parametrize("bad", [7, b"bytes", ["list"]])
def test_a_folder_is_a_path(bad: Any) -> None:
    with pytest.raises(TypeError, match=r"^folder must be a path"):
        FileStore(bad)


@quiet
@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(FixConfiguration) as caught:
        FileStore(tmp_path)
    assert caught.value.code == "store_insecure"
    blocked = tmp_path / "a file"
    tmp_path.chmod(0o700)
    blocked.touch()
    with pytest.raises(ProofKeyError, match="a file"):
        FileStore(blocked / "below")


@quiet
@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_an_error_of_the_folder_is_said_once(address: dict[str, Any], tmp_path: Path) -> None:
    client = Client(**address, store=FileStore(tmp_path))
    client.sign_in()
    for path in tmp_path.iterdir():
        path.chmod(0o666)
    with pytest.raises(FixConfiguration) as caught:
        Client(**address, store=FileStore(tmp_path)).access_token()
    assert caught.value.code == "store_insecure"
    assert str(caught.value).count("is not safe") == 1


# The key of the folder.


class Keyring(types.ModuleType):
    """The package ``keyring``, as far as it is used."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.__spec__ = importlib.machinery.ModuleSpec("keyring", None)
        self.entries: dict[tuple[str, str], str] = {}
        self.broken: Exception | None = None
        self.keeps = True

    def get_password(self, service: str, account: str) -> str | None:
        if self.broken:
            raise self.broken
        return self.entries.get((service, account))

    def set_password(self, service: str, account: str, text: str) -> None:
        if self.keeps:
            self.entries[service, account] = text


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:
    ring = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    yield ring


def kept_in(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeyFileWarning)
        return FileStore(folder)._native.key_place().name


def test_the_keyring_has_the_key(
    keyring: Keyring, address: dict[str, Any], tmp_path: Path, recwarn: Any
) -> None:
    """Where it answers when the folder is first used; then each program asks it."""
    Client(**address, store=FileStore(tmp_path)).sign_in()
    assert not recwarn.list
    (text,) = keyring.entries.values()
    assert list(keyring.entries) == [("proofkey", "data-key")] and len(text) == 43
    assert kept_in(tmp_path) == "KEYRING"
    assert Client(**address, store=FileStore(tmp_path)).access_token()
    # The same entry serves another folder.
    Client(**address, store=FileStore(tmp_path / "other")).sign_in()
    assert list(keyring.entries.values()) == [text]


def test_a_keyring_that_is_silent_later_is_an_error(
    keyring: Keyring, address: dict[str, Any], tmp_path: Path
) -> None:
    """And never a new key: what is sealed would be lost."""
    Client(**address, store=FileStore(tmp_path)).sign_in()
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    for broken in (RuntimeError("it is locked"), None):
        keyring.broken = broken
        keyring.entries = {}
        with pytest.raises(FixConfiguration) as caught:
            Client(**address, store=FileStore(tmp_path)).access_token()
        assert caught.value.code == "keyring_unavailable"
        assert ("it is locked" in str(caught.value)) == (broken is not None)
    assert keyring.entries == {}
    assert files == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}


@pytest.mark.parametrize("how", ["broken", "keeps nothing", "odd"])
def test_a_keyring_that_is_none_leaves_the_key_to_the_file(
    how: str, keyring: Keyring, address: dict[str, Any], tmp_path: Path
) -> None:
    if how == "broken":
        keyring.broken = RuntimeError("No recommended backend was available")
    keyring.keeps = how == "odd"
    if how == "odd":
        keyring.entries["proofkey", "data-key"] = "what somebody else wrote"
    with warnings.catch_warnings():
        # On a thread of ours it is nobody's exception.
        warnings.simplefilter("error", KeyFileWarning)
        store = FileStore(tmp_path)
        Client(**address, store=store).sign_in()
    assert kept_in(tmp_path) == "FILE"
    if how == "odd":
        assert keyring.entries["proofkey", "data-key"] == "what somebody else wrote"
    # From now on it is the file's, and said so.
    keyring.broken, keyring.keeps = None, True
    with pytest.warns(KeyFileWarning, match=r"proofkey\[keyring\]"):
        again = FileStore(tmp_path)
    assert Client(**address, store=again).access_token()


def test_without_the_package_it_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "keyring" else find(name)
    )
    with pytest.warns(KeyFileWarning) as told:
        FileStore(tmp_path)
    assert told[0].filename == __file__


def test_who_waits_for_the_keyring_can_go(
    keyring: Keyring, address: dict[str, Any], tmp_path: Path
) -> None:
    """It may ask the user to unlock it."""
    asked, go_on = threading.Event(), threading.Event()

    def ask(service: str, account: str) -> str | None:
        asked.set()
        go_on.wait(LONG)
        return None

    keyring.get_password = ask  # type: ignore[method-assign]

    async def main() -> None:
        task = asyncio.create_task(AsyncClient(**address, store=FileStore(tmp_path)).sign_in())
        assert await asyncio.to_thread(asked.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), LONG)

    asyncio.run(main())
    go_on.set()


def test_two_who_decide_at_once_come_to_one_key(keyring: Keyring, tmp_path: Path) -> None:
    start = threading.Barrier(6)
    keys: list[str] = []

    def decide() -> None:
        store = FileStore(tmp_path)
        start.wait(LONG)
        keys.append(store._data_key().expose_text())

    threads = [threading.Thread(target=decide) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(keys) == 6 and len(set(keys)) == 1


def test_a_folder_that_another_has_decided_meanwhile(
    keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a file: then its key is the one, and that of the keyring is of no use."""
    store = FileStore(tmp_path)
    decide: Callable[[], bool] = store._native.decide_keyring
    other = _native.FileStore.open(str(tmp_path))

    def late() -> bool:
        other.file_key()
        return decide()

    monkeypatch.setattr(store._native, "decide_keyring", late)
    assert store._data_key().expose_text() == other.file_key().expose_text()
