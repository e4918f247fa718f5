"""What every side is given; the same as in core/benches/src/inputs.rs."""

from urllib.parse import parse_qsl, urlsplit

ISSUER = "https://as.example"
AUTHORIZATION_ENDPOINT = "https://as.example/authorize"
TOKEN_ENDPOINT = "https://as.example/token"
CLIENT_ID = "my-agent"
PORT = 49152
REDIRECT_URI = "http://127.0.0.1:49152/callback"
REDIRECT_PATH = "/callback"
SCOPES = ["read", "write"]

# The pair of RFC 7636, Appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

ACCESS_TOKEN = "nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9"
TOKEN_RESPONSE = (
    '{"access_token":"nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9",'
    '"token_type":"Bearer","expires_in":3600,'
    '"refresh_token":"nQ3gG1m5J0y2x0m9b1Zx5g.Zk3tYb0bq8o5JX2o2sU6m1y4v7x9c3n5p8r1t4w6z0q",'
    '"scope":"read write"}'
)
CODE = "nQ3gG1m5J0y2x0m9b1Zx5g.T1hUq0m6yq2x8d4v9c3n7b5k1z6w0p2r4t8y3u5i7o9"
HEADERS = {"Content-Type": "application/json"}


def state_of(url: str) -> str:
    """The state, as it stands in the URL; it has no character that is written otherwise."""
    return url.partition("&state=")[2].partition("&")[0]


def redirect(state: str) -> str:
    """The redirect of a server that grants."""
    return f"{REDIRECT_URI}?code={CODE}&state={state}&iss=https%3A%2F%2Fas.example"


def parameters(uri: str) -> dict:
    """The redirect's parameters, for the peers whose caller reads them."""
    return dict(parse_qsl(urlsplit(uri).query))
