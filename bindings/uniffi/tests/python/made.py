"""What the tests make again and again: configurations, a whole sign-in, a grant store in memory."""

import functools
import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import proofkey as pk

ISSUER = "https://as.example"
REDIRECT_URI = "https://app.example/callback"
NOW = 1_700_000_000

# Secrets as a server would make them. No text of anything may hold them.
CODE = "canary-code-7f3a"
ACCESS_TOKEN = "canary-access-91bc"
REFRESH_TOKEN = "canary-refresh-44de"
HEADER_VALUE = "canary-header-0a1b"


def sign_in_config(**changed):
    fields = {
        "issuer": ISSUER,
        "authorization_endpoint": ISSUER + "/authorize",
        "token_endpoint": ISSUER + "/token",
        "iss_promised": True,
        "client_id": "agent",
        "redirect": pk.RedirectTarget.FIXED(REDIRECT_URI),
        "scopes": ["read"],
        "resource": None,
        "browse_timeout_ms": 60_000,
    }
    return pk.SignInConfig(**(fields | changed))


def authorization_request(**changed):
    fields = {
        "issuer": ISSUER,
        "authorization_endpoint": ISSUER + "/authorize",
        "token_endpoint": ISSUER + "/token",
        "iss_promised": True,
        "client_id": "agent",
        "redirect_uri": REDIRECT_URI,
        "scopes": ["read"],
        "resource": None,
    }
    return pk.AuthorizationRequest(**(fields | changed))


def discovery_config(**changed):
    fields = {
        "issuer": ISSUER,
        "resource": None,
        "www_authenticate": [],
        "allow_missing_s256": [],
    }
    return pk.DiscoveryConfig(**(fields | changed))


def access_config(**changed):
    fields = {
        "issuer": ISSUER,
        "resource": RESOURCE,
        "endpoints": pk.Endpoints(
            authorization_endpoint=ISSUER + "/authorize",
            token_endpoint=ISSUER + "/token",
            revocation_endpoint=None,
            iss_promised=True,
        ),
        "client_id": "agent",
        "client_document": None,
        "client_name": None,
        "scopes": ["read"],
        "account": None,
        "redirect": pk.RedirectTarget.FIXED(REDIRECT_URI),
        "paste": False,
        "browse_timeout_ms": 60_000,
        "extra_parameters": [pk.Parameter(name="prompt", value="login")],
        "allow_missing_s256": [],
        "resumable": False,
        "dpop": pk.Dpop.NEVER,
    }
    return pk.AccessConfig(**(fields | changed))


def access(goal=None, **run):
    return pk.Access(access_config(), goal or pk.Goal.SIGN_IN, pk.AccessRun(**run))


def signing_in(key=None):
    """An access flow that has just been given its tokens, and the step that keeps them."""
    flow = access(key=key)
    browse = flow.advance(pk.Event.START(), NOW)
    flow.advance(pk.Event.REDIRECT(redirect_for(browse.url)), NOW)
    return flow, flow.advance(pk.Event.RESPONSE(token_response()), NOW)


def access_outcome():
    """What comes of an access flow over a store that keeps all."""
    flow, step = signing_in()
    while not step.is_DONE():
        step = flow.advance(pk.Event.SWAPPED(True), NOW)
    return flow.outcome()


# A point on P-256, and what is as long as a signature: nobody verifies it here.
POINT = bytes.fromhex("02f9ebe464147cc102d92324d099d927c1a50e42d57a08a116ffec0a29819d8c65")
SIGNATURE = bytes(range(1, 65))


@functools.cache
def bound_tokens():
    """Tokens that are bound to a key of the platform."""
    config = access_config(dpop=pk.Dpop.REQUIRED, dpop_key="agent-key")
    flow = pk.Access(config, pk.Goal.SIGN_IN, pk.AccessRun())
    step = flow.advance(pk.Event.START(), NOW)
    answers = {
        "KEY": lambda step: pk.Event.PUBLIC_KEY(POINT),
        "BROWSE": lambda step: pk.Event.REDIRECT(redirect_for(step.url)),
        "SIGN": lambda step: pk.Event.SIGNED(SIGNATURE),
        "SEND": lambda step: pk.Event.RESPONSE(token_response(token_type="DPoP")),
        "SWAP": lambda step: pk.Event.SWAPPED(True),
    }
    while not step.is_DONE():
        name = type(step).__name__.split(".")[-1]
        step = flow.advance(answers[name](step), NOW)
    return flow.outcome().tokens


def authorized():
    """A request with them: it waits for the platform's signature."""
    return bound_tokens().authorize_now("GET", RESOURCE, NOW, None)


@functools.cache
def vector(kind, name):
    """What goes into a vector of the tests."""
    folder = Path(__file__).resolve().parents[4] / "tests" / "vectors"
    vectors = json.loads((folder / f"{kind}.json").read_text())["vectors"]
    return next(each["input"] for each in vectors if each["id"] == name)


def id_token_arguments():
    """An ID token and what is demanded of it."""
    given = vector("id_tokens", "id-token-good-rs256")
    demanded = [given[name] for name in ("nonce", "access_token", "max_age", "now")]
    keys = given["keys"].encode()
    return [given["token"], keys, given["issuer"], given["client_id"], *demanded]


def client_document():
    return pk.ClientDocument(
        client_id="https://agent.example/client.json",
        client_name="Agent",
        client_uri=None,
        redirect_uris=[REDIRECT_URI],
        scopes=["read"],
    )


METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": ISSUER + "/authorize",
    "token_endpoint": ISSUER + "/token",
    "code_challenge_methods_supported": ["S256"],
    "scopes_supported": ["read", "write"],
    "authorization_response_iss_parameter_supported": True,
}
RESOURCE = "https://api.example/notes"
RESOURCE_METADATA = {
    "resource": RESOURCE,
    "authorization_servers": [ISSUER],
    "scopes_supported": ["read"],
}


def provider(**changed):
    body = json.dumps(METADATA | changed).encode()
    return pk.read_provider(ISSUER, body, False, ISSUER + "/metadata", NOW)


def protected_resource(**changed):
    body = json.dumps(RESOURCE_METADATA | changed).encode()
    return pk.read_protected_resource(RESOURCE, body, RESOURCE + "/metadata", NOW)


def discovered():
    """What a discovery finds that starts from a resource."""
    flow = pk.Discovery(discovery_config(issuer=None, resource=RESOURCE))
    flow.advance(pk.Event.START(), NOW)
    for document in (RESOURCE_METADATA, METADATA):
        flow.advance(pk.Event.RESPONSE(json_response(**document)), NOW)
    return flow.outcome()


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def redirect_for(url, redirect_uri=REDIRECT_URI, **more):
    answer = {"code": CODE, "state": query_of(url)["state"], "iss": ISSUER} | more
    return redirect_uri + "?" + urlencode(answer)


def json_response(status=200, **members):
    return pk.HttpResponse(
        status=status,
        headers=[
            pk.Header(name="Content-Type", value="application/json"),
            pk.Header(name="X-Session", value=HEADER_VALUE),
        ],
        body=json.dumps(members).encode(),
    )


def token_response(**changed):
    members = {
        "access_token": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 60,
        "refresh_token": REFRESH_TOKEN,
    }
    return json_response(**members | changed)


def browsing():
    """A sign-in that waits for its redirect, and the step that says so."""
    flow = pk.SignIn(sign_in_config())
    return flow, flow.advance(pk.Event.START(), NOW)


def sent():
    """A sign-in that waits for the token endpoint's answer, and the step that says so."""
    flow, browse = browsing()
    redirect = pk.Event.REDIRECT(redirect_for(browse.url))
    return flow, flow.advance(redirect, NOW)


def tokens():
    flow, _send = sent()
    flow.advance(pk.Event.RESPONSE(token_response()), NOW)
    return flow.outcome()


def session():
    return pk.PkceSession.begin(authorization_request())


def token_request():
    begun = session()
    return begun.complete(redirect_for(begun.authorization_url())).request


def policy():
    return pk.Policy(issuer=ISSUER, profile=pk.Profile.OAUTH21)


def client():
    return pk.ClientRecord(
        client_id="agent",
        name="Agent",
        redirect_uris=[REDIRECT_URI],
        scopes=["read", "write"],
        may_refresh=True,
    )


def grant_query(challenge, **changed):
    fields = {
        "response_type": "code",
        "client_id": "agent",
        "redirect_uri": REDIRECT_URI,
        "scope": "read",
        "state": "canary-state-5d5d",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return urlencode(fields | changed)


def grant_request(challenge=None):
    query = grant_query(challenge or pk.pair().challenge())
    return pk.judge_request(query, client(), policy()).request


def issue(challenge=None):
    return pk.Issue(grant_request(challenge), pk.Approval(subject="ada", scopes=["read"]), policy())


class Store:
    """A grant store in memory: answers the steps of a flow until it is done."""

    def __init__(self):
        self.grants, self.tokens, self.proofs = {}, {}, set()

    def drive(self, flow):
        event, steps = pk.StoreEvent.START(), []
        while True:
            step = flow.advance(event)
            steps.append(type(step).__name__.split(".")[-1])
            if step.is_DONE():
                return steps
            event = self.answer(step)

    def answer(self, step):
        if step.is_PUT():
            self.grants[step.grant.code_hash] = pk.GrantRow(
                grant=step.grant.grant,
                expires_at=NOW + step.grant.lifetime_s,
                used=False,
                revoked=False,
                mismatches=0,
            )
            return pk.StoreEvent.STORED(True)
        if step.is_FIND():
            return pk.StoreEvent.FOUND(self.grants.get(step.code_hash), NOW)
        if step.is_CLAIM():
            row = self.grants[step.code_hash]
            if row.used:
                return pk.StoreEvent.CLAIMED(False)
            row.used = True
            for new in step.tokens:
                self.tokens[new.token_hash] = pk.TokenRow(
                    kind=new.kind,
                    expires_at=NOW + new.lifetime_s,
                    revoked=False,
                    grant=row.grant,
                    rotation=pk.Rotation.NEWEST(),
                    scope=new.scope,
                    dpop_jkt=new.dpop_jkt,
                )
            return pk.StoreEvent.CLAIMED(True)
        if step.is_ROTATE():
            old = self.tokens[step.token_hash]
            if not old.rotation.is_NEWEST():
                return pk.StoreEvent.ROTATED(False)
            for row in self.tokens.values():
                if row.kind == pk.TokenKind.REFRESH:
                    newest = row.rotation.is_NEWEST()
                    spared, older = pk.Rotation.PREDECESSOR(NOW), pk.Rotation.OLDER()
                    row.rotation = spared if newest else older
            for new in step.tokens:
                self.tokens[new.token_hash] = pk.TokenRow(
                    kind=new.kind,
                    expires_at=NOW + new.lifetime_s,
                    revoked=old.revoked,
                    grant=old.grant,
                    rotation=pk.Rotation.NEWEST(),
                    scope=new.scope,
                    dpop_jkt=new.dpop_jkt,
                )
            return pk.StoreEvent.ROTATED(True)
        if step.is_FIND_TOKEN():
            return pk.StoreEvent.FOUND_TOKEN(self.tokens.get(step.token_hash), NOW)
        if step.is_REVOKE():
            for row in [*self.grants.values(), *self.tokens.values()]:
                if row.grant.grant_id == step.grant_id:
                    row.revoked = True
            return pk.StoreEvent.OK()
        if step.is_COUNT():
            for row in self.grants.values():
                if row.grant.grant_id == step.grant_id:
                    row.mismatches += 1
            return pk.StoreEvent.OK()
        if step.is_REMEMBER():
            new = step.name not in self.proofs
            self.proofs.add(step.name)
            return pk.StoreEvent.REMEMBERED(new)
        raise AssertionError(step)


def redeem(code, verifier):
    body = urlencode(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "client_id": "agent",
            "code_verifier": verifier,
        }
    )
    return pk.Redeem(body.encode(), "application/x-www-form-urlencoded", None, policy())


def refresh(token, **more):
    body = {
        "grant_type": "refresh_token",
        "client_id": "agent",
        "refresh_token": token,
    } | more
    return pk.Redeem(urlencode(body).encode(), "application/x-www-form-urlencoded", None, policy())


def give_back(token):
    body = urlencode({"client_id": "agent", "token": token})
    return pk.RevokeToken(body.encode(), "application/x-www-form-urlencoded", None)


def sha256(text):
    return hashlib.sha256(text.encode()).digest()
