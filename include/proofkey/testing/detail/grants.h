/* What every grant store must do with grants and claims, call by call (RFC 6749 §4.1.2, §10.5).
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_GRANTS_H
#define PROOFKEY_TESTING_DETAIL_GRANTS_H

#include <proofkey/testing/detail/race.h>
#include <proofkey/testing/detail/rows.h>

static inline bool pkt_is_as_put(const pkt_subject *s, const pkt_grant *grant, uint64_t before) {
    pk_found_grant row;
    uint64_t now = 0;
    return pkt_put(s, grant) && pkt_found(s, grant, &row, &now) &&
           pkt_same_grant(s, "a grant comes back as it was put", &grant->row, row.grant) &&
           pkt_is(s, "a new grant is not used", false, row.used != 0) &&
           pkt_is(s, "a new grant is not revoked", false, row.revoked != 0) &&
           pkt_number(s, "a new grant has no mismatches", 0, row.mismatches) &&
           pkt_within(s, "expires_at is the lifetime after the store's clock", before + grant->lifetime_s,
                      now + grant->lifetime_s, row.expires_at);
}

static inline bool pkt_finds_none(const pkt_subject *s, const char *promise, pk_text grant_id, const uint8_t *hash) {
    pk_store_event event;
    return pkt_find(s, grant_id, hash, &event) && pkt_is(s, promise, false, event.found_grant != NULL);
}

/* As it was put, for both together and for nothing else. */
static inline bool pkt_a_grant_is_found_by_its_id_and_its_hash(const pkt_subject *s) {
    pkt_grant full, bare;
    pk_found_grant row;
    uint64_t before = 0;
    uint8_t other[32];
    char swapped[44];
    if (!pkt_put_new(s, &full, PKT_LIFETIME_S) || !pkt_found(s, &full, &row, &before)) return false;
    pkt_new_grant(&full, PKT_LIFETIME_S);
    pkt_bare_grant(&bare);
    if (!pkt_is_as_put(s, &full, before) || !pkt_is_as_put(s, &bare, before)) return false;
    pkt_other_hash(full.hash, other);
    for (size_t i = 0; i < sizeof swapped; i++) {
        char c = full.grant_id[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        swapped[i] = (char)(letter ? c ^ 0x20 : c);
    }
    return pkt_finds_none(s, "a grant is not found by another hash", full.row.grant_id, bare.hash) &&
           pkt_finds_none(s, "a hash is compared to its end", full.row.grant_id, other) &&
           pkt_finds_none(s, "a grant is not found by another id", bare.row.grant_id, full.hash) &&
           pkt_finds_none(s, "an id in other case is another id", pkt_literal(swapped), full.hash);
}

/* The first one stays as it is. */
static inline bool pkt_a_second_grant_of_an_id_is_refused(const pkt_subject *s) {
    pkt_grant first;
    pk_found_grant row;
    uint8_t other[32];
    pkt_new_hash(other);
    if (!pkt_put_new(s, &first, PKT_LIFETIME_S)) return false;
    pk_store_step second = pkt_put_step(&first, other);
    return pkt_says(s, &second, "put says no for an id that is taken", false) && pkt_found(s, &first, &row, NULL) &&
           pkt_finds_none(s, "the second grant of an id is not written", first.row.grant_id, other);
}

/* One by one, also from many at once, and nothing else changes. */
static inline bool pkt_mismatches_are_counted(const pkt_subject *s) {
    pkt_grant grant;
    pk_found_grant row;
    if (!pkt_put_new(s, &grant, PKT_LIFETIME_S)) return false;
    pk_store_step *steps = (pk_store_step *)calloc(s->racers, sizeof *steps);
    if (!steps) abort();
    for (unsigned i = 0; i < s->racers; i++) steps[i] = pkt_step(PK_STORE_STEP_COUNT, grant.row.grant_id, NULL);
    bool raced = pkt_race(s, steps, NULL, NULL, 0);
    free(steps);
    return raced && pkt_does(s, PK_STORE_STEP_COUNT, pkt_literal("none")) && pkt_found(s, &grant, &row, NULL) &&
           pkt_number(s, "every mismatch is counted, of many at once too", s->racers, row.mismatches) &&
           pkt_same_grant(s, "count changes nothing else", &grant.row, row.grant) &&
           pkt_is(s, "count uses no code", false, row.used != 0) &&
           pkt_is(s, "count revokes nothing", false, row.revoked != 0);
}

/* Again is the same, of nothing is nothing, and neighbours are left alone. */
static inline bool pkt_a_revocation_reaches_every_token(const pkt_subject *s) {
    pkt_grant grant, neighbour;
    pk_new_token first, other;
    pk_found_grant row;
    pk_found_token token;
    return pkt_family(s, &grant, &first, 7200) && pkt_family(s, &neighbour, &other, 7200) &&
           pkt_does(s, PK_STORE_STEP_REVOKE, grant.row.grant_id) &&
           pkt_does(s, PK_STORE_STEP_REVOKE, grant.row.grant_id) &&
           pkt_does(s, PK_STORE_STEP_REVOKE, pkt_literal("none")) && pkt_found(s, &grant, &row, NULL) &&
           pkt_is(s, "a revoked grant is revoked", true, row.revoked != 0) &&
           pkt_found_token(s, &grant, &first, &token, NULL) &&
           pkt_is(s, "a token of a revoked grant is revoked", true, token.revoked != 0) &&
           pkt_found(s, &neighbour, &row, NULL) && pkt_is(s, "another grant is not revoked", false, row.revoked != 0) &&
           pkt_found_token(s, &neighbour, &other, &token, NULL) &&
           pkt_is(s, "a token of another grant is not revoked", false, token.revoked != 0);
}

static inline bool pkt_token_is_as_written(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *written,
                                           uint64_t before) {
    pk_found_token row;
    uint64_t now = 0;
    return pkt_found_token(s, grant, written, &row, &now) &&
           pkt_within(s, "expires_at of a token is its lifetime after the store's clock", before + written->lifetime_s,
                      now + written->lifetime_s, row.expires_at) &&
           pkt_text(s, "a token keeps the key that it is bound to", written->dpop_jkt, row.dpop_jkt) &&
           pkt_number(s, "a token keeps its kind", written->kind, row.kind) &&
           pkt_text(s, "a token keeps its scope", written->scope, row.scope) &&
           pkt_same_grant(s, "a token has its grant", &grant->row, row.grant) &&
           pkt_is(s, "a new token is not revoked", false, row.revoked != 0) &&
           pkt_number(s, "a first token is of the newest generation", PK_ROTATION_NEWEST, row.rotation);
}

/* The second changes nothing and brings none. */
static inline bool pkt_a_claim_happens_once_and_brings_its_tokens(const pkt_subject *s) {
    pkt_grant grant;
    pk_new_token tokens[2], late = pkt_access();
    pk_found_grant row;
    pk_store_event event;
    uint64_t before = 0;
    uint8_t other[32];
    char key[44];
    pkt_new_name(key);
    tokens[0] = pkt_access();
    pkt_other_hash(tokens[0].hash, other);
    tokens[1] = pkt_new_token(PK_TOKEN_REFRESH, 7200);
    tokens[1].scope = pkt_literal("read");
    tokens[1].dpop_jkt = pkt_literal(key);
    return pkt_put_new(s, &grant, PKT_LIFETIME_S) && pkt_found(s, &grant, &row, &before) &&
           pkt_claims(s, &grant, tokens, 2, "claim says yes for a good code", true) &&
           pkt_found(s, &grant, &row, NULL) && pkt_is(s, "a claimed code is used", true, row.used != 0) &&
           pkt_token_is_as_written(s, &grant, &tokens[0], before) &&
           pkt_token_is_as_written(s, &grant, &tokens[1], before) &&
           pkt_claims(s, &grant, &late, 1, "claim says no for a code that is used", false) &&
           pkt_there(s, &grant, &late, "a claim that was refused writes no token", false) &&
           pkt_find_token(s, pkt_literal("none"), tokens[0].hash, &event) &&
           pkt_is(s, "a token is not found under another grant", false, event.found_token != NULL) &&
           pkt_find_token(s, grant.row.grant_id, other, &event) &&
           pkt_is(s, "a token is not found by another hash", false, event.found_token != NULL);
}

/* Another hash, no such grant, expired, revoked, burnt: no token, and nothing is used. */
static inline bool pkt_a_claim_needs_every_one_of_its_conditions(const pkt_subject *s) {
    pkt_grant good, late, revoked, burnt, nobody;
    pk_store_event event;
    uint8_t other[32];
    pkt_new_grant(&nobody, PKT_LIFETIME_S);
    if (!pkt_put_new(s, &good, PKT_LIFETIME_S) || !pkt_put_new(s, &revoked, PKT_LIFETIME_S) ||
        !pkt_put_new(s, &burnt, PKT_LIFETIME_S) || !pkt_does(s, PK_STORE_STEP_REVOKE, revoked.row.grant_id))
        return false;
    pkt_other_hash(good.hash, other);
    for (int i = 0; i < PKT_MAX_MISMATCHES; i++)
        if (!pkt_does(s, PK_STORE_STEP_COUNT, burnt.row.grant_id)) return false;
    /* The last one, for a store may clear away what has expired whenever it writes a grant. */
    if (!pkt_put_new(s, &late, 0)) return false;
    const struct {
        const char *promise;
        const pkt_grant *grant;
        const uint8_t *hash;
    } refused[] = {
        {"a code of another hash is not claimed", &good, other},
        {"a code of no grant is not claimed", &nobody, nobody.hash},
        {"a code that has expired is not claimed", &late, late.hash},
        {"a code of a revoked grant is not claimed", &revoked, revoked.hash},
        {"a code of a burnt grant is not claimed", &burnt, burnt.hash},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        pk_new_token one = pkt_access();
        pk_store_step step = pkt_claim_step(refused[i].grant, refused[i].hash, &one, 1);
        if (!pkt_says(s, &step, refused[i].promise, false) ||
            !pkt_there(s, refused[i].grant, &one, "a claim that was refused writes no token", false))
            return false;
    }
    /* One that has expired may be gone. */
    const pkt_grant *there[] = {&good, &late, &revoked, &burnt};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        if (!pkt_find(s, there[i]->row.grant_id, there[i]->hash, &event) ||
            !pkt_is(s, "a claim that was refused uses no code", false, event.found_grant && event.found_grant->used))
            return false;
    pk_store_step step = pkt_claim_step(&burnt, burnt.hash, NULL, 0);
    step.max_mismatches = PKT_MAX_MISMATCHES + 1;
    return pkt_says(s, &step, "how many mismatches burn a grant is the step's to say", true);
}

/* Where a token cannot be written, the code stays unused and no token is there. */
static inline bool pkt_a_claim_and_its_tokens_are_one(const pkt_subject *s) {
    pkt_grant grant;
    pk_new_token tokens[3], after = pkt_access();
    pk_found_grant row;
    pk_store_event event;
    tokens[0] = pkt_access();
    tokens[1] = tokens[2] = pkt_access();
    if (!pkt_put_new(s, &grant, PKT_LIFETIME_S)) return false;
    pk_store_step step = pkt_claim_step(&grant, grant.hash, tokens, 3);
    pkt_ask(s, &step, &event);
    bool failed = event.kind == PK_STORE_EVENT_FAILED;
    if (!failed && !pkt_answered(s, &step, &event)) return false;
    bool claimed = !failed && event.done;
    if (!claimed &&
        (!pkt_found(s, &grant, &row, NULL) || !pkt_is(s, "a claim that failed uses no code", false, row.used != 0) ||
         !pkt_there(s, &grant, &tokens[0], "a claim that failed writes no token", false) ||
         !pkt_there(s, &grant, &tokens[1], "a claim that failed writes no token", false)))
        return false;
    return pkt_claims(s, &grant, &after, 1, "a code whose claim failed can be claimed, and no other", !claimed);
}

/* Whether the tokens of those who have won are there, and no others. */
static inline bool pkt_winners_tokens(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *tokens,
                                      const bool *won) {
    for (unsigned i = 0; i < s->racers; i++)
        if (!pkt_there(s, grant, &tokens[i],
                       won[i] ? "the winner's token is written" : "a loser's token is not written", won[i]))
            return false;
    return true;
}

/* And only its token is there. */
static inline bool pkt_of_many_claims_one_wins(const pkt_subject *s) {
    pkt_grant grant;
    if (!pkt_put_new(s, &grant, PKT_LIFETIME_S)) return false;
    pk_new_token *tokens = (pk_new_token *)calloc(s->racers, sizeof *tokens);
    pk_store_step *steps = (pk_store_step *)calloc(s->racers, sizeof *steps);
    bool *won = (bool *)calloc(s->racers, sizeof *won);
    if (!tokens || !steps || !won) abort();
    for (unsigned i = 0; i < s->racers; i++) {
        tokens[i] = pkt_access();
        steps[i] = pkt_claim_step(&grant, grant.hash, &tokens[i], 1);
    }
    bool good = pkt_race(s, steps, won, "of many claims one wins", 1) && pkt_winners_tokens(s, &grant, tokens, won);
    free(won);
    free(steps);
    free(tokens);
    return good;
}

#endif
