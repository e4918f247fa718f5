#!/usr/bin/env python3
"""A panic in every export is an error, prints nothing, and ends the object it happened in.

For the library that is built with the feature `test-panic` alone; run by `test_panics.py`, which
looks at what this prints: one line a failure on standard output, and nothing on standard error.
"""

import inspect
import re
import sys
import tempfile

import made
import proofkey as pk
from test_shown import holders, shows_itself

CHALLENGE = "A" * 43


def calls():
    """Every export: its name, and a function that gives a call that can be made twice."""
    fixed = [pk.LoopbackHost.V4, 0, "/callback"]
    issue_args = [pk.Approval(subject="ada", scopes=["read"]), made.policy()]
    yield "version", lambda: pk.version
    yield "pair", lambda: pk.pair
    yield "verify", lambda: lambda: pk.verify("v" * 43, CHALLENGE)
    yield "parse_challenge", lambda: lambda: pk.parse_challenge(CHALLENGE)
    within = [made.RESOURCE, made.RESOURCE + "/1"]
    yield "check_resource", lambda: lambda: pk.check_resource(*within)
    yield "check_redirect_uri", lambda: lambda: pk.check_redirect_uri(made.REDIRECT_URI)
    uris = [made.REDIRECT_URI, made.REDIRECT_URI]
    yield "redirect_uri_matches", lambda: lambda: pk.redirect_uri_matches(*uris)
    yield "client_of", lambda: lambda: pk.client_of("client_id=agent")
    query = made.grant_query(CHALLENGE)
    yield "judge_request", lambda: lambda: pk.judge_request(query, made.client(), made.policy())

    yield from discovery_calls()
    yield from access_calls()
    yield from possession_calls()
    yield from file_store_calls()

    start = pk.Event.START()
    yield "SignIn.new", lambda: lambda: pk.SignIn(made.sign_in_config())
    yield from methods(lambda: pk.SignIn(made.sign_in_config()), advance=[start, 1], outcome=[])
    yield "PkceSession.begin", lambda: made.session
    url = made.REDIRECT_URI
    key = pk.DataKey.generate()
    sealing = {"seal": [key, made.NOW + 1]}
    yield from methods(made.session, authorization_url=[], complete=[url], discard=[], **sealing)
    sealed = [key, made.session().seal(key, made.NOW + 1), made.ISSUER, "agent", url, made.NOW]
    yield "PkceSession.open", lambda: lambda: pk.PkceSession.open(*sealed)
    answer = [made.token_response(), 1]
    yield from methods(made.token_request, http_request=[], tokens=answer)
    yield "CodePair.parse", lambda: lambda: pk.CodePair.parse("v" * 43)
    yield from methods(pk.pair, expose_verifier=[], challenge=[])
    getters = (
        "expose_access_token expose_refresh_token expires_at scopes issuer client_id resource "
        "token_type identity requested_scopes missing_scopes authorization_details"
    )
    yield from methods(made.tokens, **{name: [] for name in getters.split()})
    tokens = made.access_outcome().tokens
    header = [made.RESOURCE, made.NOW]
    yield from methods(lambda: tokens, is_fresh=[1], authorization=header, fingerprint=[])
    yield from methods(lambda: tokens, authorization_now=[made.RESOURCE])
    request = ["GET", made.RESOURCE, made.NOW, None]
    yield from methods(lambda: tokens, authorize=request, authorize_now=request)

    def receiver():
        return pk.LoopbackReceiver.bind(*fixed)

    yield "LoopbackReceiver.bind", lambda: receiver
    yield from methods(receiver, port=[], redirect_uri=[], wait=[0], cancel=[], release=[])

    yield from methods(made.grant_request, details=[], deny=[made.policy()])
    declined = [pk.Decline.LOGIN_REQUIRED, made.policy()]
    yield from methods(made.grant_request, decline=declined)
    answer = pk.TokenAnswer(status=400, headers=[], body=b"{}", audit="malformed", issued=None)
    yield "body_with_id_token", lambda: lambda: pk.body_with_id_token(answer, "a.b.c")
    request = [pk.StoreEvent.START()]
    yield "Issue.new", lambda: lambda: pk.Issue(made.grant_request(), *issue_args)
    yield from methods(made.issue, advance=request, outcome=[])
    yield "Redeem.new", lambda: lambda: made.redeem("c", "v")
    yield from methods(lambda: made.redeem("c", "v"), advance=request, outcome=[])

    yield "RevokeToken.new", lambda: lambda: made.give_back("t")
    yield from methods(lambda: made.give_back("t"), advance=request, outcome=[])

    def check():
        return pk.CheckToken(None, "https://api.example", [])

    yield "CheckToken.new", lambda: check
    yield from methods(check, advance=request, outcome=[])


def discovery_calls():
    """The exports of discovery: as `calls`."""
    fixed = pk.RedirectTarget.FIXED(made.REDIRECT_URI)
    provider, resource = made.provider(), made.protected_resource()
    for name, args in {
        "authorization_server_urls": [made.ISSUER],
        "protected_resource_urls": [made.RESOURCE],
        "provider_report": [provider],
        "provider_is_fresh": [provider, made.NOW, 60],
        "provider_issuer_host": [provider],
        "provider_sign_in": [provider, "agent", fixed],
        "protected_resource_issuer": [resource, None],
        "protected_resource_scopes": [resource],
        "discovered_sign_in": [made.discovered(), "agent", fixed],
        "parse_challenges": [['Bearer scope="a"']],
    }.items():
        yield name, lambda name=name, args=args: lambda: getattr(pk, name)(*args)
    yield "read_provider", lambda: made.provider
    yield "read_protected_resource", lambda: made.protected_resource

    def flow():
        return pk.Discovery(made.discovery_config())

    yield "Discovery.new", lambda: flow
    yield from methods(flow, advance=[pk.Event.START(), 1], outcome=[])


def access_calls():
    """The exports of the access flow: as `calls`."""
    yield "check_access", lambda: lambda: pk.check_access(made.access_config())
    yield "Access.new", lambda: made.access
    yield from methods(made.access, advance=[pk.Event.START(), 1], outcome=[])
    document = made.client_document()
    written = [document.client_id, pk.client_document_json(document).encode()]
    yield "client_document_json", lambda: lambda: pk.client_document_json(document)
    yield "read_client_document", lambda: lambda: pk.read_client_document(*written)
    yield "DataKey.generate", lambda: pk.DataKey.generate
    yield "DataKey.from_bytes", lambda: lambda: pk.DataKey.from_bytes(bytes(32))
    yield "DataKey.from_text", lambda: lambda: pk.DataKey.from_text("A" * 43)
    yield from methods(pk.DataKey.generate, expose_text=[], expose_bytes=[])

    def store_error():
        try:
            pk.store_error("store_full", "no room")
        except pk.ProofKeyError.Failed as error:
            if error.code != "store_full":
                raise

    yield "store_error", lambda: store_error


def possession_calls():
    """The exports of proofs, of ID tokens, and of what a resource demands: as `calls`."""
    proof = made.vector("dpop_proofs", "dpop-rfc-9449-token")
    asked = ("field", "method", "url", "access_token", "nonce", "now", "window")
    for name, args in {
        "check_dpop_proof": [proof[name] for name in asked],
        "raw_signature": [made.SIGNATURE],
        "verify_id_token": made.id_token_arguments(),
        "count_keys": [made.id_token_arguments()[1]],
    }.items():
        yield name, lambda name=name, args=args: lambda: getattr(pk, name)(*args)
    yield "DpopNonces.new", lambda: pk.DpopNonces
    yield from methods(pk.DpopNonces, heard=[made.RESOURCE, "nonce"])
    yield from methods(lambda: made.authorized().proof, signed=[made.SIGNATURE])
    yield "ResourceCall.new", lambda: lambda: pk.ResourceCall(["read"])
    yield from methods(lambda: pk.ResourceCall(None), answered=[200, [], [], []])


def file_store_calls():
    """The exports of the file store: as `calls`."""
    yield "default_store_folder", lambda: pk.default_store_folder
    yield "keyring_entry", lambda: pk.keyring_entry

    def store():
        return pk.FileStore.open(tempfile.mkdtemp(dir=FOLDER.name))

    yield "FileStore.open", lambda: store
    named = {"load": ["a"], "swap": ["a", None, b"a"], "lock": ["a", 0]}
    whole = ("folder", "key_place", "file_key")
    yield from methods(store, **{name: [] for name in whole}, **named, decide_keyring=[])
    yield from methods(lambda: store().lock("a", 0), release=[])


FOLDER = tempfile.TemporaryDirectory()


def methods(make, **arguments):
    for method, args in arguments.items():
        name = type(make()).__name__ + "." + method
        yield name, lambda method=method, args=args: bound(make(), method, args)


def bound(thing, method, args):
    return lambda: getattr(thing, method)(*args)


def symbol(name):
    """The end of an export's name in the library: `SignIn.new` is `constructor_signin_new`."""
    cls, _dot, method = name.rpartition(".")
    if not cls:
        return f"func_{name}"
    kind = "constructor" if method in CONSTRUCTORS else "method"
    return f"{kind}_{cls.lower()}_{method}"


CONSTRUCTORS = (
    *("new", "begin", "bind", "parse", "open"),
    *("generate", "from_bytes", "from_text"),
)


def exports():
    """The ends of the names of all exports, read off the generated module."""
    called = set(re.findall(r"_uniffi_fn_((?:func|method|constructor)_\w+)", inspect.getsource(pk)))
    return called - {"func_test_panic_in"}


# These change nothing that a panic could leave half done: the object lives on.
LIVES_ON = ("TokenSet", "CodePair", "DataKey", "FileStore", "FileLock", "DpopNonces")
LIVES_ON_OF_RECEIVER = {"port", "redirect_uri", "cancel", "release"}


def survives(name):
    cls, _dot, method = name.partition(".")
    return cls in LIVES_ON or (cls == "LoopbackReceiver" and method in LIVES_ON_OF_RECEIVER)


def error_of(call):
    try:
        call()
    except pk.ProofKeyError.Failed as error:
        assert error.text and error.advice
        shown = f"{error!r}{error}"
        return error.code, shown
    return None, ""


def error_in(name, call):
    pk.test_panic_in(name)
    try:
        return error_of(call)
    finally:
        pk.test_panic_in("")


def shown_in(name, call):
    """A text cannot fail: what it is while a panic is in it."""
    pk.test_panic_in(name)
    try:
        return call()
    finally:
        pk.test_panic_in("")


def check(name, make):
    call = make()
    during, shown = error_in(name, call)
    afterwards, _shown = error_of(call)
    yield during == "internal_error", f"it gave {during}"
    yield "injected" not in shown, "the panic's words went out"
    # No object yet, or none at all: the next call is as good as the first.
    fresh = survives(name) or "." not in name or name.rpartition(".")[2] in CONSTRUCTORS
    yield afterwards == (None if fresh else "internal_error"), f"afterwards it gave {afterwards}"


def main():
    count, failures = 0, []
    table = dict(calls())
    shows = {type(holder).__name__.split(".")[0]: holder for holder, _secrets in holders()}
    shows = {name: holder for name, holder in shows.items() if shows_itself(getattr(pk, name))}
    known = {symbol(name) for name in table}
    known |= {
        f"method_{name.lower()}_uniffi_trait_{t}" for name in shows for t in ("debug", "display")
    }
    for name in exports() ^ known:
        failures.append(f"{name}: only one of the library and this table has it")
    for name, make in table.items():
        for passed, what in check(name, make):
            count += 1
            if not passed:
                failures.append(f"{name}: {what}")
    for name, holder in shows.items():
        for text in (repr, str):
            count += 1
            shown = shown_in(f"{name}.show", lambda text=text, holder=holder: text(holder))
            if shown != name or text(holder) in ("", name):
                failures.append(f"{name}: its text was {shown}")
    FOLDER.cleanup()
    for failure in failures:
        print(failure)
    print(f"{len(table) + len(shows)} exports, {count} checks")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
