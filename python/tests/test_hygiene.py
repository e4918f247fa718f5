"""What the package must not do: show a secret, know the protocol, leave something behind."""

from __future__ import annotations

import asyncio
import logging
import re
import subprocess
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import memory
import proofkey
import pytest
from bound import BoundSite
from peers import Issuer, TokenEndpoint, respond, tokens
from proofkey import _native
from proofkey.httpx import Auth
from signing import Signer
from test_sign_in import sign_in

SOURCES = Path(proofkey.__file__).parent
CANARY = "canary-"


def variables(error: BaseException) -> str:
    """Every variable of the package's frames in the traceback, as a reporter would show them."""
    shown = []
    here: TracebackType | None = error.__traceback__
    while here is not None:
        if Path(here.tb_frame.f_code.co_filename).parent == SOURCES:
            shown += [deep(value) for value in here.tb_frame.f_locals.values()]
        here = here.tb_next
    assert shown
    return "\n".join(shown)


def deep(value: object, depth: int = 4) -> str:
    """A value and what hangs on it."""
    parts = [repr(value)]
    if depth and not isinstance(value, (str, bytes, int, float, type)):
        names = [*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())]
        parts += [deep(getattr(value, name, None), depth - 1) for name in names]
    return " ".join(parts)


@pytest.mark.parametrize("way", ["sync", "async"])
def test_no_secret_is_shown_when_a_sign_in_fails(
    way: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Threat "Secrets in logs": code, verifier and answer, in exceptions, logs and output."""
    caplog.set_level(logging.DEBUG)
    answer = b'{"error":"invalid_grant","error_description":"no canary-code-0123456789 here"}'
    with (
        TokenEndpoint(respond(answer, "400 Bad Request")) as endpoint,
        pytest.raises(proofkey.SignInAgain) as caught,
    ):
        sign_in(way, endpoint.settings())
    sent = endpoint.requests[0].decode()
    found = re.search(r"code_verifier=([\w.~-]+)", sent)
    assert found and "canary-code-0123456789" in sent, "the control: this is what was sent"
    verifier = found[1]
    error = caught.value
    output = capfd.readouterr()
    shown = [
        str(error),
        repr(error),
        "".join(traceback.format_exception(error)),
        variables(error),
        caplog.text,
        output.out + output.err,
    ]
    for text in shown:
        assert CANARY not in text and verifier not in text


@pytest.mark.parametrize("kind", [proofkey.Client, proofkey.AsyncClient])
def test_what_a_client_holds_shows_no_secret(
    kind: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """With tokens at hand and kept, after a refresh that failed, and in the error of the next."""
    caplog.set_level(logging.DEBUG)
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        resource = site.describes_resource()
        client = kind(**site.client(resource=resource))
        auth = Auth(client, "browser")

        def ask(what: str, *given: Any, **named: Any) -> Any:
            called = getattr(client, what)(*given, **named)
            return asyncio.run(called) if kind is proofkey.AsyncClient else called

        signed_in = ask("sign_in")
        header = ask("authorization", resource)
        site.answers["/token"] = respond(
            b'{"error_description":"canary-refresh-0000000001"}', "400 No"
        )
        with pytest.raises(proofkey.ProofKeyError) as caught:
            ask("authorization", resource, rejected=header)
        error = caught.value
        shown = [
            deep(client, 9),
            deep(auth, 9),
            deep(signed_in, 9),
            f"{error} {error!r}",
            "".join(traceback.format_exception(error)),
        ]
        output = capfd.readouterr()
        shown += [caplog.text, output.out + output.err]
    assert header.endswith("canary-token-0000000001"), "the control"
    for text in shown:
        assert CANARY not in text


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_request_that_is_given_up_on_shows_no_secret(way: str) -> None:
    """By a resource that demands for ever, and by a signer that fails: token and signature."""
    kind = proofkey.Client if way == "sync" else proofkey.AsyncClient
    signer = Signer()
    with BoundSite(nonces=False) as site:
        client = site.bound_client(kind, signer=signer, dpop_key="k")

        def ask(call: Any) -> Any:
            return asyncio.run(call) if way == "async" else call

        ask(client.sign_in())
        request = ask(client.authorize("GET", site.resource))
        signature = request.headers["DPoP"].rpartition(".")[2]
        assert CANARY in request.headers["Authorization"], "the control"
        demand = {"WWW-Authenticate": 'DPoP error="use_dpop_nonce"', "DPoP-Nonce": "n"}
        assert ask(request.again(401, demand))
        with pytest.raises(proofkey.FixConfiguration) as given_up:
            ask(request.again(401, demand))
        signer.sign = lambda key_id, data: b""  # type: ignore[method-assign]
        with pytest.raises(proofkey.SignInAgain) as unsigned:
            ask(client.authorize("GET", site.resource))
    for error in (given_up.value, unsigned.value):
        shown = [f"{error} {error!r}", variables(error)]
        shown.append("".join(traceback.format_exception(error)))
        for text in shown:
            assert CANARY not in text and signature not in text


def test_records_show_nothing() -> None:
    header = _native.Header(name="Authorization", value=CANARY)
    records = [
        header,
        _native.HttpResponse(status=200, headers=[header], body=CANARY.encode()),
        _native.HttpRequest(
            method="POST",
            url="https://as.example",
            headers=[header],
            body=CANARY.encode(),
            max_body=1,
            timeout_ms=1,
        ),
        _native.Event.REDIRECT(uri=CANARY),
        _native.Event.RESPONSE(
            _native.HttpResponse(status=200, headers=[header], body=CANARY.encode())
        ),
    ]
    for record in records:
        assert CANARY not in repr(record) + str(record) + f"{record}", type(record)


def hand_written() -> dict[str, str]:
    # The columns of a server's store have the names of the specifications.
    columns = ("_server_rows.py", "_server_checks.py", "_server_subject.py")
    paths = [*SOURCES.glob("*.py"), *SOURCES.glob("server/*.py")]
    return {
        str(path.relative_to(SOURCES)): path.read_text(encoding="utf-8")
        for path in paths
        if path.name not in columns
    }


def test_the_protocol_is_in_the_core_alone() -> None:
    """No parameter of OAuth beyond the constructors' names, and no error of the protocol."""
    words = [
        *("code_verifier", "code_challenge", "code_challenge_method", "response_type", "nonce"),
        *("grant_type", "authorization_code", "refresh_token", "access_token", "expires_in"),
        *("token_type", "error_description", "error_uri", "id_token", "invalid_request"),
        *("invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"),
        *("unsupported_response_type", "invalid_scope", "invalid_target", "access_denied"),
        *("server_error", "temporarily_unavailable", "login_required", "consent_required"),
        *("interaction_required", "slow_down", "authorization_pending", "expired_token"),
        "use_dpop_nonce",
    ]
    pattern = re.compile(rf"(?<![A-Za-z_])({'|'.join(words)})(?![A-Za-z_])")
    assert pattern.search("invalid_grant") and not pattern.search("expose_access_token")
    sources = hand_written()
    assert len(sources) > 8
    for name, text in sources.items():
        # What has these names is ours, and the same in five languages.
        text = re.sub(r"(def |Client\.)access_token\b", "", text)
        text = re.sub(r"(def |_native\.|tokens\.)token_type\b", "", text)
        if "server" in name:
            # A setting of a server is whether it demands nonces of its own (RFC 9449 §8).
            text = re.sub(r"\bnonce\b", "", text)
        assert not pattern.search(text), f"{name}: {pattern.search(text)}"
        assert "shell=True" not in text and "os.system" not in text


def test_the_stub_names_what_the_generated_layer_has() -> None:
    """What mypy checks against is what is there."""
    import ast

    stub = Path(__file__).parents[1] / "src" / "proofkey" / "_native" / "__init__.pyi"
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    checked = 0
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert callable(getattr(_native, node.name))
            checked += 1
        if not isinstance(node, ast.ClassDef):
            continue
        real = getattr(_native, node.name)
        for member in node.body:
            name: str | None = None
            if isinstance(member, ast.FunctionDef):
                name = member.name
            elif isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name):
                name = member.targets[0].id
            if name is not None:
                assert hasattr(real, name), f"{node.name}.{name}"
                checked += 1
    assert checked > 60


def run(program: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", program],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_importing_loads_nothing_heavy() -> None:
    loaded = run("import sys, proofkey; print(*sys.modules)").split()
    for heavy in ("asyncio", "ctypes", "ssl", "http.client", "urllib.request", "subprocess"):
        assert heavy not in loaded
    loaded = run("import sys; from proofkey import Client, pair; print(*sys.modules)").split()
    for heavy in ("asyncio", "ssl", "http.client", "urllib.request", "webbrowser"):
        assert heavy not in loaded


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_stays_flat(flat: subprocess.Popen[str]) -> None:
    said, complained = flat.communicate(timeout=300)
    assert (flat.returncode, complained) == (0, "")
    # A leak of one small object a round would be more.
    assert int(said) < 64 * memory.ROUNDS, f"{said} bytes over {memory.ROUNDS} sign-ins"


PROCESSES = """
import multiprocessing, sys
from proofkey import PkceSession, pair, verify

def child(queue):
    made = pair()
    assert verify(made.expose_verifier(), made.challenge)
    queue.put(made.challenge)

if __name__ == "__main__":
    pair()
    context = multiprocessing.get_context(sys.argv[1])
    queue = context.Queue()
    children = [context.Process(target=child, args=(queue,)) for _ in range(4)]
    for each in children:
        each.start()
    challenges = {queue.get(timeout=60) for _ in children} | {pair().challenge}
    for each in children:
        each.join(60)
        assert each.exitcode == 0
    assert len(challenges) == 5
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_forked_and_spawned(method: str, tmp_path: Any) -> None:
    """No two processes draw the same secrets, and the library works in all of them."""
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    program = tmp_path / "program.py"
    program.write_text(PROCESSES)
    subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", str(program), method],
        check=True,
        timeout=120,
    )
