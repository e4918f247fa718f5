/* Gives a fresh access token for a resource, from the store that all languages and the program `proofkey` share.
 *
 *   token [-b] [-c CLIENT_ID] [-n CLIENT_NAME] RESOURCE [URL]
 *
 * The token is printed; with a URL, which lies in the resource, that is asked for with it and its answer is printed.
 * What is kept is used, and refreshed when it must be. Where that is not enough a user is needed: with -b the browser
 * opens (the program that the environment variable BROWSER names, else xdg-open). -c names a client that is
 * registered, -n one that registers itself.
 *
 * drive() is a whole loop: it does what a step says, with libcurl, the file store and the receiver, and says what came
 * of it. Ctrl-C is seen by every wait, and nothing that a server has given out is lost by it. */
#define _POSIX_C_SOURCE 200809L

#include "exchange.h"

#include <signal.h>
#include <strings.h>

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

/* Asks for the URL. On a 401 the token is refreshed, once, and the request made again, once. */
static pk_status ask(const char *url, const pk_access_config *config, uint32_t goal, pk_access_run run,
                     struct driver *driver, pk_tokens *tokens, pk_error *error) {
    static struct answer answer;
    char authorization[8192];
    for (int try = 0;; try++) {
        uint8_t fingerprint[32];
        pk_text fields[MAX_HEADERS];
        pk_status status = pk_tokens_authorization(*tokens, url, strlen(url), (uint64_t)time(NULL), authorization,
                                                   sizeof authorization, NULL, error);
        if (status == PK_OK && call_resource(url, authorization, &answer, error) != 0) status = PK_ERROR;
        wipe(authorization, sizeof authorization);
        if (status != PK_OK) return status;
        if (answer.status != 401 || try > 0) break;
        pk_tokens_fingerprint(*tokens, fingerprint, NULL);
        run.rejected = fingerprint;
        run.www_authenticate = fields;
        run.www_authenticate_count = 0;
        for (size_t i = 0; i < answer.header_count; i++)
            if (answer.headers[i].name.length == 16 &&
                strncasecmp(answer.headers[i].name.data, "WWW-Authenticate", 16) == 0)
                fields[run.www_authenticate_count++] = answer.headers[i].value;
        pk_tokens_free(*tokens);
        *tokens = (pk_tokens){0};
        status = get_tokens(config, goal, &run, driver, tokens, error);
        if (status != PK_OK) return status;
    }
    printf("%ld %.*s\n", answer.status, (int)answer.body_used, answer.body);
    return PK_OK;
}

static pk_status print_token(pk_tokens tokens, pk_error *error) {
    char token[8192];
    pk_status status = pk_tokens_expose_access_token(tokens, token, sizeof token, NULL, error);
    if (status == PK_OK) puts(token);
    wipe(token, sizeof token);
    return status;
}

/* Opens the shared store, and its key. */
static pk_status open_store(struct driver *driver, pk_data_key *key, pk_error *error) {
    static char folder[4096];
    uint32_t place = 0;
    pk_status status = pk_file_store_default_folder(folder, sizeof folder, NULL, error);
    if (status == PK_OK) status = pk_file_store_open(folder, strlen(folder), &driver->store, error);
    if (status == PK_OK) status = pk_file_store_key_place(driver->store, &place, error);
    if (status != PK_OK) return status;
    /* A program that knows a keyring reads PK_KEYRING_SERVICE, PK_KEYRING_ACCOUNT there, and where the place is
     * undecided makes the entry. This one does not, and then says so: it never makes a second key. */
    if (place == PK_KEY_PLACE_UNDECIDED)
        fprintf(stderr,
                "what is kept is sealed under a key that lies beside it in %s: other users cannot read it, "
                "other programs of yours can\n",
                folder);
    return pk_file_store_file_key(driver->store, key, error);
}

int main(int argc, char **argv) {
    static struct driver driver;
    pk_error error = PK_ERROR_INIT;
    pk_access_config config = PK_ACCESS_CONFIG_INIT;
    pk_access_run run = PK_ACCESS_RUN_INIT;
    pk_tokens tokens = {0};
    uint32_t goal = PK_GOAL_TOKEN;
    struct sigaction action = {.sa_handler = interrupt};
    int option;
    while ((option = getopt(argc, argv, "bc:n:")) != -1) {
        if (option == 'b')
            goal = PK_GOAL_TOKEN_OR_SIGN_IN;
        else if (option == 'c')
            config.client_id = text(optarg);
        else if (option == 'n')
            config.client_name = text(optarg);
        else
            optind = argc;
    }
    if (argc - optind < 1 || argc - optind > 2) return fprintf(stderr, "see the head of token.c\n"), 2;
    config.resource = text(argv[optind]);
    sigaction(SIGINT, &action, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    pk_status status = PK_CHECK_VERSION(&error);
    if (status == PK_OK) status = open_store(&driver, &run.data_key, &error);
    if (status == PK_OK) status = get_tokens(&config, goal, &run, &driver, &tokens, &error);
    if (status == PK_OK && argc - optind == 2)
        status = ask(argv[optind + 1], &config, goal, run, &driver, &tokens, &error);
    else if (status == PK_OK)
        status = print_token(tokens, &error);
    if (status != PK_OK) fprintf(stderr, "%s\n%s\n", error.message, error.advice);
    pk_tokens_free(tokens);
    pk_data_key_free(run.data_key);
    pk_file_store_free(driver.store);
    curl_global_cleanup();
    return status != PK_OK;
}
