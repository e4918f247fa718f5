/* The whole loop of an access: it does what a step says, with libcurl, the file store and the receiver, and says what
 * came of it. Ctrl-C is seen by every wait, and nothing that a server has given out is lost by it. */
#ifndef DRIVE_H
#define DRIVE_H

#include "exchange.h"

#include <signal.h>

enum { SLICE_MS = 100 }; /* how long a wait may be deaf to Ctrl-C */

static volatile sig_atomic_t interrupted;

static void interrupt(int number) { interrupted = number; }

/* What the loop works with. */
struct driver {
    pk_file_store store;
    pk_file_lock lock; /* held from PK_STEP_LOCK until PK_STEP_UNLOCK or the end of the loop */
    pk_receiver receiver;
    uint64_t browse_end_ms;
    struct answer answer;
    char buffer[PK_STORED_CAPACITY]; /* what was stored, or a redirect */
};

static uint64_t left(uint64_t end_ms) {
    uint64_t now = now_ms();
    return end_ms > now ? end_ms - now : 0;
}

static uint64_t slice(uint64_t ms) { return ms < SLICE_MS ? ms : SLICE_MS; }

static void unlock(struct driver *driver) {
    pk_file_lock_free(driver->lock); /* none is no matter */
    driver->lock = (pk_file_lock){0};
}

static pk_status lock(struct driver *driver, const pk_step *step, pk_event *event, pk_error *error) {
    uint64_t end_ms = now_ms() + step->deadline_ms;
    pk_status status;
    do
        status = pk_file_store_lock(driver->store, step->key.data, step->key.length, slice(left(end_ms)), &driver->lock,
                                    error);
    while (status == PK_BUSY && left(end_ms) > 0 && !interrupted);
    event->kind = status == PK_OK ? PK_EVENT_LOCKED : interrupted ? PK_EVENT_CANCEL : PK_EVENT_BUSY;
    return status == PK_BUSY ? PK_OK : status;
}

static pk_status load(struct driver *driver, const pk_step *step, pk_event *event, pk_error *error) {
    pk_status status = pk_file_store_load(driver->store, step->key.data, step->key.length, &event->revision,
                                          driver->buffer, sizeof driver->buffer, &event->value.length, error);
    event->kind = PK_EVENT_LOADED;
    if (status == PK_NOTHING) return PK_OK; /* revision 0, and no value */
    event->value.data = driver->buffer;
    return status;
}

static pk_status swap(struct driver *driver, const pk_step *step, pk_event *event, pk_error *error) {
    bool swapped = false;
    pk_status status =
        pk_file_store_swap(driver->store, step->key.data, step->key.length, step->has_revision ? &step->revision : NULL,
                           step->value.data, step->value.length, &swapped, error);
    event->kind = PK_EVENT_SWAPPED;
    event->swapped = swapped;
    return status;
}

static pk_status listen_at(struct driver *driver, const pk_step *step, pk_event *event, pk_error *error) {
    pk_status status =
        pk_receiver_bind(step->host, step->port, step->path.data, step->path.length, &driver->receiver, error);
    event->kind = PK_EVENT_LISTENING;
    return status != PK_OK ? status : pk_receiver_port(driver->receiver, &event->port, error);
}

static pk_status wait_for_redirect(struct driver *driver, pk_event *event, pk_error *error) {
    uint32_t received = PK_RECEIVED_ELAPSED;
    pk_status status = PK_OK;
    while (status == PK_OK && received == PK_RECEIVED_ELAPSED && left(driver->browse_end_ms) > 0 && !interrupted)
        status = pk_receiver_wait(driver->receiver, slice(left(driver->browse_end_ms)), &received, driver->buffer,
                                  sizeof driver->buffer, &event->redirect.length, error);
    event->redirect.data = driver->buffer;
    event->kind = received == PK_RECEIVED_REDIRECT ? PK_EVENT_REDIRECT
                  : interrupted                    ? PK_EVENT_CANCEL
                                                   : PK_EVENT_ELAPSED;
    return status;
}

/* Shows where to enter which code, on whatever device. A program with a screen shows `verification_uri_complete` as a
 * QR code too, where there is one. */
static void show_code(const pk_step *step) {
    fprintf(stderr, "Open %s and enter the code %s\n%s\n", step->verification_uri.data, step->user_code.data,
            step->advice.data);
}

static void pause_for(uint64_t ms, pk_event *event) {
    uint64_t end_ms = now_ms() + ms;
    while (left(end_ms) > 0 && !interrupted) {
        struct timespec time = {0, (long)slice(left(end_ms)) * 1000000};
        nanosleep(&time, NULL);
    }
    event->kind = interrupted ? PK_EVENT_CANCEL : PK_EVENT_ELAPSED;
}

/* Does what a step says. Not PK_OK: the platform could not, and *error says why. */
static pk_status perform(struct driver *driver, const pk_step *step, pk_event *event, pk_error *error) {
    switch (step->kind) {
        case PK_STEP_LISTEN: return listen_at(driver, step, event, error);
        case PK_STEP_SEND: send_request(&step->request, &driver->answer, event); return PK_OK;
        case PK_STEP_CONFIRM:
            fprintf(stderr, "%.*s wants you to sign in at %.*s\n", (int)step->resource_host.length,
                    step->resource_host.data, (int)step->issuer_host.length, step->issuer_host.data);
            event->kind = PK_EVENT_ALLOWED;
            return PK_OK;
        case PK_STEP_BROWSE:
            if (browse(step->url.data) != 0) {
                event->kind = PK_EVENT_FAILED;
                event->detail = text("no process could be started");
                return PK_OK;
            }
            driver->browse_end_ms = now_ms() + step->deadline_ms;
            return wait_for_redirect(driver, event, error);
        case PK_STEP_AWAIT: return wait_for_redirect(driver, event, error);
        case PK_STEP_LOCK: return lock(driver, step, event, error);
        case PK_STEP_LOAD: return load(driver, step, event, error);
        case PK_STEP_SWAP: return swap(driver, step, event, error);
        case PK_STEP_UNLOCK:
            unlock(driver);
            event->kind = PK_EVENT_OK;
            return PK_OK;
        case PK_STEP_SHOW_CODE:
            show_code(step);
            pause_for(step->poll_ms, event);
            return PK_OK;
        case PK_STEP_WAIT: pause_for(step->millis, event); return PK_OK;
        case PK_STEP_KEY:
        case PK_STEP_SIGN:
            /* They come only where the configuration has a `dpop_key`, for programs whose key lies in a TPM or a token:
             * those answer with PK_EVENT_PUBLIC_KEY and `sec1`, and with PK_EVENT_SIGNED and `signature`, such as the
             * DER of OpenSSL's EVP_DigestSign over `input`. This one leaves the key to the library. */
            event->kind = PK_EVENT_FAILED;
            event->detail = text("this program keeps no key of its own");
            return PK_OK;
        default: event->kind = PK_EVENT_CANCEL; return PK_OK; /* a step of a newer library */
    }
}

/* The loop. */
static pk_status drive(pk_access access, struct driver *driver, pk_error *error) {
    pk_status status;
    pk_event event = PK_EVENT_INIT;
    event.kind = PK_EVENT_START;
    for (;;) {
        pk_step step = PK_STEP_INIT;
        status = pk_access_advance(access, &event, (uint64_t)time(NULL), &step, error);
        wipe(&driver->answer, sizeof driver->answer);
        wipe(driver->buffer, sizeof driver->buffer);
        if (status != PK_OK || step.kind == PK_STEP_DONE) break;
        event = (pk_event)PK_EVENT_INIT;
        if (perform(driver, &step, &event, error) != PK_OK) { /* the flow turns it into an error of its own */
            event.kind = PK_EVENT_FAILED;
            event.code = text(error->code);
            event.detail = text(error->message);
        }
        /* What must be finished is, and what may hold the only copy of a token is written. */
        if (interrupted && !step.finish && step.kind != PK_STEP_SWAP && event.kind != PK_EVENT_LOCKED) {
            event = (pk_event)PK_EVENT_INIT;
            event.kind = PK_EVENT_CANCEL;
        }
    }
    unlock(driver);
    pk_receiver_free(driver->receiver);
    driver->receiver = (pk_receiver){0};
    return status;
}

/* Runs an access to its end and gives its tokens. */
static pk_status get_tokens(const pk_access_config *config, uint32_t goal, const pk_access_run *run,
                            struct driver *driver, pk_tokens *tokens, pk_error *error) {
    pk_access access = {0};
    pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;
    pk_error warning = PK_ERROR_INIT;
    pk_status status = pk_access_new(config, goal, run, &access, error);
    if (status == PK_OK) status = drive(access, driver, error);
    if (status == PK_OK) status = pk_access_take_outcome(access, &outcome, &warning, error);
    pk_access_free(access);
    if (status != PK_OK) return status;
    if (warning.status != PK_OK) fprintf(stderr, "warning: %s\n%s\n", warning.message, warning.advice);
    pk_discovered_free(outcome.discovered);
    *tokens = outcome.tokens;
    return PK_OK;
}

#endif
