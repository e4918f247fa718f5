"""What every grant store must do with refresh tokens, and one that remembers proofs with those."""

from __future__ import annotations

from typing import cast

from ._server_store import GrantStore, ProofStore
from ._server_subject import (
    Subject,
    claim,
    demand,
    family,
    found_token,
    new_name,
    put,
    rotate,
    stands,
    token,
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
        demand(stands(store, new, first) == "newest", "a first token is of the newest generation")
        demand(rotate(store, new, first, access, second) is True, "a good token was not exchanged")
        row, now = store.find_token(new.grant.grant_id, first.token_hash)
        if row is None or row.rotation.position != "predecessor" or row.rotation.rotated_at is None:
            raise AssertionError("a token that was exchanged is not the predecessor")
        demand(now - 60 <= row.rotation.rotated_at <= now, "rotated_at is not by the clock")
        demand(
            stands(store, new, second) == "newest", "a new token is not of the newest generation"
        )
        demand(stands(store, new, access) == "newest", "an access token always is")
        demand(rotate(store, new, first, lost) is False, "a token was exchanged twice")
        demand(found_token(store, new, lost) is None, "the loser's token was written")
        demand(rotate(store, new, second, third) is True, "the second exchange was refused")
        demand(stands(store, new, first) == "older", "a token of two generations ago is not old")
        demand(stands(store, new, access) == "newest", "an access token always is")
        demand(rotate(store, new, first, lost, window_s=30) is False, "an old token was exchanged")


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
        demand(claim(store, other, access) is True, "claim does not say True for a good code")
        store.revoke(revoked.grant.grant_id)
        for why, grant, old in (
            ("an access token", other, access),
            ("an unknown token", new, token("refresh")),
            ("a token of another grant", other, first),
            ("an expired token", late, expired),
            ("a token of a revoked grant", revoked, ended),
        ):
            one = token("refresh")
            demand(rotate(store, grant, old, one, window_s=30) is False, f"{why} was exchanged")
            demand(found_token(store, grant, one) is None, f"{why} brought a token")
        demand(stands(store, new, first) == "newest", "a refused exchange changed something")


def the_window_spares_the_predecessor_alone(subject: Subject) -> None:
    """While its successor is unused; it gets a sibling of that."""
    with subject.opened() as store:
        new, first = family(store)
        second, sibling, none, third = (token("refresh") for _ in range(4))
        demand(rotate(store, new, first, second) is True, "a good token was not exchanged")
        spared = rotate(store, new, first, sibling, window_s=30)
        demand(spared is True, "the window does not spare the predecessor")
        demand(stands(store, new, second) == "newest", "a sibling took the place of the newest")
        demand(stands(store, new, sibling) == "newest", "a sibling is not of the newest generation")
        demand(rotate(store, new, first, none) is False, "a predecessor without a window")
        demand(rotate(store, new, sibling, third) is True, "a sibling was not exchanged")
        demand(rotate(store, new, first, none, window_s=30) is False, "an old token in the window")
        demand(found_token(store, new, none) is None, "the loser's token was written")


def of_many_rotations_one_wins(subject: Subject) -> None:
    """And only its token is there."""
    with subject.opened() as store:
        new, first = family(store)
        tokens = [token("refresh") for _ in range(subject.threads)]
        won = subject.at_once(lambda each, n: rotate(each, new, first, tokens[n]))
        demand(won.count(True) == 1, f"{won.count(True)} of {subject.threads} exchanges won")
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
