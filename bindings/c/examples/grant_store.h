/* A grant store over SQLite: what an authorization server answers to the steps of `pk_issue_…`, `pk_redeem_…`,
 * `pk_revoke_…` and `pk_check_…`. Each connection is one thread's; any number of them, of any number of processes, may
 * share a database.
 *
 * Nothing here judges. What keeps a code from being redeemed twice is that each write is one conditional statement: see
 * `claim`. A SELECT followed by an UPDATE would let two requests in between; tests/grant_race.c shows it. */
#ifndef GRANT_STORE_H
#define GRANT_STORE_H

#include <proofkey.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

struct grant_store {
    sqlite3 *db;
    sqlite3_stmt *row; /* what the last event points into */
    pk_grant grant;
    pk_found_grant found_grant;
    pk_found_token found_token;
};

/* Hashes, never codes or tokens. A grant is kept for as long as one of its tokens is good, for whoever comes with its
 * code once more ends them all; `terms` of a grant and `dpop_jkt` of a token keep what is bound to a key bound to it.
 */
static const char grant_schema[] =
    "CREATE TABLE IF NOT EXISTS grants ("
    " grant_id TEXT PRIMARY KEY, code_hash BLOB NOT NULL, client_id TEXT NOT NULL, subject TEXT NOT NULL,"
    " redirect_uri TEXT NOT NULL, redirect_uri_was_sent INTEGER NOT NULL, code_challenge TEXT, scope TEXT NOT NULL,"
    " resource TEXT, refreshable INTEGER NOT NULL, dpop_jkt TEXT, nonce TEXT, acr TEXT, authorization_details TEXT,"
    " auth_time INTEGER, expires_at INTEGER NOT NULL, keep_until INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0,"
    " revoked INTEGER NOT NULL DEFAULT 0, mismatches INTEGER NOT NULL DEFAULT 0,"
    " generation INTEGER NOT NULL DEFAULT 0, rotated_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS grants_by_keep_until ON grants (keep_until);"
    "CREATE TABLE IF NOT EXISTS tokens ("
    " token_hash BLOB PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES grants ON DELETE CASCADE, kind INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, scope TEXT, dpop_jkt TEXT, generation INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS tokens_by_grant ON tokens (grant_id);"
    "CREATE TABLE IF NOT EXISTS proofs (name TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;";

/* The store's own clock. */
#define NOW "CAST(strftime('%s', 'now') AS INTEGER)"
#define GRANT_COLUMNS                                                                                                  \
    "g.grant_id, g.client_id, g.subject, g.redirect_uri, g.code_challenge, g.scope, g.resource, g.dpop_jkt, g.nonce, " \
    "g.acr, g.authorization_details, g.auth_time, g.redirect_uri_was_sent, g.refreshable"
enum { GRANT_COLUMN_COUNT = 14 };

static void store_close(struct grant_store *store) {
    sqlite3_finalize(store->row);
    sqlite3_close(store->db);
    memset(store, 0, sizeof *store);
}

/* Opens the database, or makes it. Returns whether it can be used. */
static int store_open(struct grant_store *store, const char *path) {
    memset(store, 0, sizeof *store);
    if (sqlite3_open(path, &store->db) == SQLITE_OK && sqlite3_busy_timeout(store->db, 20000) == SQLITE_OK &&
        /* A code that was answered with tokens stays used, also where the power fails: FULL, not NORMAL. */
        sqlite3_exec(store->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;", NULL,
                     NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(store->db, grant_schema, NULL, NULL, NULL) == SQLITE_OK)
        return 1;
    store_close(store);
    return 0;
}

/* Prepares a statement. `kinds` says what follows: t a pk_text, absent is NULL; h 32 bytes; i an sqlite3_int64. */
static sqlite3_stmt *prepared(struct grant_store *store, const char *sql, const char *kinds, va_list values) {
    sqlite3_stmt *statement = NULL;
    int good = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK;
    for (int i = 1; good && *kinds; i++, kinds++) {
        if (*kinds == 't') {
            pk_text text = va_arg(values, pk_text);
            if (text.data)
                good = sqlite3_bind_text64(statement, i, text.data, text.length, SQLITE_TRANSIENT, SQLITE_UTF8) ==
                       SQLITE_OK;
        } else if (*kinds == 'h') {
            good = sqlite3_bind_blob(statement, i, va_arg(values, const uint8_t *), 32, SQLITE_TRANSIENT) == SQLITE_OK;
        } else {
            good = sqlite3_bind_int64(statement, i, va_arg(values, sqlite3_int64)) == SQLITE_OK;
        }
    }
    if (good) return statement;
    sqlite3_finalize(statement);
    return NULL;
}

/* Runs a statement. Returns how many rows it changed; -1 where it failed. */
static int changed(struct grant_store *store, const char *sql, const char *kinds, ...) {
    va_list values;
    va_start(values, kinds);
    sqlite3_stmt *statement = prepared(store, sql, kinds, values);
    va_end(values);
    if (!statement) return -1;
    int done = sqlite3_step(statement) == SQLITE_DONE;
    int rows = sqlite3_changes(store->db);
    return sqlite3_finalize(statement) == SQLITE_OK && done ? rows : -1;
}

/* The row of the last event: no read may stand open when a write begins. */
static void forget_row(struct grant_store *store) {
    sqlite3_finalize(store->row);
    store->row = NULL;
}

/* Reads a row into `store->row`. Returns 1, 0 where there is none, -1 where it failed. */
static int selected(struct grant_store *store, const char *sql, const char *kinds, ...) {
    va_list values;
    va_start(values, kinds);
    forget_row(store);
    store->row = prepared(store, sql, kinds, values);
    va_end(values);
    int code = store->row ? sqlite3_step(store->row) : SQLITE_ERROR;
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

static pk_text column(sqlite3_stmt *row, int i) {
    pk_text text = {(const char *)sqlite3_column_text(row, i), 0};
    if (text.data) text.length = (size_t)sqlite3_column_bytes(row, i);
    return text;
}

/* The grant in the row's first columns. */
static const pk_grant *grant_of(struct grant_store *store) {
    sqlite3_stmt *row = store->row;
    pk_grant grant = PK_GRANT_INIT;
    pk_text *texts[] = {&grant.grant_id,
                        &grant.client_id,
                        &grant.subject,
                        &grant.redirect_uri,
                        &grant.code_challenge,
                        &grant.scope,
                        &grant.resource,
                        &grant.dpop_jkt,
                        &grant.nonce,
                        &grant.acr,
                        &grant.authorization_details};
    int i = 0;
    for (; i < (int)(sizeof texts / sizeof texts[0]); i++) *texts[i] = column(row, i);
    grant.has_auth_time = sqlite3_column_type(row, i) != SQLITE_NULL;
    grant.auth_time = (uint64_t)sqlite3_column_int64(row, i++);
    grant.redirect_uri_was_sent = (uint32_t)sqlite3_column_int(row, i++);
    grant.refreshable = (uint32_t)sqlite3_column_int(row, i++);
    store->grant = grant;
    return &store->grant;
}

static int put(struct grant_store *store, const pk_store_step *step) {
    const pk_grant *grant = step->grant;
    pk_text auth_time = {NULL, 0};
    char digits[24];
    if (grant->has_auth_time) {
        auth_time.data = digits;
        auth_time.length = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)grant->auth_time);
    }
    /* A few of those whose time is over, so that neither table grows for ever. */
    if (changed(store,
                "DELETE FROM grants WHERE grant_id IN (SELECT grant_id FROM grants WHERE keep_until <= " NOW
                " LIMIT 100)",
                "") < 0 ||
        changed(store,
                "DELETE FROM proofs WHERE name IN (SELECT name FROM proofs WHERE expires_at <= " NOW " LIMIT 100)",
                "") < 0)
        return -1;
    return changed(
        store,
        "INSERT INTO grants (grant_id, code_hash, client_id, subject, redirect_uri, redirect_uri_was_sent,"
        " code_challenge, scope, resource, refreshable, dpop_jkt, nonce, acr, authorization_details, auth_time,"
        " expires_at, keep_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
        " CAST(?15 AS INTEGER), " NOW " + ?16, " NOW " + ?16) ON CONFLICT DO NOTHING",
        "thtttittti"
        "ttttti",
        grant->grant_id, step->hash, grant->client_id, grant->subject, grant->redirect_uri,
        (sqlite3_int64)grant->redirect_uri_was_sent, grant->code_challenge, grant->scope, grant->resource,
        (sqlite3_int64)grant->refreshable, grant->dpop_jkt, grant->nonce, grant->acr, grant->authorization_details,
        auth_time, (sqlite3_int64)step->lifetime_s);
}

static int find(struct grant_store *store, const pk_store_step *step, pk_store_event *event) {
    int found = selected(store,
                         "SELECT " GRANT_COLUMNS ", g.expires_at, g.used, g.revoked, g.mismatches FROM grants g"
                         " WHERE g.grant_id = ? AND g.code_hash = ?",
                         "th", step->grant_id, step->hash);
    if (found <= 0) return found;
    pk_found_grant row = PK_FOUND_GRANT_INIT;
    row.grant = grant_of(store);
    row.expires_at = (uint64_t)sqlite3_column_int64(store->row, GRANT_COLUMN_COUNT);
    row.used = (uint32_t)sqlite3_column_int(store->row, GRANT_COLUMN_COUNT + 1);
    row.revoked = (uint32_t)sqlite3_column_int(store->row, GRANT_COLUMN_COUNT + 2);
    row.mismatches = (uint32_t)sqlite3_column_int(store->row, GRANT_COLUMN_COUNT + 3);
    store->found_grant = row;
    event->found_grant = &store->found_grant;
    return 1;
}

static int find_token(struct grant_store *store, const pk_store_step *step, pk_store_event *event) {
    int found = selected(store,
                         "SELECT " GRANT_COLUMNS ", t.expires_at, g.rotated_at, t.scope, t.dpop_jkt, t.kind,"
                         " g.generation - t.generation, g.revoked FROM tokens t JOIN grants g USING (grant_id)"
                         " WHERE t.grant_id = ? AND t.token_hash = ?",
                         "th", step->grant_id, step->hash);
    if (found <= 0) return found;
    pk_found_token row = PK_FOUND_TOKEN_INIT;
    int i = GRANT_COLUMN_COUNT;
    row.grant = grant_of(store);
    row.expires_at = (uint64_t)sqlite3_column_int64(store->row, i++);
    row.rotated_at = (uint64_t)sqlite3_column_int64(store->row, i++);
    row.scope = column(store->row, i++);
    row.dpop_jkt = column(store->row, i++);
    row.kind = (uint32_t)sqlite3_column_int(store->row, i++);
    sqlite3_int64 behind = sqlite3_column_int64(store->row, i++);
    row.rotation = row.kind == PK_TOKEN_ACCESS || behind == 0 ? PK_ROTATION_NEWEST
                   : behind == 1                              ? PK_ROTATION_PREDECESSOR
                                                              : PK_ROTATION_OLDER;
    row.revoked = (uint32_t)sqlite3_column_int(store->row, i++);
    store->found_token = row;
    event->found_token = &store->found_token;
    return 1;
}

/* The tokens of a claim or a rotation, into the newest generation of their grant. Returns whether all were written. */
static int write_tokens(struct grant_store *store, const pk_store_step *step) {
    for (size_t i = 0; i < step->token_count; i++) {
        const pk_new_token *token = &step->tokens[i];
        sqlite3_int64 lifetime_s = (sqlite3_int64)token->lifetime_s;
        if (changed(store,
                    "INSERT INTO tokens (token_hash, grant_id, kind, expires_at, scope, dpop_jkt, generation)"
                    " SELECT ?, grant_id, ?, " NOW " + ?, ?, ?, generation FROM grants WHERE grant_id = ?",
                    "hiittt", token->hash, (sqlite3_int64)token->kind, lifetime_s, token->scope, token->dpop_jkt,
                    step->grant_id) != 1 ||
            changed(store, "UPDATE grants SET keep_until = max(keep_until, " NOW " + ?) WHERE grant_id = ?", "it",
                    lifetime_s, step->grant_id) != 1)
            return 0;
    }
    return 1;
}

/* Ends a transaction whose conditional statement changed so many rows. Returns 1 where it did and all is written, 0
 * where it did not, -1 where it failed: then nothing is. */
static int finished(struct grant_store *store, const pk_store_step *step, int rows) {
    if (rows == 1 && write_tokens(store, step) && changed(store, "COMMIT", "") >= 0) return 1;
    return changed(store, "ROLLBACK", "") >= 0 && rows == 0 ? 0 : -1;
}

/* The one statement. It reads and writes in one: of any number of requests at once it changes the row for one.
 * IMMEDIATE takes the writers' lock before it reads, so that a busy database is waited for and not refused half way. */
static int claim(struct grant_store *store, const pk_store_step *step) {
    if (changed(store, "BEGIN IMMEDIATE", "") < 0) return -1;
    return finished(store, step,
                    changed(store,
                            "UPDATE grants SET used = 1 WHERE grant_id = ? AND code_hash = ? AND used = 0"
                            " AND revoked = 0 AND mismatches < ? AND expires_at > " NOW,
                            "thi", step->grant_id, step->hash, (sqlite3_int64)step->max_mismatches));
}

/* The same for a refresh token: of the newest generation it begins the next; of the one before, within the window, its
 * tokens go into the newest. */
static int rotate(struct grant_store *store, const pk_store_step *step) {
    if (changed(store, "BEGIN IMMEDIATE", "") < 0) return -1;
    return finished(
        store, step,
        changed(store,
                "UPDATE grants SET rotated_at = CASE WHEN t.generation = grants.generation THEN " NOW
                " ELSE rotated_at END, generation = max(grants.generation, t.generation + 1) FROM tokens t"
                " WHERE grants.grant_id = ?1 AND t.grant_id = ?1 AND t.token_hash = ?2 AND t.kind = ?4"
                " AND t.expires_at > " NOW " AND grants.revoked = 0 AND (t.generation = grants.generation OR"
                " t.generation + 1 = grants.generation AND " NOW " BETWEEN rotated_at AND rotated_at + ?3 - 1)",
                "thii", step->grant_id, step->hash, (sqlite3_int64)step->reuse_window_s,
                (sqlite3_int64)PK_TOKEN_REFRESH));
}

static int remember(struct grant_store *store, const pk_store_step *step) {
    return changed(store,
                   "INSERT INTO proofs (name, expires_at) VALUES (?, " NOW " + ?) ON CONFLICT (name) DO UPDATE"
                   " SET expires_at = excluded.expires_at WHERE proofs.expires_at <= " NOW,
                   "ti", step->name, (sqlite3_int64)step->lifetime_s);
}

static int clock_of(struct grant_store *store, uint64_t *now) {
    sqlite3_stmt *statement = NULL;
    int good = sqlite3_prepare_v2(store->db, "SELECT " NOW, -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW;
    if (good) *now = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return good;
}

/* Does what a step says. What the event points to is good until the next call. Whatever fails is PK_STORE_EVENT_FAILED,
 * upon which nothing is issued. */
static void store_answer(struct grant_store *store, const pk_store_step *step, pk_store_event *event) {
    pk_store_event answer = PK_STORE_EVENT_INIT;
    int done = -1;
    forget_row(store);
    switch (step->kind) {
        case PK_STORE_STEP_PUT:
            answer.kind = PK_STORE_EVENT_STORED;
            done = put(store, step);
            break;
        case PK_STORE_STEP_FIND:
            answer.kind = PK_STORE_EVENT_FOUND;
            done = clock_of(store, &answer.now) ? find(store, step, &answer) : -1;
            break;
        case PK_STORE_STEP_CLAIM:
            answer.kind = PK_STORE_EVENT_CLAIMED;
            done = claim(store, step);
            break;
        case PK_STORE_STEP_COUNT:
            answer.kind = PK_STORE_EVENT_OK;
            done =
                changed(store, "UPDATE grants SET mismatches = mismatches + 1 WHERE grant_id = ?", "t", step->grant_id);
            break;
        case PK_STORE_STEP_REVOKE: /* what is revoked already is not written again */
            answer.kind = PK_STORE_EVENT_OK;
            done =
                changed(store, "UPDATE grants SET revoked = 1 WHERE grant_id = ? AND revoked = 0", "t", step->grant_id);
            break;
        case PK_STORE_STEP_FIND_TOKEN:
            answer.kind = PK_STORE_EVENT_FOUND_TOKEN;
            done = clock_of(store, &answer.now) ? find_token(store, step, &answer) : -1;
            break;
        case PK_STORE_STEP_ROTATE:
            answer.kind = PK_STORE_EVENT_ROTATED;
            done = rotate(store, step);
            break;
        case PK_STORE_STEP_REMEMBER:
            answer.kind = PK_STORE_EVENT_REMEMBERED;
            done = remember(store, step);
            break;
        default: break; /* a step of a newer library */
    }
    answer.done = done > 0;
    if (done < 0) answer.kind = PK_STORE_EVENT_FAILED;
    *event = answer;
}

/* The loop between a flow and its store: DRIVE(pk_redeem_advance, redeem, …). */
#define DRIVE(advance, flow, store, answer, status, error)                                                             \
    do {                                                                                                               \
        pk_store_step step = PK_STORE_STEP_INIT;                                                                       \
        pk_store_event event = PK_STORE_EVENT_INIT;                                                                    \
        event.kind = PK_STORE_EVENT_START;                                                                             \
        while ((status) == PK_OK) {                                                                                    \
            (status) = advance(flow, &event, &step, error);                                                            \
            if ((status) != PK_OK || step.kind == PK_STORE_STEP_DONE) break;                                           \
            answer(store, &step, &event);                                                                              \
        }                                                                                                              \
    } while (0)

#endif
