/* The store that is looked at, what it is asked, and whom a broken promise is told. What begins with pkt_ is not for
 * users.
 *
 * Licence: MIT OR Apache-2.0. */
#ifndef PROOFKEY_TESTING_DETAIL_SUBJECT_H
#define PROOFKEY_TESTING_DETAIL_SUBJECT_H

#include <stdio.h>
#include <string.h>

#include <proofkey.h>

/* The store to be looked at. Set what is not needed to zero. */
typedef struct pk_testing_store {
    /* The caller's, for `open`. */
    void *context;
    /* Gives a store for one thread, all of them over the same database; null where it cannot. It is called by many
     * threads at once. Without it `context` is the one store of all threads, which take it as it is. */
    void *(*open)(void *context);
    /* Does what the step says, as in the loop of a flow. The step belongs to the suite and is good for the call. What
     * the event points to belongs to the store and is good until the next call with the same store, or its end. */
    void (*answer)(void *store, const pk_store_step *step, pk_store_event *event);
    /* Gives back what `open` gave, on the same thread; may be null. */
    void (*close)(void *store);
    /* How many race; 0 is 64. */
    unsigned racers;
    /* Whether it remembers no proofs (RFC 9449 §11.1), so that a server over it takes none: PK_STORE_STEP_REMEMBER must
     * then be answered by PK_STORE_EVENT_FAILED. */
    bool without_proofs;
} pk_testing_store;

/* A promise that is broken. The texts are good for the call. */
typedef struct pk_testing_broken {
    /* The check that found it. */
    const char *check;
    /* What a store must do. */
    const char *promise;
    /* What was expected, and what came instead: numbers, `yes` and `no`, names of events, texts in quotes. */
    const char *expected, *got;
} pk_testing_broken;

/* Who is told. It is called by the thread that runs the checks, with `report_context`. */
typedef void pk_testing_report(void *report_context, const pk_testing_broken *broken);

typedef struct pkt_subject {
    const pk_testing_store *given;
    pk_testing_report *report;
    void *report_context;
    const char *check;
    unsigned racers;
    void *store; /* this thread's */
} pkt_subject;

static inline bool pkt_open(pkt_subject *s) {
    s->store = s->given->open ? s->given->open(s->given->context) : s->given->context;
    return s->store || !s->given->open;
}

static inline void pkt_close(const pkt_subject *s) {
    if (s->given->open && s->given->close) s->given->close(s->store);
}

/* Tells of a broken promise. Always false, for a check to return. */
static inline bool pkt_broken(const pkt_subject *s, const char *promise, const char *expected, const char *got) {
    pk_testing_broken broken = {s->check, promise, expected, got};
    s->report(s->report_context, &broken);
    return false;
}

static inline bool pkt_number(const pkt_subject *s, const char *promise, uint64_t expected, uint64_t got) {
    char texts[2][24];
    if (expected == got) return true;
    snprintf(texts[0], sizeof texts[0], "%llu", (unsigned long long)expected);
    snprintf(texts[1], sizeof texts[1], "%llu", (unsigned long long)got);
    return pkt_broken(s, promise, texts[0], texts[1]);
}

static inline bool pkt_is(const pkt_subject *s, const char *promise, bool expected, bool got) {
    return expected == got || pkt_broken(s, promise, expected ? "yes" : "no", got ? "yes" : "no");
}

static inline bool pkt_within(const pkt_subject *s, const char *promise, uint64_t least, uint64_t most, uint64_t got) {
    char expected[64], found[24];
    if (least <= got && got <= most) return true;
    snprintf(expected, sizeof expected, "%llu to %llu", (unsigned long long)least, (unsigned long long)most);
    snprintf(found, sizeof found, "%llu", (unsigned long long)got);
    return pkt_broken(s, promise, expected, found);
}

static inline void pkt_quote(pk_text text, char *out, size_t room) {
    int most = (int)(text.length < 80 ? text.length : 80);
    if (!text.data) {
        snprintf(out, room, "nothing");
    } else if (text.length > 80) {
        snprintf(out, room, "'%.*s…' (%zu bytes)", most, text.data, text.length);
    } else {
        snprintf(out, room, "'%.*s'", most, text.data);
    }
}

/* What is absent is not what is empty. */
static inline bool pkt_text(const pkt_subject *s, const char *promise, pk_text expected, pk_text got) {
    char texts[2][160];
    if (!expected.data == !got.data &&
        (!expected.data || (expected.length == got.length && memcmp(expected.data, got.data, expected.length) == 0)))
        return true;
    pkt_quote(expected, texts[0], sizeof texts[0]);
    pkt_quote(got, texts[1], sizeof texts[1]);
    return pkt_broken(s, promise, texts[0], texts[1]);
}

static inline const char *pkt_event_name(uint32_t kind) {
    static const char *const names[] = {"none",
                                        "PK_STORE_EVENT_START",
                                        "PK_STORE_EVENT_STORED",
                                        "PK_STORE_EVENT_FOUND",
                                        "PK_STORE_EVENT_CLAIMED",
                                        "PK_STORE_EVENT_FOUND_TOKEN",
                                        "PK_STORE_EVENT_OK",
                                        "PK_STORE_EVENT_FAILED",
                                        "PK_STORE_EVENT_ROTATED",
                                        "PK_STORE_EVENT_REMEMBERED"};
    return kind < sizeof names / sizeof names[0] ? names[kind] : "an unknown event";
}

/* A step, the event that answers it, and what it is called. */
typedef struct pkt_call {
    uint32_t step, event;
    const char *promise;
} pkt_call;

static inline pkt_call pkt_call_of(uint32_t step) {
    static const pkt_call calls[] = {
        {PK_STORE_STEP_PUT, PK_STORE_EVENT_STORED, "put is answered by its event"},
        {PK_STORE_STEP_FIND, PK_STORE_EVENT_FOUND, "find is answered by its event"},
        {PK_STORE_STEP_CLAIM, PK_STORE_EVENT_CLAIMED, "claim is answered by its event"},
        {PK_STORE_STEP_COUNT, PK_STORE_EVENT_OK, "count is answered by its event"},
        {PK_STORE_STEP_REVOKE, PK_STORE_EVENT_OK, "revoke is answered by its event"},
        {PK_STORE_STEP_FIND_TOKEN, PK_STORE_EVENT_FOUND_TOKEN, "find_token is answered by its event"},
        {PK_STORE_STEP_ROTATE, PK_STORE_EVENT_ROTATED, "rotate is answered by its event"},
        {PK_STORE_STEP_REMEMBER, PK_STORE_EVENT_REMEMBERED, "remember is answered by its event"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].step == step) return calls[i];
    pkt_call unknown = {step, PK_STORE_EVENT_FAILED, "a step that is not known is answered by its event"};
    return unknown;
}

static inline void pkt_ask(const pkt_subject *s, const pk_store_step *step, pk_store_event *event) {
    pk_store_event fresh = PK_STORE_EVENT_INIT;
    *event = fresh;
    s->given->answer(s->store, step, event);
}

/* Whether an event is one that answers the step. */
static inline bool pkt_answered(const pkt_subject *s, const pk_store_step *step, const pk_store_event *event) {
    pkt_call call = pkt_call_of(step->kind);
    if (event->kind != call.event)
        return pkt_broken(s, call.promise, pkt_event_name(call.event), pkt_event_name(event->kind));
    return pkt_number(s, "an event says its size", sizeof *event, event->size);
}

/* Asks for a yes or no, and expects one of them. */
static inline bool pkt_says(const pkt_subject *s, const pk_store_step *step, const char *promise, bool expected) {
    pk_store_event event;
    pkt_ask(s, step, &event);
    return pkt_answered(s, step, &event) && pkt_is(s, promise, expected, event.done != 0);
}

#endif
