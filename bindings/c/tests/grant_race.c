/* The store of the example under a race: of 64 that redeem one code, refresh with one token, or show one proof at once,
 * each on a connection of its own, exactly one wins; a valid replay ends all that came of it. And a naive store in its
 * place, which the same race catches. P24, P27, RFC 9449 §11.1.
 *
 *   grant_race DATABASE [CODES] */
#define _POSIX_C_SOURCE 200809L

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

enum { RACERS = 64 };

static pthread_barrier_t start, between;

typedef void answers(struct grant_store *store, const pk_store_step *step, pk_store_event *event);

/* What must not be written: it reads, sees that the code is unused, and writes what it has seen. Here both of two
 * requests have read before either writes; in a server it happens when it happens. */
static void naive(struct grant_store *store, const pk_store_step *step, pk_store_event *event) {
    pk_store_event read = PK_STORE_EVENT_INIT;
    if (step->kind != PK_STORE_STEP_CLAIM) {
        store_answer(store, step, event);
        return;
    }
    CHECK(find(store, step, &read) == 1);
    int unused = !read.found_grant->used && !read.found_grant->revoked;
    forget_row(store);
    pthread_barrier_wait(&between);
    CHECK(changed(store, "BEGIN IMMEDIATE", "") >= 0);
    event->kind = PK_STORE_EVENT_CLAIMED;
    event->done =
        unused && finished(store, step,
                           changed(store, "UPDATE grants SET used = 1 WHERE grant_id = ?", "t", step->grant_id)) == 1;
}

static pk_policy policy(void) {
    pk_policy policy = PK_POLICY_INIT;
    policy.issuer = (pk_text)PK_LITERAL("https://as.example");
    policy.code_lifetime_s = 600;
    policy.access_token_lifetime_s = 600;
    policy.refresh_token_lifetime_s = 600;
    policy.max_mismatches = 5;
    policy.profile = PK_PROFILE_OAUTH21;
    return policy;
}

/* The text between `before` and the next `after`. */
static void between_of(const char *text, const char *before, char after, char *out, size_t room) {
    const char *from = strstr(text, before);
    CHECK(from != NULL);
    from += strlen(before);
    const char *end = strchr(from, after);
    CHECK(end != NULL && (size_t)(end - from) < room);
    memcpy(out, from, (size_t)(end - from));
    out[end - from] = '\0';
}

struct code {
    char text[128], verifier[129];
};

static void issue(struct grant_store *store, struct code *code) {
    char challenge[44], query[512];
    pk_text uri = PK_LITERAL("https://app.example/cb"), scope = PK_LITERAL("read");
    pk_client_record client = PK_CLIENT_RECORD_INIT;
    pk_policy chosen = policy();
    pk_grant_request request = {0};
    pk_issue flow = {0};
    pk_issue_outcome outcome = PK_ISSUE_OUTCOME_INIT;
    pk_status status = PK_OK;
    CHECK(pk_pair(code->verifier, sizeof code->verifier, NULL, challenge, sizeof challenge, NULL, NULL) == PK_OK);
    snprintf(query, sizeof query,
             "response_type=code&client_id=agent&scope=read&code_challenge=%s&code_challenge_method=S256", challenge);
    client.client_id = (pk_text)PK_LITERAL("agent");
    client.redirect_uris = &uri;
    client.redirect_uri_count = 1;
    client.scopes = &scope;
    client.scope_count = 1;
    client.may_refresh = 1;
    CHECK(pk_grant_request_judge(query, strlen(query), &client, &chosen, &request, NULL) == PK_OK);
    CHECK(pk_issue_new(request, "alice", 5, &scope, 1, &flow, NULL) == PK_OK);
    DRIVE(pk_issue_advance, flow, store, store_answer, status, NULL);
    CHECK(status == PK_OK && pk_issue_take_outcome(flow, &outcome, NULL) == PK_OK && outcome.issued);
    between_of(outcome.location.data, "code=", '&', code->text, sizeof code->text);
    pk_issue_free(flow);
    pk_grant_request_free(request);
}

/* A token request's audit word, and the tokens where it got some. */
struct answer {
    unsigned status;
    char audit[32], access[128], refresh[128];
};

static void redeem(struct grant_store *store, answers *answer, const char *body, struct answer *got) {
    pk_text form = PK_LITERAL("application/x-www-form-urlencoded"), none = {NULL, 0};
    pk_policy chosen = policy();
    pk_redeem flow = {0};
    pk_token_answer said = PK_TOKEN_ANSWER_INIT;
    pk_status status = pk_redeem_new(body, strlen(body), form, none, &chosen, &flow, NULL);
    DRIVE(pk_redeem_advance, flow, store, answer, status, NULL);
    CHECK(status == PK_OK && pk_redeem_take_answer(flow, &said, NULL) == PK_OK);
    got->status = said.status;
    snprintf(got->audit, sizeof got->audit, "%s", said.audit.data);
    if (said.status == 200) {
        between_of(said.body.data, "\"access_token\":\"", '"', got->access, sizeof got->access);
        between_of(said.body.data, "\"refresh_token\":\"", '"', got->refresh, sizeof got->refresh);
    }
    pk_redeem_free(flow);
}

static int passes(struct grant_store *store, const char *token) {
    char bearer[160];
    pk_text header = {bearer, (size_t)snprintf(bearer, sizeof bearer, "Bearer %s", token)};
    pk_check flow = {0};
    pk_check_outcome outcome = PK_CHECK_OUTCOME_INIT;
    pk_status status = pk_check_new(header, "https://api.example/", 20, NULL, 0, &flow, NULL);
    DRIVE(pk_check_advance, flow, store, store_answer, status, NULL);
    CHECK(status == PK_OK && pk_check_take_outcome(flow, &outcome, NULL) == PK_OK);
    pk_check_free(flow);
    CHECK(outcome.granted || outcome.status == 401);
    return outcome.granted != 0;
}

struct racer {
    struct grant_store store;
    answers *answer;
    const char *body;
    const pk_store_step *step;
    struct answer got;
    pk_store_event event;
    pthread_t thread;
};

static void *run(void *data) {
    struct racer *racer = data;
    pthread_barrier_wait(&start);
    if (racer->step) {
        store_answer(&racer->store, racer->step, &racer->event);
    } else {
        redeem(&racer->store, racer->answer, racer->body, &racer->got);
    }
    return NULL;
}

/* Runs so many at once with the same request, or the same step. Returns how many won, and the last of them. */
static int race(struct racer *racers, unsigned count, answers *answer, const char *body, const pk_store_step *step,
                struct answer *winner) {
    int won = 0;
    CHECK(pthread_barrier_init(&start, NULL, count) == 0);
    for (unsigned i = 0; i < count; i++) {
        racers[i].answer = answer;
        racers[i].body = body;
        racers[i].step = step;
        CHECK(pthread_create(&racers[i].thread, NULL, run, &racers[i]) == 0);
    }
    for (unsigned i = 0; i < count; i++) CHECK(pthread_join(racers[i].thread, NULL) == 0);
    pthread_barrier_destroy(&start);
    for (unsigned i = 0; i < count; i++) {
        const struct answer *got = &racers[i].got;
        if (step) {
            CHECK(racers[i].event.kind == PK_STORE_EVENT_REMEMBERED);
            won += racers[i].event.done != 0;
        } else if (got->status == 200) {
            *winner = *got;
            won++;
        } else {
            CHECK(got->status == 400); /* and none because the store was busy */
        }
    }
    return won;
}

static void body_of(const struct code *code, char *body, size_t room) {
    snprintf(body, room, "grant_type=authorization_code&client_id=agent&code=%s&code_verifier=%s", code->text,
             code->verifier);
}

/* One winner, and a replay that is right in everything ends what it got. */
static void codes(struct racer *racers, int count) {
    struct grant_store *store = &racers[0].store;
    for (int i = 0; i < count; i++) {
        struct code code;
        struct answer winner, again;
        char body[512];
        issue(store, &code);
        body_of(&code, body, sizeof body);
        CHECK(race(racers, RACERS, store_answer, body, NULL, &winner) == 1);
        /* The losers had the right verifier too. */
        CHECK(!passes(store, winner.access));

        issue(store, &code);
        body_of(&code, body, sizeof body);
        redeem(store, store_answer, body, &winner);
        CHECK(winner.status == 200 && passes(store, winner.access));
        redeem(store, store_answer, body, &again);
        CHECK(strcmp(again.audit, "replay_revoked") == 0 && !passes(store, winner.access));
    }
}

static void refreshes(struct racer *racers) {
    struct grant_store *store = &racers[0].store;
    struct code code;
    struct answer first, winner;
    char body[512];
    issue(store, &code);
    body_of(&code, body, sizeof body);
    redeem(store, store_answer, body, &first);
    snprintf(body, sizeof body, "grant_type=refresh_token&client_id=agent&refresh_token=%s", first.refresh);
    CHECK(race(racers, RACERS, store_answer, body, NULL, &winner) == 1);
    CHECK(!passes(store, first.access) && !passes(store, winner.access));
}

static void proofs(struct racer *racers) {
    struct answer none;
    pk_store_step step = PK_STORE_STEP_INIT;
    step.kind = PK_STORE_STEP_REMEMBER;
    step.name = (pk_text)PK_LITERAL("the name of a proof");
    step.lifetime_s = 600;
    CHECK(race(racers, RACERS, store_answer, NULL, &step, &none) == 1);
    CHECK(race(racers, RACERS, store_answer, NULL, &step, &none) == 0);
    /* One whose time is over is new again. */
    step.name = (pk_text)PK_LITERAL("another");
    step.lifetime_s = 0;
    CHECK(race(racers, 1, store_answer, NULL, &step, &none) == 1);
    CHECK(race(racers, 1, store_answer, NULL, &step, &none) == 1);
}

/* The control: the race finds two winners where there are two. */
static void two_winners(struct racer *racers) {
    struct code code;
    struct answer winner;
    char body[512];
    issue(&racers[0].store, &code);
    body_of(&code, body, sizeof body);
    CHECK(pthread_barrier_init(&between, NULL, 2) == 0);
    CHECK(race(racers, 2, naive, body, NULL, &winner) == 2);
    pthread_barrier_destroy(&between);
}

int main(int count, char **arguments) {
    static struct racer racers[RACERS];
    CHECK(count == 2 || count == 3);
    for (int i = 0; i < RACERS; i++) CHECK(store_open(&racers[i].store, arguments[1]));
    codes(racers, count == 3 ? atoi(arguments[2]) : 8);
    refreshes(racers);
    proofs(racers);
    two_winners(racers);
    for (int i = 0; i < RACERS; i++) store_close(&racers[i].store);
    puts("done");
    return 0;
}
