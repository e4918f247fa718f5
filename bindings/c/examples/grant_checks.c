/* Holds the store of grant_store.h to what a grant store must promise. With your store in its place this is the test of
 * your server.
 *
 *   grant_checks DATABASE [RACERS] */
#include <proofkey/testing/grant_store.h>
#include <stdlib.h>

#include "grant_store.h"

/* A connection for one thread. */
static void *open_one(void *path) {
    struct grant_store *store = calloc(1, sizeof *store);
    if (store && store_open(store, path)) return store;
    free(store);
    return NULL;
}

static void answer_one(void *store, const pk_store_step *step, pk_store_event *event) {
    store_answer(store, step, event);
}

static void close_one(void *store) {
    store_close(store);
    free(store);
}

int main(int count, char **arguments) {
    pk_testing_store store = {0};
    if (count != 2 && count != 3) {
        fprintf(stderr, "usage: %s DATABASE [RACERS]\n", arguments[0]);
        return 2;
    }
    store.context = arguments[1];
    store.open = open_one;
    store.answer = answer_one;
    store.close = close_one;
    store.racers = count == 3 ? (unsigned)strtoul(arguments[2], NULL, 10) : 0;
    size_t failed = pk_testing_check_store(&store, pk_testing_print, stderr);
    printf("%d checks, %zu failed\n", PK_TESTING_CHECK_COUNT, failed);
    return failed == 0 ? 0 : 1;
}
