"""What every grant store must do, call by call. Each check makes grants of its own, with new ids,
so that a store may hold others; none waits, and none moves the database's clock: what has expired
was put with a lifetime of no seconds."""

from __future__ import annotations

import dataclasses
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar, cast

from ._server_rows import Grant, GrantRow, NewGrant, NewToken, Rotation, Terms, TokenKind, TokenRow
from ._server_store import GrantStore, ProofStore

T = TypeVar("T")

MakeStore = Callable[[], GrantStore | AbstractContextManager[GrantStore]]
"""Gives a store for one thread, or one that is given back by its ``__exit__``: all of them over the
same database."""

MAX_MISMATCHES = 5


class Subject:
    """The store that is looked at."""

    def __init__(self, make_store: MakeStore, threads: int = 64) -> None:
        self._make = make_store
        self.threads = threads

    def opened(self) -> AbstractContextManager[GrantStore]:
        """A store for this thread."""
        made = self._make()
        return made if isinstance(made, AbstractContextManager) else nullcontext(made)

    def at_once(self, work: Callable[[GrantStore, int], T]) -> list[T]:
        """What so many threads get that begin at one moment, each with a store of its own."""
        together = threading.Barrier(self.threads)

        def run(number: int) -> T:
            try:
                with self.opened() as store:
                    together.wait(60)
                    return work(store, number)
            except BaseException:
                together.abort()
                raise

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(run, range(self.threads)))


def demand(condition: bool, what: str) -> None:
    """Also where Python leaves out assertions."""
    if not condition:
        raise AssertionError(what)


def new_hash() -> bytes:
    """Some hash that no other row has."""
    return secrets.token_bytes(32)


def new_name() -> str:
    """43 characters of base64url, for which no bit is left over."""
    return secrets.token_urlsafe(32)[:42] + "A"


def new_grant(lifetime_s: int = 60) -> NewGrant:
    """A grant to be put, as full as one can be."""
    grant = Grant(
        grant_id=secrets.token_urlsafe(16),
        client_id="agent",
        subject="user-\u00fc",
        redirect_uri="http://127.0.0.1:49152/callback",
        redirect_uri_was_sent=True,
        code_challenge=new_name(),
        scope="read write",
        resource="https://api.example/",
        refreshable=True,
        terms=Terms(
            dpop_jkt=new_name(),
            nonce="nonce",
            auth_time=1_700_000_000,
            acr="urn:example:strong",
            authorization_details='[{"type":"t"}]',
        ),
    )
    return NewGrant(grant=grant, code_hash=new_hash(), lifetime_s=lifetime_s)


def token(kind: TokenKind = "access", lifetime_s: int = 3600) -> NewToken:
    """A token to be written."""
    return NewToken(
        kind=kind, token_hash=new_hash(), lifetime_s=lifetime_s, scope=None, dpop_jkt=None
    )


def put(store: GrantStore, lifetime_s: int = 60) -> NewGrant:
    """A grant that was put."""
    new = new_grant(lifetime_s)
    demand(store.put(new) is True, "put does not say True for a new grant")
    return new


def clock(store: GrantStore) -> int:
    """The store's clock; it is read from a grant that is there."""
    new = put(store)
    return store.find(new.grant.grant_id, new.code_hash)[1]


def claim(store: GrantStore, new: NewGrant, *tokens: NewToken) -> bool:
    """Claims its code."""
    return store.claim(new.grant.grant_id, new.code_hash, MAX_MISMATCHES, tokens)


def found(store: GrantStore, new: NewGrant) -> GrantRow:
    """The grant, which must be there."""
    row, _ = store.find(new.grant.grant_id, new.code_hash)
    if row is None:
        raise AssertionError("find does not find a grant that was put")
    return row


def found_token(store: GrantStore, new: NewGrant, one: NewToken) -> TokenRow | None:
    """The token, if it is there."""
    return store.find_token(new.grant.grant_id, one.token_hash)[0]


def stands(store: GrantStore, new: NewGrant, one: NewToken) -> str:
    """Where a token stands in the row of its grant's."""
    row = found_token(store, new, one)
    if row is None:
        raise AssertionError("find_token does not find a token that was written")
    return row.rotation.position


def family(store: GrantStore, lifetime_s: int = 7200) -> tuple[NewGrant, NewToken]:
    """A grant that was claimed, and its first refresh token."""
    new, first = put(store), token("refresh", lifetime_s)
    demand(
        claim(store, new, token(), first) is True,
        "claim does not say True for a good code",
    )
    return new, first


def rotate(
    store: GrantStore,
    new: NewGrant,
    old: NewToken,
    *tokens: NewToken,
    window_s: int = 0,
) -> bool:
    """Exchanges a refresh token."""
    return store.rotate(new.grant.grant_id, old.token_hash, window_s, tokens)


# Grants.


def a_grant_is_found_by_its_id_and_its_hash(subject: Subject) -> None:
    """As it was put, for both together and for nothing else."""
    with subject.opened() as store:
        before = clock(store)
        full = new_grant()
        bare = dataclasses.replace(
            full.grant,
            grant_id=secrets.token_urlsafe(16),
            code_challenge=None,
            resource=None,
            scope="",
            redirect_uri_was_sent=False,
            refreshable=False,
            terms=Terms(),
        )
        empty = NewGrant(grant=bare, code_hash=new_hash(), lifetime_s=60)
        for new in (full, empty):
            demand(store.put(new) is True, "put does not say True for a new grant")
            row = found(store, new)
            demand(row.grant == new.grant, "a grant does not come back as it was put")
            demand(
                (row.used, row.revoked, row.mismatches) == (False, False, 0),
                "a grant is new",
            )
            _, after = store.find(new.grant.grant_id, new.code_hash)
            demand(
                before + 60 <= row.expires_at <= after + 60,
                "expires_at is not by the clock",
            )
        for grant_id, code_hash in (
            (full.grant.grant_id, empty.code_hash),
            (empty.grant.grant_id, full.code_hash),
            (full.grant.grant_id.swapcase(), full.code_hash),
        ):
            row_of_none, _ = store.find(grant_id, code_hash)
            demand(row_of_none is None, "a grant is found by another id or another hash")


def a_second_grant_of_an_id_is_refused(subject: Subject) -> None:
    """The first one stays as it is."""
    with subject.opened() as store:
        first = put(store)
        second = dataclasses.replace(first, code_hash=new_hash())
        demand(store.put(second) is False, "put does not say False for an id that is taken")
        found(store, first)
        row, _ = store.find(first.grant.grant_id, second.code_hash)
        demand(row is None, "the second grant of an id was written")


def mismatches_are_counted(subject: Subject) -> None:
    """One by one, also from many at once, and nothing else changes."""
    with subject.opened() as store:
        new = put(store)
        subject.at_once(lambda each, _: each.count(new.grant.grant_id))
        store.count("none")
        row = found(store, new)
        demand(
            row.mismatches == subject.threads,
            f"{row.mismatches} of {subject.threads} counted",
        )
        demand(
            row.grant == new.grant and not row.used and not row.revoked,
            "count changed more",
        )


def a_revocation_reaches_every_token(subject: Subject) -> None:
    """Again is the same, of nothing is nothing, and neighbours are left alone."""
    with subject.opened() as store:
        (new, first), (neighbour, other) = family(store), family(store)
        for grant_id in (new.grant.grant_id, new.grant.grant_id, "none"):
            store.revoke(grant_id)
        row = found_token(store, new, first)
        demand(found(store, new).revoked, "the grant is not revoked")
        demand(row is not None and row.revoked, "a token of a revoked grant is not revoked")
        row = found_token(store, neighbour, other)
        demand(not found(store, neighbour).revoked, "another grant is revoked")
        demand(row is not None and not row.revoked, "a token of another grant is revoked")


# Claims.


def a_claim_happens_once_and_brings_its_tokens(subject: Subject) -> None:
    """The second changes nothing and brings none."""
    with subject.opened() as store:
        new, one, late = put(store), token(), token()
        narrow = dataclasses.replace(token("refresh", 7200), scope="read", dpop_jkt=new_name())
        _, before = store.find(new.grant.grant_id, new.code_hash)
        demand(
            claim(store, new, one, narrow) is True,
            "claim does not say True for a good code",
        )
        demand(found(store, new).used, "a claimed code is not used")
        for written in (one, narrow):
            row, now = store.find_token(new.grant.grant_id, written.token_hash)
            if row is None:
                raise AssertionError("the winner's tokens were not written")
            lifetime = written.lifetime_s
            demand(
                before + lifetime <= row.expires_at <= now + lifetime,
                "expires_at of a token",
            )
            demand(row.dpop_jkt == written.dpop_jkt, "the key that a token is bound to")
            demand(
                (row.kind, row.scope) == (written.kind, written.scope),
                "a token is another",
            )
            demand(
                row.grant == new.grant and not row.revoked,
                "the grant of a token is another",
            )
            demand(row.rotation == Rotation(), "a first token is of the newest generation")
        demand(claim(store, new, late) is False, "a code was claimed twice")
        demand(found_token(store, new, late) is None, "the loser's token was written")
        row_of_none, _ = store.find_token("none", one.token_hash)
        demand(row_of_none is None, "a token is found under another grant")


def a_claim_needs_every_one_of_its_conditions(subject: Subject) -> None:
    """Another hash, no such grant, expired, revoked, burnt: no token, and nothing is used."""
    with subject.opened() as store:
        good, late, revoked, burnt = put(store), put(store, 0), put(store), put(store)
        store.revoke(revoked.grant.grant_id)
        for _ in range(MAX_MISMATCHES):
            store.count(burnt.grant.grant_id)
        other = dataclasses.replace(good, code_hash=new_hash())
        nobody = new_grant()
        for why, new in (
            ("of another hash", other),
            ("of no grant", nobody),
            ("that has expired", late),
            ("of a revoked grant", revoked),
            ("of a burnt grant", burnt),
        ):
            one = token()
            demand(claim(store, new, one) is False, f"a code {why} was claimed")
            demand(found_token(store, new, one) is None, f"a code {why} brought a token")
        for new in (good, late, revoked, burnt):
            row, _ = store.find(new.grant.grant_id, new.code_hash)
            demand(row is None or not row.used, "a refused claim marked its code used")
        more = MAX_MISMATCHES + 1
        claimed = store.claim(burnt.grant.grant_id, burnt.code_hash, more, ())
        demand(claimed is True, "how many mismatches burn a grant is the caller's to say")


def a_claim_and_its_tokens_are_one(subject: Subject) -> None:
    """Where a token cannot be written, the code stays unused and no token is there."""
    with subject.opened() as store:
        new, first, twice = put(store), token(), token()
        try:
            claimed = claim(store, new, first, twice, twice)
        except Exception:
            claimed = False
        if not claimed:
            demand(
                not found(store, new).used,
                "the code is used, and its tokens are not there",
            )
            for one in (first, twice):
                demand(
                    found_token(store, new, one) is None,
                    "a token of a claim that failed",
                )
    with subject.opened() as store:
        demand(claim(store, new, token()) is not claimed, "after a claim that failed")


def of_many_claims_one_wins(subject: Subject) -> None:
    """And only its token is there."""
    with subject.opened() as store:
        new = put(store)
        tokens = [token() for _ in range(subject.threads)]
        claimed = subject.at_once(lambda each, n: claim(each, new, tokens[n]))
        demand(
            claimed.count(True) == 1,
            f"{claimed.count(True)} of {subject.threads} claims won",
        )
        there = [found_token(store, new, one) is not None for one in tokens]
        demand(
            there == claimed,
            "the tokens of losers are there, or that of the winner is not",
        )


# Rotations.


def a_rotation_happens_once_and_brings_its_tokens(subject: Subject) -> None:
    """Of each generation; the loser brings none."""
    with subject.opened() as store:
        new, first = family(store)
        access, second, lost, third = (
            token(),
            token("refresh"),
            token("refresh"),
            token("refresh"),
        )
        demand(
            stands(store, new, first) == "newest",
            "a first token is of the newest generation",
        )
        demand(
            rotate(store, new, first, access, second) is True,
            "a good token was not exchanged",
        )
        row, now = store.find_token(new.grant.grant_id, first.token_hash)
        if row is None or row.rotation.position != "predecessor" or row.rotation.rotated_at is None:
            raise AssertionError("a token that was exchanged is not the predecessor")
        demand(now - 60 <= row.rotation.rotated_at <= now, "rotated_at is not by the clock")
        demand(
            stands(store, new, second) == "newest",
            "a new token is not of the newest generation",
        )
        demand(stands(store, new, access) == "newest", "an access token always is")
        demand(rotate(store, new, first, lost) is False, "a token was exchanged twice")
        demand(found_token(store, new, lost) is None, "the loser's token was written")
        demand(rotate(store, new, second, third) is True, "the second exchange was refused")
        demand(
            stands(store, new, first) == "older",
            "a token of two generations ago is not old",
        )
        demand(stands(store, new, access) == "newest", "an access token always is")
        demand(
            rotate(store, new, first, lost, window_s=30) is False,
            "an old token was exchanged",
        )


def a_rotation_needs_every_one_of_its_conditions(subject: Subject) -> None:
    """A refresh token, of this grant, unexpired, not revoked."""
    with subject.opened() as store:
        (new, first), (late, expired), (revoked, ended) = (
            family(store),
            family(store, 0),
            family(store),
        )
        access = token()
        other = put(store)
        demand(
            claim(store, other, access) is True,
            "claim does not say True for a good code",
        )
        store.revoke(revoked.grant.grant_id)
        for why, grant, old in (
            ("an access token", other, access),
            ("an unknown token", new, token("refresh")),
            ("a token of another grant", other, first),
            ("an expired token", late, expired),
            ("a token of a revoked grant", revoked, ended),
        ):
            one = token("refresh")
            demand(
                rotate(store, grant, old, one, window_s=30) is False,
                f"{why} was exchanged",
            )
            demand(found_token(store, grant, one) is None, f"{why} brought a token")
        demand(
            stands(store, new, first) == "newest",
            "a refused exchange changed something",
        )


def the_window_spares_the_predecessor_alone(subject: Subject) -> None:
    """While its successor is unused; it gets a sibling of that."""
    with subject.opened() as store:
        new, first = family(store)
        second, sibling, none, third = (token("refresh") for _ in range(4))
        demand(rotate(store, new, first, second) is True, "a good token was not exchanged")
        spared = rotate(store, new, first, sibling, window_s=30)
        demand(spared is True, "the window does not spare the predecessor")
        demand(
            stands(store, new, second) == "newest",
            "a sibling took the place of the newest",
        )
        demand(
            stands(store, new, sibling) == "newest",
            "a sibling is not of the newest generation",
        )
        demand(rotate(store, new, first, none) is False, "a predecessor without a window")
        demand(rotate(store, new, sibling, third) is True, "a sibling was not exchanged")
        demand(
            rotate(store, new, first, none, window_s=30) is False,
            "an old token in the window",
        )
        demand(found_token(store, new, none) is None, "the loser's token was written")


def of_many_rotations_one_wins(subject: Subject) -> None:
    """And only its token is there."""
    with subject.opened() as store:
        new, first = family(store)
        tokens = [token("refresh") for _ in range(subject.threads)]
        won = subject.at_once(lambda each, n: rotate(each, new, first, tokens[n]))
        demand(
            won.count(True) == 1,
            f"{won.count(True)} of {subject.threads} exchanges won",
        )
        there = [found_token(store, new, one) is not None for one in tokens]
        demand(there == won, "the tokens of losers are there, or that of the winner is not")


# Proofs.


def a_proof_is_new_once(subject: Subject) -> None:
    """Of a store that remembers proofs: a name is new once, also for many at once, and again when
    it has expired."""
    with subject.opened() as store:
        if not callable(getattr(store, "remember", None)):
            return
        name, other, expired = new_name(), new_name(), new_name()
        demand(remember(store, name) is True, "remember does not say True for a new name")
        demand(remember(store, name) is False, "a name was new twice")
        demand(remember(store, other) is True, "another name is not new")
        demand(remember(store, other.swapcase()) is True, "another name is not new")
        for _ in range(2):
            demand(remember(store, expired, 0) is True, "an expired name does not count as new")
        raced = new_name()
    won = subject.at_once(lambda each, _: remember(each, raced))
    demand(won.count(True) == 1, f"a name was new for {won.count(True)} of {subject.threads}")


def remember(store: GrantStore, name: str, lifetime_s: int = 60) -> bool:
    """Remembers a proof."""
    return cast(ProofStore, store).remember(name, lifetime_s)


CONTRACT: tuple[Callable[[Subject], None], ...] = (
    a_grant_is_found_by_its_id_and_its_hash,
    a_second_grant_of_an_id_is_refused,
    mismatches_are_counted,
    a_revocation_reaches_every_token,
    a_claim_happens_once_and_brings_its_tokens,
    a_claim_needs_every_one_of_its_conditions,
    a_claim_and_its_tokens_are_one,
    of_many_claims_one_wins,
    a_rotation_happens_once_and_brings_its_tokens,
    a_rotation_needs_every_one_of_its_conditions,
    the_window_spares_the_predecessor_alone,
    of_many_rotations_one_wins,
    a_proof_is_new_once,
)
