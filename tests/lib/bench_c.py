"""The section on C, from what bindings/c/benches/pair.c has measured."""

from bench_table import Figures, Goal, Row, Table, Unusable, compared


def _of_generator_and_hash(ours: str, factor: float) -> Goal:
    def judge(figures: Figures) -> tuple:
        times = figures[ours] / (figures["generator"] + figures["hash"])
        return f"{times:.2f} times", times <= factor

    return Goal(f"at most {factor} of the generator's call plus the hash", judge)


ROWS = (
    Row("the system's generator alone, 32 bytes", "generator", None, None, "(nothing is compared)"),
    Row("SHA-256 of 43 bytes alone, by OpenSSL", "hash", None, None, "(nothing is compared)"),
    Row(
        "pair: a verifier and the text of its challenge",
        "pair/proofkey",
        "pair/by_hand",
        _of_generator_and_hash("pair/proofkey", 1.2),
        "checks of the buffers",
    ),
    Row(
        "the same, but OpenSSL with its own generator",
        "pair/proofkey",
        "pair/openssl",
        None,
        "checks of the buffers",
    ),
    Row(
        "verify: a verifier against a challenge",
        "verify/proofkey",
        "verify/openssl",
        None,
        "the grammar of both texts; wiping",
    ),
    Row("a call without a handle: the version", "handle/none", None, None, "(nothing is compared)"),
    Row(
        "a call with a handle: the expiry of tokens",
        "handle/one",
        None,
        None,
        "(nothing is compared)",
    ),
    Row(
        "the same, each time with another one of 10,000 handles",
        "handle/many",
        None,
        None,
        "(nothing is compared)",
    ),
)

TABLE = Table(
    "C",
    """The shared library of the release profile beside the same by hand with OpenSSL: `getrandom`
or `RAND_bytes`, SHA-256 with an algorithm and a context that are made once, `EVP_EncodeBlock`,
`CRYPTO_memcmp`, `OPENSSL_cleanse` (`bindings/c/benches/pair.c`). One program, all jobs by turns; a
figure is CPU a call, the lowest of 200 rounds.
""",
    ("job", "ProofKey", "OpenSSL", "ratio", "goal", "result", "left out by hand"),
    ROWS,
    compared,
)


def read(text: str) -> dict:
    """The program's lines."""
    try:
        return {name: float(value) for name, value in map(str.split, text.splitlines())}
    except ValueError as error:
        raise Unusable(f"pair says what is not a figure: {error}") from error


def facts(openssl: str, sizes: list) -> list:
    """What was measured."""
    return [("OpenSSL", openssl), *sizes]
