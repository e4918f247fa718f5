/* Rows to put into a store, and what every check asks of it. Each check makes grants of its own, with new ids; what has
 * expired was put with a lifetime of no seconds.
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_ROWS_H
#define PROOFKEY_TESTING_DETAIL_ROWS_H

#include <stdlib.h>

#include <proofkey/testing/detail/subject.h>

enum { PKT_MAX_MISMATCHES = 5, PKT_LIFETIME_S = 60, PKT_WINDOW_S = 30 };

static inline pk_text pkt_literal(const char *text) {
    pk_text whole = {text, text ? strlen(text) : 0};
    return whole;
}

/* 43 characters of base64url that nobody else has, and their 32 bytes. One of those is 0: a hash is no string. */
static inline void pkt_random(char name[44], uint8_t bytes[32]) {
    char unused[44];
    if (pk_pair(unused, sizeof unused, NULL, name, 44, NULL, NULL) != PK_OK ||
        pk_challenge_read(name, 43, bytes, NULL) != PK_OK)
        abort(); /* the system's generator has failed */
    bytes[3] = 0;
}

static inline void pkt_new_hash(uint8_t hash[32]) {
    char name[44];
    pkt_random(name, hash);
}

/* Another hash that begins alike: where hashes are compared as strings it is the same. */
static inline void pkt_other_hash(const uint8_t hash[32], uint8_t other[32]) {
    pkt_new_hash(other);
    memcpy(other, hash, 4);
}

static inline void pkt_new_name(char name[44]) {
    uint8_t bytes[32];
    pkt_random(name, bytes);
}

/* A grant to be put. Its row points into it: it stays where it is. */
typedef struct pkt_grant {
    char grant_id[44], challenge[44], dpop_jkt[44];
    uint8_t hash[32];
    uint64_t lifetime_s;
    pk_grant row;
} pkt_grant;

/* 22 characters of base64url, and a hash. */
static inline void pkt_identify(pkt_grant *grant) {
    pkt_random(grant->grant_id, grant->hash);
    memcpy(grant->grant_id + 21, "A", 2);
    grant->row.grant_id = pkt_literal(grant->grant_id);
}

/* As full as one can be. */
static inline void pkt_new_grant(pkt_grant *grant, uint64_t lifetime_s) {
    pk_grant row = PK_GRANT_INIT;
    grant->row = row;
    grant->lifetime_s = lifetime_s;
    pkt_identify(grant);
    pkt_new_name(grant->challenge);
    pkt_new_name(grant->dpop_jkt);
    grant->row.client_id = pkt_literal("agent");
    grant->row.subject = pkt_literal("user-\xc3\xbc");
    grant->row.redirect_uri = pkt_literal("http://127.0.0.1:49152/callback");
    grant->row.redirect_uri_was_sent = 1;
    grant->row.code_challenge = pkt_literal(grant->challenge);
    grant->row.scope = pkt_literal("read write");
    grant->row.resource = pkt_literal("https://api.example/");
    grant->row.refreshable = 1;
    grant->row.dpop_jkt = pkt_literal(grant->dpop_jkt);
    grant->row.nonce = pkt_literal("nonce");
    grant->row.has_auth_time = 1;
    grant->row.auth_time = 1700000000;
    grant->row.acr = pkt_literal("urn:example:strong");
    grant->row.authorization_details = pkt_literal("[{\"type\":\"t\"}]");
}

/* As empty as one can be. */
static inline void pkt_bare_grant(pkt_grant *grant) {
    pk_grant row = PK_GRANT_INIT;
    grant->row = row;
    grant->lifetime_s = PKT_LIFETIME_S;
    pkt_identify(grant);
    grant->row.client_id = pkt_literal("agent");
    grant->row.subject = pkt_literal("user");
    grant->row.redirect_uri = pkt_literal("http://127.0.0.1:49152/callback");
    grant->row.scope = pkt_literal("");
}

/* A token to be written, with the grant's scope and no key. */
static inline pk_new_token pkt_new_token(uint32_t kind, uint64_t lifetime_s) {
    pk_new_token token;
    memset(&token, 0, sizeof token);
    token.kind = kind;
    token.lifetime_s = lifetime_s;
    pkt_new_hash(token.hash);
    return token;
}

static inline pk_new_token pkt_access(void) { return pkt_new_token(PK_TOKEN_ACCESS, 3600); }

static inline pk_new_token pkt_refresh(void) { return pkt_new_token(PK_TOKEN_REFRESH, 3600); }

/* Steps. */

static inline pk_store_step pkt_step(uint32_t kind, pk_text grant_id, const uint8_t *hash) {
    pk_store_step step = PK_STORE_STEP_INIT;
    step.kind = kind;
    step.grant_id = grant_id;
    if (hash) memcpy(step.hash, hash, sizeof step.hash);
    return step;
}

static inline pk_store_step pkt_put_step(const pkt_grant *grant, const uint8_t *hash) {
    pk_store_step step = pkt_step(PK_STORE_STEP_PUT, grant->row.grant_id, hash);
    step.grant = &grant->row;
    step.lifetime_s = grant->lifetime_s;
    return step;
}

static inline pk_store_step pkt_claim_step(const pkt_grant *grant, const uint8_t *hash, const pk_new_token *tokens,
                                           size_t count) {
    pk_store_step step = pkt_step(PK_STORE_STEP_CLAIM, grant->row.grant_id, hash);
    step.max_mismatches = PKT_MAX_MISMATCHES;
    step.tokens = tokens;
    step.token_count = count;
    return step;
}

static inline pk_store_step pkt_rotate_step(const pkt_grant *grant, const pk_new_token *old, uint64_t window_s,
                                            const pk_new_token *tokens, size_t count) {
    pk_store_step step = pkt_step(PK_STORE_STEP_ROTATE, grant->row.grant_id, old->hash);
    step.reuse_window_s = window_s;
    step.tokens = tokens;
    step.token_count = count;
    return step;
}

/* Calls. */

static inline bool pkt_put(const pkt_subject *s, const pkt_grant *grant) {
    pk_store_step step = pkt_put_step(grant, grant->hash);
    return pkt_says(s, &step, "put says yes for a new grant", true);
}

/* A grant that was put. */
static inline bool pkt_put_new(const pkt_subject *s, pkt_grant *grant, uint64_t lifetime_s) {
    pkt_new_grant(grant, lifetime_s);
    return pkt_put(s, grant);
}

static inline bool pkt_claims(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *tokens, size_t count,
                              const char *promise, bool expected) {
    pk_store_step step = pkt_claim_step(grant, grant->hash, tokens, count);
    return pkt_says(s, &step, promise, expected);
}

static inline bool pkt_rotates(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *old, uint64_t window_s,
                               const pk_new_token *tokens, size_t count, const char *promise, bool expected) {
    pk_store_step step = pkt_rotate_step(grant, old, window_s, tokens, count);
    return pkt_says(s, &step, promise, expected);
}

/* `count` and `revoke`, which say nothing. */
static inline bool pkt_does(const pkt_subject *s, uint32_t kind, pk_text grant_id) {
    pk_store_step step = pkt_step(kind, grant_id, NULL);
    pk_store_event event;
    pkt_ask(s, &step, &event);
    return pkt_answered(s, &step, &event);
}

static inline bool pkt_row_is_whole(const pkt_subject *s, size_t expected, size_t size, const pk_grant *grant) {
    if (!pkt_number(s, "a row says its size", expected, size)) return false;
    if (!grant) return pkt_broken(s, "a row has its grant", "a pk_grant", "null");
    return pkt_number(s, "a row's grant says its size", sizeof *grant, grant->size);
}

/* The grant, if it is there. */
static inline bool pkt_find(const pkt_subject *s, pk_text grant_id, const uint8_t *hash, pk_store_event *event) {
    pk_store_step step = pkt_step(PK_STORE_STEP_FIND, grant_id, hash);
    pkt_ask(s, &step, event);
    return pkt_answered(s, &step, event) &&
           (!event->found_grant ||
            pkt_row_is_whole(s, sizeof *event->found_grant, event->found_grant->size, event->found_grant->grant));
}

/* The grant, which must be there. */
static inline bool pkt_found(const pkt_subject *s, const pkt_grant *grant, pk_found_grant *row, uint64_t *now) {
    pk_store_event event;
    if (!pkt_find(s, grant->row.grant_id, grant->hash, &event) ||
        !pkt_is(s, "find finds a grant that was put", true, event.found_grant != NULL))
        return false;
    *row = *event.found_grant;
    if (now) *now = event.now;
    return true;
}

/* The token, if it is there. */
static inline bool pkt_find_token(const pkt_subject *s, pk_text grant_id, const uint8_t *hash, pk_store_event *event) {
    pk_store_step step = pkt_step(PK_STORE_STEP_FIND_TOKEN, grant_id, hash);
    pkt_ask(s, &step, event);
    return pkt_answered(s, &step, event) &&
           (!event->found_token ||
            pkt_row_is_whole(s, sizeof *event->found_token, event->found_token->size, event->found_token->grant));
}

static inline bool pkt_there(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *token,
                             const char *promise, bool expected) {
    pk_store_event event;
    return pkt_find_token(s, grant->row.grant_id, token->hash, &event) &&
           pkt_is(s, promise, expected, event.found_token != NULL);
}

/* The token, which must be there. */
static inline bool pkt_found_token(const pkt_subject *s, const pkt_grant *grant, const pk_new_token *token,
                                   pk_found_token *row, uint64_t *now) {
    pk_store_event event;
    if (!pkt_find_token(s, grant->row.grant_id, token->hash, &event) ||
        !pkt_is(s, "find_token finds a token that was written", true, event.found_token != NULL))
        return false;
    *row = *event.found_token;
    if (now) *now = event.now;
    return true;
}

/* A grant that was claimed, and its first refresh token. */
static inline bool pkt_family(const pkt_subject *s, pkt_grant *grant, pk_new_token *first, uint64_t lifetime_s) {
    pk_new_token tokens[2];
    tokens[0] = pkt_access();
    tokens[1] = *first = pkt_new_token(PK_TOKEN_REFRESH, lifetime_s);
    return pkt_put_new(s, grant, PKT_LIFETIME_S) &&
           pkt_claims(s, grant, tokens, 2, "claim says yes for a good code", true);
}

/* Whether a grant came back as it was put, column by column. */
static inline bool pkt_same_grant(const pkt_subject *s, const char *promise, const pk_grant *put, const pk_grant *got) {
    const struct {
        const char *column;
        pk_text put, got;
    } texts[] = {
        {"grant_id", put->grant_id, got->grant_id},
        {"client_id", put->client_id, got->client_id},
        {"subject", put->subject, got->subject},
        {"redirect_uri", put->redirect_uri, got->redirect_uri},
        {"code_challenge", put->code_challenge, got->code_challenge},
        {"scope", put->scope, got->scope},
        {"resource", put->resource, got->resource},
        {"dpop_jkt", put->dpop_jkt, got->dpop_jkt},
        {"nonce", put->nonce, got->nonce},
        {"acr", put->acr, got->acr},
        {"authorization_details", put->authorization_details, got->authorization_details},
    };
    const struct {
        const char *column;
        uint64_t put, got;
    } numbers[] = {
        {"has_auth_time", put->has_auth_time != 0, got->has_auth_time != 0},
        {"auth_time", put->auth_time, put->has_auth_time ? got->auth_time : put->auth_time},
        {"redirect_uri_was_sent", put->redirect_uri_was_sent != 0, got->redirect_uri_was_sent != 0},
        {"refreshable", put->refreshable != 0, got->refreshable != 0},
    };
    char whole[96];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(whole, sizeof whole, "%s: %s", promise, texts[i].column);
        if (!pkt_text(s, whole, texts[i].put, texts[i].got)) return false;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        snprintf(whole, sizeof whole, "%s: %s", promise, numbers[i].column);
        if (!pkt_number(s, whole, numbers[i].put, numbers[i].got)) return false;
    }
    return true;
}

#endif
