/* The suite for grant stores finds what is wrong with one: each fault breaks the promises that are named here, all of
 * them and no others; the store without a fault breaks none. P20, P24, P27, P29, RFC 9449 §11.1.
 *
 *   grant_faults DATABASE */
#define _POSIX_C_SOURCE 200809L

#include <proofkey/testing/grant_store.h>

#include "fault_table.h"

enum { FEW = 8, MANY = 64 };

struct database {
    const char *path;
    enum fault fault;
    pthread_barrier_t *between;
    pthread_mutex_t counting;
    int left; /* how many connections it gives; negative: any number */
};

static void *open_faulty(void *context) {
    struct database *database = context;
    struct faulty *f = calloc(1, sizeof *f);
    CHECK(f);
    f->fault = database->fault;
    f->between = database->between;
    pthread_mutex_lock(&database->counting);
    int allowed = database->left != 0;
    database->left -= database->left > 0;
    pthread_mutex_unlock(&database->counting);
    /* What is written is lost with this test in any case. */
    if (allowed && store_open(&f->store, database->path) &&
        sqlite3_exec(f->store.db, "PRAGMA synchronous = OFF", NULL, NULL, NULL) == SQLITE_OK)
        return f;
    free(f);
    return NULL;
}

static void close_faulty(void *store) {
    struct faulty *f = store;
    store_close(&f->store);
    free(f);
}

/* What the suite has told. */
struct told {
    char lines[PK_TESTING_CHECK_COUNT][200];
    char expected_and_got[PK_TESTING_CHECK_COUNT][200];
    int count;
};

static void tell(void *context, const pk_testing_broken *broken) {
    struct told *told = context;
    CHECK(told->count < PK_TESTING_CHECK_COUNT);
    snprintf(told->lines[told->count], sizeof told->lines[0], "%s: %s", broken->check, broken->promise);
    snprintf(told->expected_and_got[told->count], sizeof told->expected_and_got[0], "%s, not %s", broken->expected,
             broken->got);
    told->count++;
}

static pk_testing_store faulty(struct database *database, unsigned racers) {
    pk_testing_store store = {0};
    store.context = database;
    store.open = open_faulty;
    store.answer = faulty_answer;
    store.close = close_faulty;
    store.racers = racers;
    return store;
}

/* Runs the checks but one on a store with this fault. */
static void run(struct database *database, unsigned racers, const char *left_out, struct told *told) {
    pk_testing_store store = faulty(database, racers);
    told->count = 0;
    for (int i = 0; i < PK_TESTING_CHECK_COUNT; i++) {
        int before = told->count;
        if (left_out && strcmp(pk_testing_checks[i].name, left_out) == 0) continue;
        bool kept = pk_testing_run(&pk_testing_checks[i], &store, tell, told);
        CHECK(kept == (told->count == before));
    }
}

/* Whether the promises that are broken are these, in this order. */
static int are(const struct told *told, const char *const *expected, int room) {
    int count = 0, same = 1;
    while (count < room && expected[count]) count++;
    for (int i = 0; i < count && i < told->count; i++) same = same && strcmp(expected[i], told->lines[i]) == 0;
    if (same && count == told->count) return 1;
    fprintf(stderr, "expected:\n");
    for (int i = 0; i < count; i++) fprintf(stderr, "  %s\n", expected[i]);
    fprintf(stderr, "told:\n");
    for (int i = 0; i < told->count; i++) fprintf(stderr, "  %s (%s)\n", told->lines[i], told->expected_and_got[i]);
    return 0;
}

static void each_fault_is_found(struct database *database) {
    struct told told;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        database->fault = faults[i].fault;
        run(database, FEW, faults[i].left_out, &told);
        if (!are(&told, faults[i].broken, MOST_PROMISES)) {
            fprintf(stderr, "of fault %d\n", (int)faults[i].fault);
            exit(1);
        }
    }
}

/* One check, of which so many racers read before the first one writes. */
static void read_together(struct database *database, enum fault fault, const char *check, const char *promise,
                          const char *figures) {
    struct told told = {.count = 0};
    pthread_barrier_t between;
    pk_testing_store store = faulty(database, MANY);
    CHECK(pthread_barrier_init(&between, NULL, MANY) == 0);
    database->fault = fault;
    database->between = &between;
    for (int i = 0; i < PK_TESTING_CHECK_COUNT; i++)
        if (strcmp(pk_testing_checks[i].name, check) == 0)
            CHECK(!pk_testing_run(&pk_testing_checks[i], &store, tell, &told));
    CHECK(are(&told, &promise, 1));
    CHECK(strcmp(told.expected_and_got[0], figures) == 0);
    pthread_barrier_destroy(&between);
}

/* One at a time a naive store is as good as any: that is why nobody notices. */
static void alone(struct database *database, enum fault fault) {
    struct told told;
    pthread_barrier_t one;
    CHECK(pthread_barrier_init(&one, NULL, 1) == 0);
    database->fault = fault;
    database->between = &one;
    run(database, 1, NULL, &told);
    CHECK(are(&told, NULL, 0));
    pthread_barrier_destroy(&one);
}

static void naive_stores_lose_the_race(struct database *database) {
    read_together(database, CLAIM_NAIVE, "of_many_claims_one_wins", "of_many_claims_one_wins: of many claims one wins",
                  "1, not 64");
    read_together(database, CLAIM_NAIVE, race, "of_many_redeemers_one_gets_a_token: of many redeemers one gets a token",
                  "1, not 64");
    read_together(database, COUNTED_NAIVELY, "mismatches_are_counted",
                  "mismatches_are_counted: every mismatch is counted, of many at once too", "64, not 1");
    alone(database, CLAIM_NAIVE);
    alone(database, COUNTED_NAIVELY);
    alone(database, PROOFS_NAIVELY);
}

/* Proofs are an addition: who takes none needs no memory, and says so. */
static void proofs_may_be_left_out(struct database *database) {
    struct told told = {.count = 0};
    pk_testing_store store = faulty(database, 1);
    const char *broken = "a_proof_is_new_once: a store that remembers nothing takes no proof";
    store.without_proofs = true;
    database->fault = PROOFS_FAIL;
    CHECK(pk_testing_check_store(&store, tell, &told) == 0 && told.count == 0);
    database->fault = NO_FAULT;
    CHECK(pk_testing_check_store(&store, tell, &told) == 1);
    CHECK(are(&told, &broken, 1) && strcmp(told.expected_and_got[0], "PK_STORE_EVENT_FAILED, not "
                                                                     "PK_STORE_EVENT_REMEMBERED") == 0);
}

/* One connection for each thread, or the store is not looked at. */
static void each_thread_needs_a_store(struct database *database) {
    struct told told = {.count = 0};
    pk_testing_store store = faulty(database, FEW);
    const char *first = "a_grant_is_found_by_its_id_and_its_hash: open gives a store for a thread";
    const char *others = "mismatches_are_counted: open gives a store for each thread";
    database->fault = NO_FAULT;
    database->left = 1 + FEW / 2;
    CHECK(!pk_testing_run(&pk_testing_checks[2], &store, tell, &told) && are(&told, &others, 1));
    CHECK(strcmp(told.expected_and_got[0], "8, not 4") == 0);
    told.count = 0;
    CHECK(!pk_testing_run(&pk_testing_checks[0], &store, tell, &told) && are(&told, &first, 1));
    CHECK(strcmp(told.expected_and_got[0], "a store, not null") == 0);
    database->left = -1;
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    struct database database = {.path = arguments[1], .counting = PTHREAD_MUTEX_INITIALIZER, .left = -1};
    /* Open to the end, so that no other one is the last and flushes what is written. */
    struct grant_store kept;
    CHECK(store_open(&kept, arguments[1]));
    each_fault_is_found(&database);
    naive_stores_lose_the_race(&database);
    proofs_may_be_left_out(&database);
    each_thread_needs_a_store(&database);
    store_close(&kept);
    puts("done");
    return 0;
}
