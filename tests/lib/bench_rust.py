"""The section on Rust, from what criterion has measured (core/benches).

A figure is the mean of the fastest sample of all rounds: what else the machine does can only
make a job slower, and on a shared machine the medians tell more of its other work than of this.
"""

import json
from pathlib import Path

from bench_table import (
    Figures,
    Row,
    Table,
    Unusable,
    at_most_above,
    at_most_times,
    compared,
    version_of,
)

ROWS = (
    Row(
        "the system's generator alone, 32 bytes",
        "pair/generator",
        None,
        None,
        "(nothing is compared)",
    ),
    Row(
        "pair: a verifier and the text of its challenge",
        "pair/proofkey",
        "pair/oauth2",
        at_most_above("pair/proofkey", "pair/generator", 120),
        "the call of the system's generator: it draws from a generator in user space; wiping",
    ),
    Row(
        "the system's generator alone, 96 bytes: verifier, state and nonce",
        "authorization_url/generator",
        None,
        None,
        "(nothing is compared)",
    ),
    Row(
        "from the request to the authorization URL",
        "authorization_url/proofkey",
        "authorization_url/oauth2",
        at_most_times(
            "authorization_url/proofkey",
            "authorization_url/oauth2",
            0.5,
            "at most half of oauth2's",
        ),
        "the call of the system's generator; a nonce; 16 of the 32 bytes of state; checks of "
        "client_id, scopes, issuer and redirect URI (its client is made before the measurement); "
        "wiping",
    ),
    Row("SHA-256 of 43 bytes alone", "verify/sha256", None, None, "(nothing is compared)"),
    Row(
        "verify: a verifier against a challenge",
        "verify/proofkey",
        None,
        at_most_times("verify/proofkey", "verify/sha256", 2, "at most twice the hash alone"),
        "all of it: it is a client's crate",
    ),
    Row(
        "a whole sign-in without the network",
        "sign_in/proofkey",
        "sign_in/oauth2",
        None,
        "the comparison of the state (done by hand here, not in constant time); iss; the place "
        "and length of the redirect; duplicate parameters; duplicate members of the answer; the "
        "absolute expiry; wiping; the call of the system's generator",
    ),
    Row(
        "the same, beside openidconnect",
        "sign_in/proofkey",
        "sign_in/openidconnect",
        at_most_times(
            "sign_in/proofkey", "sign_in/openidconnect", 0.5, "at most half of openidconnect's"
        ),
        "as in the row above; it has a nonce",
    ),
    Row(
        "discovery: a server's metadata of 2 KB is read",
        "discovery/proofkey",
        "discovery/openidconnect",
        at_most_times(
            "discovery/proofkey", "discovery/openidconnect", 0.5, "at most half of openidconnect's"
        ),
        "duplicate members; S256; where the endpoints point to. It reads members of OpenID that "
        "ours passes over",
    ),
    Row(
        "the token endpoint's answer is read",
        "token_response/proofkey",
        "token_response/openidconnect",
        at_most_times(
            "token_response/proofkey",
            "token_response/openidconnect",
            0.5,
            "at most half of openidconnect's",
        ),
        "status and content type; duplicate members; the characters of the tokens; the absolute "
        "expiry; wiping. It looks for an ID token",
    ),
    Row(
        "an ID token is verified, RS256",
        "id_token_rs256/proofkey",
        "id_token_rs256/openidconnect",
        None,
        "when it was issued; clocks that differ; members that stand twice; a token that is too "
        "long",
    ),
    Row(
        "the same, beside jsonwebtoken",
        "id_token_rs256/proofkey",
        "id_token_rs256/jsonwebtoken",
        None,
        "as in the row above, and typ, azp and the claims about the user. Expiry, nonce and "
        "at_hash are compared by hand here",
    ),
    Row(
        "the same, beside npm's jose",
        "id_token_rs256/proofkey",
        "id_token_rs256/jose",
        None,
        "as in the row above but typ: the signature is OpenSSL's. Nonce and at_hash are compared "
        "by hand here",
    ),
    Row(
        "an ID token is verified, ES256",
        "id_token_es256/proofkey",
        "id_token_es256/openidconnect",
        None,
        "as with RS256",
    ),
    Row(
        "the same, beside jsonwebtoken",
        "id_token_es256/proofkey",
        "id_token_es256/jsonwebtoken",
        None,
        "as with RS256",
    ),
    Row(
        "the same, beside npm's jose",
        "id_token_es256/proofkey",
        "id_token_es256/jose",
        None,
        "as with RS256",
    ),
    Row(
        "DPoP: the header fields of a request, with its proof",
        "dpop_proof/proofkey",
        "dpop_proof/jsonwebtoken",
        None,
        "the nonces by origin; whether the URL lies in the token's resource; whether the token is "
        "fresh; wiping. jti and ath are made by hand here",
    ),
    Row(
        "the same, beside npm's jose",
        "dpop_proof/proofkey",
        "dpop_proof/jose",
        None,
        "as in the row above: the signature is OpenSSL's",
    ),
    Row(
        "DPoP: a proof is checked as a resource does it",
        "dpop_check/proofkey",
        "dpop_check/jsonwebtoken",
        None,
        "duplicate members; a key with its private half; extensions that must be understood. The "
        "claims are compared by hand here",
    ),
    Row(
        "the same, beside npm's jose",
        "dpop_check/proofkey",
        "dpop_check/jose",
        None,
        "as in the row above: the signature is OpenSSL's",
    ),
    Row(
        "redeem: a token request on the store in memory",
        "redeem/proofkey",
        None,
        None,
        "all of it: it is a client's crate",
    ),
    Row(
        "authorization request, code, and its redemption, on the store in memory",
        "issue_and_redeem/proofkey",
        None,
        None,
        "all of it: it is a client's crate",
    ),
)

TABLE = Table(
    "Rust",
    """ProofKey and the crates `oauth2`, `openidconnect` and `jsonwebtoken`, the latter with its
pure-Rust cryptography, run in one program, one after the other, with the same inputs
(`core/benches/src/inputs.rs`). What is signed ProofKey does in a second program, by turns with
the first: `openidconnect` turns tables on in the crate for elliptic curves that both use, and
ProofKey is released without them. npm's `jose` runs on Node, by turns with both, and signs by
OpenSSL. Criterion takes 100 samples of each job in each of three rounds, of many iterations each,
and so it is done on Node; a figure is the mean of the fastest sample. The last column says what of
the job the peer leaves out.
""",
    ("job", "ProofKey", "peer", "ratio", "goal", "result", "left out by the peer"),
    ROWS,
    compared,
)
KEYS = TABLE.keys


def read_round(folder: Path) -> Figures:
    """The fastest samples of one round, in nanoseconds an iteration."""
    figures = {}
    for key in KEYS:
        path = folder / key / "new" / "sample.json"
        try:
            sample = json.loads(path.read_text(encoding="utf-8"))
            pairs = list(zip(sample["times"], sample["iters"]))
            fastest = min(time / iterations for time, iterations in pairs)
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise Unusable(f"no samples of {key}: {error}") from error
        if not fastest > 0:
            raise Unusable(f"the fastest sample of {key} is {fastest!r}, not a time")
        figures[key] = fastest
    return figures


def lowest(rounds: list) -> Figures:
    return {key: min(figures[key] for figures in rounds) for key in KEYS}


def spread(rounds: list) -> float:
    """By how much the rounds differ at most, in per cent of the lowest."""
    best = lowest(rounds)
    return max(100 * (max(r[key] for r in rounds) / best[key] - 1) for key in KEYS)


def facts(lock: str, rounds: list, node: str) -> list:
    """What was measured, and how far the rounds are apart."""
    return [
        ("ProofKey", version_of(lock, "proofkey")),
        ("oauth2", version_of(lock, "oauth2")),
        ("openidconnect", version_of(lock, "openidconnect")),
        ("jsonwebtoken", version_of(lock, "jsonwebtoken")),
        ("jose, on Node", node),
        ("rounds", f"{len(rounds)}, which differ by at most {spread(rounds):.0f} %"),
    ]
