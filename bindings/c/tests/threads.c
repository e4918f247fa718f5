/* Two and more threads on one handle: a cancel ends a wait, a free is safe while others are at work, and of
 * many frees one succeeds. */
#define _POSIX_C_SOURCE 200809L
#include "functions.h"

#include <pthread.h>

enum { THREADS = 8 };

static void *wait_for_redirect(void *user) {
    pk_receiver *receiver = user;
    char buffer[PK_REDIRECT_CAPACITY];
    uint32_t received = 0;
    pk_status status = pk_receiver_wait(*receiver, 600000, &received, buffer, sizeof buffer, NULL, NULL);
    /* Freed before the wait began: no such handle any more. */
    CHECK((status == PK_OK && received == PK_RECEIVED_CANCELLED) || status == PK_INVALID_HANDLE);
    return NULL;
}

static void ends_a_wait(int by_free) {
    pk_receiver receiver = {make(RECEIVER)};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_for_redirect, &receiver) == 0);
    CHECK((by_free ? pk_receiver_free(receiver) : pk_receiver_cancel(receiver, NULL)) == PK_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pk_receiver_free(receiver) == (by_free ? PK_INVALID_HANDLE : PK_OK));
}

struct shared {
    pthread_barrier_t barrier;
    enum kind kind;
    uint64_t handle;
    int freed;
    pthread_mutex_t lock;
};

/* All call every function of the kind at once, without a place for the result (the table's buffers are shared),
 * then all free. */
static void *hammer(void *user) {
    struct shared *shared = user;
    pthread_barrier_wait(&shared->barrier);
    for (size_t i = 0; i < function_count; i++) {
        const struct function *function = &functions[i];
        if (function->kind != shared->kind) continue;
        pk_error error = PK_ERROR_INIT;
        pk_status status;
        if (!function->frees) {
            status = function->call(shared->handle, NO_OUT, &error);
            CHECK(status == SKIPPED || status == PK_NULL || status == PK_INVALID_HANDLE);
        } else {
            status = function->call(shared->handle, GOOD, NULL);
            CHECK(status == PK_OK || status == PK_INVALID_HANDLE);
            pthread_mutex_lock(&shared->lock);
            shared->freed += status == PK_OK;
            pthread_mutex_unlock(&shared->lock);
        }
    }
    return NULL;
}

/* All use one session and then free it. */
static void *use_and_free(void *user) {
    struct shared *shared = user;
    pk_session session = {shared->handle};
    char url[4096];
    pthread_barrier_wait(&shared->barrier);
    pk_status status = pk_session_authorization_url(session, url, sizeof url, NULL, NULL);
    CHECK(status == PK_OK || status == PK_INVALID_HANDLE);
    status = pk_session_free(session);
    CHECK(status == PK_OK || status == PK_INVALID_HANDLE);
    pthread_mutex_lock(&shared->lock);
    shared->freed += status == PK_OK;
    pthread_mutex_unlock(&shared->lock);
    return NULL;
}

static void together(enum kind kind, void *(*run)(void *)) {
    struct shared shared;
    pthread_t threads[THREADS];
    memset(&shared, 0, sizeof shared);
    shared.kind = kind;
    shared.handle = make(kind);
    CHECK(pthread_barrier_init(&shared.barrier, NULL, THREADS) == 0);
    CHECK(pthread_mutex_init(&shared.lock, NULL) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, run, &shared) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(shared.freed == 1);
    pthread_barrier_destroy(&shared.barrier);
    pthread_mutex_destroy(&shared.lock);
}

/* The argument is the number of rounds: under valgrind one costs a second. */
int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 140;
    CHECK(rounds > 0);
    for (int i = 0; i < rounds / 10 + 1; i++) {
        ends_a_wait(0);
        ends_a_wait(1);
    }
    for (int i = 0; i < rounds; i++) {
        together(SESSION, use_and_free);
        for (enum kind kind = NONE + 1; kind < KINDS; kind++)
            if (kind != RECEIVER || i < 5) together(kind, hammer);
    }
    puts("done");
    return 0;
}
