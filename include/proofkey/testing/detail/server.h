/* A whole server over the store that is looked at, and a client of ours.
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_SERVER_H
#define PROOFKEY_TESTING_DETAIL_SERVER_H

#include <proofkey/testing/detail/race.h>
#include <proofkey/testing/detail/rows.h>

#define PKT_ISSUER "https://as.example"
#define PKT_RESOURCE "https://api.example/"

static inline pk_policy pkt_policy(void) {
    pk_policy policy = PK_POLICY_INIT;
    policy.issuer = pkt_literal(PKT_ISSUER);
    policy.code_lifetime_s = 60;
    policy.access_token_lifetime_s = 3600;
    policy.refresh_token_lifetime_s = 3600;
    policy.max_mismatches = PKT_MAX_MISMATCHES;
    policy.profile = PK_PROFILE_OAUTH21;
    return policy;
}

/* A call of the library that did not do what it was asked: it was told something that it does not take. */
static inline bool pkt_called(const pkt_subject *s, const char *promise, pk_status status, const pk_error *error) {
    char got[192];
    if (status == PK_OK) return true;
    snprintf(got, sizeof got, "%.40s: %.140s", error->code, error->message);
    return pkt_broken(s, promise, "PK_OK", got);
}

#define PKT_DRIVE(s, advance, flow, status, error)                                                                     \
    do {                                                                                                               \
        pk_store_step next = PK_STORE_STEP_INIT;                                                                       \
        pk_store_event said = PK_STORE_EVENT_INIT;                                                                     \
        said.kind = PK_STORE_EVENT_START;                                                                              \
        while ((status) == PK_OK) {                                                                                    \
            (status) = advance(flow, &said, &next, error);                                                             \
            if ((status) != PK_OK || next.kind == PK_STORE_STEP_DONE) break;                                           \
            pkt_ask(s, &next, &said);                                                                                  \
        }                                                                                                              \
    } while (0)

/* What a client is about to redeem, whose user has said yes. */
typedef struct pkt_code {
    pk_token_request request;
    char body[4096], content_type[128];
    size_t body_length;
} pkt_code;

static inline pk_status pkt_begin(pk_session *session, pk_error *error) {
    pk_text scope = pkt_literal("read");
    pk_authorization_request asked = PK_AUTHORIZATION_REQUEST_INIT;
    asked.issuer = pkt_literal(PKT_ISSUER);
    asked.authorization_endpoint = pkt_literal(PKT_ISSUER "/authorize");
    asked.token_endpoint = pkt_literal(PKT_ISSUER "/token");
    asked.client_id = pkt_literal("agent");
    asked.redirect_uri = pkt_literal("http://127.0.0.1:49152/callback");
    asked.scopes = &scope;
    asked.scope_count = 1;
    asked.resource = pkt_literal(PKT_RESOURCE);
    asked.iss_promised = 1;
    return pk_session_begin(&asked, session, error);
}

/* The server's answer to the browser: where it is sent, with a code in it. */
static inline bool pkt_issue(const pkt_subject *s, const char *url, char *location, size_t room) {
    pk_text uri = pkt_literal("http://127.0.0.1/callback"), scope = pkt_literal("read");
    pk_error error = PK_ERROR_INIT;
    pk_client_record client = PK_CLIENT_RECORD_INIT;
    pk_policy policy = pkt_policy();
    pk_issue_outcome outcome = PK_ISSUE_OUTCOME_INIT;
    pk_grant_request request;
    pk_issue flow;
    const char *query = strchr(url, '?') + 1;
    memset(&request, 0, sizeof request);
    memset(&flow, 0, sizeof flow);
    client.client_id = pkt_literal("agent");
    client.redirect_uris = &uri;
    client.redirect_uri_count = 1;
    client.scopes = &scope;
    client.scope_count = 1;
    client.may_refresh = 1;
    pk_status status = pk_grant_request_judge(query, strlen(query), &client, &policy, &request, &error);
    if (status == PK_OK) status = pk_issue_new(request, "user", 4, &scope, 1, &flow, &error);
    PKT_DRIVE(s, pk_issue_advance, flow, status, &error);
    if (status == PK_OK) status = pk_issue_take_outcome(flow, &outcome, &error);
    bool good = pkt_called(s, "a server issues a code over the store", status, &error) &&
                pkt_is(s, "a code is issued", true, outcome.issued != 0);
    if (good) snprintf(location, room, "%s", outcome.location.data);
    pk_issue_free(flow);
    pk_grant_request_free(request);
    return good;
}

static inline void pkt_drop(pkt_code *code) { pk_token_request_free(code->request); }

/* Returns whether there is a code; `code` is to be dropped in any case. */
static inline bool pkt_approved(const pkt_subject *s, pkt_code *code) {
    char url[2048], location[2048];
    pk_error error = PK_ERROR_INIT;
    pk_http_request sent = PK_HTTP_REQUEST_INIT;
    pk_session session;
    memset(&session, 0, sizeof session);
    memset(code, 0, sizeof *code);
    pk_status status = pkt_begin(&session, &error);
    if (status == PK_OK) status = pk_session_authorization_url(session, url, sizeof url, NULL, &error);
    bool good = pkt_called(s, "a client begins", status, &error) && pkt_issue(s, url, location, sizeof location);
    if (good) {
        status = pk_session_complete(session, location, strlen(location), &code->request, &error);
        if (status == PK_OK) status = pk_token_request_http(code->request, &sent, &error);
        good = pkt_called(s, "a client takes the code", status, &error);
    }
    for (size_t i = 0; good && i < sent.header_count; i++)
        if (strcmp(sent.headers[i].name.data, "Content-Type") == 0)
            snprintf(code->content_type, sizeof code->content_type, "%s", sent.headers[i].value.data);
    if (good && sent.body.length <= sizeof code->body) {
        memcpy(code->body, sent.body.data, sent.body.length);
        code->body_length = sent.body.length;
    }
    pk_session_free(session);
    return good;
}

/* What a token request got: the answer's status and audit, as one text, and the tokens where it got some. */
typedef struct pkt_answer {
    char text[64];
    pk_status called;
    pk_error error;
    pk_tokens tokens;
} pkt_answer;

static inline void pkt_redeem(const pkt_subject *s, const pkt_code *code, pkt_answer *got) {
    pk_error error = PK_ERROR_INIT;
    pk_policy policy = pkt_policy();
    pk_text absent = {NULL, 0};
    pk_redeem flow;
    pk_token_answer said = PK_TOKEN_ANSWER_INIT;
    pk_http_response response = PK_HTTP_RESPONSE_INIT;
    memset(&flow, 0, sizeof flow);
    memset(got, 0, sizeof *got);
    pk_status status =
        pk_redeem_new(code->body, code->body_length, pkt_literal(code->content_type), absent, &policy, &flow, &error);
    PKT_DRIVE(s, pk_redeem_advance, flow, status, &error);
    if (status == PK_OK) status = pk_redeem_take_answer(flow, &said, &error);
    if (status == PK_OK) {
        snprintf(got->text, sizeof got->text, "%u %.*s", (unsigned)said.status, (int)said.audit.length,
                 said.audit.data);
        response.headers = said.headers;
        response.header_count = said.header_count;
        response.body = said.body;
        response.status = said.status;
        /* Of two winners the second has none; that there were two is said elsewhere. */
        if (said.status == 200)
            pk_token_request_tokens(code->request, &response, (uint64_t)time(NULL), &got->tokens, NULL);
    }
    got->called = status;
    got->error = error;
    pk_redeem_free(flow);
}

static inline bool pkt_got(const pkt_subject *s, const char *promise, const char *expected, const pkt_answer *got) {
    return pkt_called(s, "a server redeems a code over the store", got->called, &got->error) &&
           (strcmp(got->text, expected) == 0 || pkt_broken(s, promise, expected, got->text));
}

/* What the resource says of a token: `200 user`, or the refusal's status. */
static inline bool pkt_passes(const pkt_subject *s, pk_tokens tokens, const char *promise, const char *expected) {
    pk_error error = PK_ERROR_INIT;
    pk_dpop_nonces none;
    pk_authorized authorized;
    pk_check flow;
    pk_check_outcome outcome = PK_CHECK_OUTCOME_INIT;
    pk_text header = {NULL, 0}, scope = pkt_literal("read");
    char field[2048], got[64];
    size_t length = 0;
    memset(&none, 0, sizeof none);
    memset(&authorized, 0, sizeof authorized);
    memset(&flow, 0, sizeof flow);
    pk_status status = pk_tokens_authorize_now(tokens, "GET", 3, PKT_RESOURCE, strlen(PKT_RESOURCE),
                                               (uint64_t)time(NULL), none, &authorized, &error);
    if (status == PK_OK) status = pk_authorized_authorization(authorized, field, sizeof field, &length, &error);
    header.data = field;
    header.length = length;
    if (status == PK_OK) status = pk_check_new(header, PKT_RESOURCE, strlen(PKT_RESOURCE), &scope, 1, &flow, &error);
    PKT_DRIVE(s, pk_check_advance, flow, status, &error);
    if (status == PK_OK) status = pk_check_take_outcome(flow, &outcome, &error);
    bool good = pkt_called(s, "a server checks a token over the store", status, &error);
    if (good) {
        if (outcome.granted)
            snprintf(got, sizeof got, "200 %.*s", (int)outcome.subject.length, outcome.subject.data);
        else
            snprintf(got, sizeof got, "%u", (unsigned)outcome.status);
        good = strcmp(got, expected) == 0 || pkt_broken(s, promise, expected, got);
    }
    pk_check_free(flow);
    pk_authorized_free(authorized);
    return good;
}

/* A code, a token that passes, and a replay that ends it. */
static inline bool pkt_a_grant_lives_its_life(const pkt_subject *s) {
    pkt_code code;
    pkt_answer first, again;
    bool good = pkt_approved(s, &code);
    if (!good) {
        pkt_drop(&code);
        return false;
    }
    pkt_redeem(s, &code, &first);
    good = pkt_got(s, "a good code brings tokens", "200 issued", &first) &&
           pkt_passes(s, first.tokens, "a good token passes", "200 user");
    if (good) {
        pkt_redeem(s, &code, &again);
        good = pkt_got(s, "a replay is seen", "400 replay_revoked", &again) &&
               pkt_passes(s, first.tokens, "a revoked token does not pass", "401");
        pk_tokens_free(again.tokens);
    }
    pk_tokens_free(first.tokens);
    pkt_drop(&code);
    return good;
}

typedef struct pkt_redeemers {
    const pkt_code *code;
    pkt_answer *answers;
} pkt_redeemers;

static inline void pkt_redeem_one(pkt_racer *racer) {
    pkt_redeemers *given = (pkt_redeemers *)racer->given;
    pkt_redeem(&racer->subject, given->code, &given->answers[racer->number]);
}

/* All with everything right: one 200; and because the code was used again, its token is revoked. */
static inline bool pkt_one_code_is_raced_for(const pkt_subject *s, const pkt_code *code, pkt_answer *answers) {
    pkt_redeemers given = {code, answers};
    pk_tokens tokens;
    unsigned won = 0;
    memset(&tokens, 0, sizeof tokens);
    if (!pkt_at_once(s, pkt_redeem_one, &given)) return false;
    for (unsigned i = 0; i < s->racers; i++) {
        won += strcmp(answers[i].text, "200 issued") == 0;
        if (answers[i].tokens.id) tokens = answers[i].tokens;
    }
    if (!pkt_number(s, "of many redeemers one gets a token", 1, won)) return false;
    for (unsigned i = 0; i < s->racers; i++)
        if (strcmp(answers[i].text, "200 issued") != 0 && strcmp(answers[i].text, "400 revoked") != 0 &&
            !pkt_got(s, "the others are refused for the replay", "400 replay_revoked", &answers[i]))
            return false;
    return s->racers == 1 || pkt_passes(s, tokens, "the token of a code that was used again does not pass", "401");
}

static inline bool pkt_of_many_redeemers_one_gets_a_token(const pkt_subject *s) {
    bool good = true;
    for (int i = 0; good && i < 4; i++) {
        pkt_code code;
        pkt_answer *answers = (pkt_answer *)calloc(s->racers, sizeof *answers);
        if (!answers) abort();
        good = pkt_approved(s, &code) && pkt_one_code_is_raced_for(s, &code, answers);
        for (unsigned j = 0; j < s->racers; j++) pk_tokens_free(answers[j].tokens);
        pkt_drop(&code);
        free(answers);
    }
    return good;
}

#endif
