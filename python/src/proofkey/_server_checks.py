"""What every grant store must do with grants and claims, call by call."""

from __future__ import annotations

import dataclasses

from ._server_rows import NewGrant, Rotation, Terms
from ._server_subject import (
    MAX_MISMATCHES,
    Subject,
    claim,
    clock,
    demand,
    family,
    found,
    found_token,
    new_grant,
    new_hash,
    new_id,
    new_name,
    put,
    token,
)

# Grants.


def a_grant_is_found_by_its_id_and_its_hash(subject: Subject) -> None:
    """As it was put, for both together and for nothing else."""
    with subject.opened() as store:
        before = clock(store)
        full = new_grant()
        bare = dataclasses.replace(
            full.grant,
            grant_id=new_id(),
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
            demand((row.used, row.revoked, row.mismatches) == (False, False, 0), "a grant is new")
            _, after = store.find(new.grant.grant_id, new.code_hash)
            demand(before + 60 <= row.expires_at <= after + 60, "expires_at is not by the clock")
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
        demand(row.mismatches == subject.threads, f"{row.mismatches} of {subject.threads} counted")
        demand(row.grant == new.grant and not row.used and not row.revoked, "count changed more")


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
        demand(claim(store, new, one, narrow) is True, "claim does not say True for a good code")
        demand(found(store, new).used, "a claimed code is not used")
        for written in (one, narrow):
            row, now = store.find_token(new.grant.grant_id, written.token_hash)
            if row is None:
                raise AssertionError("the winner's tokens were not written")
            lifetime = written.lifetime_s
            demand(before + lifetime <= row.expires_at <= now + lifetime, "expires_at of a token")
            demand(row.dpop_jkt == written.dpop_jkt, "the key that a token is bound to")
            demand((row.kind, row.scope) == (written.kind, written.scope), "a token is another")
            demand(row.grant == new.grant and not row.revoked, "the grant of a token is another")
            demand(row.rotation == Rotation(), "a first token is of the newest generation")
        demand(claim(store, new, late) is False, "a code was claimed twice")
        demand(found_token(store, new, late) is None, "the loser's token was written")
        row_of_none, _ = store.find_token("none", one.token_hash)
        demand(row_of_none is None, "a token is found under another grant")


def a_claim_needs_every_one_of_its_conditions(subject: Subject) -> None:
    """Another hash, no such grant, expired, revoked, burnt: no token, and nothing is used."""
    with subject.opened() as store:
        good, revoked, burnt = put(store), put(store), put(store)
        store.revoke(revoked.grant.grant_id)
        for _ in range(MAX_MISMATCHES):
            store.count(burnt.grant.grant_id)
        # The last one, for a store may clear away what has expired whenever it writes a grant.
        late = put(store, 0)
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
            demand(not found(store, new).used, "the code is used, and its tokens are not there")
            for one in (first, twice):
                demand(found_token(store, new, one) is None, "a token of a claim that failed")
    with subject.opened() as store:
        demand(claim(store, new, token()) is not claimed, "after a claim that failed")


def of_many_claims_one_wins(subject: Subject) -> None:
    """And only its token is there."""
    with subject.opened() as store:
        new = put(store)
        tokens = [token() for _ in range(subject.threads)]
        claimed = subject.at_once(lambda each, n: claim(each, new, tokens[n]))
        demand(claimed.count(True) == 1, f"{claimed.count(True)} of {subject.threads} claims won")
        there = [found_token(store, new, one) is not None for one in tokens]
        demand(there == claimed, "the tokens of losers are there, or that of the winner is not")
