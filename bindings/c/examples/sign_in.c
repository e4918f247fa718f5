/* Signs in with the browser and prints what the resource answers.
 *
 *   sign_in ISSUER AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID RESOURCE SCOPE...
 *
 * The loop in sign_in() is a whole driver: it does what a step says, with libcurl and the receiver, and
 * says what came of it. The program that the environment variable BROWSER names is opened, else xdg-open. */
#define _POSIX_C_SOURCE 200809L

#include "exchange.h"

/* The driver. Returns PK_OK with the tokens, or what went wrong. */
static pk_status sign_in(pk_sign_in flow, pk_receiver *receiver, pk_tokens *tokens, pk_error *error) {
    static struct answer answer;
    static char redirect[PK_REDIRECT_CAPACITY];
    uint64_t end_ms = 0;
    pk_status status;
    pk_event event = PK_EVENT_INIT;
    event.kind = PK_EVENT_START;
    for (;;) {
        pk_step step = PK_STEP_INIT;
        status = pk_sign_in_advance(flow, &event, (uint64_t)time(NULL), &step, error);
        wipe(&answer, sizeof answer);
        wipe(redirect, sizeof redirect);
        if (status != PK_OK) return status;
        event = (pk_event)PK_EVENT_INIT;
        switch (step.kind) {
            case PK_STEP_LISTEN:
                status = pk_receiver_bind(step.host, step.port, step.path.data, step.path.length, receiver, error);
                if (status == PK_OK) status = pk_receiver_port(*receiver, &event.port, error);
                event.kind = PK_EVENT_LISTENING;
                break;
            case PK_STEP_SEND: send_request(&step.request, &answer, &event); break;
            case PK_STEP_BROWSE:
                end_ms = now_ms() + step.deadline_ms;
                if (browse(step.url.data) != 0) {
                    event.kind = PK_EVENT_FAILED;
                    event.detail = text("no process could be started");
                    break;
                }
                /* fall through */
            case PK_STEP_AWAIT: {
                uint64_t now = now_ms(), left = end_ms > now ? end_ms - now : 0;
                uint32_t received = 0;
                status = pk_receiver_wait(*receiver, left, &received, redirect, sizeof redirect, &event.redirect.length,
                                          error);
                event.redirect.data = redirect;
                event.kind = received == PK_RECEIVED_REDIRECT  ? PK_EVENT_REDIRECT
                             : received == PK_RECEIVED_ELAPSED ? PK_EVENT_ELAPSED
                                                               : PK_EVENT_CANCEL;
                break;
            }
            case PK_STEP_DONE: return pk_sign_in_outcome(flow, tokens, error);
            default: event.kind = PK_EVENT_CANCEL; /* a step of a newer library */
        }
        if (status != PK_OK) { /* the receiver: the flow turns its error into its own */
            event.kind = PK_EVENT_FAILED;
            event.code = text(error->code);
            event.detail = text(error->message);
        }
    }
}

/* Asks the resource with the token and prints its answer. */
static int ask(const char *resource, pk_tokens tokens, pk_error *error) {
    static struct answer answer;
    char authorization[8192];
    int failed = 1;
    if (pk_tokens_authorization(tokens, resource, strlen(resource), (uint64_t)time(NULL), authorization,
                                sizeof authorization, NULL, error) == PK_OK &&
        call_resource(resource, authorization, "", &answer, error) == 0) {
        printf("%ld %.*s\n", answer.status, (int)answer.body_used, answer.body);
        failed = answer.status != 200;
    }
    wipe(authorization, sizeof authorization);
    return failed;
}

int main(int argc, char **argv) {
    pk_error error = PK_ERROR_INIT;
    pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;
    pk_sign_in flow = {0};
    pk_receiver receiver = {0};
    pk_tokens tokens = {0};
    pk_text scopes[16];
    int failed = 1;
    if (argc < 6 || argc > 6 + 16) return fprintf(stderr, "see the head of sign_in.c\n"), 2;
    for (int i = 6; i < argc; i++) scopes[i - 6] = text(argv[i]);
    config.issuer = text(argv[1]);
    config.authorization_endpoint = text(argv[2]);
    config.token_endpoint = text(argv[3]);
    config.client_id = text(argv[4]);
    config.resource = text(argv[5]);
    config.scopes = scopes;
    config.scope_count = (size_t)(argc - 6);
    config.loopback_path = text("/callback");
    config.browse_timeout_ms = 300000;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (PK_CHECK_VERSION(&error) == PK_OK && pk_sign_in_new(&config, &flow, &error) == PK_OK &&
        sign_in(flow, &receiver, &tokens, &error) == PK_OK)
        failed = ask(argv[5], tokens, &error);
    if (failed) fprintf(stderr, "%s\n%s\n", error.message, error.advice);
    pk_receiver_free(receiver);
    pk_tokens_free(tokens);
    pk_sign_in_free(flow);
    curl_global_cleanup();
    return failed;
}
