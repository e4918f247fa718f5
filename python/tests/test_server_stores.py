"""The public suite for grant stores: a good store passes, and each fault of a store is found."""

from __future__ import annotations

import asyncio
import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from grants import CALLS, NaiveStore
from proofkey.server import AsyncMemoryGrantStore, MemoryGrantStore, Rotation, Terms, testing


def named(check: testing.Check) -> str:
    return getattr(check, "__name__", "")


BY_NAME = {named(check): check for check in testing.CHECKS}


@pytest.mark.parametrize("check", testing.CHECKS, ids=named)
def test_the_store_in_memory_passes(check: testing.Check) -> None:
    store = MemoryGrantStore()
    check(testing.Subject(lambda: store))


def test_the_asynchronous_store_passes() -> None:
    store = AsyncMemoryGrantStore()
    asyncio.run(testing.check_async_store(lambda: store))


def test_a_naive_store_loses_the_race() -> None:
    """P24, CVE-2026-47386: of 64 that read before the first one writes, each gets a token."""
    race = BY_NAME["of_many_redeemers_one_gets_a_token"]
    with pytest.raises(AssertionError, match="64 of 64 redeemers got a token"):
        naive = NaiveStore(64)
        race(testing.Subject(lambda: naive))
    with pytest.raises(AssertionError, match="64 of 64 claims won"):
        naive = NaiveStore(64)
        BY_NAME["of_many_claims_one_wins"](testing.Subject(lambda: naive))
    # One at a time it is as good as any: that is why nobody notices.
    alone = NaiveStore(1)
    for name in (*sorted({*FAULTS.values()}), "a_grant_lives_its_life"):
        BY_NAME[name](testing.Subject(lambda: alone))


def test_a_store_that_remembers_nothing_passes() -> None:
    """Proofs are an addition: who takes none needs no memory."""
    inner = MemoryGrantStore()
    plain = SimpleNamespace(**{name: getattr(inner, name) for name in CALLS})
    testing.check_store(lambda: plain)  # type: ignore[arg-type, return-value]


class Faulty(MemoryGrantStore):
    """A store with one fault, which a test gives it."""

    fault = ""

    def _is(self, fault: str) -> bool:
        return self.fault == fault

    def put(self, grant: Any) -> bool:
        if self._is("a grant is overwritten"):
            self._rows.pop(grant.grant.grant_id, None)
        if self._is("no challenge is kept"):
            bare = dataclasses.replace(grant.grant, code_challenge=None)
            grant = dataclasses.replace(grant, grant=bare)
        if self._is("the terms are forgotten"):
            bare = dataclasses.replace(grant.grant, terms=Terms())
            grant = dataclasses.replace(grant, grant=bare)
        if self._is("a code lives for a day"):
            grant = dataclasses.replace(grant, lifetime_s=86_400)
        return super().put(grant)

    def find(self, grant_id: str, code_hash: bytes) -> Any:
        row = self._rows.get(grant_id)
        if self._is("the hash is not compared") and row:
            code_hash = row.code_hash
        return super().find(grant_id, code_hash)

    def claim(self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: Any) -> bool:
        row = self._rows.get(grant_id)
        if row is None:
            return False
        if self._is("a claim does not compare the hash"):
            code_hash = row.code_hash
        if self._is("a claim does not look at the mismatches"):
            max_mismatches = 2**32
        if self._is("a claim does not look at the revocation"):
            row.revoked = False
        if self._is("a claim does not look at the expiry"):
            row.expires_at += 1
        if self._is("a claim does not look at the use"):
            row.used = False
        if self._is("a loser's tokens are written") or (
            self._is("a claim that fails is not undone") and len({*tokens}) < len(tokens)
        ):
            kept = super().claim(grant_id, code_hash, max_mismatches, ())
            if self._is("a claim that fails is not undone"):
                raise OSError("the same token twice")
            row.write(tokens, self._now())
            return kept
        if self._is("no token is written"):
            tokens = ()
        return super().claim(grant_id, code_hash, max_mismatches, tokens)

    def rotate(self, grant_id: str, token_hash: bytes, window_s: int, tokens: Any) -> bool:
        row = self._rows.get(grant_id)
        token = row.token(token_hash) if row else None
        if row is None or token is None:
            return False
        if self._is("an access token is exchanged"):
            token.kind = "refresh"
        if self._is("a rotation does not look at the expiry"):
            token.expires_at += 1
        if self._is("a rotation does not look at the revocation"):
            row.revoked = False
        if self._is("an old token is exchanged"):
            token.generation = row.generation
        if self._is("the window is not looked at"):
            window_s = 30
        if self._is("there is no window"):
            window_s = 0
        return super().rotate(grant_id, token_hash, window_s, tokens)

    def count(self, grant_id: str) -> None:
        if not self._is("mismatches are not counted"):
            super().count(grant_id)

    def revoke(self, grant_id: str) -> None:
        if self._is("a revocation reaches the neighbours"):
            for row in self._rows.values():
                row.revoked = True
        if not self._is("a revocation does nothing"):
            super().revoke(grant_id)

    def find_token(self, grant_id: str, token_hash: bytes) -> Any:
        row, now = super().find_token(grant_id, token_hash)
        if row and self._is("every token is the newest"):
            row = dataclasses.replace(row, rotation=Rotation())
        if row and self._is("a token forgets its scope"):
            row = dataclasses.replace(row, scope=None)
        if row and self._is("a token forgets its key"):
            row = dataclasses.replace(row, dpop_jkt=None)
        if row and self._is("a token is never revoked"):
            row = dataclasses.replace(row, revoked=False)
        return row, now

    def remember(self, name: str, lifetime_s: int) -> bool:
        if self._is("a proof is forgotten"):
            self._names.clear()
        if self._is("names are compared without case"):
            name = name.lower()
        if self._is("a proof is remembered for ever"):
            lifetime_s += 86_400
        return super().remember(name, lifetime_s)


FAULTS = {
    "a grant is overwritten": "a_second_grant_of_an_id_is_refused",
    "no challenge is kept": "a_grant_is_found_by_its_id_and_its_hash",
    "a code lives for a day": "a_grant_is_found_by_its_id_and_its_hash",
    "the hash is not compared": "a_grant_is_found_by_its_id_and_its_hash",
    "a claim does not compare the hash": "a_claim_needs_every_one_of_its_conditions",
    "a claim does not look at the mismatches": "a_claim_needs_every_one_of_its_conditions",
    "a claim does not look at the revocation": "a_claim_needs_every_one_of_its_conditions",
    "a claim does not look at the expiry": "a_claim_needs_every_one_of_its_conditions",
    "a claim does not look at the use": "a_claim_happens_once_and_brings_its_tokens",
    "a loser's tokens are written": "a_claim_happens_once_and_brings_its_tokens",
    "a claim that fails is not undone": "a_claim_and_its_tokens_are_one",
    "no token is written": "a_claim_happens_once_and_brings_its_tokens",
    "an access token is exchanged": "a_rotation_needs_every_one_of_its_conditions",
    "a rotation does not look at the expiry": "a_rotation_needs_every_one_of_its_conditions",
    "a rotation does not look at the revocation": "a_rotation_needs_every_one_of_its_conditions",
    "an old token is exchanged": "a_rotation_happens_once_and_brings_its_tokens",
    "the window is not looked at": "a_rotation_happens_once_and_brings_its_tokens",
    "there is no window": "the_window_spares_the_predecessor_alone",
    "mismatches are not counted": "mismatches_are_counted",
    "a revocation reaches the neighbours": "a_revocation_reaches_every_token",
    "a revocation does nothing": "a_revocation_reaches_every_token",
    "every token is the newest": "a_rotation_happens_once_and_brings_its_tokens",
    "a token forgets its scope": "a_claim_happens_once_and_brings_its_tokens",
    "a token forgets its key": "a_claim_happens_once_and_brings_its_tokens",
    "the terms are forgotten": "a_grant_is_found_by_its_id_and_its_hash",
    "a proof is forgotten": "a_proof_is_new_once",
    "names are compared without case": "a_proof_is_new_once",
    "a proof is remembered for ever": "a_proof_is_new_once",
    "a token is never revoked": "a_revocation_reaches_every_token",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(fault: str) -> None:
    """By the check that is there for it, which the same store passes without the fault."""
    check = BY_NAME[FAULTS[fault]]
    sound, faulty = Faulty(), Faulty()
    faulty.fault = fault
    check(testing.Subject(lambda: sound))
    with pytest.raises(AssertionError):
        check(testing.Subject(lambda: faulty))
