/* The store of the example with one fault, which is chosen: what the suite for grant stores is held to. */
#ifndef FAULTY_STORE_H
#define FAULTY_STORE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../examples/grant_store.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

enum fault {
    NO_FAULT,
    /* What is not kept, or comes back as something else. */
    NONCE_FORGOTTEN,
    ACR_FORGOTTEN,
    DETAILS_FORGOTTEN,
    KEY_FORGOTTEN,
    AUTH_TIME_FORGOTTEN,
    REFRESHABLE_FORGOTTEN,
    TOKEN_KEY_FORGOTTEN,
    TOKEN_SCOPE_FORGOTTEN,
    TOKEN_KIND_FORGOTTEN,
    LENGTH_IN_CHARACTERS,
    EMPTY_IS_ABSENT,
    ABSENT_IS_EMPTY,
    CODE_LIVES_FOR_A_DAY,
    TOKEN_LIVES_FOR_A_DAY,
    CLOCK_OF_ITS_OWN,
    /* What is found, and what is overwritten. */
    FOUND_BY_ID_ALONE,
    HASH_AS_STRING,
    TOKEN_HASH_AS_STRING,
    ID_WITHOUT_CASE,
    TOKEN_OF_ANOTHER_GRANT,
    OVERWRITTEN,
    YES_TO_A_TAKEN_ID,
    /* Counting and revoking. */
    NOT_COUNTED,
    COUNTED_NAIVELY,
    COUNT_USES_THE_CODE,
    NOT_REVOKED,
    ALL_REVOKED,
    NOTHING_TO_REVOKE_FAILS,
    TOKEN_NEVER_REVOKED,
    /* Claims. */
    CLAIM_WITHOUT_HASH,
    CLAIM_WITHOUT_USED,
    CLAIM_WITHOUT_REVOKED,
    CLAIM_WITHOUT_MISMATCHES,
    CLAIM_WITHOUT_EXPIRY,
    CLAIM_OF_FIVE,
    CLAIM_WITHOUT_TOKENS,
    CLAIM_IN_TWO,
    CLAIM_NAIVE,
    LOSERS_TOKENS,
    /* Rotations. */
    ROTATION_WITHOUT_GRANT,
    ROTATION_WITHOUT_KIND,
    ROTATION_WITHOUT_EXPIRY,
    ROTATION_WITHOUT_REVOKED,
    ROTATION_WITHOUT_GENERATION,
    ROTATION_WITHOUT_WINDOW,
    ROTATION_FORGETS_WHEN,
    SIBLING_BEGINS_A_GENERATION,
    ALL_TOKENS_NEWEST,
    ACCESS_GROWS_OLD,
    /* Proofs. */
    PROOFS_FORGOTTEN,
    PROOFS_FOR_EVER,
    PROOFS_WITHOUT_CASE,
    PROOFS_NAIVELY,
    PROOFS_FAIL,
    /* Events. */
    ANOTHER_EVENT,
    EVENT_WITHOUT_SIZE,
    ROW_WITHOUT_SIZE,
    ROW_WITHOUT_GRANT,
    UNKNOWN_STEP_IS_OK,
};

struct faulty {
    struct grant_store store;
    enum fault fault;
    pthread_barrier_t *between; /* where all racers have read, and none has written */
    pk_grant grant;
    pk_new_token tokens[3];
    char text[64];
};

/* Sets an event by what a statement has done. */
static void answer_by(pk_store_event *event, uint32_t kind, int done) {
    event->kind = done < 0 ? PK_STORE_EVENT_FAILED : kind;
    event->done = done > 0;
}

/* The condition, or none. */
static const char *unless(int left_out, const char *condition) { return left_out ? "1" : condition; }

/* A claim that was refused, once more without one of its conditions. */
static void claim_without(struct grant_store *store, const pk_store_step *step, pk_store_event *event,
                          enum fault fault) {
    char sql[512];
    if (fault < CLAIM_WITHOUT_HASH || fault > CLAIM_WITHOUT_EXPIRY) return;
    if (step->kind != PK_STORE_STEP_CLAIM || event->kind != PK_STORE_EVENT_CLAIMED || event->done) return;
    snprintf(sql, sizeof sql, "UPDATE grants SET used = 1 WHERE grant_id = ?1 AND %s AND %s AND %s AND %s AND %s",
             unless(fault == CLAIM_WITHOUT_HASH, "code_hash = ?2"), unless(fault == CLAIM_WITHOUT_USED, "used = 0"),
             unless(fault == CLAIM_WITHOUT_REVOKED, "revoked = 0"),
             unless(fault == CLAIM_WITHOUT_MISMATCHES, "mismatches < ?3"),
             unless(fault == CLAIM_WITHOUT_EXPIRY, "expires_at > " NOW));
    /* All three are bound. */
    strcat(sql, " AND ?2 IS NOT NULL AND ?3 IS NOT NULL");
    CHECK(changed(store, "BEGIN IMMEDIATE", "") >= 0);
    int rows = changed(store, sql, "thi", step->grant_id, step->hash, (sqlite3_int64)step->max_mismatches);
    answer_by(event, PK_STORE_EVENT_CLAIMED, finished(store, step, rows));
}

/* The same of a rotation. */
static void rotate_without(struct grant_store *store, const pk_store_step *step, pk_store_event *event,
                           enum fault fault) {
    char sql[768];
    if (fault < ROTATION_WITHOUT_GRANT || fault > ROTATION_WITHOUT_GENERATION) return;
    if (step->kind != PK_STORE_STEP_ROTATE || event->kind != PK_STORE_EVENT_ROTATED || event->done) return;
    snprintf(sql, sizeof sql,
             "UPDATE grants SET generation = max(grants.generation, t.generation + 1) FROM tokens t"
             " WHERE grants.grant_id = ?1 AND t.token_hash = ?2 AND %s AND %s AND %s AND %s AND %s",
             unless(fault == ROTATION_WITHOUT_GRANT, "t.grant_id = ?1"),
             unless(fault == ROTATION_WITHOUT_KIND, "t.kind = 2"),
             unless(fault == ROTATION_WITHOUT_EXPIRY, "t.expires_at > " NOW),
             unless(fault == ROTATION_WITHOUT_REVOKED, "grants.revoked = 0"),
             unless(fault == ROTATION_WITHOUT_GENERATION, "t.generation = grants.generation"));
    CHECK(changed(store, "BEGIN IMMEDIATE", "") >= 0);
    int rows = changed(store, sql, "th", step->grant_id, step->hash);
    answer_by(event, PK_STORE_EVENT_ROTATED, finished(store, step, rows));
}

/* Faults that do a step in a way of their own: each of these reads, and then writes what it has seen. */
static int reads_first(struct faulty *f, const pk_store_step *step, pk_store_event *event) {
    struct grant_store *store = &f->store;
    pk_store_event read = PK_STORE_EVENT_INIT;
    if (f->fault == CLAIM_NAIVE && step->kind == PK_STORE_STEP_CLAIM) {
        pk_store_step find_step = *step;
        find_step.kind = PK_STORE_STEP_FIND;
        store_answer(store, &find_step, &read);
        const pk_found_grant *seen = read.found_grant;
        int good = seen && !seen->used && !seen->revoked && seen->mismatches < step->max_mismatches &&
                   seen->expires_at > read.now;
        forget_row(store);
        pthread_barrier_wait(f->between);
        CHECK(changed(store, "BEGIN IMMEDIATE", "") >= 0);
        int rows = good ? changed(store, "UPDATE grants SET used = 1 WHERE grant_id = ?", "t", step->grant_id) : 0;
        answer_by(event, PK_STORE_EVENT_CLAIMED, finished(store, step, rows));
    } else if (f->fault == COUNTED_NAIVELY && step->kind == PK_STORE_STEP_COUNT) {
        if (selected(store, "SELECT mismatches FROM grants WHERE grant_id = ?", "t", step->grant_id) != 1) return 0;
        sqlite3_int64 seen = sqlite3_column_int64(store->row, 0);
        forget_row(store);
        pthread_barrier_wait(f->between);
        answer_by(
            event, PK_STORE_EVENT_OK,
            changed(store, "UPDATE grants SET mismatches = ? WHERE grant_id = ?", "it", seen + 1, step->grant_id));
    } else if (f->fault == PROOFS_NAIVELY && step->kind == PK_STORE_STEP_REMEMBER) {
        int known = selected(store, "SELECT 1 FROM proofs WHERE name = ? AND expires_at > " NOW, "t", step->name);
        forget_row(store);
        pthread_barrier_wait(f->between);
        answer_by(event, PK_STORE_EVENT_REMEMBERED,
                  known ? 0
                        : changed(store, "INSERT OR REPLACE INTO proofs VALUES (?, " NOW " + ?)", "ti", step->name,
                                  (sqlite3_int64)step->lifetime_s));
    } else if (f->fault == CLAIM_IN_TWO && step->kind == PK_STORE_STEP_CLAIM) {
        /* The code is used, and then the tokens are written: each by itself. */
        pk_store_step bare = *step;
        bare.token_count = 0;
        store_answer(store, &bare, event);
        if (event->done && !write_tokens(store, step)) event->kind = PK_STORE_EVENT_FAILED;
    } else {
        return 0;
    }
    return 1;
}

/* The grant or the token that a step is about, found by less than all of what it names. */
static void find_by(struct faulty *f, pk_store_step *step, const char *sql, const char *kinds) {
    struct grant_store *store = &f->store;
    int found = strcmp(kinds, "t") == 0 ? selected(store, sql, kinds, step->grant_id)
                                        : selected(store, sql, kinds, step->grant_id, step->hash);
    if (found == 1) {
        memcpy(step->hash, sqlite3_column_blob(store->row, 1), sizeof step->hash);
        snprintf(f->text, sizeof f->text, "%s", (const char *)sqlite3_column_text(store->row, 0));
        step->grant_id.data = f->text;
        step->grant_id.length = strlen(f->text);
    }
    forget_row(store);
}

/* What is wrong with a step before the store does it. */
static void before(struct faulty *f, pk_store_step *step) {
    pk_text absent = {NULL, 0}, empty = {"", 0};
    struct grant_store *store = &f->store;
    forget_row(store);
    switch (step->kind) {
        case PK_STORE_STEP_PUT:
            f->grant = *step->grant;
            if (f->fault == NONCE_FORGOTTEN) f->grant.nonce = absent;
            if (f->fault == ACR_FORGOTTEN) f->grant.acr = absent;
            if (f->fault == DETAILS_FORGOTTEN) f->grant.authorization_details = absent;
            if (f->fault == KEY_FORGOTTEN) f->grant.dpop_jkt = absent;
            if (f->fault == AUTH_TIME_FORGOTTEN) f->grant.has_auth_time = 0;
            if (f->fault == REFRESHABLE_FORGOTTEN) f->grant.refreshable = 0;
            if (f->fault == CODE_LIVES_FOR_A_DAY) step->lifetime_s = 86400;
            if (f->fault == OVERWRITTEN)
                CHECK(changed(store, "DELETE FROM grants WHERE grant_id = ?", "t", step->grant_id) >= 0);
            step->grant = &f->grant;
            break;
        case PK_STORE_STEP_FIND:
            if (f->fault == FOUND_BY_ID_ALONE)
                find_by(f, step, "SELECT grant_id, code_hash FROM grants WHERE grant_id = ?", "t");
            if (f->fault == ID_WITHOUT_CASE)
                find_by(f, step,
                        "SELECT grant_id, code_hash FROM grants WHERE lower(grant_id) = lower(?) AND code_hash = ?",
                        "th");
            if (f->fault == HASH_AS_STRING)
                find_by(f, step,
                        "SELECT grant_id, code_hash FROM grants WHERE grant_id = ?"
                        " AND substr(code_hash, 1, 4) = substr(?, 1, 4)",
                        "th");
            break;
        case PK_STORE_STEP_FIND_TOKEN:
            if (f->fault == TOKEN_HASH_AS_STRING)
                find_by(f, step,
                        "SELECT grant_id, token_hash FROM tokens WHERE grant_id = ?"
                        " AND substr(token_hash, 1, 4) = substr(?, 1, 4)",
                        "th");
            if (f->fault == TOKEN_OF_ANOTHER_GRANT)
                find_by(f, step, "SELECT grant_id, token_hash FROM tokens WHERE ? IS NOT NULL AND token_hash = ?",
                        "th");
            break;
        case PK_STORE_STEP_CLAIM:
            if (f->fault == CLAIM_OF_FIVE) step->max_mismatches = 5;
            if (f->fault == CLAIM_WITHOUT_TOKENS) step->token_count = 0;
            if (f->fault == TOKEN_LIVES_FOR_A_DAY) {
                CHECK(step->token_count <= sizeof f->tokens / sizeof f->tokens[0]);
                for (size_t i = 0; i < step->token_count; i++) {
                    f->tokens[i] = step->tokens[i];
                    f->tokens[i].lifetime_s = 86400;
                }
                step->tokens = f->tokens;
            }
            break;
        case PK_STORE_STEP_COUNT:
            if (f->fault == NOT_COUNTED) step->grant_id = empty;
            if (f->fault == COUNT_USES_THE_CODE)
                CHECK(changed(store, "UPDATE grants SET used = 1 WHERE grant_id = ?", "t", step->grant_id) >= 0);
            break;
        case PK_STORE_STEP_REVOKE:
            if (f->fault == NOT_REVOKED) step->grant_id = empty;
            if (f->fault == ALL_REVOKED) CHECK(changed(store, "UPDATE grants SET revoked = 1", "") >= 0);
            break;
        case PK_STORE_STEP_ROTATE:
            if (f->fault == ROTATION_WITHOUT_WINDOW) step->reuse_window_s = 0;
            if (f->fault == SIBLING_BEGINS_A_GENERATION && step->reuse_window_s > 0)
                CHECK(changed(store,
                              "UPDATE tokens SET generation = generation + 1 WHERE grant_id = ? AND token_hash = ?"
                              " AND generation + 1 = (SELECT generation FROM grants g WHERE g.grant_id ="
                              " tokens.grant_id)",
                              "th", step->grant_id, step->hash) >= 0);
            break;
        case PK_STORE_STEP_REMEMBER:
            if (f->fault == PROOFS_FORGOTTEN) CHECK(changed(store, "DELETE FROM proofs", "") >= 0);
            if (f->fault == PROOFS_FOR_EVER) step->lifetime_s += 86400;
            if (f->fault == PROOFS_WITHOUT_CASE) {
                for (size_t i = 0; i < step->name.length; i++) {
                    char byte = step->name.data[i];
                    f->text[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
                }
                step->name.data = f->text;
            }
            break;
        default: break;
    }
}

/* What is wrong with what the store has said. */
static void after(struct faulty *f, const pk_store_step *step, pk_store_event *event) {
    pk_text absent = {NULL, 0}, empty = {"", 0};
    struct grant_store *store = &f->store;
    pk_grant *grant = &store->grant;
    pk_found_grant *found = &store->found_grant;
    pk_found_token *token = &store->found_token;
    claim_without(store, step, event, f->fault);
    rotate_without(store, step, event, f->fault);
    switch (step->kind) {
        case PK_STORE_STEP_PUT:
            if (f->fault == YES_TO_A_TAKEN_ID) event->done = 1;
            break;
        case PK_STORE_STEP_FIND:
            if (f->fault == CLOCK_OF_ITS_OWN) event->now += 3600;
            if (!event->found_grant) break;
            for (const char *byte = grant->subject.data; f->fault == LENGTH_IN_CHARACTERS && *byte; byte++)
                grant->subject.length -= ((unsigned char)*byte & 0xc0) == 0x80;
            if (f->fault == EMPTY_IS_ABSENT && !grant->scope.length) grant->scope = absent;
            if (f->fault == ABSENT_IS_EMPTY && !grant->nonce.data) grant->nonce = empty;
            if (f->fault == ROW_WITHOUT_SIZE) found->size = 0;
            if (f->fault == ROW_WITHOUT_GRANT) found->grant = NULL;
            break;
        case PK_STORE_STEP_FIND_TOKEN:
            if (!event->found_token) break;
            if (f->fault == TOKEN_KEY_FORGOTTEN) token->dpop_jkt = absent;
            if (f->fault == TOKEN_SCOPE_FORGOTTEN) token->scope = absent;
            if (f->fault == TOKEN_KIND_FORGOTTEN) token->kind = PK_TOKEN_ACCESS;
            if (f->fault == TOKEN_NEVER_REVOKED) token->revoked = 0;
            if (f->fault == ALL_TOKENS_NEWEST) token->rotation = PK_ROTATION_NEWEST;
            if (f->fault == ACCESS_GROWS_OLD && token->kind == PK_TOKEN_ACCESS && token->rotated_at > 0)
                token->rotation = PK_ROTATION_OLDER;
            break;
        case PK_STORE_STEP_CLAIM:
            if (f->fault == LOSERS_TOKENS && !event->done) write_tokens(store, step);
            break;
        case PK_STORE_STEP_REVOKE:
            if (f->fault == NOTHING_TO_REVOKE_FAILS && !event->done) event->kind = PK_STORE_EVENT_FAILED;
            break;
        case PK_STORE_STEP_ROTATE:
            if (f->fault == ANOTHER_EVENT) event->kind = PK_STORE_EVENT_CLAIMED;
            if (f->fault == ROTATION_FORGETS_WHEN)
                CHECK(changed(store, "UPDATE grants SET rotated_at = 0 WHERE grant_id = ?", "t", step->grant_id) >= 0);
            break;
        case PK_STORE_STEP_REMEMBER:
            if (f->fault == PROOFS_FAIL) event->kind = PK_STORE_EVENT_FAILED;
            if (f->fault == EVENT_WITHOUT_SIZE) event->size = 0;
            break;
        case PK_STORE_STEP_COUNT: break;
        default:
            if (f->fault == UNKNOWN_STEP_IS_OK) event->kind = PK_STORE_EVENT_OK;
    }
}

static void faulty_answer(void *store, const pk_store_step *given, pk_store_event *event) {
    struct faulty *f = store;
    pk_store_step step = *given;
    if (reads_first(f, &step, event)) return;
    before(f, &step);
    store_answer(&f->store, &step, event);
    after(f, &step, event);
}

#endif
