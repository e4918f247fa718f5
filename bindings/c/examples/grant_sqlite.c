/* The token endpoint, the revocation endpoint and a resource of an authorization server, over SQLite, as a program for
 * the Common Gateway Interface (RFC 3875): any web server that speaks it can run it, one process a request, any number
 * at once.
 *
 *   grant_sqlite                           answers the request that the environment describes:
 *                                          POST /token, POST /revoke, any method at /api
 *   grant_sqlite allow QUERY SUBJECT       issues a code: what an authorization endpoint does once its user has signed
 * in and said yes; prints where the browser goes
 *
 * GRANT_DATABASE names the file, GRANT_URL the address that clients know the server by, without a slash at its end. The
 * one client is `agent`, on this machine (RFC 8252 §7.3). A server of your own has more of them, asks its user on a
 * page that shows what `pk_grant_request_verdict` gives, and guards that page's form. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "grant_store.h"

enum { MAX_BODY = 64 * 1024 }; /* no token request is longer */

static pk_text text_of(const char *text) {
    pk_text none = {NULL, 0}, given = {text, text ? strlen(text) : 0};
    return text && *text ? given : none;
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static pk_policy policy(void) {
    pk_policy policy = PK_POLICY_INIT;
    policy.issuer = text_of(getenv("GRANT_URL"));
    policy.code_lifetime_s = 60;
    policy.access_token_lifetime_s = 3600;
    policy.refresh_token_lifetime_s = 14 * 24 * 3600;
    policy.max_mismatches = 5;
    policy.profile = PK_PROFILE_OAUTH21;
    return policy;
}

static int answer(unsigned status, const pk_header *headers, size_t count, pk_text body) {
    printf("Status: %u\r\n", status);
    for (size_t i = 0; i < count; i++)
        printf("%.*s: %.*s\r\n", (int)headers[i].name.length, headers[i].name.data, (int)headers[i].value.length,
               headers[i].value.data);
    printf("Content-Length: %zu\r\n\r\n", body.length);
    fwrite(body.data, 1, body.length, stdout);
    return fflush(stdout) == 0 ? 0 : 1;
}

static int refuse(unsigned status) { return answer(status, NULL, 0, (pk_text)PK_LITERAL("")); }

/* An error that is no answer of the protocol: a policy that cannot be used, or a mistake in this program. */
static int broken(const pk_error *error) {
    fprintf(stderr, "%s: %s\n", error->code, error->message);
    return refuse(500);
}

/* The proof of possession of the request, if one came (RFC 9449). A web server joins several fields into one by commas,
 * which no proof has: it is refused. For nonces give the rules a key that every process has. */
static void present(pk_text *field, char *url, size_t room, pk_proof_rules *rules, pk_request_proof *proof) {
    const char *path = setting("PATH_INFO");
    *field = text_of(getenv("HTTP_DPOP"));
    snprintf(url, room, "%s%s", setting("GRANT_URL"), path);
    rules->window_s = 60;
    proof->fields = field;
    proof->field_count = field->data != NULL;
    proof->method = text_of(getenv("REQUEST_METHOD"));
    proof->url = text_of(url);
    proof->now = (uint64_t)time(NULL);
}

/* The body, as long as the web server says it is. Returns -1 where it is too long, or comes short. */
static long read_body(char body[MAX_BODY]) {
    char *end = NULL;
    unsigned long length = strtoul(setting("CONTENT_LENGTH"), &end, 10);
    if (*end || length > MAX_BODY || fread(body, 1, length, stdin) != length) return -1;
    return (long)length;
}

static int token(struct grant_store *store, const char *body, size_t length, pk_error *error) {
    char url[1024];
    pk_text field;
    pk_proof_rules rules = PK_PROOF_RULES_INIT;
    pk_request_proof proof = PK_REQUEST_PROOF_INIT;
    pk_policy chosen = policy();
    pk_token_answer said = PK_TOKEN_ANSWER_INIT;
    pk_redeem flow = {0};
    pk_status status = pk_redeem_new(body, length, text_of(getenv("CONTENT_TYPE")),
                                     text_of(getenv("HTTP_AUTHORIZATION")), &chosen, &flow, error);
    present(&field, url, sizeof url, &rules, &proof);
    if (status == PK_OK) status = pk_redeem_present(flow, &rules, &proof, error);
    DRIVE(pk_redeem_advance, flow, store, store_answer, status, error);
    if (status == PK_OK) status = pk_redeem_take_answer(flow, &said, error);
    /* For the log: it holds no secret. */
    if (status == PK_OK) fprintf(stderr, "token: %.*s\n", (int)said.audit.length, said.audit.data);
    int code = status == PK_OK ? answer(said.status, said.headers, said.header_count, said.body) : broken(error);
    pk_redeem_free(flow);
    return code;
}

static int revoke(struct grant_store *store, const char *body, size_t length, pk_error *error) {
    pk_token_answer said = PK_TOKEN_ANSWER_INIT;
    pk_revoke flow = {0};
    pk_status status = pk_revoke_new(body, length, text_of(getenv("CONTENT_TYPE")),
                                     text_of(getenv("HTTP_AUTHORIZATION")), &flow, error);
    DRIVE(pk_revoke_advance, flow, store, store_answer, status, error);
    if (status == PK_OK) status = pk_revoke_take_answer(flow, &said, error);
    int code = status == PK_OK ? answer(said.status, said.headers, said.header_count, said.body) : broken(error);
    pk_revoke_free(flow);
    return code;
}

/* The resource: says as whom the request passed. Its tokens are those that were asked for without a resource, or for
 * this one (RFC 8707). */
static int api(struct grant_store *store, pk_error *error) {
    char url[1024];
    pk_text field, scope = PK_LITERAL("read");
    pk_proof_rules rules = PK_PROOF_RULES_INIT;
    pk_request_proof proof = PK_REQUEST_PROOF_INIT;
    pk_check_outcome access = PK_CHECK_OUTCOME_INIT;
    pk_check flow = {0};
    present(&field, url, sizeof url, &rules, &proof);
    pk_status status = pk_check_new(text_of(getenv("HTTP_AUTHORIZATION")), url, strlen(url), &scope, 1, &flow, error);
    if (status == PK_OK) status = pk_check_present(flow, &rules, &proof, error);
    DRIVE(pk_check_advance, flow, store, store_answer, status, error);
    if (status == PK_OK) status = pk_check_take_outcome(flow, &access, error);
    int code = status != PK_OK  ? broken(error)
               : access.granted ? answer(200, access.headers, access.header_count, access.subject)
                                : answer(access.status, access.headers, access.header_count, (pk_text)PK_LITERAL(""));
    pk_check_free(flow);
    return code;
}

static int allow(struct grant_store *store, const char *query, const char *subject, pk_error *error) {
    pk_text uri = PK_LITERAL("http://127.0.0.1/callback"), scope = PK_LITERAL("read");
    pk_client_record client = PK_CLIENT_RECORD_INIT;
    pk_policy chosen = policy();
    pk_request_verdict verdict = PK_REQUEST_VERDICT_INIT;
    pk_issue_outcome outcome = PK_ISSUE_OUTCOME_INIT;
    pk_grant_request request = {0};
    pk_issue flow = {0};
    pk_text location = {NULL, 0};
    client.client_id = (pk_text)PK_LITERAL("agent");
    client.redirect_uris = &uri;
    client.redirect_uri_count = 1;
    client.scopes = &scope;
    client.scope_count = 1;
    client.may_refresh = 1;
    pk_status status = pk_grant_request_judge(query, strlen(query), &client, &chosen, &request, error);
    if (status == PK_OK) status = pk_grant_request_verdict(request, &verdict, error);
    if (status == PK_OK && verdict.kind == PK_REQUEST_ACCEPTED) {
        /* What was asked for is `read`, or nothing. */
        status = pk_issue_new(request, subject, strlen(subject), &scope, verdict.scope.length > 0, &flow, error);
        if (status == PK_OK) status = pk_issue_signed_in(flow, (uint64_t)time(NULL), text_of(NULL), error);
        DRIVE(pk_issue_advance, flow, store, store_answer, status, error);
        if (status == PK_OK) status = pk_issue_take_outcome(flow, &outcome, error);
        location = outcome.location;
    } else if (status == PK_OK) {
        location = verdict.location;
    }
    if (status != PK_OK) {
        fprintf(stderr, "%s: %s\n", error->code, error->message);
    } else if (location.data) {
        printf("%s\n", location.data);
    } else {
        /* To be shown to the user: never a redirect to where nobody has registered (RFC 6749 §4.1.2.1). */
        fprintf(stderr, "%s: %s\n", verdict.error.data, verdict.description.data);
        status = PK_ERROR;
    }
    pk_issue_free(flow);
    pk_grant_request_free(request);
    return status == PK_OK ? 0 : 1;
}

/* Answers the request that the environment describes. */
static int serve(struct grant_store *store, pk_error *error) {
    static char body[MAX_BODY];
    const char *path = setting("PATH_INFO");
    if (strcmp(path, "/api") == 0) return api(store, error);
    int is_token = strcmp(path, "/token") == 0;
    if (!is_token && strcmp(path, "/revoke") != 0) return refuse(404);
    if (strcmp(setting("REQUEST_METHOD"), "POST") != 0) return refuse(405);
    long length = read_body(body);
    if (length < 0) return refuse(413);
    return (is_token ? token : revoke)(store, body, (size_t)length, error);
}

int main(int count, char **arguments) {
    struct grant_store store;
    pk_error error = PK_ERROR_INIT;
    int is_cgi = getenv("REQUEST_METHOD") != NULL;
    if (!(is_cgi && count == 1) && !(count == 4 && strcmp(arguments[1], "allow") == 0)) {
        fprintf(stderr, "usage: %s allow QUERY SUBJECT, or as a CGI program\n", arguments[0]);
        return 2;
    }
    umask(077); /* the database is for this user alone */
    if (!*setting("GRANT_DATABASE") || !store_open(&store, setting("GRANT_DATABASE"))) {
        fprintf(stderr,
                "the database cannot be opened: set GRANT_DATABASE to a file in a folder that may be written\n");
        return is_cgi ? refuse(503) : 1;
    }
    int code = is_cgi ? serve(&store, &error) : allow(&store, arguments[2], arguments[3], &error);
    store_close(&store);
    return code;
}
