"""The buffers of the generated layer, which are rewritten (`bindings/tools`), beside uniffi's own.

The folder ORIGINAL of the environment holds the layer as uniffi writes it, over the same library.
Every type goes through both: the same bytes, the same values, the same errors.
"""

import ctypes
import importlib.util
import inspect
import os
import struct
import unittest
from pathlib import Path

import made
import proofkey as pk


def load_original():
    path = Path(os.environ["ORIGINAL"]) / "proofkey.py"
    spec = importlib.util.spec_from_file_location("original", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


original = load_original()
BOTH = (pk, original)


def taken(layer, rbuf):
    """The bytes of a buffer, which is freed."""
    data = ctypes.string_at(rbuf.data, rbuf.len)
    rbuf.free()
    return data


def given(layer, data):
    """A buffer with these bytes, as Rust would give it."""
    rbuf = layer._UniffiRustBuffer.alloc(len(data))
    ctypes.memmove(rbuf.data, data, len(data))
    return rbuf


def outcome(call, *args):
    """What a call gives: a value, or the kind and words of its error."""
    try:
        return call(*args)
    except Exception as error:
        return type(error).__name__, str(error).replace("consume_with_stream", "lift")


def converters(layer):
    """The converters of what goes through a buffer, but for objects: they cross as numbers."""
    for name, cls in vars(layer).items():
        if not inspect.isclass(cls) or not name.startswith("_UniffiFfiConverter"):
            continue
        if issubclass(cls, layer._UniffiConverterRustBuffer) or name.endswith("String"):
            yield name, cls


# These hold an object, which cannot be read twice.
HOLD_OBJECTS = {
    *("Completion", "Judged", "OptionalTypeTokenSet"),
    *("OptionalTypeDataKey", "OptionalTypeFileLock", "OptionalTypeDpopNonces"),
}


def samples():
    """Values of every type, each with its converter's name."""
    begun = made.issue().advance(pk.StoreEvent.START())
    grant = begun.grant.grant
    row = pk.GrantRow(grant=grant, expires_at=2**64 - 1, used=True, revoked=False, mismatches=7)
    rotations = [
        pk.Rotation.NEWEST(),
        pk.Rotation.PREDECESSOR(rotated_at=2**63),
        pk.Rotation.OLDER(),
    ]
    known = {"expires_at": 0, "revoked": True, "grant": grant, "rotation": rotations[1]}
    known["dpop_jkt"] = None
    token = pk.TokenRow(kind=pk.TokenKind.ACCESS, **known)
    fresh = pk.NewToken(
        kind=pk.TokenKind.REFRESH, token_hash=bytes(32), lifetime_s=60, scope="a", dpop_jkt="k"
    )
    flow, browse = made.browsing()
    send = flow.advance(pk.Event.REDIRECT(made.redirect_for(browse.url)), made.NOW)
    local = pk.RedirectTarget.LOOPBACK(pk.LoopbackHost.V6, 65535, "/callback")
    issued = pk.IssueOutcome(location="https://a.example/?code=é", grant_id="", issued=True)
    issuance = pk.Issuance(grant=grant, scope="", access_token_hash=bytes(32), first=True)
    answer = pk.TokenAnswer(status=200, headers=[], body=b"\0\xff", audit="issued", issued=issuance)
    granted = pk.TokenAccess.GRANTED(token, [])
    proof = pk.RequestProof(
        fields=["é", ""], method="GET", url="", now=2**64 - 1, rules=pk.ProofRules(nonce_key=b"\0")
    )
    strong = pk.Authentication(acr_values=["a"], max_age_s=0)
    demands = pk.CheckDemands(authentication=strong, metadata_url="", proof=proof)
    error = an_error()
    everything = {
        "String": ["", "a", "é€𝄞", "x" * 70_000],
        "SequenceString": [[], [""], ["a", "é"] * 100],
        "OptionalString": [None, "", "a"],
        "Bytes": [b"", b"\0", bytes(range(256)) * 300],
        "OptionalBytes": [None, b"", b"a"],
        "OptionalUInt64": [None, 0, 2**64 - 1],
        "SequenceTypeHeader": [[], send.request.headers],
        "SequenceTypeNewToken": [[], [fresh, fresh]],
        "OptionalTypeGrantRow": [None, row],
        "OptionalTypeTokenRow": [None, token],
        "OptionalTypeTokenAccess": [None, granted],
        "OptionalTypeIssueOutcome": [None, issued],
        "OptionalTypeTokenAnswer": [None, answer],
        "OptionalTypeIssuance": [None, issuance],
        "OptionalTypeRequestProof": [None, proof],
        "OptionalTypeCheckDemands": [None, demands],
        "OptionalTypeAuthentication": [None, strong],
        "TypeIssuance": [issuance],
        "TypeRequestProof": [proof],
        "TypeProofRules": [proof.rules, pk.ProofRules()],
        "TypeCheckDemands": [demands, pk.CheckDemands()],
        "TypeAuthentication": [strong],
        "TypeTerms": [pk.Terms(), pk.Terms(auth_time=1, acr="é")],
        "TypeApproval": [pk.Approval(subject="ada", scopes=["a"])],
        "TypeAuthorizationRequest": [made.authorization_request(resource="urn:x")],
        "TypeClientRecord": [made.client()],
        "TypeGrant": [grant],
        "TypeGrantRow": [row],
        "TypeHeader": send.request.headers,
        "TypeHttpRequest": [send.request],
        "TypeHttpResponse": [made.token_response()],
        "TypeIssueOutcome": [issued],
        "TypeNewGrant": [begun.grant],
        "TypeNewToken": [fresh],
        "TypePolicy": [made.policy()],
        "TypeRotation": rotations,
        "TypeRequestDetails": [made.grant_request().details()],
        "TypeRedirectTarget": [local, pk.RedirectTarget.FIXED("https://a.example/")],
        "TypeSignInConfig": [made.sign_in_config(redirect=local)],
        "TypeTokenAnswer": [answer],
        "TypeTokenRow": [token],
        "TypeTokenAccess": [granted, pk.TokenAccess.REFUSED(401, None, [])],
        "TypeProofKeyError": [error],
        "TypeEvent": events(),
        "TypeNamedClient": [pk.NamedClient.NAMED("a"), pk.NamedClient.PAGE("b", "c")],
        "TypeReceived": [
            pk.Received.REDIRECT("x:"),
            pk.Received.ELAPSED(),
            pk.Received.CANCELLED(),
        ],
        "TypeStep": [browse, send, *steps()],
        "TypeStoreEvent": [
            pk.StoreEvent.FOUND(row, 1),
            pk.StoreEvent.FOUND_TOKEN(None, 1),
            pk.StoreEvent.CLAIMED(True),
            pk.StoreEvent.STORED(False),
            pk.StoreEvent.ROTATED(True),
            pk.StoreEvent.REMEMBERED(True),
            pk.StoreEvent.OK(),
        ],
        "TypeStoreStep": [
            begun,
            pk.StoreStep.CLAIM("i", bytes(32), 5, [fresh]),
            pk.StoreStep.ROTATE("i", bytes(32), 30, [fresh]),
            pk.StoreStep.REMEMBER("n", 121),
        ],
    }
    everything |= discovery_samples() | access_samples() | possession_samples()
    for enum in (
        pk.TokenKind,
        pk.Profile,
        pk.LoopbackHost,
        pk.Family,
        pk.Lost,
        pk.Feature,
        pk.Support,
        pk.Goal,
        pk.Source,
        pk.KeyPlace,
        pk.Dpop,
        pk.Decline,
    ):
        everything[f"Type{enum.__name__}"] = list(enum)
    return everything


def discovery_samples():
    """The values of discovery's types."""
    found, provider = made.discovered(), made.provider(scopes_supported=None)
    resource = made.protected_resource(bearer_methods_supported=["header"])
    report = pk.provider_report(provider)
    parsed = pk.parse_challenges(
        [
            'DPoP scope="a b", error="e"',
            "Negotiate abc==",
            'Bearer a="\\é", b=c',
            "Bearer a=b, a=c",
            ",",
        ]
    )
    assert parsed.demand and len(parsed.list) == 3 and parsed.defects
    parameters = parsed.list[2].parameters
    bare = pk.Demand(
        scheme="bearer",
        resource_metadata="",
        scopes=None,
        error=None,
        acr_values=["gold", "silver"],
        max_age=0,
    )
    config = made.discovery_config(resource=made.RESOURCE, www_authenticate=["Bearer"])
    return {
        "OptionalSequenceString": [None, [], ["", "é"]],
        "TypeProvider": [found.provider, provider],
        "TypeProtectedResource": [resource, made.protected_resource(scopes_supported=None)],
        "OptionalTypeProtectedResource": [None, resource],
        "TypeDiscovered": [found, pk.Discovered(provider=provider, resource=None, scopes=[])],
        "OptionalTypeDiscovered": [None, found],
        "TypeDiscoveryConfig": [config, made.discovery_config(issuer=None)],
        "TypeCapability": report,
        "SequenceTypeCapability": [[], report],
        "TypeChallengeParameter": parameters,
        "SequenceTypeChallengeParameter": [[], parameters],
        "TypeChallenge": parsed.list,
        "SequenceTypeChallenge": [[], parsed.list],
        "TypeDemand": [parsed.demand, bare],
        "OptionalTypeDemand": [None, bare],
        "TypeChallenges": [parsed],
    }


def access_samples():
    """The values of the types of the access flow and of stores."""
    config = made.access_config(client_document="https://é.example", account="a")
    bare = made.access_config(endpoints=None, extra_parameters=[])
    warning = pk.Warning(code="c", family=pk.Family.RETRY, text="t", advice="a")
    run = pk.AccessRun(
        rejected=bytes(32),
        www_authenticate=["Bearer"],
        known=made.discovered(),
        device=True,
        step_up=step_up(),
    )
    outcome = pk.AccessOutcome(
        tokens=None,
        source=pk.Source.KEPT,
        stored=True,
        revoked=None,
        warning=warning,
        end_session_url="https://as.example/logout",
        discovered=made.discovered(),
    )
    stored = pk.Stored(revision=2**64 - 1, value=b"\0\xff")
    return {
        "OptionalBoolean": [None, True, False],
        "TypeParameter": config.extra_parameters,
        "SequenceTypeParameter": [[], config.extra_parameters],
        "TypeEndpoints": [config.endpoints],
        "OptionalTypeEndpoints": [None, config.endpoints],
        "TypeAccessConfig": [config, bare],
        "TypeAccessRun": [run, pk.AccessRun()],
        "TypeWarning": [warning],
        "OptionalTypeWarning": [None, warning],
        "OptionalTypeSource": [None, pk.Source.SIGNED_IN],
        "TypeAccessOutcome": [outcome],
        "OptionalTypeAccessOutcome": [None, outcome],
        "TypeClientDocument": [made.client_document()],
        "TypeStored": [stored],
        "OptionalTypeStored": [None, stored],
        "TypeKeyringEntry": [pk.keyring_entry()],
    }


def step_up():
    return pk.StepUp(
        scopes=["a"],
        acr_values=["gold", "é"],
        max_age=0,
        resource_metadata=None,
        www_authenticate=["Bearer"],
    )


def device_code(complete=None):
    return pk.DeviceCode(
        user_code="ABCD-EFGH",
        verification_uri="https://as.example/device",
        verification_uri_complete=complete,
        expires_in_s=2**40,
        advice="a",
    )


def possession_samples():
    """The values of the types of proofs, of identities and of what a resource demands."""
    fields = pk.AuthorizationFields(authorization="DPoP a", dpop="b.c.d")
    bare = pk.AuthorizationFields(authorization="Bearer a", dpop=None)
    good = pk.CheckedProof.GOOD(thumbprint="t", jti="j", issued_at=2**63, nonce=None)
    identity = pk.verify_id_token(*made.id_token_arguments())
    reaction = pk.Reaction
    reactions = [reaction.ACCEPT(), reaction.RETRY(), reaction.REFRESH()]
    return {
        "TypeAuthorizationFields": [fields, bare],
        "TypeAuthorized": [pk.Authorized.STALE(), pk.Authorized.READY(fields)],
        "TypeCheckedProof": [good, pk.CheckedProof.REFUSED("jti")],
        "TypeDeviceCode": [device_code(), device_code("https://as.example/device?c=é")],
        "TypeIdentity": [identity],
        "OptionalTypeIdentity": [None, identity],
        "TypeReaction": [*reactions, reaction.SIGN_IN(step_up())],
        "TypeStepUp": [step_up()],
        "OptionalTypeStepUp": [None, step_up()],
    }


def steps():
    step = pk.Step
    return [
        step.SHOW_CODE(device_code(), 5_000),
        step.WAIT(2**63),
        step.KEY("agent-key", "ES256"),
        step.SIGN("agent-key", "ES256", "a.b"),
        step.DONE(),
        step.AWAIT(1, "code", "text"),
        step.CONFIRM("as.example", "api.example"),
        step.LOCK("tokens-1", 45_000),
        step.LOAD("tokens-1"),
        step.SWAP("tokens-1", None, b"value"),
        step.SWAP("tokens-1", 0, None),
        step.UNLOCK("tokens-1"),
    ]


def events():
    event = pk.Event
    return [
        event.START(),
        event.LISTENING(1),
        event.RESPONSE(made.token_response()),
        event.UNREACHABLE(pk.Lost.TOO_LARGE, "words"),
        event.REDIRECT("x:"),
        event.ELAPSED(),
        event.DISMISSED(),
        event.ALLOWED(),
        event.REFUSED(),
        event.PUBLIC_KEY(made.POINT),
        event.SIGNED(made.SIGNATURE),
        event.LOCKED(),
        event.BUSY(),
        event.LOADED(7, b"value"),
        event.LOADED(0, None),
        event.SWAPPED(False),
        event.OK(),
        event.FAILED("", "words"),
        event.CANCEL(),
    ]


def an_error():
    try:
        pk.verify("", "")
    except pk.ProofKeyError as error:
        return error
    raise AssertionError("no error")


class Converters(unittest.TestCase):
    def test_every_type_crosses_as_it_does_by_uniffis_own_code(self):
        everything = samples()
        known = {name.removeprefix("_UniffiFfiConverter") for name, _cls in converters(pk)}
        known = {name for name in known if name.removeprefix("Type") not in HOLD_OBJECTS}
        self.assertEqual(set(everything), known)
        for name, values in everything.items():
            ours, theirs = (getattr(layer, f"_UniffiFfiConverter{name}") for layer in BOTH)
            for value in values:
                with self.subTest(type=name):
                    sent = taken(pk, ours.lower(value))
                    read = theirs.lift(given(original, sent))
                    self.assertEqual(taken(original, theirs.lower(read)), sent)
                    again = ours.lift(given(pk, sent))
                    self.assertEqual(taken(pk, ours.lower(again)), sent)

    def test_bytes_that_are_cut_or_too_many_are_the_same_errors(self):
        refused = 0
        for name, values in samples().items():
            ours, theirs = (getattr(layer, f"_UniffiFfiConverter{name}") for layer in BOTH)
            for value in values:
                sent = taken(pk, ours.lower(value))
                cuts = sorted({*range(min(len(sent), 60)), len(sent) // 2, len(sent)})
                for data in [sent[:cut] for cut in cuts] + [sent + b"\0", b"\xff" + sent]:
                    with self.subTest(type=name, bytes=len(data)):
                        one = outcome(ours.lift, given(pk, data))
                        other = outcome(theirs.lift, given(original, data))
                        if isinstance(other, tuple):
                            refused += 1
                            self.assertEqual(one, other)
                        else:
                            lowered = taken(original, theirs.lower(other))
                            self.assertEqual(taken(pk, ours.lower(one)), lowered)
        self.assertGreater(refused, 1000)


NUMBERS = {
    **{f"{sign}{bits}": bits // 8 for sign in "iu" for bits in (8, 16, 32, 64)},
    "float": 4,
    "double": 8,
}


def written(layer, name, value):
    builder = layer._UniffiRustBufferBuilder()
    getattr(builder, f"write_{name}")(value)
    builder.write(b"end")
    return taken(layer, builder.finalize())


def stream(layer, data):
    """A stream over the buffer, and what keeps it."""
    rbuf = given(layer, data)
    if layer is original:
        return layer._UniffiRustBufferStream.from_rust_buffer(rbuf), rbuf
    return layer._UniffiRustBufferStream(layer._uniffi_bytes_of(rbuf)), None


class Parts(unittest.TestCase):
    def test_numbers(self):
        for name, size in NUMBERS.items():
            top = 2 ** (8 * size)
            values = [0, 1, top - 1, top // 2 - 1, -(top // 2), -1, top, -top, 1.5, "1", None]
            for value in values:
                with self.subTest(type=name, value=value):
                    ours, theirs = (outcome(written, layer, name, value) for layer in BOTH)
                    self.assertEqual(ours, theirs)
                    if isinstance(ours, tuple):
                        self.assertIn(ours[0], ("error", "OverflowError"))
                        continue
                    self.assertEqual(len(ours), size + 3)
                    read = []
                    for layer in BOTH:
                        reading, rbuf = stream(layer, ours)
                        read.append(getattr(reading, f"read_{name}")())
                        self.assertEqual(reading.remaining(), 3)
                        self.assertEqual(reading.read(3), b"end")
                        if rbuf is not None:
                            rbuf.free()
                    self.assertEqual(*read)

    def test_nothing_is_read_past_the_end(self):
        for name, size in NUMBERS.items():
            for length in range(size):
                reading, _rbuf = stream(pk, bytes(length))
                with self.assertRaisesRegex(pk.InternalError, "past end"):
                    getattr(reading, f"read_{name}")()
                self.assertEqual(reading.remaining(), length)
        reading, _rbuf = stream(pk, b"abc")
        with self.assertRaisesRegex(pk.InternalError, "past end"):
            reading.read(4)
        self.assertEqual(reading.read(3), b"abc")

    def test_only_bytes_are_written(self):
        for value in (bytearray(b"a"), memoryview(struct.pack("2I", 1, 2)), "a", 1, None):
            builder = pk._UniffiRustBufferBuilder()
            for write in (builder.write, builder.write_with_length):
                with self.assertRaises(TypeError):
                    write(value)


if __name__ == "__main__":
    unittest.main()
