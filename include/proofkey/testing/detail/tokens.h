/* What every grant store must do with refresh tokens (RFC 9700 §4.14.2), and one that remembers proofs with those
 * (RFC 9449 §11.1).
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_TOKENS_H
#define PROOFKEY_TESTING_DETAIL_TOKENS_H

#include <proofkey/testing/detail/grants.h>

/* Where a token stands among those of its grant. */
static inline bool pkt_stands(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *token,
                              const char *promise, uint32_t expected) {
    static const char *const names[] = {"none", "PK_ROTATION_NEWEST", "PK_ROTATION_PREDECESSOR", "PK_ROTATION_OLDER"};
    pk_found_token row;
    if (!pkt_found_token(s, grant, token, &row, NULL)) return false;
    return row.rotation == expected ||
           pkt_broken(s, promise, names[expected],
                      row.rotation < sizeof names / sizeof names[0] ? names[row.rotation] : "an unknown rotation");
}

static inline bool pkt_predecessor_knows_when(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *old) {
    pk_found_token row;
    uint64_t now = 0;
    return pkt_stands(s, grant, old, "a token that was exchanged is the predecessor", PK_ROTATION_PREDECESSOR) &&
           pkt_found_token(s, grant, old, &row, &now) &&
           pkt_within(s, "rotated_at is by the store's clock", now - 60, now, row.rotated_at);
}

/* Of each generation; the loser brings none. */
static inline bool pkt_a_rotation_happens_once_and_brings_its_tokens(const pkt_subject *s) {
    pkt_grant grant;
    pk_new_token first, pair[2], lost = pkt_refresh(), third = pkt_refresh();
    const pk_new_token *access = &pair[0], *second = &pair[1];
    pair[0] = pkt_access();
    pair[1] = pkt_refresh();
    return pkt_family(s, &grant, &first, 7200) &&
           pkt_stands(s, &grant, &first, "a first token is of the newest generation", PK_ROTATION_NEWEST) &&
           pkt_rotates(s, &grant, &first, 0, pair, 2, "a good refresh token is exchanged", true) &&
           pkt_predecessor_knows_when(s, &grant, &first) &&
           pkt_stands(s, &grant, second, "a new token is of the newest generation", PK_ROTATION_NEWEST) &&
           pkt_stands(s, &grant, access, "an access token always is the newest", PK_ROTATION_NEWEST) &&
           pkt_rotates(s, &grant, &first, 0, &lost, 1, "a token is not exchanged twice", false) &&
           pkt_there(s, &grant, &lost, "an exchange that was refused writes no token", false) &&
           pkt_rotates(s, &grant, second, 0, &third, 1, "the next token is exchanged", true) &&
           pkt_stands(s, &grant, &first, "a token of two generations ago is old", PK_ROTATION_OLDER) &&
           pkt_stands(s, &grant, access, "an access token always is the newest", PK_ROTATION_NEWEST) &&
           pkt_rotates(s, &grant, &first, PKT_WINDOW_S, &lost, 1, "an old token is not exchanged", false);
}

/* A refresh token, of this grant, unexpired, not revoked. */
static inline bool pkt_a_rotation_needs_every_one_of_its_conditions(const pkt_subject *s) {
    pkt_grant grant, late, revoked, other;
    pk_new_token first, expired, ended, access = pkt_access(), unknown = pkt_refresh();
    if (!pkt_family(s, &grant, &first, 7200) || !pkt_family(s, &late, &expired, 0) ||
        !pkt_family(s, &revoked, &ended, 7200) || !pkt_put_new(s, &other, PKT_LIFETIME_S) ||
        !pkt_claims(s, &other, &access, 1, "claim says yes for a good code", true) ||
        !pkt_does(s, PK_STORE_STEP_REVOKE, revoked.row.grant_id))
        return false;
    const struct {
        const char *promise;
        const pkt_grant *grant;
        const pk_new_token *old;
    } refused[] = {
        {"an access token is not exchanged", &other, &access},
        {"an unknown token is not exchanged", &grant, &unknown},
        {"a token of another grant is not exchanged", &other, &first},
        {"an expired token is not exchanged", &late, &expired},
        {"a token of a revoked grant is not exchanged", &revoked, &ended},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        pk_new_token one = pkt_refresh();
        if (!pkt_rotates(s, refused[i].grant, refused[i].old, PKT_WINDOW_S, &one, 1, refused[i].promise, false) ||
            !pkt_there(s, refused[i].grant, &one, "an exchange that was refused writes no token", false))
            return false;
    }
    return pkt_stands(s, &grant, &first, "an exchange that was refused begins no generation", PK_ROTATION_NEWEST);
}

/* While its successor is unused; it gets a sibling of that. */
static inline bool pkt_the_window_spares_the_predecessor_alone(const pkt_subject *s) {
    pkt_grant grant;
    pk_new_token first, second = pkt_refresh(), sibling = pkt_refresh(), none = pkt_refresh(), third = pkt_refresh();
    return pkt_family(s, &grant, &first, 7200) &&
           pkt_rotates(s, &grant, &first, 0, &second, 1, "a good refresh token is exchanged", true) &&
           pkt_rotates(s, &grant, &first, PKT_WINDOW_S, &sibling, 1, "the window spares the predecessor", true) &&
           pkt_stands(s, &grant, &second, "a sibling does not take the place of the newest", PK_ROTATION_NEWEST) &&
           pkt_stands(s, &grant, &sibling, "a sibling is of the newest generation", PK_ROTATION_NEWEST) &&
           pkt_rotates(s, &grant, &first, 0, &none, 1, "without a window no predecessor is exchanged", false) &&
           pkt_rotates(s, &grant, &sibling, 0, &third, 1, "a sibling is exchanged", true) &&
           pkt_rotates(s, &grant, &first, PKT_WINDOW_S, &none, 1, "the window does not spare an old token", false) &&
           pkt_there(s, &grant, &none, "an exchange that was refused writes no token", false);
}

/* And only its token is there. */
static inline bool pkt_of_many_rotations_one_wins(const pkt_subject *s) {
    pkt_grant grant;
    pk_new_token first;
    if (!pkt_family(s, &grant, &first, 7200)) return false;
    pk_new_token *tokens = (pk_new_token *)calloc(s->racers, sizeof *tokens);
    pk_store_step *steps = (pk_store_step *)calloc(s->racers, sizeof *steps);
    bool *won = (bool *)calloc(s->racers, sizeof *won);
    if (!tokens || !steps || !won) abort();
    for (unsigned i = 0; i < s->racers; i++) {
        tokens[i] = pkt_refresh();
        steps[i] = pkt_rotate_step(&grant, &first, 0, &tokens[i], 1);
    }
    bool good = pkt_race(s, steps, won, "of many exchanges one wins", 1) && pkt_winners_tokens(s, &grant, tokens, won);
    free(won);
    free(steps);
    free(tokens);
    return good;
}

static inline pk_store_step pkt_remember_step(const char *name, uint64_t lifetime_s) {
    pk_store_step step = PK_STORE_STEP_INIT;
    step.kind = PK_STORE_STEP_REMEMBER;
    step.name = pkt_literal(name);
    step.lifetime_s = lifetime_s;
    return step;
}

static inline bool pkt_remembers(const pkt_subject *s, const char *name, uint64_t lifetime_s, const char *promise,
                                 bool expected) {
    pk_store_step step = pkt_remember_step(name, lifetime_s);
    return pkt_says(s, &step, promise, expected);
}

/* A name is new once, also for many at once, and again when it has expired. */
static inline bool pkt_a_proof_is_new_once(const pkt_subject *s) {
    char name[44], other[44], expired[44], raced[44];
    pkt_new_name(name);
    pkt_new_name(other);
    pkt_new_name(expired);
    pkt_new_name(raced);
    if (s->given->without_proofs) {
        pk_store_step step = pkt_remember_step(name, PKT_LIFETIME_S);
        pk_store_event event;
        pkt_ask(s, &step, &event);
        return event.kind == PK_STORE_EVENT_FAILED || pkt_broken(s, "a store that remembers nothing takes no proof",
                                                                 "PK_STORE_EVENT_FAILED", pkt_event_name(event.kind));
    }
    if (!pkt_remembers(s, name, PKT_LIFETIME_S, "remember says yes for a new name", true) ||
        !pkt_remembers(s, name, PKT_LIFETIME_S, "a name is new once", false) ||
        !pkt_remembers(s, other, PKT_LIFETIME_S, "another name is new", true))
        return false;
    for (size_t i = 0; other[i]; i++)
        if ((other[i] >= 'a' && other[i] <= 'z') || (other[i] >= 'A' && other[i] <= 'Z'))
            other[i] = (char)(other[i] ^ 0x20);
    if (!pkt_remembers(s, other, PKT_LIFETIME_S, "a name in other case is another name", true)) return false;
    for (int i = 0; i < 2; i++)
        if (!pkt_remembers(s, expired, 0, "a name that has expired is new", true)) return false;
    pk_store_step *steps = (pk_store_step *)calloc(s->racers, sizeof *steps);
    bool *won = (bool *)calloc(s->racers, sizeof *won);
    if (!steps || !won) abort();
    for (unsigned i = 0; i < s->racers; i++) steps[i] = pkt_remember_step(raced, PKT_LIFETIME_S);
    bool good = pkt_race(s, steps, won, "of many that show a name it is new for one", 1);
    free(won);
    free(steps);
    return good;
}

/* Of C alone: a program that was built with this header may load a newer library. */
static inline bool pkt_a_step_of_a_newer_library_fails(const pkt_subject *s) {
    pk_store_step step = PK_STORE_STEP_INIT;
    pk_store_event event;
    step.kind = 0x7fffffff;
    step.grant_id = pkt_literal("none");
    pkt_ask(s, &step, &event);
    return pkt_answered(s, &step, &event);
}

#endif
