/* So many threads that begin at one moment, each with a store of its own.
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_RACE_H
#define PROOFKEY_TESTING_DETAIL_RACE_H

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include <proofkey/testing/detail/subject.h>

/* Opens once all have come; whoever has waited for a minute says that they never will. pthread_barrier_t is not
 * everywhere, and has no deadline. */
typedef struct pkt_gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned missing;
    bool broken;
} pkt_gate;

struct pkt_racer;

typedef void pkt_work(struct pkt_racer *racer);

typedef struct pkt_racer {
    pkt_subject subject;
    pkt_gate *gate;
    pkt_work *work;
    void *given;
    unsigned number;
    pthread_t thread;
    bool begun, opened;
} pkt_racer;

static inline void pkt_break(pkt_gate *gate) {
    pthread_mutex_lock(&gate->mutex);
    gate->broken = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}

/* Returns whether it has opened. */
static inline bool pkt_pass(pkt_gate *gate) {
    struct timespec deadline;
    memset(&deadline, 0, sizeof deadline);
    deadline.tv_sec = time(NULL) + 60;
    pthread_mutex_lock(&gate->mutex);
    if (--gate->missing == 0) pthread_cond_broadcast(&gate->changed);
    while (gate->missing > 0 && !gate->broken)
        if (pthread_cond_timedwait(&gate->changed, &gate->mutex, &deadline) != 0) gate->broken = true;
    bool open = !gate->broken;
    if (!open) pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
    return open;
}

static inline void *pkt_race_one(void *data) {
    pkt_racer *racer = (pkt_racer *)data;
    racer->opened = pkt_open(&racer->subject);
    if (!racer->opened) {
        pkt_break(racer->gate);
        return NULL;
    }
    if (pkt_pass(racer->gate)) racer->work(racer);
    pkt_close(&racer->subject);
    return NULL;
}

/* Has all of them do the work, each told its number. Returns whether all began at one moment. */
static inline bool pkt_at_once(const pkt_subject *s, pkt_work *work, void *given) {
    pkt_gate gate;
    pkt_racer *racers = (pkt_racer *)calloc(s->racers, sizeof *racers);
    unsigned begun = 0, opened = 0;
    if (!racers || pthread_mutex_init(&gate.mutex, NULL) != 0 || pthread_cond_init(&gate.changed, NULL) != 0) abort();
    gate.missing = s->racers;
    gate.broken = false;
    for (unsigned i = 0; i < s->racers; i++) {
        racers[i].subject = *s;
        racers[i].gate = &gate;
        racers[i].work = work;
        racers[i].given = given;
        racers[i].number = i;
        racers[i].begun = pthread_create(&racers[i].thread, NULL, pkt_race_one, &racers[i]) == 0;
        begun += racers[i].begun;
        if (!racers[i].begun) pkt_break(&gate);
    }
    for (unsigned i = 0; i < s->racers; i++) {
        if (racers[i].begun) pthread_join(racers[i].thread, NULL);
        opened += racers[i].opened;
    }
    bool raced = !gate.broken;
    pthread_cond_destroy(&gate.changed);
    pthread_mutex_destroy(&gate.mutex);
    free(racers);
    if (begun < s->racers) return pkt_number(s, "this machine has a thread for each racer", s->racers, begun);
    if (opened < s->racers) return pkt_number(s, "open gives a store for each thread", s->racers, opened);
    return raced || pkt_broken(s, "stores are opened within a minute", "all", "too few");
}

typedef struct pkt_steps {
    const pk_store_step *steps;
    pk_store_event *events;
} pkt_steps;

static inline void pkt_ask_one(pkt_racer *racer) {
    pkt_steps *given = (pkt_steps *)racer->given;
    pkt_ask(&racer->subject, &given->steps[racer->number], &given->events[racer->number]);
}

/* Asks each store its step, at once. `won`, unless it is null, says who got a yes; how many did is expected to be
 * `winners`. */
static inline bool pkt_race(const pkt_subject *s, const pk_store_step *steps, bool *won, const char *promise,
                            unsigned winners) {
    pk_store_event *events = (pk_store_event *)calloc(s->racers, sizeof *events);
    pkt_steps given = {steps, events};
    unsigned yes = 0;
    if (!events) abort();
    bool good = pkt_at_once(s, pkt_ask_one, &given);
    for (unsigned i = 0; good && i < s->racers; i++) {
        good = pkt_answered(s, &steps[i], &events[i]);
        if (!won) continue;
        won[i] = events[i].done != 0;
        yes += won[i];
    }
    free(events);
    return good && (!won || pkt_number(s, promise, winners, yes));
}

#endif
